"""Readable positions: columns in running order, the main wire along a row, helpers around it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from blockloom.graph.model import Graph, Link, Node
from blockloom.graph.node_types import NodeType, NodeTypes
from blockloom.graph.order import readers_of, topological_order
from blockloom.graph.sockets import SocketType

NODE_WIDTH = 280
COLUMN_GAP = 90
ROW_GAP = 60
_HEADER = 48
_SOCKET = 26
_UNKNOWN_SOCKETS = 6

_TYPED_VALUES = frozenset(
    {
        SocketType.STRING,
        SocketType.INT,
        SocketType.FLOAT,
        SocketType.BOOLEAN,
        SocketType.SEED,
    }
)


def node_height(node_type: NodeType | None) -> int:
    """How tall a node is drawn, at most: a header and a line for each socket."""
    if node_type is None:
        return _HEADER + _SOCKET * _UNKNOWN_SOCKETS
    return _HEADER + _SOCKET * (len(node_type.inputs) + len(node_type.outputs))


def lay_out(graph: Graph, types: NodeTypes) -> Graph:
    """The graph with a position for every node in its ``_meta``; nothing overlaps.

    A node stands right of what it reads. Main wires run along rows, each branch in a row of its
    own; a node beside the main wire stands in the column before its reader, plain values above
    the row, pictures and everything else below it.
    """
    plan = _Plan(graph, types)
    columns = _columns(plan)
    rows = _rows(plan, columns)
    positions = _positions(plan, columns, rows)
    nodes = {
        node_id: replace(node, meta={**node.meta, "position": list(positions[node_id])})
        for node_id, node in graph.nodes.items()
    }
    return replace(graph, nodes=nodes)


@dataclass(slots=True)
class _Plan:
    """The graph as the layout sees it."""

    graph: Graph
    types: NodeTypes
    order: tuple[str, ...] = ()
    readers: Mapping[str, list[str]] = field(default_factory=dict)
    wire_parent: Mapping[str, str] = field(default_factory=dict)
    """The node before on the main wire, for nodes that have one."""
    on_wire: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        ordered = topological_order(self.graph)
        stuck = [node_id for node_id in self.graph.nodes if node_id in ordered.stuck]
        self.order = (*ordered.nodes, *stuck)
        self.readers = readers_of(self.graph)
        parents = {}
        for node_id in self.order:
            parent = self._find_wire_parent(self.graph.nodes[node_id])
            if parent is not None:
                parents[node_id] = parent
        self.wire_parent = parents
        self.on_wire = frozenset(parents) | frozenset(parents.values())

    def _find_wire_parent(self, node: Node) -> str | None:
        node_type = self.types.get(node.type_id)
        for socket in node_type.inputs if node_type else ():
            given = node.inputs.get(socket.name)
            if socket.type is SocketType.PIPELINE and isinstance(given, Link):
                return given.node_id if given.node_id in self.graph.nodes else None
        return None

    def type_of(self, node_id: str) -> NodeType | None:
        return self.types.get(self.graph.nodes[node_id].type_id)

    def is_typed_value(self, node_id: str) -> bool:
        """Whether a node only holds plain values: a text, a number."""
        node_type = self.type_of(node_id)
        outputs = node_type.outputs if node_type else ()
        return bool(outputs) and all(output.type in _TYPED_VALUES for output in outputs)


def _columns(plan: _Plan) -> dict[str, int]:
    """Columns by longest path; what no main wire comes into moves next to its first reader."""
    columns: dict[str, int] = {}
    for node_id in plan.order:
        before = (columns[p] for p in plan.graph.parents[node_id] if p in columns)
        columns[node_id] = max(before, default=-1) + 1
    for node_id in reversed(plan.order):
        readers = [columns[reader] - 1 for reader in plan.readers[node_id]]
        if readers and node_id not in plan.wire_parent:
            columns[node_id] = max(columns[node_id], min(readers))
    return columns


def _rows(plan: _Plan, columns: Mapping[str, int]) -> dict[str, int]:
    """A row for every node: main wires go straight on, whatever else follows its neighbour."""
    rows: dict[str, int] = {}
    taken: set[tuple[int, int]] = set()
    next_free: dict[int, int] = {}
    for node_id in (node_id for node_id in plan.order if node_id in plan.on_wire):
        row = rows.get(plan.wire_parent.get(node_id, ""), 0)
        column = columns[node_id]
        if (column, row) in taken:
            row = max(row + 1, next_free.get(column, 0))
        taken.add((column, row))
        next_free[column] = max(next_free.get(column, 0), row + 1)
        rows[node_id] = row
    new_row = max(rows.values(), default=-1) + 1
    for node_id in reversed(plan.order):
        if node_id not in rows:
            readers = [rows[reader] for reader in plan.readers[node_id] if reader in rows]
            if readers:
                rows[node_id] = min(readers)
    for node_id in plan.order:
        if node_id not in rows:
            parents = [rows[p] for p in plan.graph.parents[node_id] if p in rows]
            rows[node_id] = min(parents, default=new_row)
            new_row = max(new_row, rows[node_id] + 1)
    return rows


def _positions(
    plan: _Plan, columns: Mapping[str, int], rows: Mapping[str, int]
) -> dict[str, tuple[int, int]]:
    members: dict[int, list[str]] = {}
    for node_id in plan.order:
        members.setdefault(rows[node_id], []).append(node_id)
    positions: dict[str, tuple[int, int]] = {}
    top = 0
    for index, row in enumerate(sorted(members)):
        above, on_row, below = _stacks(plan, columns, members[row])
        if index:
            top += max((height for _, height in _stacked(plan, above).values()), default=0)
        bottom = _place_row(plan, columns, (above, on_row, below), top, positions)
        top = bottom + ROW_GAP
    return positions


_Stacks = dict[int, list[str]]


def _stacks(
    plan: _Plan, columns: Mapping[str, int], node_ids: Iterable[str]
) -> tuple[_Stacks, _Stacks, _Stacks]:
    """The nodes of a row by column: above the line, on the line (one at most), below it."""
    above: _Stacks = {}
    line: _Stacks = {}
    below: _Stacks = {}
    helpers = []
    for node_id in sorted(node_ids, key=lambda node_id: node_id not in plan.on_wire):
        is_helper = node_id not in plan.on_wire and bool(plan.readers[node_id])
        if is_helper or columns[node_id] in line:
            helpers.append(node_id)
        else:
            line[columns[node_id]] = [node_id]
    has_wire = any(nodes[0] in plan.on_wire for nodes in line.values())
    for node_id in helpers:
        column = columns[node_id]
        if column not in line and not has_wire:
            line[column] = [node_id]
        elif plan.is_typed_value(node_id):
            above.setdefault(column, []).append(node_id)
        else:
            below.setdefault(column, []).append(node_id)
    return above, line, below


def _stacked(plan: _Plan, stacks: _Stacks) -> dict[int, tuple[list[str], int]]:
    """Stacks with their heights, the gap to the line included."""
    return {
        column: (nodes, sum(node_height(plan.type_of(node_id)) + ROW_GAP for node_id in nodes))
        for column, nodes in stacks.items()
    }


def _place_row(
    plan: _Plan,
    columns: Mapping[str, int],
    stacks: tuple[_Stacks, _Stacks, _Stacks],
    line: int,
    positions: dict[str, tuple[int, int]],
) -> int:
    """Put a row's nodes around its line; gives the lowest point."""
    above, on_row, below = stacks
    bottom = line
    for column, (nodes, height) in _stacked(plan, above).items():
        _stack(plan, nodes, (column, line - height), positions)
    for column, nodes in on_row.items():
        bottom = max(bottom, _stack(plan, nodes, (column, line), positions))
    for column, nodes in below.items():
        start = line
        if column in on_row:
            start += node_height(plan.type_of(on_row[column][0])) + ROW_GAP
        bottom = max(bottom, _stack(plan, nodes, (column, start), positions))
    return bottom


def _stack(
    plan: _Plan,
    nodes: Iterable[str],
    start: tuple[int, int],
    positions: dict[str, tuple[int, int]],
) -> int:
    column, y = start
    for node_id in nodes:
        positions[node_id] = (column * (NODE_WIDTH + COLUMN_GAP), y)
        y += node_height(plan.type_of(node_id)) + ROW_GAP
    return y - ROW_GAP
