"""Problems of a graph in the shapes of ComfyUI's validation errors."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from blockloom.errors import Problem
from blockloom.export.comfyui_sockets import type_name
from blockloom.graph.model import Graph, Json, Link
from blockloom.graph.node_types import InputSocket, NodeTypes
from blockloom.graph.order import readers_of
from blockloom.server.object_info import input_config

JsonObject = dict[str, Json]

_MOST_TOLD = 1000
_MOST_TRACED = 100
_MESSAGES = {
    "required_input_missing": "Required input is missing",
    "bad_linked_input": "Bad linked input, must be a length-2 list of [node_id, slot_index]",
    "return_type_mismatch": "Return type mismatch between linked nodes",
    "value_not_in_list": "Value not in list",
    "custom_validation_failed": "Custom validation failed for node",
    "dependency_cycle": "Dependency cycle detected",
}
_KINDS = {
    "missing_input": "required_input_missing",
    "no_pipeline": "required_input_missing",
    "missing_node": "bad_linked_input",
    "unknown_output": "bad_linked_input",
    "bad_link": "bad_linked_input",
    "bad_value": "bad_linked_input",
    "wrong_type": "return_type_mismatch",
    "bad_literal": "invalid_input_type",
    "bad_number": "invalid_input_type",
    "bad_text": "invalid_input_type",
    "not_a_choice": "value_not_in_list",
    "cycle": "dependency_cycle",
}


def top_error(kind: str, message: str, details: str = "", **extra: Json) -> JsonObject:
    """``error`` of a refused prompt."""
    return {"type": kind, "message": message, "details": details, "extra_info": {**extra}}


@dataclass(frozen=True, slots=True)
class Refused:
    """The nodes with errors: what is wrong with each, and which outputs it takes along."""

    node_errors: JsonObject = field(default_factory=dict)
    outputs: frozenset[str] = frozenset()

    def details(self) -> str:
        """Every error in a line of its own."""
        lines = []
        for node_id, found in self.node_errors.items():
            assert isinstance(found, dict)
            errors = found["errors"]
            assert isinstance(errors, list)
            for error in errors:
                assert isinstance(error, dict)
                where = f"Node {node_id} ({found['class_type']})"
                lines.append(f"{error['message']}: {error['details']} [{where}]")
        return "\n".join(lines[:200])


@dataclass(frozen=True, slots=True)
class Checked:
    """A prompt that was looked at: as it was sent, as it was read, and the outputs to run to."""

    raw: Mapping[str, Json]
    graph: Graph
    types: NodeTypes
    outputs: tuple[str, ...]


def refused_nodes(checked: Checked, problems: Iterable[Problem]) -> Refused:
    """Sort problems by node, and find the outputs that cannot be made because of them.

    Of very many problems, and of the outputs behind a node, only the first ones are told.
    """
    found = [problem for problem in problems if problem.place.node_id is not None]
    by_node: dict[str, list[Json]] = {}
    for problem in found[:_MOST_TOLD]:
        by_node.setdefault(problem.place.node_id or "", []).append(_error(checked, problem))
    readers = readers_of(checked.graph)
    outputs = frozenset(checked.outputs)
    lost = _outputs_behind({problem.place.node_id or "" for problem in found}, readers, outputs)
    all_behind = sorted(lost)[:_MOST_TRACED]
    node_errors: JsonObject = {}
    for number, (node_id, errors) in enumerate(by_node.items()):
        behind = all_behind
        if number < _MOST_TRACED:
            behind = sorted(_outputs_behind([node_id], readers, outputs))[:_MOST_TRACED]
        node = checked.graph.nodes.get(node_id)
        node_errors[node_id] = {
            "errors": errors,
            "dependent_outputs": [*behind],
            "class_type": node.class_type if node is not None else "",
        }
    return Refused(node_errors, lost)


def _outputs_behind(
    starts: Iterable[str], readers: Mapping[str, list[str]], outputs: frozenset[str]
) -> frozenset[str]:
    found: set[str] = set()
    waiting = list(starts)
    while waiting:
        node_id = waiting.pop()
        if node_id not in found:
            found.add(node_id)
            waiting.extend(readers.get(node_id, ()))
    return outputs & found


def _error(checked: Checked, problem: Problem) -> JsonObject:
    place = problem.place
    name = place.socket or ""
    kind = _KINDS.get(problem.code, "custom_validation_failed")
    node = checked.graph.nodes.get(place.node_id or "")
    socket = _socket(checked, node.type_id if node else place.class_type, name)
    received = _received(checked, place.node_id or "", name)
    if problem.code == "out_of_range":
        kind = _range_kind(socket, received)
    extra: JsonObject = {"reason": problem.message, "remedy": problem.remedy}
    if name:
        extra["input_name"] = name
    if socket is not None and kind != "required_input_missing":
        extra["input_config"] = input_config(socket)
    message, details = _MESSAGES.get(kind, ""), name
    if kind == "return_type_mismatch":
        types = _linked_types(checked, place.node_id or "", name)
        extra["received_type"], extra["linked_node"] = types[0], received
        details = f"{name}, received_type({types[0]}) mismatch input_type({types[1]})"
    elif kind in ("value_smaller_than_min", "value_bigger_than_max"):
        extra["received_value"] = received
        message, limit = _range_words(kind, socket, received)
        details = f"{name}: {limit}"
    elif kind == "invalid_input_type":
        wanted = type_name(socket.type) if socket is not None else "JSON"
        message = f"Failed to convert an input value to a {wanted} value"
        details = f"{name}, {_short(received)}, {problem.message}"
        extra["received_value"], extra["exception_message"] = received, problem.message
    elif kind != "required_input_missing":
        details = f"{name}: {problem.message}" if name else problem.message
        extra["received_value"] = received
    return {"type": kind, "message": message, "details": details, "extra_info": extra}


def _socket(checked: Checked, type_id: str | None, name: str) -> InputSocket | None:
    node_type = checked.types.get(type_id) if type_id else None
    return node_type.input(name) if node_type is not None else None


def _received(checked: Checked, node_id: str, name: str) -> Json:
    """The value as the client sent it."""
    node = checked.raw.get(node_id)
    inputs = node.get("inputs") if isinstance(node, dict) else None
    return inputs.get(name) if isinstance(inputs, dict) else None


def _linked_types(checked: Checked, node_id: str, name: str) -> tuple[str, str]:
    node = checked.graph.nodes.get(node_id)
    given = node.inputs.get(name) if node is not None else None
    wanted = _socket(checked, node.type_id if node else None, name)
    sent = "?"
    source = checked.graph.nodes.get(given.node_id) if isinstance(given, Link) else None
    source_type = checked.types.get(source.type_id) if source is not None else None
    if source_type is not None and isinstance(given, Link):
        output = source_type.output(given.output)
        sent = type_name(output.type) if output is not None else "?"
    return sent, type_name(wanted.type) if wanted is not None else "?"


def _range_kind(socket: InputSocket | None, received: Json) -> str:
    low = socket.widget.minimum if socket is not None else None
    if not isinstance(received, (int, float)):
        return "value_bigger_than_max"
    is_small = received < (low if low is not None else 0)
    return "value_smaller_than_min" if is_small else "value_bigger_than_max"


def _range_words(kind: str, socket: InputSocket | None, received: Json) -> tuple[str, str]:
    config = input_config(socket)[1] if socket is not None else {}
    limits = config if isinstance(config, dict) else {}
    is_small = kind == "value_smaller_than_min"
    limit = _short(limits.get("min" if is_small else "max"))
    side = "smaller than min" if is_small else "bigger than max"
    word = "smallest" if is_small else "largest"
    return f"Value {_short(received)} {side} of {limit}", f"the {word} allowed is {limit}"


def _short(value: Json) -> str:
    text = str(value)
    return text if len(text) <= 100 else f"{text[:99]}…"
