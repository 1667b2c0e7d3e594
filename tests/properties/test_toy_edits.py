"""Any sequence of edits, with everything kept that can be, gives diffusers' values."""

from __future__ import annotations

import contextlib
import copy
from typing import Any

import hypothesis.strategies as st
import numpy
import PIL.Image
import pytest
import torch
from diffusers.modular_pipelines.modular_pipeline import PipelineState
from hypothesis import HealthCheck, given, settings
from tests.toys import TOY_BLOCKS, toy_session

from blockloom.errors import Cancelled, GraphError, NodeFailed
from blockloom.execution.cancel import CancelController
from blockloom.execution.events import Event
from blockloom.execution.session import RunOptions, RunReport
from blockloom.graph.model import Graph, Link, Literal, Node

NUMBERS = st.sampled_from([1.0, 2.0, 3.0])
INPUTS: dict[str, dict[str, Any]] = {
    "ToyMake": {"number": NUMBERS},
    "ToyDouble": {},
    "ToyNegate": {},
    "ToyIncrement": {},
    "ToyNoise": {"generator": st.sampled_from([1, 2, None])},
    "ToyGlobalNoise": {},
    "ToyWriteIntoInput": {"amount": NUMBERS},
    "ToyBundleWriter": {"number": NUMBERS},
    "ToyBundleReader": {},
    "ToyChoose": {"number": NUMBERS},
    "ToyBoth": {"number": NUMBERS},
    "ToyLoop": {"num_inference_steps": st.sampled_from([1, 2, 4])},
}


def is_equal(one: Any, other: Any) -> bool:
    """Whether two values are the same to the bit."""
    if type(one) is not type(other):
        return False
    if isinstance(one, torch.Tensor):
        return one.dtype == other.dtype and torch.equal(one, other)
    if isinstance(one, numpy.ndarray):
        return numpy.array_equal(one, other)
    if isinstance(one, (list, tuple)):
        return len(one) == len(other) and all(map(is_equal, one, other))
    if isinstance(one, dict):
        return list(one) == list(other) and all(is_equal(one[k], other[k]) for k in one)
    if isinstance(one, torch.Generator):
        return torch.equal(one.get_state(), other.get_state())
    if isinstance(one, PIL.Image.Image):
        return one.mode == other.mode and one.tobytes() == other.tobytes()
    return bool(one == other)


class Oracle:
    """What diffusers itself gives: each node's block called on a deep copy of the state before it.

    Knows nothing of keys, kept values or isolation; blocks run again for every node behind them.
    """

    def __init__(self, graph: Graph, seed: int) -> None:
        self._graph = graph
        self._seed = seed
        self._states: dict[str, PipelineState] = {}

    def state(self, node_id: str) -> PipelineState:
        if node_id not in self._states:
            self._states[node_id] = self._run(self._graph.nodes[node_id])
        return copy.deepcopy(self._states[node_id])

    def run_all(self) -> None:
        for node_id in self._graph.nodes:
            self.state(node_id)

    def _run(self, node: Node) -> PipelineState:
        if node.class_type == "ToyStart":
            return PipelineState()
        source = node.inputs["pipeline"]
        assert isinstance(source, Link)
        state = self.state(source.node_id)
        for name, typed in node.inputs.items():
            if isinstance(typed, Literal):
                is_seed = name == "generator" and typed.value is not None
                value = torch.Generator().manual_seed(typed.value) if is_seed else typed.value
                state.set(name, value)
        if node.class_type == "ToyNoise" and state.get("generator") is None:
            state.set("generator", torch.Generator().manual_seed(self._seed))
        generator = state.get("generator")
        with torch.random.fork_rng():
            torch.manual_seed(generator.initial_seed() if generator is not None else 0)
            TOYS[node.class_type]()(None, state)
        return state


TOYS = {block_class.__name__: block_class for block_class in TOY_BLOCKS}


def assert_same_values(report: RunReport, oracle: Oracle) -> None:
    """Compare everything on every wire with what diffusers gives."""
    for node_id in report.run.order:
        found, expected = report.state(node_id), oracle.state(node_id).values
        assert set(found) == set(expected), node_id
        for name, value in expected.items():
            one = report.fetch(found[name])
            assert is_equal(one, value), f"{node_id}: {name}: {one} is not {value}"


