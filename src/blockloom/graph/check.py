"""Everything that can be said to be wrong with a graph before it runs, all at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from blockloom.errors import GraphError, Place, Problem
from blockloom.graph.branches import BranchResolver
from blockloom.graph.check_blocks import blocks_problems
from blockloom.graph.check_inputs import given_problems
from blockloom.graph.check_load_block import load_block_problems
from blockloom.graph.check_state import Visit, state_problems
from blockloom.graph.flow import Flow, Source, trace_flow
from blockloom.graph.model import Graph, Link, Node
from blockloom.graph.node_types import Kind, NodeTypes
from blockloom.graph.order import sinks, upstream_of
from blockloom.graph.suggestions import Suggestions, why_missing


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What a check found out: problems, where each value comes from, what will run.

    ``order`` are the nodes a run needs, in running order; ``sources`` and ``branches`` (the
    decided conditionals of a node: path inside it, chosen branch or None) have every node outside
    of cycles, ``undecided`` the conditionals only a run decides.
    """

    problems: tuple[Problem, ...]
    sources: Mapping[str, Mapping[str, Source]] = field(default_factory=dict)
    branches: Mapping[str, tuple[tuple[str, str | None], ...]] = field(default_factory=dict)
    undecided: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    order: tuple[str, ...] = ()

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that stop a run."""
        return tuple(problem for problem in self.problems if not problem.is_warning)

    def raise_if_failed(self) -> None:
        """Raise GraphError with the problems that stop a run, if there are any."""
        if self.errors:
            raise GraphError(self.errors)


def check_graph(
    graph: Graph,
    types: NodeTypes,
    targets: Iterable[str] = (),
    resolver: BranchResolver | None = None,
) -> CheckReport:
    """Check a graph for a run of ``targets`` (else of everything that saves or shows something).

    What is wrong with nodes that this run does not need is only a warning.
    """
    targets = tuple(targets)
    flow = trace_flow(graph, types, resolver)
    needed = upstream_of(graph, targets or sinks(graph, types))
    problems = [*_target_problems(graph, targets), *_purpose_problems(graph, types, targets)]
    for problem in _node_problems(graph, types, flow):
        is_needed = problem.place.node_id in needed
        problems.append(problem if is_needed else replace(problem, is_warning=True))
    problems.extend(_cycle_problems(graph, flow, needed))
    flows = flow.nodes
    return CheckReport(
        problems=tuple(problems),
        sources={node_id: flows[node_id].sources for node_id in flows},
        branches={k: v.resolved.choices for k, v in flows.items() if v.resolved.choices},
        undecided={k: v.resolved.undecided for k, v in flows.items() if v.resolved.undecided},
        order=tuple(node_id for node_id in flow.order.nodes if node_id in needed),
    )


def _node_problems(graph: Graph, types: NodeTypes, flow: Flow) -> Iterator[Problem]:
    suggestions = Suggestions(graph, types)
    for node in graph.nodes.values():
        node_type = types.get(node.type_id)
        if node_type is None:
            yield _unknown_type(node, suggestions)
            yield from given_problems(node, None, suggestions)
            continue
        if node_type.kind is Kind.LOOP_STEP:
            yield Problem(
                "loop_step_alone",
                Place(node.id, node.class_type),
                "This block only works inside a loop and cannot stand on its own.",
                "Use the loop block that contains it.",
            )
        yield from load_block_problems(node, types)
        yield from blocks_problems(node, types, suggestions)
        yield from given_problems(node, node_type, suggestions)
        node_flow = flow.nodes.get(node.id)
        if node_flow is not None and node_type.kind is not Kind.LOOP_STEP:
            yield from state_problems(Visit(node, node_type, node_flow), suggestions)


def _unknown_type(node: Node, suggestions: Suggestions) -> Problem:
    message = "There is no node type of this name."
    broken = why_missing(suggestions.types, node.class_type)
    if broken:
        message = f"This node type cannot be used: {broken}"
        remedy = "Put that right, then reload the nodes."
        return Problem("broken_type", Place(node.id, node.class_type), message, remedy)
    remedy = suggestions.for_type(node.class_type)
    if not remedy:
        remedy = "Choose one from the catalogue, or add the folder it is defined in."
    return Problem("unknown_type", Place(node.id, node.class_type), message, remedy)


def _cycle_problems(graph: Graph, flow: Flow, needed: frozenset[str]) -> Iterator[Problem]:
    for cycle in flow.order.cycles:
        shown = [*cycle[:12], "..."] if len(cycle) > 12 else [*cycle, cycle[0]]
        node = graph.nodes[cycle[0]]
        yield Problem(
            "cycle",
            Place(node.id, node.class_type, _input_from(node, cycle[-1])),
            f"The links go in a circle: {' -> '.join(shown)}.",
            "Remove one of these links.",
            is_warning=cycle[0] not in needed,
        )


def _input_from(node: Node, source: str) -> str | None:
    """The first input of a node that is linked to another one."""
    links = ((name, given) for name, given in node.inputs.items() if isinstance(given, Link))
    return next((name for name, given in links if given.node_id == source), None)


def _target_problems(graph: Graph, targets: tuple[str, ...]) -> Iterator[Problem]:
    for target in targets:
        if target not in graph.nodes:
            message = "The graph has no node of this id to run to."
            yield Problem("missing_node", Place(target), message, "Name a node of the graph.")


def _purpose_problems(
    graph: Graph, types: NodeTypes, targets: tuple[str, ...]
) -> Iterator[Problem]:
    if targets:
        return
    if not graph.nodes:
        message = "The graph is empty, there is nothing to run."
        yield Problem("no_output", Place(), message, "Add nodes.", is_warning=True)
        return
    found = (types.get(node.type_id) for node in graph.nodes.values())
    if not any(node_type is not None and node_type.is_output for node_type in found):
        yield Problem(
            "no_output",
            Place(),
            "No node saves or shows a result.",
            "Add a node such as Save Image at the end.",
            is_warning=True,
        )
