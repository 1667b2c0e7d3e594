"""The seed of the run, typed where it counts: ComfyUI knows seeds of nodes only.

Here a block that finds no generator draws from the seed of the run: the one that is fixed for the
graph (``extra.seed``), else the first that is typed on a node. From there on the main wire carries
the generator, so only the first block of each way needs it.
"""

from __future__ import annotations

from blockloom.graph.flow import Default, Flow, trace_flow
from blockloom.graph.model import Graph, Literal
from blockloom.graph.node_types import NodeTypes
from blockloom.graph.sockets import SocketType

_MOST = 20
SEED = "seed"


def with_run_seed(graph: Graph, types: NodeTypes) -> Graph:
    """The graph with its seed typed on every block that would draw from it."""
    for _ in range(_MOST):
        flow = trace_flow(graph, types)
        seed = _seed_of(graph, flow, types)
        found = _first_without(graph, flow, types) if seed is not None else {}
        if not found:
            break
        for node_id, name in found.items():
            graph = graph.with_node(graph.nodes[node_id].with_input(name, Literal(seed)))
    return graph


def _seed_of(graph: Graph, flow: Flow, types: NodeTypes) -> int | None:
    fixed = graph.extra.get(SEED)
    if isinstance(fixed, int) and not isinstance(fixed, bool) and fixed >= 0:
        return fixed
    for node_id in flow.order.nodes:
        node = graph.nodes[node_id]
        node_type = types.get(node.type_id)
        for name, given in node.inputs.items():
            socket = node_type.input(name) if node_type else None
            is_seed = socket is not None and socket.type is SocketType.SEED
            if is_seed and isinstance(given, Literal) and type(given.value) is int:
                return given.value
    return None


def _first_without(graph: Graph, flow: Flow, types: NodeTypes) -> dict[str, str]:
    """The blocks that find no generator, each with the input it looks for one with.

    Of those behind each other only the first: once it has one, the others find that.
    """
    found: dict[str, str] = {}
    behind: set[str] = set()
    for node_id in flow.order.nodes:
        if any(parent in behind for parent in graph.parents[node_id]):
            behind.add(node_id)
            continue
        node_type, node_flow = types.get(graph.nodes[node_id].type_id), flow.nodes.get(node_id)
        if node_type is None or node_flow is None or not node_type.is_block:
            continue
        for socket in node_flow.resolved.inputs:
            is_drawn = socket.type is SocketType.SEED and node_type.input(socket.name) is not None
            if is_drawn and isinstance(node_flow.sources.get(socket.name), Default):
                found[node_id] = socket.name
                behind.add(node_id)
    return found
