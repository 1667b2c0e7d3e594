"""A posted prompt, read as ComfyUI would: forgiving where its clients rely on that, and checked."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

from blockloom.errors import GraphError, Place, Problem
from blockloom.execution.collector import paused_collector
from blockloom.graph.block_lists import BLOCKS
from blockloom.graph.check import check_graph
from blockloom.graph.check_blocks import takes_blocks
from blockloom.graph.file import read_graph
from blockloom.graph.flow import field_of_bundle
from blockloom.graph.model import Graph, Json, Link, Literal, Node
from blockloom.graph.node_types import InputSocket, NodeType, NodeTypes
from blockloom.graph.order import upstream_of
from blockloom.graph.sockets import SocketType
from blockloom.graph.suggestions import why_missing
from blockloom.model_places import ModelPlaces
from blockloom.server.outside import Outside
from blockloom.server.prompt_errors import Checked, JsonObject, refused_nodes, top_error

_ANYTHING = Outside(ModelPlaces())
_FAILED = "prompt_outputs_failed_validation"
_TEXT_TYPES = frozenset({SocketType.STRING})
_NUMBER_TYPES = frozenset({SocketType.INT, SocketType.SEED, SocketType.FLOAT})


@dataclass(frozen=True, slots=True)
class Posted:
    """A prompt as it was sent: its nodes, which of them to run to, and what a graph file has
    beside them (groups, notes, the viewport)."""

    nodes: Json
    wanted: Json = None
    extra: Json = None


class PromptRefused(Exception):
    """A prompt of which nothing can run: ComfyUI's answer to it."""

    def __init__(self, error: JsonObject, node_errors: JsonObject | None = None) -> None:
        super().__init__(error.get("message", ""))
        self.error = error
        self.node_errors = node_errors or {}


@dataclass(frozen=True, slots=True)
class Accepted:
    """A prompt of which at least one output can run.

    ``graph`` lacks what ComfyUI passes over (inputs the node does not have); ``warnings`` say so.
    ``needed`` are the nodes that the outputs depend on, ``node_errors`` are about the outputs that
    will not run.
    """

    graph: Graph
    targets: tuple[str, ...]
    needed: frozenset[str]
    node_errors: JsonObject
    warnings: tuple[Problem, ...]


def accept_prompt(posted: Posted, types: NodeTypes, outside: Outside = _ANYTHING) -> Accepted:
    """Read and check a prompt for a run of what is wanted (else of all outputs).

    ``outside`` is what its texts may name. Raises PromptRefused where nothing of it can run.
    """
    with paused_collector():
        return _accept(posted, types, outside)


def stands(accepted: Accepted, types: NodeTypes, outside: Outside) -> bool:
    """Whether a prompt that was accepted as a whole would be so again: only what is outside of it
    may have changed."""
    if accepted.node_errors:
        return False
    return next(iter(outside.problems(accepted.graph, types, accepted.needed)), None) is None


def _accept(posted: Posted, types: NodeTypes, outside: Outside) -> Accepted:
    prompt = _nodes_of(posted.nodes, types)
    graph, broken = _read(prompt, posted.extra)
    graph, passed_over = _as_comfyui_reads(graph, types)
    outputs = _outputs(graph, types, posted.wanted)
    if not outputs:
        raise PromptRefused(
            top_error(
                "prompt_no_outputs",
                "Prompt has no outputs",
                "No node of the graph saves or shows a result; add one such as Save Image.",
            )
        )
    checked = Checked(prompt, graph, types, outputs)
    report = check_graph(graph, types, outputs)
    needed = upstream_of(graph, outputs)
    errors = [problem for problem in broken if problem.place.node_id in needed]
    told = {(problem.place.node_id, problem.place.socket) for problem in broken}
    # An input that could not be read is now said to be missing, too.
    errors += [p for p in report.errors if (p.place.node_id, p.place.socket) not in told]
    errors += outside.problems(graph, types, needed)
    if not errors:
        return Accepted(graph, outputs, needed, {}, passed_over)
    refused = refused_nodes(checked, errors)
    targets = tuple(node_id for node_id in outputs if node_id not in refused.outputs)
    if not targets:
        error = top_error(_FAILED, "Prompt outputs failed validation", refused.details())
        raise PromptRefused(error, refused.node_errors)
    return Accepted(graph, targets, needed, refused.node_errors, passed_over)


