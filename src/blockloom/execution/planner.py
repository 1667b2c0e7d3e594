"""Planning: each node's inputs, its key, and whether an earlier result stands. Runs nothing."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum

from blockloom.execution.block_state import ReadFrom, ReadValue
from blockloom.execution.keys import ABSENT, content_key, json_key, key_of
from blockloom.execution.store import Record, Trace, ValueStore
from blockloom.execution.values import Origin, PipelineBase, ValueRef
from blockloom.execution.views import ALL_COMPONENTS, WHOLE_WIRE
from blockloom.execution.wire import Wire
from blockloom.graph.block_lists import BLOCKS
from blockloom.graph.branches import BranchResolver, Resolved
from blockloom.graph.model import Json, Link, Literal, Node
from blockloom.graph.node_types import InputSocket, Kind, NodeType, NodeTypes
from blockloom.graph.sockets import SocketType

WILL_CHANGE = "!"
"""Begins the key of a value whose writer is going to run."""
MAY_CHANGE = "?"
"""Begins the key of a value that may or may not be another after its writer has run."""


class Prospect(str, Enum):
    """What planning says of a node."""

    KEPT = "kept"
    RUN = "run"
    PERHAPS = "perhaps"
    """It runs unless the nodes before it turn out to write the same values again."""


@dataclass(frozen=True, slots=True)
class NodePlan:
    """One node, ready to be kept or run.

    ``refs`` are its linked and typed values by input, ``wires`` its main wires by input; a block's
    wire already carries the values typed on it and linked into it. ``primary`` is its key, apart
    from what only running tells (``Record.trace``).
    """

    node: Node
    node_type: NodeType
    primary: str
    prospect: Prospect
    record: Record | None = None
    refs: Mapping[str, ValueRef] = field(default_factory=dict)
    wires: Mapping[str, Wire] = field(default_factory=dict)
    resolved: Resolved | None = None
    from_wire: tuple[ReadValue, ...] = ()

    @property
    def reads(self) -> tuple[ReadValue, ...]:
        """What the node reads: a block from its wire, a function what is linked and typed."""
        return (*self.from_wire, *map(self._as_read, self.refs))

    def key_with(self, trace: Trace) -> str:
        """The node's key, given what it reads undeclared."""
        return _key_with(self.primary, trace, self.wires)

    def _as_read(self, name: str) -> ReadValue:
        ref = self.refs[name]
        came_from: ReadFrom = "linked" if isinstance(self.node.inputs[name], Link) else "typed"
        return ReadValue(name, ref, came_from, ref.writer)


