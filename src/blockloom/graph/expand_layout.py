"""Where the nodes stand that take the place of one: everything right of it makes room."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from blockloom.graph.layout import COLUMN_GAP, NODE_WIDTH, ROW_GAP, node_height
from blockloom.graph.model import Graph, Json, Node
from blockloom.graph.node_types import NodeTypes

_STEP = NODE_WIDTH + COLUMN_GAP


@dataclass(frozen=True, slots=True)
class _Room:
    """The columns that are added right of a place."""

    x: float
    y: float
    width: float

    def moved(self, left: float) -> float:
        """Where something stands now that stood at ``left``."""
        return left + self.width if left > self.x else left


def make_room(
    graph: Graph, before: Node, chain: Sequence[str], beside: Sequence[str], types: NodeTypes
) -> Graph:
    """The graph with ``chain`` in a row that begins where ``before`` stood, ``beside`` below it.

    What stood further right is moved right by the columns that were added; groups and notes too,
    and a group that the node stood in grows. Without a position of ``before`` nothing is moved.
    """
    place = _position(before)
    if place is None:
        return graph
    x, y = place
    room = _Room(x, y, max(0, len(chain) - 1) * _STEP)
    new = {*chain, *beside}
    nodes = {
        node_id: node if node_id in new else _moved(node, room)
        for node_id, node in graph.nodes.items()
    }
    for number, node_id in enumerate(chain):
        nodes[node_id] = _at(nodes[node_id], x + number * _STEP, y)
    below = y + ROW_GAP
    below += max((node_height(types.get(nodes[i].type_id)) for i in chain), default=0)
    for node_id in beside:
        nodes[node_id] = _at(nodes[node_id], x, below)
        below += node_height(types.get(nodes[node_id].type_id)) + ROW_GAP
    moved: dict[str, Json] = {
        name: [_frame_moved(frame, room, is_elastic=name == "groups") for frame in frames]
        for name, frames in graph.extra.items()
        if name in ("groups", "notes") and isinstance(frames, list)
    }
    return Graph(nodes, {**graph.extra, **moved})


def _moved(node: Node, room: _Room) -> Node:
    place = _position(node)
    return node if place is None else _at(node, room.moved(place[0]), place[1])


def _frame_moved(frame: Json, room: _Room, *, is_elastic: bool) -> Json:
    """A group or note at its new place; an elastic one that reaches over the place grows."""
    if not isinstance(frame, dict):
        return frame
    left, top, width, height = (_number(frame.get(k)) for k in ("x", "y", "width", "height"))
    if left is None:
        return frame
    if left > room.x or not is_elastic:
        return {**frame, "x": _plain(room.moved(left))}
    if top is None or width is None or height is None:
        return frame
    reaches_over = left + width > room.x and top <= room.y < top + height
    return {**frame, "width": _plain(width + room.width)} if reaches_over else frame


def _position(node: Node) -> tuple[float, float] | None:
    found = node.meta.get("position")
    if not isinstance(found, list) or len(found) != 2:
        return None
    x, y = (_number(item) for item in found)
    return None if x is None or y is None else (x, y)


def _number(value: Json) -> float | None:
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return float(value) if is_number else None  # type: ignore[arg-type]


def _at(node: Node, x: float, y: float) -> Node:
    return replace(node, meta={**node.meta, "position": [_plain(x), _plain(y)]})


def _plain(value: float) -> Json:
    """Whole numbers without a point, as files have them."""
    return int(value) if value.is_integer() else value
