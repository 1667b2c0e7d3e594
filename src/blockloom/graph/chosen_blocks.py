"""Blocks that the user chose for the inside of a node: its input ``blocks``.

A loop with other steps, or a sequence of blocks put together by hand, is a node type of its own. It
is never stored anywhere: its id says all there is to it, the id of the class and the blocks in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TypeVar

from blockloom.graph.block_lists import SEQUENCE, ChosenBlock, parts_of
from blockloom.graph.node_types import (
    ComponentNeed,
    InputSocket,
    Kind,
    LoopCall,
    NodeType,
    NodeTypes,
    OutputSocket,
    SubBlock,
)
from blockloom.graph.sockets import SocketType

_Named = TypeVar("_Named", InputSocket, OutputSocket, ComponentNeed)

SEQUENCE_TYPE = NodeType(
    SEQUENCE,
    "Sequence",
    ("Own blocks", "Group"),
    Kind.SEQUENTIAL,
    "Blocks of your choice, one after the other, as one node.",
    (InputSocket("pipeline", SocketType.PIPELINE, True, description="Components and state."),),
    (OutputSocket("pipeline", SocketType.PIPELINE, "Components and state after these blocks."),),
    origin="blockloom",
)


def type_with_blocks(type_id: str, types: NodeTypes) -> NodeType | None:
    """The node type of an id with blocks in it; None for other ids.

    What is wrong with the blocks is told by the check of the graph: blocks that nobody knows count
    as nothing here.
    """
    class_type, blocks = parts_of(type_id)
    base = types.get(class_type) if blocks is not None else None
    if base is None or blocks is None:
        return None
    if base.kind is Kind.LOOP:
        return _loop_with(base, type_id, blocks, types)
    return _sequence_of(base, type_id, blocks, types) if base.id == SEQUENCE else base


# -- loops


def _loop_with(
    base: NodeType, type_id: str, blocks: tuple[ChosenBlock, ...], types: NodeTypes
) -> NodeType:
    """A loop with other steps: what it declares itself, and what these steps declare."""
    loop = base.loop or LoopCall()
    steps = [step for block in blocks if (step := types.get(block.type_id)) is not None]
    inputs = {s.name: s for s in base.inputs if _is_own(s, loop)}
    outputs = {s.name: s for s in base.outputs if s.name in (*loop.outputs, "pipeline")}
    components = {c.name: c for c in base.components if c.name in loop.components}
    written: set[str] = set()
    for step in steps:
        inputs.update({s.name: s for s in step.inputs if s.name not in {*written, *inputs}})
        written |= {socket.name for socket in step.outputs}
        outputs.update({s.name: s for s in step.outputs if s.name not in outputs})
        components.update({c.name: c for c in step.components if c.name not in components})
    return replace(
        base,
        id=type_id,
        inputs=_as_usual(inputs, base.inputs),
        outputs=_as_usual(outputs, base.outputs),
        components=_as_usual(components, base.components),
        sub_blocks=tuple(SubBlock(block.name, block.type_id) for block in blocks),
        digest=_digest_of((base, *steps)),
    )


def _is_own(socket: InputSocket, loop: LoopCall) -> bool:
    is_asked_for = socket.is_setting or socket.name in loop.inputs
    return socket.type is SocketType.PIPELINE or is_asked_for


def _as_usual(found: Mapping[str, _Named], usual: tuple[_Named, ...]) -> tuple[_Named, ...]:
    """What the class has, too, comes first, in its order and as it declares that."""
    ordered: dict[str, _Named] = {item.name: item for item in usual if item.name in found}
    for name, item in found.items():
        ordered.setdefault(name, item)
    return tuple(ordered.values())


# -- sequences


def _sequence_of(
    base: NodeType, type_id: str, blocks: tuple[ChosenBlock, ...], types: NodeTypes
) -> NodeType:
    inner = [found for block in blocks if (found := types.get(block.type_id)) is not None]
    inputs: dict[str, InputSocket] = {}
    outputs: dict[str, OutputSocket] = {}
    components: dict[str, ComponentNeed] = {}
    for node_type in inner:
        for socket in node_type.inputs:
            is_made = socket.name in outputs and socket.type is not SocketType.PIPELINE
            if not is_made and not socket.is_setting:
                inputs.setdefault(socket.name, socket)
        for output in node_type.outputs:
            outputs.setdefault(output.name, output)
        for need in node_type.components:
            components.setdefault(need.name, need)
    families = {node_type.family for node_type in inner}
    return replace(
        base,
        id=type_id,
        inputs=tuple(inputs.values()) or base.inputs,
        outputs=tuple(outputs.values()) or base.outputs,
        components=tuple(components.values()),
        sub_blocks=tuple(SubBlock(block.name, block.type_id) for block in blocks),
        family=families.pop() if len(families) == 1 else "",
        digest=_digest_of(inner),
    )


def _digest_of(parts: Iterable[NodeType]) -> str:
    """Changes when the code of one of them does; "" where all of it is diffusers' own."""
    return "+".join(dict.fromkeys(part.digest for part in parts if part.digest))