@dataclass(slots=True)
class Planner:
    """Goes through a graph node by node, in an order where every node follows its sources.

    For each node: :meth:`plan`, then :meth:`settle` with its record (kept, or just made), or
    :meth:`settle_unknown` where nothing is run. ``fingerprint`` tells of changes outside the
    graph for nodes that ask for it, ``seed`` is given to blocks that would draw without one.
    """

    types: NodeTypes
    resolver: BranchResolver
    store: ValueStore
    seed: int | None = None
    fingerprint: Callable[[Node, NodeType, Mapping[str, ValueRef]], str] | None = None
    outputs: dict[str, dict[str, ValueRef]] = field(default_factory=dict)
    wires: dict[str, dict[str, Wire]] = field(default_factory=dict)
    plans: dict[str, NodePlan] = field(default_factory=dict)
    producers: dict[str, str] = field(default_factory=dict)
    literals: dict[str, tuple[InputSocket, Json]] = field(default_factory=dict)
    has_used_seed: bool = False
    run_id: str = field(default_factory=lambda: secrets.token_hex(8))

    def plan(self, node: Node) -> NodePlan:
        """Gather the node's inputs and see whether an earlier result stands."""
        node_type = self.types.get(node.type_id)
        if node_type is None:
            raise LookupError(f"unknown node type {node.class_type!r}; check the graph first")
        plan = (
            self._plan_block(node, node_type)
            if node_type.is_block
            else self._plan_function(node, node_type)
        )
        self.plans[node.id] = plan
        return plan

    def settle(self, node_id: str, record: Record) -> None:
        """Take over what the node did, now or earlier."""
        plan = self.plans[node_id]
        outputs = {
            name: ref if ref.writer else ref.written_by(node_id)
            for name, ref in record.outputs.items()
        }
        self.wires[node_id] = {
            name: change.apply(plan.wires, node_id) for name, change in record.wires.items()
        }
        self.outputs[node_id] = outputs
        for ref in record.outputs.values():
            self.producers.setdefault(ref.key, node_id)
        if record.block_state is not None:
            for written in record.block_state.written:
                self.producers.setdefault(written.ref.key, node_id)

    def settle_unknown(self, node_id: str) -> None:
        """Go on without running the node: what it writes gets a key that matches nothing."""
        plan = self.plans[node_id]
        sign = WILL_CHANGE if plan.prospect is Prospect.RUN else MAY_CHANGE

        def unknown(name: str, mark: str) -> ValueRef:
            return ValueRef(f"{mark}{node_id}.{name}", writer=node_id)

        outputs: dict[str, ValueRef] = {}
        wires: dict[str, Wire] = {}
        passed = next(iter(plan.wires.values()), None)
        for socket in plan.node_type.outputs:
            if socket.type is SocketType.PIPELINE:
                wire = passed or Wire.start(PipelineBase(f"{sign}{node_id}"), {})
                for read in plan.reads:
                    wire = wire.with_value(read.name, unknown(read.name, MAY_CHANGE))
                for written in plan.resolved.outputs if plan.resolved else ():
                    ref = unknown(written.name, sign)
                    wire = wire.with_value(written.name, ref, written.bundle)
                wires[socket.name] = replace(wire, key=f"{sign}{wire.key}")
            else:
                outputs[socket.name] = unknown(socket.name, sign)
        self.outputs[node_id], self.wires[node_id] = outputs, wires

    # -- gathering inputs

    def _plan_block(self, node: Node, node_type: NodeType) -> NodePlan:
        wire = self._linked_wire(node, "pipeline")
        typed: dict[str, ReadFrom] = {}
        for name, given in node.inputs.items():
            socket = node_type.input(name)
            if name in ("pipeline", BLOCKS) or (socket is not None and socket.is_setting):
                continue
            wire = self._put_on_wire(node, node_type, name, wire)
            typed[name.rpartition(".")[2]] = "linked" if isinstance(given, Link) else "typed"
        resolved = self.resolver.resolve(node_type, wire.is_present, wire.is_true)
        wire = self._with_seed(node, resolved, wire)
        reads = _reads(resolved, wire, typed)
        parts = [_key_part(read, resolved) for read in reads]
        declared = {need.name for need in resolved.components}
        for name in sorted(declared):
            ref = wire.components.get(name)
            parts.append(f"component {name}={ref.key if ref else ABSENT}")
        parts.append(f"base={wire.base.key}")
        key = key_of("block", *_code_of(node_type), wire.components.config_key, *parts)
        wires = {"pipeline": wire}
        record = self._record(node_type, key, wires)
        prospect = _prospect(parts) if record is None else Prospect.KEPT
        return NodePlan(node, node_type, key, prospect, record, {}, wires, resolved, reads)

    def _plan_function(self, node: Node, node_type: NodeType) -> NodePlan:
        refs: dict[str, ValueRef] = {}
        wires: dict[str, Wire] = {}
        for socket in node_type.inputs:
            given = node.inputs.get(socket.name)
            if given is None:
                continue
            if socket.type is SocketType.PIPELINE:
                wires[socket.name] = self._linked_wire(node, socket.name)
            else:
                refs[socket.name] = self._ref_of(node, socket, given)
        parts = [f"{name}={ref.key}" for name, ref in sorted(refs.items())]
        if node_type.kind is Kind.COMPONENT:
            parts.append(f"replaces={_replaced_config(node_type, refs, wires)}")
        outside = self.fingerprint(node, node_type, refs) if self.fingerprint else ""
        if node_type.is_volatile:
            # What it makes this time is another value than last time, also for whoever reads it.
            outside += f"|{self.run_id}"
        key = key_of("function", *_code_of(node_type), outside, *parts)
        record = self._record(node_type, key, wires)
        if record is not None:
            return NodePlan(node, node_type, key, Prospect.KEPT, record, refs, wires)
        prospect = _prospect([*parts, *(f"={wire.key}" for wire in wires.values())])
        return NodePlan(node, node_type, key, prospect, None, refs, wires)

    def _record(
        self, node_type: NodeType, primary: str, wires: Mapping[str, Wire]
    ) -> Record | None:
        """The earlier result that stands, if there is one."""
        if node_type.is_volatile:
            return None
        for trace in self.store.traces(primary):
            record = self.store.record(_key_with(primary, trace, wires))
            if record is not None:
                return record
        return None

    def _linked_wire(self, node: Node, name: str) -> Wire:
        link = node.inputs[name]
        if not isinstance(link, Link):
            raise LookupError(f"input {name!r} of node {node.id!r} carries no link")
        wires = self.wires[link.node_id]
        return wires[self._output_name(link)]

    def _output_name(self, link: Link) -> str:
        if isinstance(link.output, str):
            return link.output
        source_type = self.plans[link.node_id].node_type
        return source_type.outputs[link.output].name

    def _put_on_wire(self, node: Node, node_type: NodeType, name: str, wire: Wire) -> Wire:
        given = node.inputs[name]
        bundle, dot, member = name.rpartition(".")
        socket = node_type.input(name) or (node_type.input(bundle) if dot else None)
        if socket is None:
            socket = InputSocket(name, SocketType.ANY)
        if socket.is_bundle and not dot:
            return self._spread_bundle(node, socket, given, wire)
        ref = self._ref_of(node, replace(socket, name=member) if dot else socket, given)
        return wire.with_value(member, ref, bundle if dot else socket.bundle)

    def _spread_bundle(
        self, node: Node, socket: InputSocket, given: Link | Literal, wire: Wire
    ) -> Wire:
        """Values put in under the bundle's own name are spread into it, as diffusers does."""
        if isinstance(given, Literal) and isinstance(given.value, dict):
            member_socket = InputSocket(socket.name, SocketType.ANY)
            for name, value in given.value.items():
                ref = self._ref_of(node, member_socket, Literal(value))
                wire = wire.with_value(name, ref, socket.name)
        return wire

    def _ref_of(self, node: Node, socket: InputSocket, given: Link | Literal) -> ValueRef:
        if isinstance(given, Link):
            ref = self.outputs[given.node_id][self._output_name(given)]
            if socket.type is SocketType.SEED and type(ref.inline) is int:
                return self.literal_ref(node.id, socket, ref.inline)
            return ref.linked()
        return self.literal_ref(node.id, socket, given.value)

    def literal_ref(self, node_id: str, socket: InputSocket, value: Json) -> ValueRef:
        """A reference to a typed value."""
        if isinstance(value, int) and not isinstance(value, bool):
            value = float(value) if socket.type is SocketType.FLOAT else value
        if socket.type is not SocketType.SEED or value is None:
            key = content_key(value)
            if key:
                return ValueRef(key, value is None, node_id, Origin.TYPED, inline=value)
        key = key_of("literal", socket.type.value, json_key(value))
        self.literals[key] = (socket, value)
        self.has_used_seed = self.has_used_seed or socket.type is SocketType.SEED
        return ValueRef(key, writer=node_id, origin=Origin.TYPED)

    def _with_seed(self, node: Node, resolved: Resolved, wire: Wire) -> Wire:
        """Give the run's seed to a block that would otherwise draw from nobody's generator."""
        if self.seed is None:
            return wire
        for socket in resolved.inputs:
            if socket.type is SocketType.SEED and not wire.is_present(socket.name):
                ref = self.literal_ref(node.id, socket, self.seed)
                wire = wire.with_value(socket.name, ref, socket.bundle)
        return wire


