"""Loops with other blocks inside, and chains of blocks in one node, run as diffusers would."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import numpy
import pytest
import torch
from diffusers.modular_pipelines.modular_pipeline_utils import InsertableDict
from tests.pixels.test_expand import SCHEDULER, picture, saved
from tests.pixels.test_sdxl import PROMPT, expected_pixels, graph_for
from tests.real_sessions import make_pictures, reference_pipeline, run, with_input

from blockloom.cli.wiring import Workshop, open_session, open_workshop
from blockloom.errors import GraphError, NodeFailed
from blockloom.graph.block_lists import SEQUENCE, ChosenBlock, blocks_to_json
from blockloom.graph.expand import expand
from blockloom.graph.group import group
from blockloom.graph.model import Graph, Json, Link, Literal, Node

GIVEN: dict[str, Any] = {"prompt": PROMPT, "num_inference_steps": 4}
OWN_BLOCK = '''
import torch
from diffusers.modular_pipelines import InputParam, ModularPipelineBlocks, OutputParam


class BendLatents(ModularPipelineBlocks):
    """Shift the latents at each step, and note how large they are."""

    @property
    def inputs(self):
        return [
            InputParam("bend", type_hint=float, default=0.25),
            InputParam("latents", required=True),
        ]

    @property
    def intermediate_outputs(self):
        return [OutputParam("sizes", type_hint=list)]

    def __call__(self, components, block_state, i: int, t: torch.Tensor):
        before = block_state.sizes if i else []
        block_state.latents = block_state.latents + block_state.bend
        block_state.sizes = [*before, float(block_state.latents.abs().mean())]
        return components, block_state


class Forgetful(ModularPipelineBlocks):
    def __call__(self, components, block_state, i, t):
        block_state.latents = block_state.latents + block_state.nonsense
        return components, block_state
'''


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    """The catalogue with a block of the user's own."""
    folder = tmp_path_factory.mktemp("own")
    (folder / "bend.py").write_text(OWN_BLOCK)
    return open_workshop(argparse.Namespace(data=None, nodes_folders=[folder]))


def loop_node(graph: Graph, shop: Workshop) -> Node:
    found = (n for n in graph.nodes.values() if n.class_type == "StableDiffusionXLDenoiseStep")
    return next(found)


def steps_of(shop: Workshop, node: Node) -> list[ChosenBlock]:
    node_type = shop.catalogue.get(node.type_id)
    assert node_type is not None
    return [ChosenBlock(sub.name, sub.type_id) for sub in node_type.sub_blocks]


def leaf_graph(**given: Any) -> Graph:
    return saved(graph_for("text2image", True, SCHEDULER, **{**GIVEN, **given}))


def with_steps(graph: Graph, node: Node, steps: list[ChosenBlock]) -> Graph:
    return with_input(graph, node.id, "blocks", blocks_to_json(steps))


def bent_by_diffusers(shop: Workshop, bend: float) -> tuple[numpy.ndarray, list[float]]:
    """What diffusers itself makes of the loop with the user's block at its end."""
    assert shop.library is not None
    pipeline = reference_pipeline(SCHEDULER)
    loop = pipeline._blocks.sub_blocks["denoise"]
    while "denoise" in loop.sub_blocks or "text2image" in loop.sub_blocks:
        loop = loop.sub_blocks.get("text2image") or loop.sub_blocks["denoise"]
    loop.sub_blocks = InsertableDict(
        {**loop.sub_blocks, "bend": shop.library.resolve("BendLatents")}
    )
    state = pipeline(generator=torch.Generator().manual_seed(0), bend=bend, **GIVEN)
    return numpy.asarray(state.get("images")[0]), state.get("sizes")


def test_a_block_of_ones_own_is_put_into_the_loop(tmp_path: Path, shop: Workshop) -> None:
    host, session = make_pictures(tmp_path), open_session(shop)
    graph = leaf_graph()
    plain = picture(session, graph, host)
    node = loop_node(graph, shop)
    bent = with_steps(graph, node, [*steps_of(shop, node), ChosenBlock("bend", "BendLatents")])
    bent = with_input(bent, node.id, "bend", 0.5)
    assert session.check(bent).problems == ()
    expected, sizes = bent_by_diffusers(shop, 0.5)
    found = picture(session, bent, host)
    assert numpy.array_equal(found, expected)
    assert not numpy.array_equal(found, plain)
    report = run(session, bent, host)
    assert report.value(node.id, "sizes") == sizes
    assert len(sizes) == 4
    # Its own input counts for what is kept, and the loop as it was gives the old pixels back.
    other = picture(session, with_input(bent, node.id, "bend", 0.1), host)
    assert not numpy.array_equal(other, found)
    assert numpy.array_equal(picture(session, graph, host), plain)


def test_blocks_of_a_loop_are_taken_out_and_put_back(tmp_path: Path, shop: Workshop) -> None:
    host, session = make_pictures(tmp_path), open_session(shop)
    graph = leaf_graph()
    node = loop_node(graph, shop)
    own = steps_of(shop, node)
    same = with_steps(graph, node, own)
    assert numpy.array_equal(picture(session, same, host), picture(session, graph, host))
    without = with_steps(graph, node, [step for step in own if step.name != "denoiser"])
    with pytest.raises(GraphError, match=r'"after_denoiser".*needs "noise_pred"') as found:
        session.check(without).raise_if_failed()
    (problem,) = found.value.problems
    assert (problem.code, problem.place.node_id, problem.place.socket) == (
        "missing_value",
        node.id,
        "blocks",
    )
    swapped = with_steps(graph, node, [own[0], own[2], own[1]])
    with pytest.raises(GraphError, match="no block before it in the loop makes it"):
        session.check(swapped).raise_if_failed()


