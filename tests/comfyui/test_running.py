"""How nodes of ours run under ComfyUI: progress, the button, memory, and what goes wrong."""

from __future__ import annotations

import gc
import threading
from typing import Any

import numpy
import pytest
import torch
from diffusers import UNet2DConditionModel
from tests.comfyui.core_nodes import pixels
from tests.comfyui.host import Host
from tests.comfyui.prompts import example, node, typed
from tests.comfyui.validation import Prompt, Refused

FEW = 4


def short(host: Host, **given: Any) -> Prompt:
    prompt = example(host, "text_to_image")
    return typed(prompt, "denoise", **{"num_inference_steps": FEW, **given})


# -- progress and the button


def test_progress_and_previews_of_a_loop(host: Host) -> None:
    host.run(short(host, generator=21))
    steps = [(p["value"], p["max"]) for p in host.server.events("progress")]
    assert steps == sorted(steps)
    assert (set(steps), {p["node"] for p in host.server.events("progress")}) == (
        {(step, FEW) for step in range(1, FEW + 1)},
        {"denoise"},
    )
    ours = host.server.events("blockloom.step")
    assert ours == [{"node": "denoise", "done": n, "total": FEW} for n in range(1, FEW + 1)]
    previews = host.server.events(4)
    assert len(previews) >= FEW - 1
    for kind, picture, longest, place in previews:
        assert (kind, picture.mode, place) == ("JPEG", "RGB", "denoise")
        assert max(picture.size) <= longest


def test_each_run_of_a_node_is_told(host: Host) -> None:
    prompt = short(host)
    host.run(prompt)
    host.server.sent.clear()
    host.run(typed(prompt, "decode", output_type="pil"))
    host.run(typed(prompt, "decode", output_type="np"))
    told = host.server.events("blockloom.block_state")
    assert [event["node"] for event in told] == ["decode", "decode"]
    assert told[1]["run"] == told[0]["run"] + 1


def test_the_button_stops_a_loop_at_the_next_step(host: Host) -> None:
    def press(event: Any, data: Any) -> None:
        if event == "progress" and data["value"] == 3:
            host.interrupt()

    host.server.listeners.append(press)
    try:
        report = host.run(short(host, num_inference_steps=500))
    finally:
        host.server.listeners.remove(press)
    assert (report.is_interrupted, report.failed_node) == (True, "denoise")
    assert max(step["value"] for step in host.server.events("progress")) <= 4
    after = host.run(short(host))
    assert after.error is None
    assert after.cached == ["model", "guider", "text_encoder"]


def test_the_button_between_two_nodes(host: Host) -> None:
    def press(event: Any, data: Any) -> None:
        if event == "executing" and data["node"] == "decode":
            host.interrupt()

    host.server.listeners.append(press)
    try:
        report = host.run(short(host, generator=5))
    finally:
        host.server.listeners.remove(press)
    assert (report.is_interrupted, report.failed_node) == (True, "decode")


# -- memory


def loaded_weights() -> int:
    """How many models with weights are alive, of the kind that only the engine under test has."""
    gc.collect()
    return sum(
        type(found) is UNet2DConditionModel and not next(found.parameters()).is_meta
        for found in gc.get_objects()
    )


def test_models_go_when_comfyui_wants_all_memory_back(host: Host) -> None:
    prompt = short(host)
    host.free()
    before = loaded_weights()
    first = pixels(host.run(prompt).value("decode", 1)[0])
    assert loaded_weights() == before + 1
    host.free(forget=False)
    assert loaded_weights() == before
    # What ComfyUI kept is still of use: the values behind it are made again.
    again = host.run(typed(prompt, "decode", output_type="pil"))
    assert again.ran == ["decode", "enlarge", "save"]
    assert numpy.array_equal(pixels(again.value("decode", 1)[0]), first)


def test_freeing_memory_for_another_model_asks_its_own_first(host: Host) -> None:
    """Ours is put around ComfyUI's function and gives back what that gives."""
    host.run(short(host))
    management = host.management
    assert management.free_memory(1, management.get_torch_device()) == []
    assert management.free_memory(1, management.get_torch_device(), keep_loaded=[]) == []


# -- what goes wrong


def message(host: Host, prompt: Prompt) -> tuple[str, str]:
    report = host.run(prompt)
    assert report.error is not None
    assert not report.is_interrupted
    assert report.failed_node is not None
    return report.failed_node, str(report.error)