def _code_of(node_type: NodeType) -> tuple[str, ...]:
    """What stands for the code in a key: a node whose file was changed is another node."""
    return (node_type.id, node_type.digest) if node_type.digest else (node_type.id,)


def _key_with(primary: str, trace: Trace, wires: Mapping[str, Wire]) -> str:
    if not trace:
        return primary
    return key_of(
        "node", primary, *[f"{at}.{name}={_read_key(wires, at, name)}" for at, name in trace]
    )


def _read_key(wires: Mapping[str, Wire], parameter: str, name: str) -> str:
    wire = wires.get(parameter)
    if wire is None:
        return ABSENT
    if name == WHOLE_WIRE:
        return wire.key
    if name == ALL_COMPONENTS:
        return wire.components.key
    ref = wire.values.get(name)
    return ABSENT if ref is None else ref.key


def _reads(resolved: Resolved, wire: Wire, typed: Mapping[str, ReadFrom]) -> tuple[ReadValue, ...]:
    reads: dict[str, ReadValue] = {}
    for socket in resolved.inputs:
        if socket.type is SocketType.PIPELINE:
            continue
        if socket.is_bundle:
            for name, ref in wire.bundle(socket.name).items():
                reads.setdefault(name, ReadValue(name, ref, typed.get(name, "bundle"), ref.writer))
            continue
        found = wire.values.get(socket.name)
        if found is None:
            reads[socket.name] = ReadValue(socket.name, None, "default")
        else:
            came_from = typed.get(socket.name, "state")
            reads[socket.name] = ReadValue(socket.name, found, came_from, found.writer)
    return tuple(reads.values())


def _key_part(read: ReadValue, resolved: Resolved) -> str:
    """What a value counts for in the key: its own key, or its presence where no more is read."""
    key = ABSENT if read.ref is None else read.ref.key
    if read.name in resolved.by_presence and not key.startswith((WILL_CHANGE, MAY_CHANGE)):
        key = "none" if read.ref is None or read.ref.is_none else "present"
    return f"{read.name}={key}"


def component_name(node_type: NodeType, refs: Mapping[str, ValueRef]) -> str:
    """Which component of the wire a node of kind COMPONENT replaces."""
    ref = refs.get("component")
    if ref is not None and isinstance(ref.inline, str):
        return ref.inline
    socket = node_type.input("component")
    return str(socket.default) if socket is not None else ""


def _replaced_config(
    node_type: NodeType, refs: Mapping[str, ValueRef], wires: Mapping[str, Wire]
) -> str:
    name = component_name(node_type, refs)
    found = [wire.components[name] for wire in wires.values() if name in wire.components]
    return found[0].config_key if found else ABSENT


def _prospect(parts: list[str]) -> Prospect:
    """What is to be expected of a node of which no earlier result stands."""
    text = "\n".join(parts)
    is_open = f"={MAY_CHANGE}" in text and f"={WILL_CHANGE}" not in text
    return Prospect.PERHAPS if is_open else Prospect.RUN
