"""Device memory is shared with ComfyUI: it asks us, and we ask it."""

from __future__ import annotations

from types import ModuleType

import pytest

from blockloom.comfyui import comfy


class Management(ModuleType):
    """ComfyUI's memory management: so many bytes are free, and somebody asks for more."""

    def __init__(self) -> None:
        super().__init__("comfy.model_management")
        self.free_bytes = 100
        self.asked: list[tuple[float, str]] = []

    def get_torch_device(self) -> str:
        return "cuda:0"

    def get_free_memory(self, device: str) -> int:
        return self.free_bytes

    def free_memory(self, memory_required: float, device: str, keep_loaded: object = ()) -> list:
        self.asked.append((memory_required, device))
        return ["what it unloaded"]


@pytest.fixture
def management(monkeypatch: pytest.MonkeyPatch) -> Management:
    found = Management()
    monkeypatch.setattr(comfy, "module", lambda name: found)
    return found


def test_comfyui_gets_what_it_lacks_and_everything_if_it_wants_that(
    management: Management,
) -> None:
    freed: list[tuple[int, str, bool]] = []
    comfy.on_memory_needed(lambda *asked: freed.append(asked))

    assert management.free_memory(80, "cuda:0") == ["what it unloaded"]
    assert freed == []
    management.free_memory(250, "cuda:0", keep_loaded=[1])
    management.free_memory(1e30, "cuda:0")
    assert freed == [(150, "cuda:0", False), (0, "cuda:0", True)]
    assert management.asked == [(80, "cuda:0"), (250, "cuda:0"), (1e30, "cuda:0")]


def test_our_models_ask_comfyui_for_room_and_not_us_by_that(management: Management) -> None:
    freed: list[object] = []
    make_room = comfy.on_memory_needed(lambda *asked: freed.append(asked))
    make_room(500)
    make_room(0)
    assert management.asked == [(500, "cuda:0")]
    assert freed == []


def test_nothing_of_ours_stops_comfyui(
    management: Management, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*asked: object) -> None:
        raise RuntimeError("no")

    comfy.on_memory_needed(fail)
    assert management.free_memory(250, "cuda:0") == ["what it unloaded"]
    assert "Blockloom could not free memory" in caplog.text


def test_hooking_in_twice_asks_once(management: Management) -> None:
    freed: list[str] = []
    comfy.on_memory_needed(lambda *asked: freed.append("first"))
    comfy.on_memory_needed(lambda *asked: freed.append("second"))
    management.free_memory(250, "cuda:0")
    assert freed == ["second"]
    assert management.asked == [(250, "cuda:0")]