# Nodes that have to do with each other; drawn at random they would seldom meet.
COMPANIES = [
    ["ToyNoise", "ToyGlobalNoise"],
    ["ToyBundleWriter", "ToyBundleReader"],
    ["ToyMake", "ToyWriteIntoInput", "ToyDouble"],
    ["ToyMake", "ToyLoop", "ToyChoose"],
    ["ToyBoth", "ToyIncrement", "ToyNegate"],
]


@st.composite
def starting_graphs(draw: st.DrawFn) -> Graph:
    """A chain of companies, with everything typed that can be."""
    nodes = {"start": Node("start", "ToyStart")}
    for company in draw(st.permutations(COMPANIES))[: draw(st.integers(1, 3))]:
        for class_type in company:
            inputs: dict[str, Any] = {"pipeline": Link(list(nodes)[-1], "pipeline")}
            for name, values in INPUTS[class_type].items():
                inputs[name] = Literal(draw(values))
            node_id = f"n{len(nodes)}"
            nodes[node_id] = Node(node_id, class_type, inputs)
    return Graph(nodes)


@st.composite
def added(draw: st.DrawFn, graph: Graph, behind: list[str]) -> Graph:
    """The graph with one more node behind one of those named."""
    class_type = draw(st.sampled_from(list(INPUTS)))
    number = len(graph.nodes)
    while f"n{number}" in graph.nodes:
        number += 1
    inputs: dict[str, Any] = {"pipeline": Link(draw(st.sampled_from(behind)), "pipeline")}
    for name, values in INPUTS[class_type].items():
        if draw(st.booleans()):
            inputs[name] = Literal(draw(values))
    return graph.with_node(Node(f"n{number}", class_type, inputs))


@st.composite
def edits(draw: st.DrawFn, graph: Graph, undo: list[Graph]) -> Graph:
    """One edit: change a value, add, remove or re-link a node, or undo."""
    blocks = [node for node in graph.nodes.values() if node.class_type != "ToyStart"]
    kinds = ["add", "change", "change", "change", "change", "relink", "remove", "undo"]
    kind = draw(st.sampled_from(kinds))
    if kind == "undo":
        return draw(st.sampled_from(undo))
    if kind == "add" or not blocks:
        return draw(added(graph, list(graph.nodes)))
    node = draw(st.sampled_from(blocks))
    choices = INPUTS[node.class_type]
    if kind == "change" and choices:
        name = draw(st.sampled_from(list(choices)))
        value = draw(st.none() | choices[name])
        return graph.with_node(node.with_input(name, None if value is None else Literal(value)))
    position = list(graph.nodes).index(node.id)
    before = draw(st.sampled_from(list(graph.nodes)[:position]))
    if kind == "remove":
        source = node.inputs["pipeline"]
        for reader in graph.nodes.values():
            if reader.inputs.get("pipeline") == Link(node.id, "pipeline"):
                graph = graph.with_node(reader.with_input("pipeline", source))
        return graph.without_node(node.id)
    return graph.with_node(node.with_input("pipeline", Link(before, "pipeline")))


def cancel_after(count: int) -> dict[str, Any]:
    """Options that cancel a run at its ``count``-th event."""
    controller = CancelController()
    seen: list[Event] = []

    def listen(event: Event) -> None:
        seen.append(event)
        if len(seen) == count:
            controller.cancel()

    return {"cancel": controller.token, "listen": listen}


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_edits_with_everything_kept_give_what_diffusers_gives(data: st.DataObject) -> None:
    session = toy_session(budget=data.draw(st.sampled_from([0, 100, 10**6])))
    graph = data.draw(starting_graphs())
    undo = [graph]
    for _ in range(data.draw(st.integers(5, 20))):
        graph = data.draw(edits(graph, undo))
        undo.append(graph)
        if data.draw(st.integers(0, 5)) == 0:
            options = RunOptions(seed=7, **cancel_after(data.draw(st.integers(1, 12))))
            with contextlib.suppress(Cancelled, NodeFailed, GraphError):
                session.run(graph, options)
        try:
            report = session.run(graph, RunOptions(seed=7))
        except (NodeFailed, GraphError):
            with pytest.raises((ValueError, TypeError)):
                Oracle(graph, 7).run_all()
        else:
            assert_same_values(report, Oracle(graph, 7))
