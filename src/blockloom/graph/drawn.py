"""What is drawn beside what runs: muted and bypassed nodes, and bends in wires.

A graph file's ``prompt`` is what runs. Where more is drawn than that, ``extra.drawn`` has those
nodes as they are drawn; they stand unless the prompt has been changed since. How a node is drawn
is in its ``_meta``: ``"mode": "muted"`` or ``"bypassed"``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from blockloom.graph.file import graph_to_json, read_graph
from blockloom.graph.model import Graph, Input, Json, Link, Literal, Node
from blockloom.graph.node_types import NodeTypes

REROUTE = "Reroute"
"""A node that is only a bend in a wire; it has one input, and one output of the same name."""
REROUTE_INPUT = "value"
MUTED, BYPASSED = "muted", "bypassed"
_DRAWN, _MODE = "drawn", "mode"


def mode_of(node: Node) -> str:
    """``MUTED``, ``BYPASSED``, or nothing for a node that runs."""
    mode = node.meta.get(_MODE)
    return mode if mode in (MUTED, BYPASSED) and isinstance(mode, str) else ""


def drawn_graph(graph: Graph, types: NodeTypes) -> Graph:
    """The graph with all that is drawn among its nodes, and without ``extra.drawn``.

    Raises GraphError where what is drawn cannot be read.
    """
    plain = replace(graph, extra={k: v for k, v in graph.extra.items() if k != _DRAWN})
    drawn = graph.extra.get(_DRAWN)
    if not isinstance(drawn, dict) or not drawn:
        return plain
    nodes = dict(plain.nodes)
    for node in read_graph({"prompt": drawn}).nodes.values():
        runs = graph.nodes.get(node.id)
        nodes[node.id] = node if runs is None else _with_drawn_links(runs, node)
    found = replace(plain, nodes=nodes)
    meant = effective_graph(found, types)
    return found if _is_same(meant, plain, types) else plain


def running_graph(drawn: Graph, types: NodeTypes) -> Graph:
    """The graph file of all that is drawn: what runs, and beside it what is drawn otherwise."""
    runs = effective_graph(drawn, types)
    others = {
        node_id: node for node_id, node in drawn.nodes.items() if runs.nodes.get(node_id) != node
    }
    if not others:
        return runs
    beside: Json = graph_to_json(replace(drawn, nodes=others, extra={}))["prompt"]
    return replace(runs, extra={**drawn.extra, _DRAWN: beside})


def effective_graph(drawn: Graph, types: NodeTypes) -> Graph:
    """The nodes that run, linked past what does not. A link to nothing is left out, so that the
    check names it."""
    nodes: dict[str, Node] = {}
    for node in drawn.nodes.values():
        if node.class_type == REROUTE or mode_of(node):
            continue
        inputs: dict[str, Input] = {}
        for name, given in node.inputs.items():
            found = follow(given, drawn, types) if isinstance(given, Link) else given
            if found is not None:
                inputs[name] = found
        nodes[node.id] = node if inputs == node.inputs else replace(node, inputs=inputs)
    return replace(drawn, nodes=nodes)


def follow(link: Link, drawn: Graph, types: NodeTypes) -> Input | None:
    """Where a link really gets its value; None where nothing stands behind it."""
    seen: set[str] = set()
    at: Input | None = link
    while isinstance(at, Link):
        node = drawn.nodes.get(at.node_id)
        if node is None or (node.class_type != REROUTE and not mode_of(node)):
            return at
        if at.node_id in seen or mode_of(node) == MUTED:
            return None
        seen.add(at.node_id)
        is_bend = node.class_type == REROUTE
        at = node.inputs.get(REROUTE_INPUT) if is_bend else _handed_through(node, at.output, types)
    return at


def _handed_through(node: Node, output: str | int, types: NodeTypes) -> Input | None:
    """What a bypassed node hands on for an output: its first given input of that type."""
    node_type = types.get(node.type_id)
    socket = node_type.output(output) if node_type else None
    if node_type is None or socket is None:
        return None
    same_name = [found for found in node_type.inputs if found.name == socket.name]
    for found in (*same_name, *node_type.inputs):
        given = node.inputs.get(found.name)
        if found.type is socket.type and given is not None:
            return given
    return None


def _with_drawn_links(runs: Node, drawn: Node) -> Node:
    """Of a node that runs only the links are drawn otherwise; its values are those that run."""
    typed = {name: given for name, given in runs.inputs.items() if isinstance(given, Literal)}
    return replace(runs, inputs={**typed, **dict(drawn.links())})


def _is_same(one: Graph, other: Graph, types: NodeTypes) -> bool:
    if one.nodes.keys() != other.nodes.keys():
        return False
    return all(
        node.type_id == other.nodes[node_id].type_id
        and _named(node, one, types) == _named(other.nodes[node_id], other, types)
        for node_id, node in one.nodes.items()
    )


def _named(node: Node, graph: Graph, types: NodeTypes) -> Mapping[str, Input]:
    """The inputs with outputs named by name."""
    found: dict[str, Input] = dict(node.inputs)
    for name, link in node.links():
        source = graph.nodes.get(link.node_id)
        source_type = types.get(source.type_id) if source else None
        socket = source_type.output(link.output) if source_type else None
        if socket is not None:
            found[name] = Link(link.node_id, socket.name)
    return found
