"""Lists of blocks that the user chose for the inside of a node: its input ``blocks``."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from blockloom.graph.model import Json

BLOCKS = "blocks"
"""The input that holds them."""
SEQUENCE = "BlockloomSequence"
"""The node type that is nothing but its blocks, one after the other."""
MOST_BLOCKS = 64
DEEPEST = 4
"""Of sequences and loops inside sequences."""
_OPEN, _CLOSE = "[", "]"


@dataclass(frozen=True, slots=True)
class ChosenBlock:
    """A block inside a node: its name there, and the id of its node type."""

    name: str
    type_id: str


def read_blocks(value: Json, depth: int = 0) -> tuple[ChosenBlock, ...] | None:
    """The blocks in a typed value, a list of ``{"name": …, "block": …}``; None if it is none.

    A block that is a loop or a sequence with blocks of its own has ``blocks``, too. The list may
    come as JSON text, as hosts write it that have text fields only.
    """
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return None
    if not isinstance(value, list) or depth >= DEEPEST:
        return None
    found = [_read_block(item, depth) for item in value]
    blocks = tuple(block for block in found if block is not None)
    return blocks if len(blocks) == len(found) else None


def blocks_to_json(blocks: Iterable[ChosenBlock]) -> list[Json]:
    """What ``read_blocks`` reads."""
    return [_block_to_json(block) for block in blocks]


def id_of(class_type: str, blocks: Iterable[ChosenBlock]) -> str:
    """The id of a node type with these blocks inside."""
    pairs = [[block.name, block.type_id] for block in blocks]
    return class_type + json.dumps(pairs, ensure_ascii=False, separators=(",", ":"))


def parts_of(type_id: str) -> tuple[str, tuple[ChosenBlock, ...] | None]:
    """The class in an id, and the blocks in it; None where they are the class's own."""
    class_type, bracket, rest = type_id.partition(_OPEN)
    if not bracket or not rest.endswith(_CLOSE):
        return type_id, None
    try:
        pairs = json.loads(bracket + rest)
        return class_type, tuple(ChosenBlock(str(name), str(id_)) for name, id_ in pairs)
    except (ValueError, TypeError, RecursionError):
        return type_id, None


def _read_block(item: Json, depth: int) -> ChosenBlock | None:
    if not isinstance(item, dict):
        return None
    name, block = item.get("name"), item.get("block")
    if not isinstance(name, str) or not isinstance(block, str):
        return None
    if BLOCKS not in item:
        return ChosenBlock(name, block)
    inner = read_blocks(item[BLOCKS], depth + 1)
    return None if inner is None else ChosenBlock(name, id_of(block, inner))


def _block_to_json(block: ChosenBlock) -> Json:
    class_type, inner = parts_of(block.type_id)
    found: dict[str, Json] = {"name": block.name, "block": class_type}
    return found if inner is None else {**found, BLOCKS: blocks_to_json(inner)}
