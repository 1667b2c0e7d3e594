"""A graph for ComfyUI: as the prompt its server takes, and as the workflow its editor opens."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from blockloom.errors import GraphError, Problem
from blockloom.export.comfyui_drawing import Drawing, make_workflow
from blockloom.export.comfyui_nodes import is_of_core
from blockloom.export.comfyui_seed import with_run_seed
from blockloom.export.comfyui_values import (
    ComfyNodes,
    Fitted,
    fitted,
    with_core_defaults,
    with_got_values,
)
from blockloom.graph.check import check_graph
from blockloom.graph.drawn import drawn_graph
from blockloom.graph.file import graph_to_json
from blockloom.graph.model import Graph, Json, Link, Node
from blockloom.graph.node_types import NodeTypes

# What stands in the way of an export; a graph that is not finished otherwise can be exported.
_FATAL = frozenset(
    {"unknown_type", "broken_type", "loop_step_alone", "unknown_input", "unknown_output", "cycle"}
)


@dataclass(frozen=True, slots=True)
class ComfyExport:
    """A graph in both of ComfyUI's formats.

    ``node_ids`` has the number in the workflow of each node of the graph; the prompt keeps the
    graph's own ids. ``problems`` are warnings: what comes out otherwise in ComfyUI.
    """

    workflow: dict[str, Json]
    prompt: dict[str, Json]
    node_ids: Mapping[str, int] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


def export_to_comfyui(graph: Graph, types: NodeTypes) -> ComfyExport:
    """The workflow and the prompt of a graph.

    Raises GraphError for what is unknown here, or has no place in ComfyUI.
    """
    nodes = ComfyNodes(types)
    graph = with_run_seed(graph, types)
    prompt = _prompt(graph, nodes)
    drawn = with_got_values(drawn_graph(graph, types), nodes)
    found = fitted(drawn.graph, nodes, by_nodes=True)
    drawing = Drawing(found.graph, nodes, {**drawn.made_for, **found.made_for})
    workflow, ids = make_workflow(drawing)
    return ComfyExport(workflow, prompt.content, ids, prompt.problems)


def to_workflow(graph: Graph, types: NodeTypes) -> dict[str, Json]:
    """The graph as ComfyUI's editor opens it. Raises GraphError as :func:`export_to_comfyui`."""
    return export_to_comfyui(graph, types).workflow


def to_prompt(graph: Graph, types: NodeTypes) -> dict[str, Json]:
    """The graph as ComfyUI's server takes it: API format, links by the place of the output.

    Node ids stay. Raises GraphError as :func:`export_to_comfyui`.
    """
    return _prompt(with_run_seed(graph, types), ComfyNodes(types)).content


@dataclass(frozen=True, slots=True)
class _Prompt:
    content: dict[str, Json]
    problems: tuple[Problem, ...]


def _prompt(graph: Graph, nodes: ComfyNodes) -> _Prompt:
    _raise_if_fatal(check_graph(graph, nodes.types).problems)
    got: Fitted = with_got_values(graph, nodes)
    found = fitted(got.graph, nodes, by_nodes=False)
    errors = [problem for problem in found.problems if not problem.is_warning]
    if errors:
        raise GraphError(errors)
    written = {node.id: _by_place(node, found.graph, nodes) for node in found.graph.nodes.values()}
    content = graph_to_json(replace(found.graph, nodes=written))["prompt"]
    return _Prompt(content if isinstance(content, dict) else {}, found.problems)


def _raise_if_fatal(problems: Iterable[Problem]) -> None:
    fatal = [problem for problem in problems if problem.code in _FATAL]
    if fatal:
        raise GraphError([replace(problem, is_warning=False) for problem in fatal])


def _by_place(node: Node, graph: Graph, nodes: ComfyNodes) -> Node:
    """A node as it is sent: links by the place of the output, and whatever the core asks for."""
    inputs = dict(node.inputs)
    for name, link in node.links():
        place = nodes.place_of(graph, link)
        if place is None:
            del inputs[name]  # The check has told of a link to nothing.
        else:
            inputs[name] = Link(link.node_id, place)
    node_type = nodes.type_of(node)
    sent = replace(node, inputs=inputs)
    return with_core_defaults(sent, nodes) if node_type and is_of_core(node_type) else sent
