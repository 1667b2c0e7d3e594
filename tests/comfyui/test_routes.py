"""What the extension in the browser asks of ComfyUI's server."""

from __future__ import annotations

import io
import json
from typing import Any

import numpy
import PIL.Image
import pytest
from tests.comfyui.core_nodes import pixels
from tests.comfyui.executor import Report
from tests.comfyui.host import Host
from tests.comfyui.prompts import example, node, typed

from blockloom.resources import examples_folder

FEW = 4


@pytest.fixture
def ran(host: Host) -> Report:
    """A run of the first example."""
    report = host.run(typed(example(host, "text_to_image"), "denoise", num_inference_steps=FEW))
    assert report.error is None
    return report


def graph_file(name: str = "text_to_image") -> dict[str, Any]:
    found: dict[str, Any] = json.loads((examples_folder() / f"{name}.json").read_text())
    return found


@pytest.mark.parametrize("prefix", ["", "/api"])
def test_the_block_state_of_a_node(host: Host, ran: Report, prefix: str) -> None:
    status, state = host.ask_json(f"{prefix}/blockloom/block_state/last/denoise")
    assert status == 200
    written = {value["name"]: value for value in state["written"]}
    assert "latents" in written
    assert state["run"] >= 1
    assert isinstance(state["changed"], list)
    status, whole = host.ask_json(f"{prefix}/blockloom/state/last/decode")
    names = {value["name"] for value in whole["values"]}
    assert {"latents", "images", "prompt_embeds"} <= names


def test_what_changed_since_the_run_before(host: Host, ran: Report) -> None:
    prompt = typed(example(host, "text_to_image"), "denoise", num_inference_steps=FEW)
    before = host.ask_json("/blockloom/block_state/last/denoise")[1]["run"]
    prompt = typed(prompt, "denoise", num_inference_steps=FEW + 1)
    host.run(prompt)
    _, state = host.ask_json("/blockloom/block_state/last/denoise")
    assert {"num_inference_steps", "latents"} <= set(state["changed"])
    assert not {"height", "width", "eta"} & set(state["changed"])
    assert state["run"] == before + 1
    host.run(typed(prompt, "text_encoder", prompt="a red house"))
    _, state = host.ask_json("/blockloom/block_state/last/text_encoder")
    assert {"prompt", "prompt_embeds"} <= set(state["changed"])
    # Written anew, with the same content.
    assert {"negative_prompt", "negative_prompt_embeds"}.isdisjoint(state["changed"])
    assert "negative_prompt_embeds" in {value["name"] for value in state["written"]}


def test_steps_and_values_at_a_step(host: Host, ran: Report) -> None:
    _, steps = host.ask_json("/blockloom/steps/last/denoise")
    assert len(steps["steps"]) == FEW
    found = []
    for step in (0, FEW - 1):
        path = f"/blockloom/block_state/last/denoise/latents?form=npy&step={step}"
        status, body = host.ask(path)
        assert status == 200
        found.append(numpy.load(io.BytesIO(body)))
    assert not numpy.array_equal(*found)


def test_a_value_as_a_picture(host: Host, ran: Report) -> None:
    status, body = host.ask("/blockloom/block_state/last/decode/images?form=png")
    assert status == 200
    picture = PIL.Image.open(io.BytesIO(body)).convert("RGB")
    assert numpy.array_equal(numpy.asarray(picture), pixels(ran.value("decode", 1)[0]))
    status, body = host.ask("/blockloom/thumbnail/last/decode/images?size=32")
    assert status == 200
    assert max(PIL.Image.open(io.BytesIO(body)).size) <= 32


def test_statistics_of_a_tensor(host: Host, ran: Report) -> None:
    status, found = host.ask_json("/blockloom/statistics/last/denoise/latents")
    assert status == 200
    assert json.dumps(found, allow_nan=False)
    assert found["minimum"] < found["mean"] < found["maximum"]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/blockloom/block_state/last/nobody", 404),
        ("/blockloom/block_state/other/denoise", 400),
        ("/blockloom/block_state/last/denoise/nothing", 404),
        ("/blockloom/block_state/last/denoise/latents?form=bmp", 400),
        ("/blockloom/thumbnail/last/denoise/latents?step=-5", 404),
        ("/blockloom/templates/none/none", 404),
    ],
)
def test_what_is_not_there_is_said_in_the_one_shape(
    host: Host, ran: Report, path: str, expected: int
) -> None:
    status, answer = host.ask_json(path)
    assert status == expected
    assert answer["error"]["message"]
    assert {"message", "remedy", "details"} <= set(answer["error"])


