"""Which block inside a composite takes what was typed on the composite or linked to it.

diffusers puts these values into the state before the first block runs. So a value may stand on any
block that comes before whoever reads the name, or writes it; best on the reader itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from blockloom.errors import GraphError, Place, Problem
from blockloom.graph.block_lists import BLOCKS
from blockloom.graph.branches import Resolved
from blockloom.graph.flow import field_of_bundle
from blockloom.graph.model import Input, Json, Link, Literal, Node
from blockloom.graph.names import in_words
from blockloom.graph.node_types import InputSocket, NodeType
from blockloom.graph.sockets import SocketType
from blockloom.graph.wire_rules import SEED_OUTPUT, seed_node, set_value_node


@dataclass(frozen=True, slots=True)
class Part:
    """A block that stands in the composite's place, and what it does there."""

    node: Node
    type: NodeType
    resolved: Resolved

    def touches(self, name: str, bundle: str) -> bool:
        """Whether it reads the name, looks at it, may write it, or reads the bundle it is in."""
        for socket in self.resolved.inputs:
            if socket.name == (bundle if socket.is_bundle else name):
                return True
        return self.writes(name)

    def writes(self, name: str) -> bool:
        """Whether it may write the name."""
        return any(output.name == name for output in self.resolved.outputs)

    def may_change(self, name: str) -> bool:
        """Whether it writes the name, or reads it: blocks may change what they read."""
        is_read = any(socket.name == name for socket in self.resolved.inputs)
        return self.writes(name) or (is_read and name not in self.resolved.by_presence)

    def slot(self, name: str, bundle: str) -> str | None:
        """The input under which it puts a value into the state by this name and in this bundle."""
        socket = self.type.input(name)
        if socket is not None and not socket.is_bundle and socket.bundle == bundle:
            return name
        whole = self.type.input(bundle) if bundle else None
        return f"{bundle}.{name}" if whole is not None and whole.is_bundle else None

    def with_input(self, name: str, value: Input) -> Part:
        return replace(self, node=self.node.with_input(name, value))


@dataclass(frozen=True, slots=True)
class Placed:
    """The parts with their inputs, nodes on the main wire before them, and nodes beside it."""

    parts: tuple[Part, ...]
    before: tuple[Node, ...] = ()
    beside: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class _Given:
    """A value that the composite puts into the state."""

    name: str
    bundle: str
    value: Input
    socket: InputSocket | None = None


def place_inputs(
    node: Node,
    node_type: NodeType,
    parts: tuple[Part, ...],
    free_id: Callable[[str], str],
    may_be_read: Callable[[str, str], bool],
) -> Placed:
    """Give the parts what the composite was given.

    ``free_id`` makes an id out of a name; ``may_be_read`` says whether any other node may read a
    name, or the bundle it is in: what nobody reads is left out where no part takes it. Raises
    GraphError for what no block inside takes and no node can put on the main wire.
    """
    placed = Placed(_with_unknown(node, node_type, parts))
    for given in _given_values(node, node_type):
        found = _place_for(given, placed.parts)
        if found is not None:
            index, name = found
            changed = list(placed.parts)
            changed[index] = changed[index].with_input(name, given.value)
            placed = replace(placed, parts=tuple(changed))
        elif _is_touched(given, parts) or may_be_read(given.name, given.bundle):
            placed = _set_before(placed, node, given, free_id)
    return placed


def _with_unknown(node: Node, node_type: NodeType, parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """The parts, the first of them with the inputs that the composite does not have."""
    unknown = {
        name: value
        for name, value in node.inputs.items()
        if name != BLOCKS
        and node_type.input(name) is None
        and field_of_bundle(node_type, name) is None
    }
    for name, value in unknown.items():
        parts = tuple(part.with_input(name, value) if part is parts[0] else part for part in parts)
    return parts


def _given_values(node: Node, node_type: NodeType) -> Iterator[_Given]:
    for name, value in node.inputs.items():
        field = field_of_bundle(node_type, name)
        socket = node_type.input(name)
        if field is not None:
            yield _Given(field[1], field[0], value)
        elif socket is None or socket.type is SocketType.PIPELINE or socket.is_setting:
            continue
        elif socket.is_bundle:
            yield from _fields(node, socket, value)
        else:
            yield _Given(name, socket.bundle, value, socket)


def _fields(node: Node, socket: InputSocket, value: Input) -> Iterator[_Given]:
    """A whole bundle is spread into the state; of a link nobody knows what is in it."""
    if isinstance(value, Link):
        raise _refusal(
            node,
            socket.name,
            "Values are linked here as a whole, and only a run says which.",
            f'Link them one by one, as "{socket.name}.NAME".',
        )
    for name, item in value.value.items() if isinstance(value.value, dict) else ():
        yield _Given(name, socket.name, Literal(item))


def _is_touched(given: _Given, parts: tuple[Part, ...]) -> bool:
    return any(part.touches(given.name, given.bundle) for part in parts)


def _place_for(given: _Given, parts: tuple[Part, ...]) -> tuple[int, str] | None:
    """The part and its input that take a value: who touches it first, else one before that."""
    touched = (n for n, part in enumerate(parts) if part.touches(given.name, given.bundle))
    last = next(touched, len(parts) - 1)
    for index in range(last, -1, -1):
        name = parts[index].slot(given.name, given.bundle)
        if name is not None:
            return index, name
    return None


def _set_before(placed: Placed, node: Node, given: _Given, free_id: Callable[[str], str]) -> Placed:
    """Put a value on the main wire before the parts: blocks behind them may read it."""
    value, beside = given.value, placed.beside
    if isinstance(value, Literal) and given.socket is not None:
        if given.socket.type is SocketType.SEED and type(value.value) is int:
            seed = seed_node(free_id(given.name), value.value)
            beside = (*beside, replace(seed, meta={"title": in_words(given.name)}))
            value = Link(seed.id, SEED_OUTPUT)
        elif _is_converted(given.socket, value.value):
            raise _refusal(
                node,
                given.name,
                "It is typed here for blocks further on, and nothing inside has a socket for it.",
                "Type it on the block that reads it.",
            )
    title: Json = f"Set {given.name}"
    setter = set_value_node(free_id(f"set_{given.name}"), given.name, value, given.bundle)
    before = (*placed.before, replace(setter, meta={"title": title}))
    return replace(placed, before=before, beside=beside)


def _is_converted(socket: InputSocket, value: Json) -> bool:
    """Whether a typed value becomes something that is no JSON on its way into the state."""
    if socket.type is SocketType.SEED:
        return value is not None
    is_list = isinstance(value, list)
    return (socket.is_tuple and is_list) or (
        socket.type is SocketType.OBJECT and isinstance(value, str)
    )


def _refusal(node: Node, socket: str, message: str, remedy: str) -> GraphError:
    place = Place(node.id, node.class_type, socket)
    return GraphError([Problem("cannot_expand", place, message, remedy)])