def test_what_a_block_of_ones_own_lacks_is_told(tmp_path: Path, shop: Workshop) -> None:
    host, session = make_pictures(tmp_path), open_session(shop)
    graph = leaf_graph()
    node = loop_node(graph, shop)
    graph = with_steps(graph, node, [ChosenBlock("own", "Forgetful"), *steps_of(shop, node)])
    (warning,) = session.check(graph).problems
    assert warning.is_warning
    assert "Declare it as an input of the block" in warning.remedy
    with pytest.raises(NodeFailed, match='Nothing before it in the loop makes "nonsense"') as found:
        picture(session, graph, host)
    assert found.value.place.class_type == "StableDiffusionXLDenoiseStep"
    assert found.value.block == "Forgetful"


@pytest.mark.parametrize(
    ("blocks", "message"),
    [
        ("no list", "must be typed as a list"),
        ([], "There are 0 blocks inside"),
        ([{"name": "a", "block": "StableDiffusionXLLoopDenoise"}], "There is no block"),
        ([{"name": "a", "block": "StableDiffusionXLTextEncoderStep"}], "not called once a step"),
        (
            [{"name": "a", "block": "LTX2LoopDenoiser"}, {"name": "a", "block": "x"}],
            "is there twice",
        ),
        ([{"name": "a", "block": "MiniMaxMusic3LoopDenoiser"}], "There is no block|it is called"),
    ],
)
def test_blocks_that_do_not_fit_are_refused_with_the_reason(
    shop: Workshop, blocks: Json, message: str
) -> None:
    graph = leaf_graph()
    node = loop_node(graph, shop)
    report = open_session(shop).check(with_input(graph, node.id, "blocks", blocks))
    assert report.errors
    assert any(p.place.socket == "blocks" and p.place.node_id == node.id for p in report.errors)
    with pytest.raises(GraphError, match=message):
        report.raise_if_failed()


def test_a_chain_becomes_one_node_and_a_chain_again(tmp_path: Path, shop: Workshop) -> None:
    host, session = make_pictures(tmp_path), open_session(shop)
    graph = leaf_graph()
    expected = expected_pixels(tmp_path, SCHEDULER, "text2image", **GIVEN)
    blocks = [
        n.id for n in graph.nodes.values() if (t := shop.catalogue.get(n.class_type)) and t.is_block
    ]
    made = group(graph, reversed(blocks), shop.catalogue, "My pipeline")
    assert made.node_id == "my_pipeline"
    assert made.graph.nodes[made.node_id].class_type == SEQUENCE
    assert len(made.graph.nodes) == len(graph.nodes) - len(blocks) + 1
    assert session.check(made.graph).problems == ()
    assert numpy.array_equal(picture(session, made.graph, host), expected)
    back = expand(made.graph, made.node_id, shop.catalogue).graph
    assert [n.class_type for n in back.nodes.values()] == [
        n.class_type for n in graph.nodes.values()
    ]
    report = run(session, back, host)
    assert numpy.array_equal(picture(session, back, host), expected)
    assert report.ran


def test_groups_hold_changed_loops_and_other_groups(tmp_path: Path, shop: Workshop) -> None:
    host, session = make_pictures(tmp_path), open_session(shop)
    graph = leaf_graph()
    node = loop_node(graph, shop)
    bent = with_steps(graph, node, [*steps_of(shop, node), ChosenBlock("bend", "BendLatents")])
    expected = picture(session, bent, host)
    ids = [
        n.id for n in bent.nodes.values() if (t := shop.catalogue.get(n.class_type)) and t.is_block
    ]
    index = ids.index(node.id)
    inner = group(bent, ids[index - 1 : index + 1], shop.catalogue, "Inner")
    outer = group(inner.graph, [*ids[1 : index - 1], "inner"], shop.catalogue, "Outer")
    assert numpy.array_equal(picture(open_session(shop), outer.graph, host), expected)
    once = expand(outer.graph, "outer", shop.catalogue).graph
    again = expand(once, "inner", shop.catalogue).graph
    assert again.nodes[node.id].inputs["blocks"] == bent.nodes[node.id].inputs["blocks"]
    assert numpy.array_equal(picture(open_session(shop), again, host), expected)


@pytest.mark.parametrize(
    ("chosen", "message"),
    [
        (["text_encoder", "decode"], "must follow each other"),
        (["model", "text_encoder"], "Only diffusers' blocks"),
        (["nobody"], "no node of this id"),
        ([], "0 nodes cannot be one group"),
    ],
)
def test_what_cannot_be_grouped_says_why(shop: Workshop, chosen: list[str], message: str) -> None:
    graph = graph_for("text2image", False, SCHEDULER, **GIVEN)
    with pytest.raises(GraphError, match=message):
        group(graph, chosen, shop.catalogue)


def test_a_group_never_hides_what_somebody_outside_reads(shop: Workshop) -> None:
    graph = graph_for("text2image", False, SCHEDULER, **GIVEN)
    branch = Node(
        "other", "StableDiffusionXLAutoDecodeStep", {"pipeline": Link("text_encoder", "pipeline")}
    )
    with pytest.raises(GraphError, match="in the middle of the group"):
        group(graph.with_node(branch), ["text_encoder", "denoise"], shop.catalogue)
    graph = graph_for("image2image", False, SCHEDULER, **GIVEN)
    assert graph.nodes["vae_encoder"].inputs["generator"] == Literal(0)
    seeded_twice = with_input(graph, "denoise", "generator", 0)
    with pytest.raises(GraphError, match=r'"vae_encoder".*uses that name, too'):
        group(seeded_twice, ["vae_encoder", "denoise"], shop.catalogue)
