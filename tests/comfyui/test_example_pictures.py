"""An example opened in ComfyUI finds its pictures there; nothing of the user's is written over."""

from __future__ import annotations

from pathlib import Path

import pytest

from blockloom.comfyui import comfy
from blockloom.comfyui.routes import supply_pictures
from blockloom.execution.views import Host
from blockloom.graph.file import load_graph, read_graph
from blockloom.resources import examples_folder


@pytest.fixture
def input_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(comfy, "host", lambda notes: Host(input_folders=(tmp_path,)))
    return tmp_path


def test_what_an_example_names_is_put_there_once(input_folder: Path) -> None:
    own = input_folder / "hills.png"
    own.write_bytes(b"the user's own")
    supply_pictures(load_graph(examples_folder() / "inpainting.json"))
    assert {path.name for path in input_folder.iterdir()} == {"hills.png", "hills_mask.png"}
    assert own.read_bytes() == b"the user's own"
    mask = examples_folder() / "hills_mask.png"
    assert (input_folder / "hills_mask.png").read_bytes() == mask.read_bytes()


@pytest.mark.parametrize("name", ["../hills.png", "sub/hills.png", "text_to_image.json", "x.png"])
def test_nothing_else_is_copied(input_folder: Path, name: str) -> None:
    supply_pictures(read_graph({"a": {"class_type": "LoadImage", "inputs": {"image": name}}}))
    assert list(input_folder.iterdir()) == []
