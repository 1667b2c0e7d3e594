"""The host itself: it must behave as ComfyUI does, or the tests on it say nothing."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import PIL.Image
import pytest
import torch
from tests.comfyui.host import Host, open_host
from tests.comfyui.validation import Refused


@pytest.fixture
def host(tmp_path: Path) -> Iterator[Host]:
    with open_host(tmp_path) as opened:
        yield opened


def node(class_type: str, **inputs: Any) -> dict[str, Any]:
    return {"class_type": class_type, "inputs": inputs}


def a_class(inputs: dict[str, Any], outputs: tuple[str, ...], function: Any, **more: Any) -> Any:
    body = {
        "INPUT_TYPES": classmethod(lambda cls: inputs),
        "RETURN_TYPES": outputs,
        "FUNCTION": "work",
        "work": lambda self, **given: function(**given),
        **more,
    }
    return type("Class", (), body)


def errors_of(host: Host, prompt: dict[str, Any]) -> dict[str, list[str]]:
    with pytest.raises(Refused) as refused:
        host.run(prompt)
    return {n: [e["type"] for e in found] for n, found in refused.value.node_errors.items()}


def test_only_what_changed_runs_again(host: Host) -> None:
    prompt = {"1": node("PrimitiveInt", value=3), "2": node("PreviewAny", source=["1", 0])}
    assert host.run(prompt).ran == ["1", "2"]
    # Neither the ids nor the order matter.
    renamed = {"b": node("PreviewAny", source=["a", 0]), "a": node("PrimitiveInt", value=3)}
    again = host.run(renamed)
    assert (again.ran, sorted(again.cached)) == ([], ["a", "b"])
    prompt["1"]["inputs"]["value"] = 4
    assert host.run(prompt).ran == ["1", "2"]
    # Only what the last prompt used is kept.
    assert host.run(renamed).ran == ["a", "b"]


def test_a_class_that_asks_for_its_id_has_it_in_its_key(host: Host) -> None:
    inputs = {"required": {"value": ("INT", {})}, "hidden": {"me": "UNIQUE_ID", "all": "PROMPT"}}
    host.classes["Own"] = a_class(inputs, ("STRING",), lambda value, me, all: (f"{me}{len(all)}",))
    prompt = {"7": node("Own", value=1), "8": node("PreviewAny", source=["7", 0])}
    assert host.run(prompt).value("7") == "72"
    prompt["9"] = prompt.pop("7")
    prompt["8"]["inputs"]["source"] = ["9", 0]
    assert host.run(prompt).ran == ["9", "8"]


def test_nan_runs_always(host: Host) -> None:
    inputs = {"required": {"value": ("INT", {})}}
    always = classmethod(lambda cls, **given: math.nan)
    host.classes["Always"] = a_class(inputs, ("INT",), lambda value: (value,), IS_CHANGED=always)
    prompt = {"1": node("Always", value=1), "2": node("PreviewAny", source=["1", 0])}
    assert [host.run(prompt).ran for _ in range(2)] == [["1", "2"], ["1", "2"]]


def test_lists_make_the_next_node_run_for_each(host: Host) -> None:
    inputs = {"required": {"text": ("STRING", {}), "number": ("INT", {})}}
    host.classes["Join"] = a_class(inputs, ("STRING",), lambda text, number: (f"{text}{number}",))
    prompt = {
        "1": node("ListOfTexts", text="a\nb"),
        "2": node("Join", text=["1", 0], number=5),
        "3": node("PreviewAny", source=["2", 0]),
    }
    assert host.run(prompt).outputs["2"] == [["a5", "b5"]]
    host.classes["Whole"] = a_class(
        inputs, ("INT",), lambda text, number: (len(text),), INPUT_IS_LIST=True
    )
    prompt["2"]["class_type"] = "Whole"
    assert host.run(prompt).outputs["2"] == [[2]]


def test_all_runs_in_inference_mode_in_one_thread_with_a_running_loop(host: Host) -> None:
    import asyncio
    import threading

    def look() -> tuple[bool, bool, int]:
        asyncio.get_running_loop()
        tensor = torch.zeros(1)
        return torch.is_inference_mode_enabled(), tensor.is_inference(), threading.get_ident()

    host.classes["Look"] = a_class({}, ("A", "B", "C"), look)
    report = host.run({"1": node("Look"), "2": node("PreviewAny", source=["1", 0])})
    assert [report.value("1", number) for number in (0, 1)] == [True, True]
    assert report.value("1", 2) != threading.get_ident()


@pytest.mark.parametrize(
    ("inputs", "kind"),
    [
        ({}, "required_input_missing"),
        ({"value": 11}, "value_bigger_than_max"),
        ({"value": -1}, "value_smaller_than_min"),
        ({"value": "eleven"}, "invalid_input_type"),
        ({"value": ["2", 0]}, "return_type_mismatch"),
        ({"value": 3, "choice": "c"}, "value_not_in_list"),
        ({"value": [1, 2, 3]}, "bad_linked_input"),
    ],
)
def test_what_is_wrong_is_refused(host: Host, inputs: dict[str, Any], kind: str) -> None:
    known = {
        "required": {"value": ("INT", {"min": 0, "max": 10})},
        "optional": {"choice": (["a", "b"], {})},
    }
    host.classes["Wants"] = a_class(known, (), lambda **given: None, OUTPUT_NODE=True)
    prompt = {"1": node("Wants", **inputs), "2": node("PrimitiveString", value="x")}
    assert errors_of(host, prompt) == {"1": [kind]}


def test_unions_and_any_type_fit(host: Host) -> None:
    union = {"required": {"value": ("INT,STRING", {})}}
    host.classes["Union"] = a_class(union, (), lambda value: None, OUTPUT_NODE=True)
    given = node("PrimitiveString", value="x")
    assert host.run({"1": given, "2": node("Union", value=["1", 0])}).error is None
    wrong = {"1": node("PrimitiveFloat", value=1.0), "2": node("Union", value=["1", 0])}
    assert errors_of(host, wrong) == {"2": ["return_type_mismatch"]}


def test_unknown_inputs_are_dropped_and_absent_optional_ones_are_not_sent(host: Host) -> None:
    seen: list[dict[str, Any]] = []
    known = {"required": {"a": ("INT", {})}, "optional": {"b": ("INT", {"default": 3})}}
    host.classes["Look"] = a_class(known, (), lambda **given: seen.append(given), OUTPUT_NODE=True)
    host.run({"1": node("Look", a=1, c=4)})
    assert seen == [{"a": 1}]


def test_a_picture_survives_the_way_in_and_out(host: Host) -> None:
    picture = PIL.Image.linear_gradient("L").convert("RGB")
    picture.save(host.input_folder / "in.png")
    prompt = {
        "1": node("LoadImage", image="in.png"),
        "2": node("SaveImage", images=["1", 0], filename_prefix="out"),
    }
    (saved,) = host.run(prompt, extra_pnginfo={"workflow": {"a": 1}}).ui["2"]["images"]
    with PIL.Image.open(host.output_folder / saved["filename"]) as found:
        assert found.tobytes() == picture.tobytes()
        assert found.info["workflow"] == '{"a": 1}'
    assert errors_of(host, {"1": node("LoadImage", image="no.png"), "2": prompt["2"]}) == {
        "1": ["custom_validation_failed"]
    }


def test_what_is_no_json_may_not_be_sent(host: Host) -> None:
    host.classes["Bad"] = a_class({}, (), lambda: {"ui": {"n": [math.nan]}}, OUTPUT_NODE=True)
    with pytest.raises(ValueError, match="JSON"):
        host.run({"1": node("Bad")})


def test_an_interrupt_is_noticed_at_the_next_step(host: Host) -> None:
    steps: list[int] = []

    def work() -> None:
        bar = host.modules["comfy.utils"].ProgressBar(5)
        for step in range(5):
            steps.append(step)
            if step == 1:
                host.interrupt()
            bar.update(1)

    host.classes["Long"] = a_class({}, (), work, OUTPUT_NODE=True)
    report = host.run({"1": node("Long")})
    assert (report.is_interrupted, report.failed_node, steps) == (True, "1", [0, 1])
    assert host.server.events("progress") == [{"value": 1, "max": 5, "node": "1"}]
