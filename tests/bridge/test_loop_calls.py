"""What is known of diffusers' loops: enough to put each together again from its own blocks."""

from __future__ import annotations

from dataclasses import replace

import pytest

from blockloom.graph.block_lists import ChosenBlock, id_of
from blockloom.graph.check_blocks import blocks_problems, may_stand_inside
from blockloom.graph.model import Graph, Literal, Node
from blockloom.graph.node_types import Kind
from blockloom.graph.suggestions import Suggestions
from described import catalogue, library

LOOPS = [t.id for t in catalogue().types.values() if t.kind is Kind.LOOP]


def own_steps(type_id: str) -> list[ChosenBlock]:
    found = catalogue().get(type_id)
    assert found is not None
    return [ChosenBlock(sub.name, sub.type_id) for sub in found.sub_blocks]


@pytest.mark.parametrize("type_id", LOOPS)
def test_a_loop_made_of_its_own_blocks_is_that_loop(type_id: str) -> None:
    loop = catalogue().types[type_id]
    made = catalogue().get(id_of(type_id, own_steps(type_id)))
    assert made is not None
    assert replace(made, id=type_id) == loop
    block, original = library().resolve(made.id), library().resolve(type_id)
    assert type(block) is type(original)
    assert [param.name for param in block.inputs] == [param.name for param in original.inputs]
    assert list(block.sub_blocks) == list(original.sub_blocks)


@pytest.mark.parametrize("type_id", LOOPS)
def test_no_loop_seems_to_lack_anything_as_it_is(type_id: str) -> None:
    loop = catalogue().types[type_id]
    for sub in loop.sub_blocks:
        step = catalogue().get(sub.type_id)
        assert step is not None
        assert may_stand_inside(step, loop).is_valid
    steps = [{"name": sub.name, "block": sub.type_id} for sub in loop.sub_blocks]
    node = Node("loop", type_id, {"blocks": Literal(steps)})  # type: ignore[arg-type]
    graph = Graph({node.id: node})
    assert list(blocks_problems(node, catalogue(), Suggestions(graph, catalogue()))) == []


def test_loops_differ_in_how_they_call_their_blocks() -> None:
    conventions = {catalogue().types[type_id].loop for type_id in LOOPS}
    arguments = {call.arguments for call in conventions if call is not None}
    assert {("i", "t"), ("k",)} <= arguments
    step = catalogue().types["StableDiffusionXLLoopDenoiser"]
    for type_id in LOOPS:
        loop = catalogue().types[type_id]
        assert loop.loop is not None
        fits = may_stand_inside(step, loop)
        assert fits.is_valid is (loop.loop.arguments == ("i", "t"))
        assert fits.is_valid or "it is called with i, t, and this loop gives" in fits.reason