def _nodes_of(raw: object, types: NodeTypes) -> Mapping[str, Json]:
    """The nodes by id; the first one that is none, or of an unknown type, ends it."""
    if not isinstance(raw, dict):
        raise PromptRefused(
            top_error("no_prompt", "No prompt provided", "A prompt is an object of nodes by id.")
        )
    for node_id, node in raw.items():
        class_type = node.get("class_type") if isinstance(node, dict) else None
        where = f"Node ID '#{str(node_id)[:100]}'"
        if not isinstance(class_type, str) or not class_type:
            message = "Cannot execute because a node is missing the class_type property."
            raise PromptRefused(top_error("invalid_prompt", message, where, node_id=node_id))
        if types.get(class_type) is None:
            broken = why_missing(types, class_type)
            near = types.suggest(class_type) if len(class_type) <= 200 and not broken else []
            remedy = f"Did you mean {' or '.join(near)}?" if near else broken
            message = f"Cannot execute because node {class_type[:200]} does not exist."
            details = f"{where} {remedy}".strip()
            extra: JsonObject = {"node_id": node_id, "class_type": class_type[:200]}
            raise PromptRefused(top_error("invalid_prompt", message, details, **extra))
    return raw


def _read(prompt: Mapping[str, Json], extra: Json) -> tuple[Graph, tuple[Problem, ...]]:
    """The graph without the inputs that cannot be read, and what is wrong with those."""
    beside: dict[str, Json] = {} if extra is None else {"extra": extra}
    document: dict[str, Json] = {"prompt": dict(prompt), **beside}
    try:
        return read_graph(document), ()
    except GraphError as error:
        problems = error.problems
    for problem in problems:
        place = problem.place
        if place.node_id is None or place.socket is None:
            named: JsonObject = {"node_id": place.node_id, "class_type": place.class_type}
            raise PromptRefused(top_error("invalid_prompt", problem.message, str(problem), **named))
    cut = {problem.place.node_id: set[str]() for problem in problems}
    for problem in problems:
        cut[problem.place.node_id].add(problem.place.socket or "")
    nodes: dict[str, Json] = {
        node_id: _without(node, cut[node_id]) if node_id in cut else node
        for node_id, node in prompt.items()
    }
    try:
        return read_graph({"prompt": nodes, **beside}), problems
    except GraphError as error:
        raise PromptRefused(top_error("invalid_prompt", "Invalid prompt", str(error))) from None


def _without(node: Json, names: set[str]) -> Json:
    inputs = node.get("inputs") if isinstance(node, dict) else None
    if not isinstance(node, dict) or not isinstance(inputs, dict):
        return node
    return {**node, "inputs": {k: v for k, v in inputs.items() if k not in names}}


def _outputs(graph: Graph, types: NodeTypes, wanted: Json) -> tuple[str, ...]:
    """The nodes to run to: those asked for, whatever they are, else all that save or show."""
    if isinstance(wanted, list):
        asked = {item for item in wanted if isinstance(item, str)}
        return tuple(node_id for node_id in graph.nodes if node_id in asked)
    found = []
    for node_id, node in graph.nodes.items():
        node_type = types.get(node.type_id)
        if node_type is not None and node_type.is_output:
            found.append(node_id)
    return tuple(found)


def _as_comfyui_reads(graph: Graph, types: NodeTypes) -> tuple[Graph, tuple[Problem, ...]]:
    """Pass over inputs a node does not have, and read numbers written as texts, as ComfyUI does."""
    unknown: list[Problem] = []
    nodes: dict[str, Node] = {}
    for node_id, node in graph.nodes.items():
        node_type = types.get(node.type_id)
        inputs, is_same = {}, True
        for name, given in node.inputs.items():
            socket = node_type.input(name) if node_type is not None else None
            if socket is not None:
                inputs[name] = converted(given, socket)
                is_same = is_same and inputs[name] is given
            elif node_type is not None and _is_known(node_type, name):
                inputs[name] = given
            else:
                unknown.append(_passed_over(Place(node_id, node.class_type, name)))
                is_same = False
        nodes[node_id] = node if is_same else replace(node, inputs=inputs)
    return Graph(nodes, graph.extra), tuple(unknown)


def _is_known(node_type: NodeType, name: str) -> bool:
    """Whether an input that is no socket means something all the same."""
    if field_of_bundle(node_type, name) is not None:
        return True
    return name == BLOCKS and takes_blocks(node_type)


def _passed_over(place: Place) -> Problem:
    message = "The node has no input of this name; it was passed over."
    return Problem("unknown_input", place, message, "Correct the name, or remove it.", True)


def converted(given: Link | Literal, socket: InputSocket | None) -> Link | Literal:
    """A typed value as its socket's type, where nothing is lost by that."""
    if socket is None or not isinstance(given, Literal):
        return given
    value = given.value
    if socket.type in _TEXT_TYPES and type(value) in (int, float):
        return Literal(str(value))
    if socket.type not in _NUMBER_TYPES or isinstance(value, bool):
        return given
    if isinstance(value, str) and len(value) <= 40:
        value = _number_in(value)
    if isinstance(value, float) and socket.type is not SocketType.FLOAT and value.is_integer():
        value = int(value)
    return given if value is given.value else Literal(value)


def _number_in(text: str) -> Json:
    with contextlib.suppress(ValueError):
        return int(text)
    with contextlib.suppress(ValueError):
        number = float(text)
        return number if math.isfinite(number) else text
    return text
