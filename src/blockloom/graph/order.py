"""The order in which nodes can run, the cycles that prevent it, and which nodes are needed."""

from __future__ import annotations

import heapq
from collections.abc import Iterable
from dataclasses import dataclass

from blockloom.graph.model import Graph
from blockloom.graph.node_types import NodeTypes


@dataclass(frozen=True, slots=True)
class Order:
    """``nodes``: every node after those it is linked to, else in the file's order.

    Nodes of a cycle, and those after one, are in ``stuck`` instead; ``cycles`` lists cycles, each
    along its links.
    """

    nodes: tuple[str, ...]
    cycles: tuple[tuple[str, ...], ...] = ()
    stuck: frozenset[str] = frozenset()


def topological_order(graph: Graph) -> Order:
    """Order all nodes of a graph; links to nodes that are not there are passed over."""
    if _is_in_order(graph):
        return Order(tuple(graph.nodes))
    position = {node_id: index for index, node_id in enumerate(graph.nodes)}
    ids = list(graph.nodes)
    readers = readers_of(graph)
    waiting = {node_id: len(parents) for node_id, parents in graph.parents.items()}
    ready = [position[node_id] for node_id, count in waiting.items() if count == 0]
    ordered: list[str] = []
    while ready:
        node_id = ids[heapq.heappop(ready)]
        ordered.append(node_id)
        del waiting[node_id]
        for reader in readers[node_id]:
            waiting[reader] -= 1
            if waiting[reader] == 0:
                heapq.heappush(ready, position[reader])
    stuck = frozenset(waiting)
    return Order(tuple(ordered), _cycles(graph, stuck), stuck)


def _is_in_order(graph: Graph) -> bool:
    """Whether the file has every node after those it is linked to, as most do."""
    before: set[str] = set()
    for node_id, parents in graph.parents.items():
        if not before.issuperset(parents):
            return False
        before.add(node_id)
    return True


def readers_of(graph: Graph) -> dict[str, list[str]]:
    """For every node the nodes that are linked to it, each once."""
    readers: dict[str, list[str]] = {node_id: [] for node_id in graph.nodes}
    for node_id, parents in graph.parents.items():
        for parent in parents:
            readers[parent].append(node_id)
    return readers


def sinks(graph: Graph, types: NodeTypes) -> tuple[str, ...]:
    """The nodes a run is for: those that save or show something, else all that nobody reads."""
    outputs = []
    for node_id, node in graph.nodes.items():
        node_type = types.get(node.type_id)
        if node_type is not None and node_type.is_output:
            outputs.append(node_id)
    if outputs:
        return tuple(outputs)
    return tuple(node_id for node_id, readers in readers_of(graph).items() if not readers)


def upstream_of(graph: Graph, node_ids: Iterable[str]) -> frozenset[str]:
    """These nodes and all they depend on; ids that are not in the graph are passed over."""
    parents_of = graph.parents
    waiting = [node_id for node_id in node_ids if node_id in parents_of]
    found = set(waiting)
    while waiting:
        for parent in parents_of[waiting.pop()]:
            if parent not in found:
                found.add(parent)
                waiting.append(parent)
    return frozenset(found)


def _cycles(graph: Graph, stuck: frozenset[str]) -> tuple[tuple[str, ...], ...]:
    """The cycles met by going from every stuck node to the first stuck node it waits for."""
    visited: set[str] = set()
    cycles = []
    for start in (node_id for node_id in graph.nodes if node_id in stuck):
        path: dict[str, int] = {}
        current = start
        while current not in visited:
            visited.add(current)
            path[current] = len(path)
            current = next(p for p in graph.parents[current] if p in stuck)
        if current in path:
            cycle = list(path)[path[current] :]
            cycles.append(tuple(reversed(cycle)))
    return tuple(cycles)
