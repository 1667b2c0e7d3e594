"""What function nodes do to the state on the main wire: the one place that knows them by name."""

from __future__ import annotations

from dataclasses import dataclass

from blockloom.graph.model import Link, Literal, Node
from blockloom.graph.node_types import Kind, NodeType
from blockloom.graph.wire import Wire, Written

_OWN_PREFIX = "Blockloom"
"""Node types of our own that are in no table below leave the state as it is."""


@dataclass(frozen=True, slots=True)
class StateAccess:
    """A node type that writes or reads one state value, named by one of its inputs."""

    name_input: str
    value_input: str = ""
    bundle_input: str = ""


_SETS = {"BlockloomSetValue": StateAccess("name", "value", "bundle")}
_READS = {"BlockloomGetValue": StateAccess("name")}


def reads_by_name(node_type: NodeType) -> StateAccess | None:
    """How a function node reads a state value by name, if it does."""
    return _READS.get(node_type.id)


def wire_behind(node_type: NodeType, node: Node, arriving: list[Wire | None]) -> Wire:
    """The main wire as it leaves a function or component node.

    ``arriving`` are its main wires in the order of its inputs, None where one is not linked; of
    several the later wins. A node without any starts an empty wire. A function nobody knows may
    have written anything.
    """
    wires = [wire for wire in arriving if wire is not None]
    if not wires:
        return Wire()
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