def test_a_missing_value_names_the_node_the_input_and_what_to_do(host: Host) -> None:
    prompt = short(host)
    prompt["decode"]["inputs"]["pipeline"] = ["guider", 0]
    failed, text = message(host, prompt)
    assert failed == "decode"
    assert "latents" in text
    assert "link" in text.lower()


def test_a_model_that_is_not_there(host: Host) -> None:
    failed, text = message(host, typed(short(host), "model", model="/no/such/folder"))
    assert failed == "model" or "model" in text
    assert "/no/such/folder" in text


def test_a_picture_in_the_place_of_the_main_wire(host: Host) -> None:
    prompt = short(host)
    prompt["decode"]["inputs"]["pipeline"] = ["denoise", 12]
    try:
        failed, text = message(host, prompt)
    except Refused as refused:
        failed, text = next(iter(refused.node_errors)), str(refused)
    assert failed == "decode"
    assert "pipeline" in text


def test_the_main_wire_in_the_place_of_a_value(host: Host) -> None:
    prompt = short(host)
    prompt["switch"] = node("BlockloomSwitch", condition=True, if_true=["model", 0])
    prompt["show"] = node("PreviewAny", source=["switch", 0])
    with pytest.raises(Refused, match="no output"):
        host.run({name: one for name, one in prompt.items() if name not in ("save", "show")})
    report = host.run(prompt)
    assert "switch" not in report.ran
    assert "show" not in report.ran
    del prompt["save"], prompt["enlarge"]
    with pytest.raises(Refused) as refused:
        host.run(prompt)
    (error,) = refused.value.node_errors["switch"]
    assert "main wire" in error["details"]


def test_a_text_that_is_no_json_where_a_list_is_wanted(host: Host) -> None:
    prompt = short(host)
    prompt["size"] = node("PrimitiveString", value="[64, ")
    failed, text = message(host, typed(prompt, "denoise", original_size=["size", 0]))
    assert failed == "denoise"
    assert "original_size" in text
    assert "JSON" in text


def test_the_node_after_a_failure_runs_once_it_is_mended(host: Host) -> None:
    prompt = short(host)
    broken = typed(prompt, "denoise", width=13)
    assert host.run(broken).error is not None
    mended = host.run(prompt)
    assert mended.error is None
    assert "text_encoder" in mended.cached


def test_numbers_out_of_bounds_are_refused_before_anything_runs(host: Host) -> None:
    with pytest.raises(Refused) as refused:
        host.run(typed(short(host), "denoise", num_inference_steps=-3))
    assert [e["type"] for e in refused.value.node_errors["denoise"]] == ["value_smaller_than_min"]


# -- what a node does not disturb


def test_nothing_of_torch_is_left_changed(host: Host) -> None:
    torch.manual_seed(5)
    expected = torch.rand(3)
    torch.manual_seed(5)
    host.run(short(host, generator=31))
    assert torch.equal(torch.rand(3), expected)
    assert not torch.is_inference_mode_enabled()
    assert torch.is_grad_enabled()


def test_models_are_no_inference_tensors(host: Host) -> None:
    """Weights loaded while ComfyUI's inference mode is on could never be changed in place again."""
    host.free()
    host.run(short(host))
    kinds = {
        parameter.is_inference()
        for found in gc.get_objects()
        if type(found) is UNet2DConditionModel
        for parameter in found.parameters()
    }
    assert kinds == {False}


def test_no_seed_anywhere_is_the_same_picture_each_time(host: Host) -> None:
    prompt = short(host)
    del prompt["denoise"]["inputs"]["generator"]
    first = pixels(host.run(prompt).value("decode", 1)[0])
    host.free()
    assert numpy.array_equal(pixels(host.run(prompt).value("decode", 1)[0]), first)


def test_values_are_looked_at_while_a_node_runs(host: Host) -> None:
    """The panels ask for block states during a long loop; they do not wait for its end."""
    prompt = short(host)
    host.run(prompt)
    answers: list[tuple[int, Any]] = []

    def look(event: Any, data: Any) -> None:
        if event == "progress" and data["value"] == 2 and not answers:
            asking = threading.Thread(
                target=lambda: answers.append(
                    host.ask_json("/blockloom/block_state/last/text_encoder")
                )
            )
            asking.start()
            # The loop waits here for the answer: one that waited for the loop would never come.
            asking.join(10)

    host.server.listeners.append(look)
    try:
        assert host.run(short(host, generator=99)).error is None
    finally:
        host.server.listeners.remove(look)
    assert [status for status, _ in answers] == [200]
