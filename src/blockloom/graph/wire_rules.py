"""What function nodes do to the state on the main wire: the one place that knows them by name."""

from __future__ import annotations

from dataclasses import dataclass

from blockloom.graph.model import Input, Link, Literal, Node
from blockloom.graph.node_types import Kind, NodeType
from blockloom.graph.sockets import SocketType
from blockloom.graph.wire import NEW_WIRE, Wire, Written

_OWN_PREFIX = "Blockloom"
"""Node types of our own that are in no table below leave the state as it is."""


@dataclass(frozen=True, slots=True)
class StateAccess:
    """A node type that writes or reads one state value, named by one of its inputs."""

    name_input: str
    value_input: str = ""
    bundle_input: str = ""


_SET, _GET, _SEED = "BlockloomSetValue", "BlockloomGetValue", "BlockloomSeed"
GET_VALUE_OUTPUT = "value"
SEED_OUTPUT = "seed"

_SETS = {_SET: StateAccess("name", "value", "bundle")}
_READS = {_GET: StateAccess("name")}


def reads_by_name(node_type: NodeType) -> StateAccess | None:
    """How a function node reads a state value by name, if it does."""
    return _READS.get(node_type.id)


def set_value_node(node_id: str, name: str, value: Input, bundle: str = "") -> Node:
    """A node that puts a value on the main wire."""
    inputs: dict[str, Input] = {"name": Literal(name), "value": value}
    return Node(node_id, _SET, {**inputs, "bundle": Literal(bundle)} if bundle else inputs)


def get_value_node(node_id: str, name: str) -> Node:
    """A node that takes a value from the main wire."""
    return Node(node_id, _GET, {"name": Literal(name)})


def seed_node(node_id: str, seed: int) -> Node:
    """A node that gives a seed."""
    return Node(node_id, _SEED, {"seed": Literal(seed)})


def may_read_state(node_type: NodeType, node: Node, name: str) -> bool:
    """Whether a function or component node may read a state value of that name."""
    if all(socket.type is not SocketType.PIPELINE for socket in node_type.inputs):
        return False
    access = reads_by_name(node_type)
    if access is None:
        is_own = node_type.kind is Kind.COMPONENT or node_type.id.startswith(_OWN_PREFIX)
        return not is_own
    read = node.inputs.get(access.name_input)
    return not isinstance(read, Literal) or read.value == name


def wire_behind(node_type: NodeType, node: Node, arriving: list[Wire | None]) -> Wire:
    """The main wire as it leaves a function or component node.

    ``arriving`` are its main wires in the order of its inputs, None where one is not linked; of
    several the later wins. A node without any starts an empty wire. A function nobody knows may
    have written anything.
    """
    wires = [wire for wire in arriving if wire is not None]
    if not wires:
        return NEW_WIRE
    wire = wires[0]
    for later in wires[1:]:
        wire = wire.joined(later)
    access = _SETS.get(node_type.id)
    if access is not None:
        return _with_set_value(wire, node, access)
    if node_type.kind is Kind.COMPONENT or node_type.id.startswith(_OWN_PREFIX):
        return wire
    return wire.opened(node.id)


def _with_set_value(wire: Wire, node: Node, access: StateAccess) -> Wire:
    name = node.inputs.get(access.name_input)
    bundle = node.inputs.get(access.bundle_input)
    if not isinstance(name, Literal) or not isinstance(name.value, str) or isinstance(bundle, Link):
        return wire.opened(node.id)
    value = node.inputs.get(access.value_input)
    is_none = value is None or (isinstance(value, Literal) and value.value is None)
    tag = bundle.value if bundle is not None and isinstance(bundle.value, str) else ""
    truth = bool(value.value) if isinstance(value, Literal) else False if is_none else None
    return wire.with_name(name.value, Written(node.id, presence=not is_none, truth=truth), tag)
