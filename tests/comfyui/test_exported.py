"""What ``blockloom export`` makes of a graph runs inside ComfyUI, and gives the same picture."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import PIL.Image
import pytest
from tests.comfyui.core_nodes import PreviewAny
from tests.comfyui.host import Host
from tests.comfyui.prompts import node
from tests.real_sessions import open_real_session, run, workshop

from blockloom.execution.views import Host as Place
from blockloom.export.comfyui import to_prompt
from blockloom.graph.file import load_graph, read_graph
from blockloom.graph.model import Graph
from blockloom.resources import examples_folder

BLOCKS = [{"name": "text", "block": "StableDiffusionXLTextEncoderStep"}]


def drawn(**more: Any) -> Graph:
    """Leaf blocks with what ComfyUI has no widgets for: a list, and a member of a bundle."""
    prompt = json.loads((examples_folder() / "leaf_text_to_image.json").read_text())["prompt"]
    prompt["set_timesteps"]["inputs"]["num_inference_steps"] = 2
    prompt["prepare_add_cond"]["inputs"]["crops_coords_top_left"] = {"__value__": [3, 5]}
    prompt["denoise"]["inputs"]["denoiser_input_fields.prompt_embeds"] = ["input", "prompt_embeds"]
    return read_graph({**prompt, **more})


def ours(graph: Graph, folder: Path) -> bytes:
    (files,) = run(open_real_session(), graph, Place(output_folder=folder)).outputs.values()
    with PIL.Image.open(files[0]["path"]) as picture:
        return picture.convert("RGB").tobytes()


def theirs(host: Host, prompt: dict[str, Any]) -> bytes:
    report = host.run(prompt)
    assert report.error is None, (report.failed_node, report.error)
    (shown,) = report.ui["save"]["images"]
    path = host.output_folder / shown["subfolder"] / shown["filename"]
    with PIL.Image.open(path) as picture:
        return picture.convert("RGB").tobytes()


def test_values_without_a_widget_arrive(host: Host, tmp_path: Path) -> None:
    graph = drawn()
    wanted = ours(graph, tmp_path)
    prompt = to_prompt(graph, workshop().catalogue)
    assert theirs(host, prompt) == wanted
    # So does the list from a text node, as ComfyUI's editor sends it.
    prompt["corner"] = node("PrimitiveString", value="[3, 5]")
    prompt["prepare_add_cond"]["inputs"]["crops_coords_top_left"] = ["corner", 0]
    assert theirs(host, prompt) == wanted
    prompt["corner"]["inputs"]["value"] = "[90, 90]"
    assert theirs(host, prompt) != wanted


def test_a_seed_of_the_run_gives_the_same_picture(host: Host, tmp_path: Path) -> None:
    graph = load_graph(examples_folder() / "text_to_image.json")
    denoise = graph.nodes["denoise"].with_input("generator", None)
    content = {
        id_: {
            "class_type": found.class_type,
            "inputs": {
                name: getattr(given, "value", None) or [given.node_id, given.output]
                for name, given in found.inputs.items()
            },
        }
        for id_, found in graph.with_node(denoise).nodes.items()
    }
    content["denoise"]["inputs"]["num_inference_steps"] = 2
    seeded = read_graph({"prompt": content, "extra": {"seed": 11}})
    content["denoise"]["inputs"]["generator"] = 11
    exported = to_prompt(seeded, workshop().catalogue)
    assert theirs(host, exported) == ours(read_graph(content), tmp_path)


@pytest.mark.parametrize("is_linked", [False, True])
def test_chosen_blocks_run(host: Host, *, is_linked: bool) -> None:
    own = node(
        "BlockloomSequence",
        pipeline=["model", "pipeline"],
        prompt="a red house",
        blocks={"__value__": BLOCKS},
    )
    look = node("PreviewAny", source=["own", "prompt_embeds"])
    graph = read_graph(
        {"model": node("BlockloomLoadPipeline", model="demo"), "own": own, "look": look}
    )
    prompt = to_prompt(graph, workshop().catalogue)
    if is_linked:
        # ComfyUI's editor has no widget for them.
        prompt["text"] = node("PrimitiveString", value=json.dumps(BLOCKS))
        prompt["own"]["inputs"]["blocks"] = ["text", 0]
    report = host.run(prompt)
    assert report.error is None, (report.failed_node, report.error)
    (seen,) = PreviewAny.seen
    assert str(seen).startswith("float32 1 x ")