def test_a_graph_for_comfyui(host: Host) -> None:
    status, answer = host.ask_json("/blockloom/comfyui", {"graph": graph_file()})
    assert status == 200
    assert len(answer["workflow"]["nodes"]) == len(graph_file()["prompt"])
    report = host.run(typed(answer["prompt"], "denoise", num_inference_steps=FEW))
    assert report.error is None
    expected = host.run(typed(example(host, "text_to_image"), "denoise", num_inference_steps=FEW))
    assert numpy.array_equal(
        pixels(report.value("decode", 1)[0]), pixels(expected.value("decode", 1)[0])
    )


def test_a_graph_file_is_queued_as_it_is(host: Host, ran: Report) -> None:
    """Links by name come from files and scripts; ComfyUI itself knows numbers only."""
    graph = graph_file()["prompt"]
    graph["denoise"]["inputs"]["num_inference_steps"] = FEW
    # The host's ImageScale wants what the file leaves to its default, as the real one does.
    report = host.run(graph)
    assert report.error is None
    assert numpy.array_equal(
        pixels(report.value("decode", 1)[0]), pixels(ran.value("decode", 1)[0])
    )


def test_templates_are_graphs_that_run(host: Host) -> None:
    _, listed = host.ask_json("/blockloom/templates")
    assert len(listed["templates"]) >= 30
    path = "/blockloom/templates/stable-diffusion-xl/text2image?leaf=1&model=demo"
    status, graph = host.ask_json(path)
    assert status == 200
    _, found = host.ask_json("/blockloom/comfyui", {"graph": graph})
    prompt = found["prompt"]
    for name, inputs in ((n, one["inputs"]) for n, one in prompt.items()):
        if "num_inference_steps" in inputs:
            prompt = typed(prompt, name, num_inference_steps=2)
    report = host.run(prompt)
    assert report.error is None, report.error


def test_checking_says_where_every_input_comes_from(host: Host) -> None:
    graph = graph_file()
    del graph["prompt"]["decode"]["inputs"]["pipeline"]
    status, report = host.ask_json("/blockloom/check", graph)
    assert status == 200
    problems = {problem["node"]: problem for problem in report["problems"]}
    assert problems["decode"]["socket"] == "pipeline"
    status, fine = host.ask_json("/blockloom/check", graph_file())
    assert [problem for problem in fine["problems"] if not problem.get("is_warning")] == []


def test_checking_a_prompt_of_comfyuis_own(host: Host) -> None:
    """By number, and with nodes that only ComfyUI has."""
    prompt = example(host, "text_to_image")
    prompt["times"] = node("LatentOf", value=["denoise", 12])
    prompt["decode"]["inputs"]["latents"] = ["times", 0]
    status, report = host.ask_json("/blockloom/check", {"prompt": prompt})
    assert status == 200
    json.dumps(report, allow_nan=False)


def test_expanding_a_composite_node(host: Host, ran: Report) -> None:
    status, found = host.ask_json("/blockloom/expand", {"graph": graph_file(), "node": "denoise"})
    assert status == 200
    assert len(found["nodes"]) > 2
    assert "denoise" not in found["prompt"] or len(found["prompt"]) > len(graph_file()["prompt"])
    _, comfy = host.ask_json("/blockloom/comfyui", {"graph": {"prompt": found["prompt"]}})
    prompt = comfy["prompt"]
    for name, inputs in ((n, one["inputs"]) for n, one in prompt.items()):
        if "num_inference_steps" in inputs:
            prompt = typed(prompt, name, num_inference_steps=FEW)
    report = host.run(prompt)
    assert report.error is None, report.error
    assert numpy.array_equal(
        pixels(report.value("decode", 1)[0]), pixels(ran.value("decode", 1)[0])
    )


@pytest.mark.parametrize("path", ["/blockloom/comfyui", "/blockloom/expand", "/blockloom/check"])
@pytest.mark.parametrize("body", [[], {"graph": 3}, {"prompt": [1, 2]}, "text", 7])
def test_bodies_that_are_no_graphs(host: Host, path: str, body: Any) -> None:
    status, answer = host.ask(path, body)
    assert status == 400, answer
    assert json.loads(answer)["error"]["message"]


def test_ids_of_nodes_inside_a_subgraph(host: Host) -> None:
    prompt = typed(example(host, "text_to_image"), "denoise", num_inference_steps=FEW)
    inside = json.loads(json.dumps(prompt).replace('"decode"', '"12:3"'))
    assert host.run(inside).error is None
    status, state = host.ask_json("/blockloom/block_state/last/12:3")
    assert status == 200
    assert "images" in [value["name"] for value in state["written"]]
