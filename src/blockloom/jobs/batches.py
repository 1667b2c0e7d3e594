"""One prompt with lists for some inputs, as the jobs it stands for."""

from __future__ import annotations

import itertools
import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from blockloom.errors import GraphError, Place, Problem, UsageError
from blockloom.graph.file import read_graph
from blockloom.graph.model import Graph, Json
from blockloom.graph.order import readers_of
from blockloom.jobs.graph_words import nodes_of
from blockloom.jobs.model import NewJob

MAX_JOBS = 10_000
MAX_BYTES = 512 * 1024 * 1024
_SHAPE = (
    'A batch is {"mode": "product" or "zip", "inputs": {"node.input": [values, ...]}}, for example '
    '{"mode": "product", "inputs": {"text.prompt": ["a cat", "a dog"]}}.'
)


@dataclass(frozen=True, slots=True)
class Sweep:
    """One input and the values it takes; ``cost`` is how many nodes run anew when it changes."""

    target: str
    node_id: str
    input_name: str
    values: Sequence[Json]
    cost: int


def expand_batch(new: NewJob, batch: Mapping[str, Json]) -> list[NewJob]:
    """The jobs a batch stands for, in the order in which most kept values can be shared.

    All get one group (that of ``new``, else its id) and the ids ``ID-1``, ``ID-2``, …; ``extra``
    says in ``batch`` which values each has. The input whose change makes the fewest nodes run
    changes from job to job, the one furthest upstream last; a zip keeps its order. Raises
    UsageError for a batch that cannot be read or is too large, GraphError for unknown nodes.
    """
    sweeps = find_sweeps(read_graph(dict(new.graph)), batch)
    mode = str(batch.get("mode", "product"))
    size = len(json.dumps(new.graph)) + len(json.dumps(dict(new.extra)))
    total = _count(mode, sweeps, size)
    return [
        _make_job(new, sweeps, values, (index, total))
        for index, values in enumerate(_combinations(mode, sweeps))
    ]


def find_sweeps(graph: Graph, batch: Mapping[str, Json]) -> list[Sweep]:
    """The inputs a batch varies, in its order. Raises UsageError, and GraphError, as above."""
    problems: list[Problem] = []
    sweeps: list[Sweep] = []
    for target, values in _read_batch(batch).items():
        places = [place for place in _splits(target) if place[0] in graph.nodes]
        if len(places) == 1:
            (node_id, name) = places[0]
            sweeps.append(Sweep(target, node_id, name, values, _cost(graph, node_id)))
        else:
            problems.append(_unclear(target, places))
    if problems:
        raise GraphError(problems)
    return sweeps


def _read_batch(batch: Mapping[str, Json]) -> dict[str, list[Json]]:
    mode, inputs = batch.get("mode", "product"), batch.get("inputs")
    if mode not in ("product", "zip"):
        raise UsageError(f"A batch has no mode {json.dumps(mode)[:80]}.", remedy=_SHAPE)
    if not isinstance(inputs, dict) or not inputs:
        raise UsageError("The batch names no inputs.", remedy=_SHAPE)
    lists: dict[str, list[Json]] = {}
    for target, values in inputs.items():
        if not isinstance(values, list) or not values:
            raise UsageError(
                f'The batch input "{target}" has no list of values.',
                remedy="Give it at least one value, or leave it out.",
            )
        lists[target] = values
    return lists


def _unclear(target: str, places: Sequence[tuple[str, str]]) -> Problem:
    if places:
        names = " or ".join(f'"{name}" of node "{node_id}"' for node_id, name in places)
        message = f'The batch input "{target}" could be input {names}.'
        return Problem("unclear_batch_input", Place(), message, "Rename one of these nodes.")
    message = f'The batch input "{target}" names no node of this graph.'
    return Problem("unknown_batch_input", Place(), message, 'Write it as "node.input".')


def _splits(target: str) -> Iterator[tuple[str, str]]:
    """Every way to read ``node.input``; ids and names of bundle fields may hold dots themselves."""
    parts = target.split(".")
    for index in range(1, len(parts)):
        yield ".".join(parts[:index]), ".".join(parts[index:])


def _cost(graph: Graph, node_id: str) -> int:
    """How many nodes depend on a node, itself included."""
    readers = readers_of(graph)
    found, waiting = {node_id}, [node_id]
    while waiting:
        for reader in readers[waiting.pop()]:
            if reader not in found:
                found.add(reader)
                waiting.append(reader)
    return len(found)


def _count(mode: str, sweeps: Sequence[Sweep], size: int) -> int:
    lengths = {sweep.target: len(sweep.values) for sweep in sweeps}
    if mode == "zip" and len(set(lengths.values())) > 1:
        listed = ", ".join(f'"{target}" has {length}' for target, length in lengths.items())
        raise UsageError(
            f"A zip takes one value of each list at a time, but they differ in length: {listed}.",
            remedy='Make them equally long, or use the mode "product".',
        )
    total = math.prod(lengths.values()) if mode == "product" else min(lengths.values())
    if total > MAX_JOBS:
        raise UsageError(
            f"The batch stands for {total:,} jobs; {MAX_JOBS:,} are allowed.",
            remedy="Send it in several parts.",
        )
    if total * size > MAX_BYTES:
        raise UsageError(
            f"The batch stands for {total:,} jobs of {size / 1024:,.0f} kB each, more than "
            f"{MAX_BYTES // 1024**2} MB in all.",
            remedy="Send it in several parts, and keep pictures in files beside the graph.",
        )
    return total


def _combinations(mode: str, sweeps: list[Sweep]) -> Iterator[dict[str, Json]]:
    """What each job sets, by target; sorts ``sweeps`` from upstream to downstream."""
    if mode == "product":
        sweeps.sort(key=lambda sweep: -sweep.cost)
    lists = [sweep.values for sweep in sweeps]
    targets = [sweep.target for sweep in sweeps]
    rows = itertools.product(*lists) if mode == "product" else zip(*lists, strict=True)
    for row in rows:
        yield dict(zip(targets, row, strict=True))


def _make_job(
    new: NewJob, sweeps: Sequence[Sweep], values: dict[str, Json], place: tuple[int, int]
) -> NewJob:
    index, total = place
    nodes = dict(nodes_of(new.graph))
    for sweep in sweeps:
        node = nodes[sweep.node_id]
        inputs = node.get("inputs") if isinstance(node, dict) else None
        if isinstance(node, dict):
            typed = {sweep.input_name: literal_json(values[sweep.target])}
            kept = inputs if isinstance(inputs, dict) else {}
            nodes[sweep.node_id] = {**node, "inputs": {**kept, **typed}}
    is_bare = nodes_of(new.graph) is new.graph
    graph = nodes if is_bare else {**new.graph, "prompt": nodes}
    note: dict[str, Json] = {"index": index, "total": total, "inputs": values}
    return replace(
        new,
        id=f"{new.id}-{index + 1}",
        group=new.group or new.id,
        graph=graph,
        extra={**new.extra, "batch": note},
    )


def literal_json(value: Json) -> Json:
    """A value as it stands in a graph: lists are wrapped, or they would be read as links."""
    if isinstance(value, list) or (isinstance(value, dict) and "__value__" in value):
        return {"__value__": value}
    return value
