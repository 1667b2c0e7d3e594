"""Composite nodes that are expanded, one after another, give the very same pixels."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy
import pytest
from tests.pixels.test_sdxl import INPUTS, PROMPT, expected_pixels, graph_for
from tests.real_sessions import make_pictures, open_real_session, run, with_input, workshop

from blockloom.graph.expand import expand
from blockloom.graph.file import load_graph
from blockloom.graph.model import Graph, Link, Literal, Node
from blockloom.graph.node_types import Kind
from blockloom.resources import examples_folder

SCHEDULER = "EulerAncestralDiscreteScheduler"


def composites(graph: Graph) -> list[str]:
    """The nodes that can be expanded, the last ones first."""
    types = {node.id: workshop().catalogue.get(node.class_type) for node in graph.nodes.values()}
    kinds = (Kind.SEQUENTIAL, Kind.CONDITIONAL)
    return [key for key, found in reversed(types.items()) if found and found.kind in kinds]


def saved(graph: Graph) -> Graph:
    """The graph with a node that shows the picture, whoever makes it: links to it are followed."""
    (save,) = (node for node in graph.nodes.values() if node.class_type == "SaveImage")
    shown = Node("shown", "PreviewImage", {"images": save.inputs["images"]})
    return graph.without_node(save.id).with_node(shown)


def picture(session: Any, graph: Graph, host: Any) -> numpy.ndarray:
    link = graph.nodes["shown"].inputs["images"]
    assert isinstance(link, Link)
    value = run(session, graph, host).value(link.node_id, str(link.output))
    return numpy.asarray(value[0] if isinstance(value, list) else value)


def assert_same_all_the_way(graph: Graph, host: Any, expected: numpy.ndarray) -> Graph:
    """Expand node after node, and compare the picture each time."""
    session = open_real_session()
    assert numpy.array_equal(picture(session, graph, host), expected)
    while todo := composites(graph):
        graph = expand(graph, todo[0], workshop().catalogue).graph
        assert session.check(graph).problems == ()
        assert numpy.array_equal(picture(session, graph, host), expected), todo[0]
    # From nothing, too: no kept value helps.
    assert numpy.array_equal(picture(open_real_session(), graph, host), expected)
    return graph


@pytest.mark.parametrize("workflow", list(INPUTS))
def test_templates_give_diffusers_pixels_however_far_they_are_opened(
    tmp_path: Path, workflow: str
) -> None:
    host = make_pictures(tmp_path)
    given: dict[str, Any] = {"prompt": PROMPT, "num_inference_steps": 4}
    if "image" in INPUTS[workflow]:
        given["strength"] = 0.7
    expected = expected_pixels(tmp_path, SCHEDULER, workflow, **given)
    graph = saved(graph_for(workflow, False, SCHEDULER, **given))
    opened = assert_same_all_the_way(graph, host, expected)
    assert len(opened.nodes) > len(graph.nodes) + 1


@pytest.mark.parametrize("name", ["text_to_image", "inpainting"])
def test_examples_give_the_same_however_far_they_are_opened(tmp_path: Path, name: str) -> None:
    path = examples_folder() / f"{name}.json"
    graph = load_graph(path)
    decode = next(node for node in graph.nodes.values() if "Decode" in node.class_type)
    graph = graph.with_node(Node("shown", "PreviewImage", {"images": Link(decode.id, "images")}))
    for node in list(graph.nodes.values()):
        if node.class_type in ("SaveImage", "ImageScale"):
            graph = graph.without_node(node.id)
        elif "num_inference_steps" in node.inputs:
            graph = with_input(graph, node.id, "num_inference_steps", 4)
    host = make_pictures(tmp_path)
    host = type(host)(host.output_folder, (path.parent,))
    expected = picture(open_real_session(), graph, host)
    assert_same_all_the_way(graph, host, expected)


def test_a_whole_pipeline_in_one_node_gives_the_same_when_it_is_opened(tmp_path: Path) -> None:
    host = make_pictures(tmp_path)
    whole: dict[str, Any] = {
        "pipeline": Link("model", "pipeline"),
        "prompt": Literal(PROMPT),
        "negative_prompt": Literal("a house"),
        "image": Link("image", "image"),
        "mask_image": Link("mask", "image"),
        "strength": Literal(0.8),
        "padding_mask_crop": Literal(4),
        "num_inference_steps": Literal(4),
        "generator": Literal(5),
        "original_size": Literal([96, 80]),
        "num_images_per_prompt": Literal(2),
    }
    nodes = [
        Node("model", "BlockloomLoadPipeline", {"model": Literal("demo")}),
        Node("image", "LoadImage", {"image": Literal("example.png")}),
        Node("mask", "LoadImage", {"image": Literal("mask.png")}),
        Node("all", "StableDiffusionXLAutoBlocks", whole),
        Node("shown", "PreviewImage", {"images": Link("all", "images")}),
    ]
    graph = Graph({node.id: node for node in nodes})
    expected = picture(open_real_session(), graph, host)
    opened = assert_same_all_the_way(graph, host, expected)
    assert "StableDiffusionXLInpaintOverlayMaskStep" in {
        n.class_type for n in opened.nodes.values()
    }


def test_values_linked_into_a_composite_reach_the_blocks_inside(tmp_path: Path) -> None:
    host = make_pictures(tmp_path)
    graph = saved(graph_for("text2image", False, SCHEDULER, prompt=PROMPT, num_inference_steps=4))
    other = Node(
        "other",
        graph.nodes["text_encoder"].class_type,
        {**graph.nodes["text_encoder"].inputs, "prompt": Literal("snowy mountains")},
    )
    graph = graph.with_node(other)
    fields = "denoiser_input_fields"
    for name in ("pooled_prompt_embeds", f"{fields}.prompt_embeds"):
        output = name.removeprefix(f"{fields}.")
        graph = with_input(graph, "denoise", name, Link("other", output))
    expected = picture(open_real_session(), graph, host)
    plain = expected_pixels(tmp_path, SCHEDULER, "text2image", prompt=PROMPT, num_inference_steps=4)
    assert not numpy.array_equal(expected, plain)
    assert_same_all_the_way(graph, host, expected)
