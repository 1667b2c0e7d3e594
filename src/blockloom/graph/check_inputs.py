"""Problems with what was typed on a node or linked to it."""

from __future__ import annotations

from collections.abc import Iterator

from blockloom.errors import Place, Problem
from blockloom.graph.block_lists import BLOCKS
from blockloom.graph.check_blocks import takes_blocks
from blockloom.graph.flow import field_of_bundle
from blockloom.graph.json_value import quoted
from blockloom.graph.literals import misfit
from blockloom.graph.model import Link, Node
from blockloom.graph.node_types import InputSocket, NodeType
from blockloom.graph.sockets import SocketType, may_link
from blockloom.graph.suggestions import Suggestions

# ComfyUI writes these beside the inputs of its own nodes; they mean nothing to a run.
_PASSED_OVER = frozenset(
    {
        ("LoadImage", "upload"),
        ("LoadImageMask", "upload"),
        ("LoadAudio", "audioUI"),
        ("SaveAudio", "audioUI"),
        ("SaveAudioMP3", "audioUI"),
        ("SaveAudioOpus", "audioUI"),
        ("PreviewAudio", "audioUI"),
        ("PreviewAny", "preview"),
    }
)


def given_problems(
    node: Node, node_type: NodeType | None, suggestions: Suggestions
) -> Iterator[Problem]:
    """Unknown inputs, links that lead nowhere or do not fit, values that do not fit.

    Of a node whose type is unknown only the links can be checked.
    """
    for name, given in node.inputs.items():
        socket = _socket(node_type, name) if node_type else None
        problem: Problem | None = None
        if node_type and socket is None:
            is_passed_over = (node.class_type, name) in _PASSED_OVER
            if not is_passed_over and not (name == BLOCKS and takes_blocks(node_type)):
                problem = _unknown_input(_place(node, name), node_type, name, suggestions)
        elif isinstance(given, Link):
            problem = _link_problem(node, name, given, socket, suggestions)
        elif socket is not None:
            found = misfit(socket, given.value)
            if found is not None:
                problem = Problem(found.code, _place(node, name), found.message, found.remedy)
        if problem is not None:
            yield problem


def _place(node: Node, name: str) -> Place:
    return Place(node.id, node.class_type, name)


def _socket(node_type: NodeType, name: str) -> InputSocket | None:
    if "." in name and field_of_bundle(node_type, name):
        return InputSocket(name, SocketType.ANY)
    return node_type.input(name)


def _unknown_input(
    place: Place, node_type: NodeType, name: str, suggestions: Suggestions
) -> Problem:
    names = [socket.name for socket in node_type.inputs]
    remedy = suggestions.for_name(name, names)
    if not remedy:
        remedy = f"It has {_listed(names)}." if names else "It has no inputs. Remove this one."
    return Problem("unknown_input", place, "The node has no input of this name.", remedy)


def _link_problem(
    node: Node, name: str, link: Link, socket: InputSocket | None, suggestions: Suggestions
) -> Problem | None:
    graph = suggestions.graph
    source = graph.nodes.get(link.node_id)
    if source is None:
        remedy = suggestions.for_name(link.node_id, graph.nodes) or "Remove the link."
        message = f"It is linked to node {quoted(link.node_id)}, which is not in the graph."
        return Problem("missing_node", _place(node, name), message, remedy)
    source_type = suggestions.types.get(source.type_id)
    if source_type is None:
        return None
    output = source_type.output(link.output)
    if output is None:
        return _unknown_output(_place(node, name), link, source_type, suggestions)
    validity = may_link(output.type, socket.type) if socket is not None else None
    if validity is None or validity.is_valid:
        return None
    where = f"{quoted(output.name)} of node {quoted(link.node_id)}"
    message = f"It cannot be linked to {where}: {validity.reason}"
    remedy = "Link another output, or remove the link."
    return Problem("wrong_type", _place(node, name), message, remedy)


def _unknown_output(
    place: Place, link: Link, source_type: NodeType, suggestions: Suggestions
) -> Problem:
    names = [socket.name for socket in source_type.outputs]
    where = f"Node {quoted(link.node_id)} ({source_type.id})"
    if isinstance(link.output, int):
        message = f"{where} has no output number {link.output!r:.20}; they count from 0."
        remedy = ""
    else:
        message = f"{where} has no output {quoted(link.output)}."
        remedy = suggestions.for_name(link.output, names)
    if not remedy:
        remedy = f"It has {_listed(names)}." if names else "It has no outputs. Remove the link."
    return Problem("unknown_output", place, message, remedy)


def _listed(names: list[str]) -> str:
    shown = ", ".join(names[:12])
    return f"{shown} and {len(names) - 12} more" if len(names) > 12 else shown
