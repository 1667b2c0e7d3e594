"""Problems with the blocks that the user chose for the inside of a node."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from blockloom.errors import Place, Problem
from blockloom.graph.block_lists import BLOCKS, MOST_BLOCKS, SEQUENCE, ChosenBlock, read_blocks
from blockloom.graph.json_value import quoted
from blockloom.graph.load_block import repository_in
from blockloom.graph.load_block_type import is_loaded
from blockloom.graph.model import Link, Node
from blockloom.graph.node_types import Kind, LoopCall, NodeType, NodeTypes
from blockloom.graph.sockets import Validity
from blockloom.graph.suggestions import Suggestions, why_missing

_SHAPE = 'Write a list of {"name": …, "block": …}, one for each block.'


def takes_blocks(node_type: NodeType) -> bool:
    """Whether the user may choose the blocks inside nodes of a type."""
    return node_type.kind is Kind.LOOP or node_type.id.partition("[")[0] == SEQUENCE


def may_stand_inside(block: NodeType, outer: NodeType) -> Validity:
    """Whether a block can be one of those inside a loop or a sequence, with the reason if not."""
    if outer.kind is not Kind.LOOP:
        if block.kind is Kind.LOOP_STEP:
            return Validity(False, "it only works inside a loop.")
        is_block = block.is_block
        return Validity(is_block, "" if is_block else "only diffusers' blocks can stand inside.")
    if block.kind is not Kind.LOOP_STEP:
        return Validity(False, "it is not called once a step: only blocks made for loops can be.")
    loop, step = outer.loop or LoopCall(), block.loop or LoopCall()
    lacking = [name for name in step.arguments if name not in loop.arguments]
    refused = [name for name in loop.arguments if name not in step.arguments]
    if lacking or (refused and not step.takes_any):
        return Validity(
            False,
            f"it is called with {_listed(step.arguments)}, "
            f"and this loop gives {_listed(loop.arguments)}.",
        )
    return Validity(True, "")


def blocks_problems(node: Node, types: NodeTypes, suggestions: Suggestions) -> Iterator[Problem]:
    """What is wrong with a node's ``blocks``; nothing where it has none and needs none."""
    given, base = node.inputs.get(BLOCKS), types.get(node.base_id)
    if base is None or not takes_blocks(base):
        return
    place = Place(node.id, node.class_type, BLOCKS)
    if given is None:
        if base.id == SEQUENCE:
            yield Problem("no_blocks", place, "There are no blocks in this sequence.", _SHAPE)
        return
    blocks = None if isinstance(given, Link) else read_blocks(given.value)
    if blocks is None:
        message = "The blocks inside must be typed as a list."
        yield Problem("wrong_value", place, message, _SHAPE)
        return
    if not 0 < len(blocks) <= MOST_BLOCKS:
        message = f"There are {len(blocks)} blocks inside; there must be 1 to {MOST_BLOCKS}."
        yield Problem("wrong_value", place, message, "Add or remove blocks.")
        return
    problems = list(_each(place, blocks, base, types, suggestions))
    yield from problems
    if not problems and base.kind is Kind.LOOP:
        yield from _missing_values(_Steps(place, blocks, base, types))


def _each(
    place: Place,
    blocks: tuple[ChosenBlock, ...],
    base: NodeType,
    types: NodeTypes,
    suggestions: Suggestions,
) -> Iterator[Problem]:
    names: set[str] = set()
    for block in blocks:
        shown = quoted(block.name)
        if block.name in names or not block.name or "." in block.name:
            why = "is there twice" if block.name in names else "cannot be the name of a block"
            remedy = "Give each block a name of its own, without dots."
            yield Problem("wrong_value", place, f"{shown} {why}.", remedy)
        names.add(block.name)
        found = types.get(block.type_id)
        if found is None or (repository_in(block.type_id) and not is_loaded(found)):
            broken = why_missing(types, block.type_id)
            if broken:
                message = f"The block for {shown} cannot be used: {broken}"
                remedy = "Put that right, then reload the nodes."
                yield Problem("broken_type", place, message, remedy)
                continue
            remedy = suggestions.for_type(block.type_id) or "Choose one from the catalogue."
            message = f"There is no block {quoted(block.type_id)} for {shown}."
            yield Problem("unknown_type", place, message, remedy)
            continue
        validity = may_stand_inside(found, base)
        if not validity.is_valid:
            message = f"{quoted(block.type_id)} cannot stand inside: {validity.reason}"
            yield Problem("wrong_block", place, message, "Choose a block that fits.")


# -- values that blocks hand to each other within a step


@dataclass(frozen=True, slots=True)
class _Steps:
    """The blocks of a loop as chosen, and the loop as diffusers has it."""

    place: Place
    blocks: tuple[ChosenBlock, ...]
    base: NodeType
    types: NodeTypes

    def chosen(self) -> Iterator[tuple[str, NodeType]]:
        return self._known((block.name, block.type_id) for block in self.blocks)

    def usual(self) -> Iterator[tuple[str, NodeType]]:
        return self._known((sub.name, sub.type_id) for sub in self.base.sub_blocks)

    def _known(self, ids: Iterator[tuple[str, str]]) -> Iterator[tuple[str, NodeType]]:
        for name, type_id in ids:
            found = self.types.get(type_id)
            if found is not None:
                yield name, found


def _missing_values(steps: _Steps) -> Iterator[Problem]:
    """Values that a block uses and no block before it makes.

    What the code of diffusers' own loop seems to lack, too, comes from somewhere nobody can see.
    """
    usual = list(steps.usual())
    unseen = {name for _, _, name in _lacking(steps, usual)}
    makers = {name: inner.title for _, inner in usual for name in (inner.loop or LoopCall()).writes}
    for block, inner, name in _lacking(steps, list(steps.chosen())):
        if name in unseen:
            continue
        maker = makers.get(name)
        made_by = f' It is made by "{maker}".' if maker else ""
        yield Problem(
            "missing_value",
            steps.place,
            f"{quoted(block)} ({inner.title}) needs {quoted(name)} in the block state, and no "
            f"block before it in the loop makes it.{made_by}",
            "Put a block that makes it before this one."
            if maker
            else "Declare it as an input of the block, or put a block that makes it before.",
            is_warning=maker is None,
        )


def _lacking(
    steps: _Steps, blocks: list[tuple[str, NodeType]]
) -> Iterator[tuple[str, NodeType, str]]:
    """Each block and the names it uses that are not in the block state when it is called."""
    loop = steps.base.loop or LoopCall()
    there = {*loop.inputs, *loop.writes}
    for _, inner in blocks:
        there |= {socket.name for socket in inner.inputs}
    for name, inner in blocks:
        call = inner.loop or LoopCall()
        for read in call.reads:
            if read not in there and read not in call.writes:
                yield name, inner, read
        there |= {*call.writes, *(socket.name for socket in inner.outputs)}


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(names) if names else "nothing"
