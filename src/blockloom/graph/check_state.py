"""Problems with values that nothing supplies."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from blockloom.errors import Place, Problem
from blockloom.graph.flow import Inherited, Linked, Missing, NodeFlow, Typed
from blockloom.graph.json_value import quoted
from blockloom.graph.literals import takes_literals
from blockloom.graph.model import Link, Literal, Node
from blockloom.graph.node_types import InputSocket, NodeType, Role
from blockloom.graph.sockets import SocketType
from blockloom.graph.suggestions import Suggestions
from blockloom.graph.wire_rules import StateAccess, reads_by_name


@dataclass(frozen=True, slots=True)
class Visit:
    """A node that is being checked."""

    node: Node
    type: NodeType
    flow: NodeFlow

    def place(self, socket: str) -> Place:
        """One of its inputs, as problems name it."""
        return Place(self.node.id, self.node.class_type, socket)


def state_problems(visit: Visit, suggestions: Suggestions) -> Iterator[Problem]:
    """Missing main wires, missing values, values that contradict each other or are not there.

    Of a composite only what the branches that will run need is missing. What the main wire would
    bring is not reported beside a missing main wire.
    """
    has_wire = True
    for socket in visit.type.inputs:
        if socket.type is SocketType.PIPELINE and socket.is_required:
            source = visit.flow.sources.get(socket.name)
            if not isinstance(source, Linked):
                has_wire = False
                yield _no_pipeline(visit, socket)
    resolved = visit.flow.resolved
    for socket in resolved.needed:
        if has_wire or socket.role is Role.USER:
            problem = _value_problem(visit, socket, suggestions)
            if problem is not None:
                yield problem
    if resolved.contradictions:
        yield from _contradictions(visit, suggestions)
    access = reads_by_name(visit.type)
    if access is not None:
        yield from _named_value_problems(visit, access, suggestions)


def _no_pipeline(visit: Visit, socket: InputSocket) -> Problem:
    return Problem(
        "no_pipeline",
        visit.place(socket.name),
        "The main wire is not linked.",
        "Link the pipeline output of the node before, or of a Load Pipeline node.",
    )


def _contradictions(visit: Visit, suggestions: Suggestions) -> Iterator[Problem]:
    """Values that a conditional inside the node refuses to be given together.

    Only a warning where one of them may turn out to be nothing, as behind a Switch.
    """
    for found in visit.flow.resolved.contradictions:
        given = [name for name in found.names if name in visit.node.inputs]
        socket = next(iter((*given, *found.names)), None)
        named = f" ({' and '.join(found.names)})" if found.names else ""
        yield Problem(
            "contradiction",
            Place(visit.node.id, visit.node.class_type, socket),
            f"These inputs contradict each other{named}: {found.message}",
            "Give only those that belong together.",
            is_warning=any(_may_be_nothing(visit, name, suggestions) for name in found.names),
        )


def _may_be_nothing(visit: Visit, name: str, suggestions: Suggestions) -> bool:
    """Whether a value was linked from a function that may give anything, None as well."""
    nodes = suggestions.graph.nodes
    written = visit.flow.given.writer(name)
    node = nodes.get(written.node_id) if written is not None else None
    given = node.inputs.get(name) if node is not None else None
    source = nodes.get(given.node_id) if isinstance(given, Link) else None
    source_type = suggestions.types.get(source.type_id) if source is not None else None
    if not isinstance(given, Link) or source_type is None or source_type.is_block:
        return False
    output = source_type.output(given.output)
    return output is not None and output.type is SocketType.ANY


def _value_problem(visit: Visit, socket: InputSocket, suggestions: Suggestions) -> Problem | None:
    source = visit.flow.sources.get(socket.name)
    is_none = isinstance(source, Typed) and source.value is None
    if source is None or is_none or isinstance(source, Missing):
        remedy = _how_to_supply(visit, socket, suggestions)
        message = "It needs a value, and nothing gives it one."
        return Problem("missing_input", visit.place(socket.name), message, remedy)
    presence = visit.flow.given.presence(socket.name)
    if isinstance(source, Inherited) and presence is None:
        message = f"It needs a value, which node {quoted(source.node_id)} may or may not write."
        remedy = _how_to_supply(visit, socket, suggestions)
    elif isinstance(source, Linked) and visit.type.is_block and presence is False:
        where = f"{quoted(source.output)} of node {quoted(source.node_id)}"
        message = f"It needs a value, but {where} is not written by the branch that runs."
        remedy = "Link another output."
    else:
        return None
    return Problem("missing_input", visit.place(socket.name), message, remedy, is_warning=True)


def _how_to_supply(visit: Visit, socket: InputSocket, suggestions: Suggestions) -> str:
    ways = []
    if visit.type.input(socket.name) is not None:
        if takes_literals(socket.type):
            ways.append("type a value")
        ways.append("link an output")
    if visit.type.is_block:
        writers = suggestions.writers_of(socket.name, visit.node.id, visit.type)
        named = f" ({', '.join(writers)})" if writers else ""
        ways.append(f"add a node that writes it before this one{named}")
    text = ", or ".join([", ".join(ways[:-1]), ways[-1]]) if len(ways) > 1 else ways[0]
    return f"{text[0].upper()}{text[1:]}."


def _named_value_problems(
    visit: Visit, access: StateAccess, suggestions: Suggestions
) -> Iterator[Problem]:
    flow = visit.flow
    given = visit.node.inputs.get(access.name_input)
    if not isinstance(given, Literal) or not isinstance(given.value, str):
        return
    written = flow.given.writer(given.value)
    if written is None:
        names = islice(flow.given.names, 100)
        yield Problem(
            "missing_input",
            visit.place(access.name_input),
            f"No node before this one writes {quoted(given.value)} to the main wire.",
            suggestions.for_name(given.value, names) or "Put this node behind one that writes it.",
            is_warning=True,
        )
