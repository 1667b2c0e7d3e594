"""Where every input of every node gets its value, found by following the graph without a run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from blockloom.graph.branches import BranchResolver, Resolved, writes_back
from blockloom.graph.choices import Presence
from blockloom.graph.model import Graph, Json, Link, Literal, Node
from blockloom.graph.node_types import InputSocket, NodeType, NodeTypes, OutputSocket
from blockloom.graph.order import Order, topological_order
from blockloom.graph.sockets import SocketType
from blockloom.graph.wire import NEW_WIRE, Wire, Written
from blockloom.graph.wire_rules import wire_behind


@dataclass(frozen=True, slots=True)
class Linked:
    """From an output of another node."""

    node_id: str
    output: str


@dataclass(frozen=True, slots=True)
class Typed:
    """Typed on the node itself."""

    value: Json


@dataclass(frozen=True, slots=True)
class Inherited:
    """From the state on the main wire, where ``node_id`` wrote ``name`` last.

    Not certain: the node may have written it (it read the name, may take another branch, or is a
    function that may write anything); the input's default holds where it did not.
    """

    node_id: str
    name: str
    is_certain: bool = True


@dataclass(frozen=True, slots=True)
class Gathered:
    """A whole bundle from the state: the names in it, and which node put each there."""

    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Default:
    """The block's own default; ``text`` shows one that is no JSON."""

    value: Json = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Missing:
    """From nowhere, though the input is required."""


Source: TypeAlias = Linked | Typed | Inherited | Gathered | Default | Missing


@dataclass(frozen=True, slots=True)
class NodeFlow:
    """One node: each input's source, what it does, and the main wire as it leaves it.

    ``sources`` has every socket of the type in its order, every ``bundle.name`` input of the graph,
    and what a composite reads inside without a socket of its own; ``given`` is the wire as it
    arrives, with what is typed and linked put on it.
    """

    sources: Mapping[str, Source]
    resolved: Resolved
    given: Wire
    wire: Wire


@dataclass(frozen=True, slots=True)
class Flow:
    """The whole graph; nodes in and behind a cycle are in ``order`` as stuck, and not here."""

    order: Order
    nodes: Mapping[str, NodeFlow] = field(default_factory=dict)


def trace_flow(graph: Graph, types: NodeTypes, resolver: BranchResolver | None = None) -> Flow:
    """Follow all wires of a graph in running order; never fails, whatever the graph."""
    resolver = resolver or BranchResolver(types)
    order = topological_order(graph)
    flows: dict[str, NodeFlow] = {}
    scene = _Scene(graph, types, flows)
    for node_id in order.nodes:
        node = graph.nodes[node_id]
        node_type = types.get(node.type_id)
        if node_type is None:
            sources = {name: _given_source(value, None) for name, value in node.inputs.items()}
            unknown = NEW_WIRE.opened(node_id)
            flows[node_id] = NodeFlow(sources, Resolved(undecided=("",)), unknown, unknown)
            continue
        if node_type.is_block:
            flows[node_id] = _trace_block(node, node_type, scene, resolver)
        else:
            flows[node_id] = _trace_function(node, node_type, scene, resolver)
    return Flow(order, flows)


def field_of_bundle(node_type: NodeType, name: str) -> tuple[str, str] | None:
    """Split an input name such as ``denoiser_input_fields.prompt_embeds``, if it is one."""
    bundle, dot, member = name.partition(".")
    socket = node_type.input(bundle) if dot and member else None
    return (bundle, member) if socket is not None and socket.is_bundle else None


@dataclass(frozen=True, slots=True)
class _Scene:
    """The nodes traced so far."""

    graph: Graph
    types: NodeTypes
    flows: Mapping[str, NodeFlow]

    def output(self, link: Link) -> OutputSocket | None:
        """The output a link comes from, if node, type and output are there."""
        node = self.graph.nodes.get(link.node_id)
        node_type = self.types.get(node.type_id) if node else None
        return node_type.output(link.output) if node_type else None

    def arriving(self, node: Node, name: str) -> Wire | None:
        """The main wire linked to an input; one of an unknown node may carry anything."""
        given = node.inputs.get(name)
        if not isinstance(given, Link):
            return None
        flow = self.flows.get(given.node_id)
        return flow.wire if flow is not None else NEW_WIRE.opened(given.node_id)

    def presence(self, given: Link | Literal) -> Presence:
        """Whether a typed or linked value is there and not None."""
        if isinstance(given, Literal):
            return given.value is not None
        output, flow = self.output(given), self.flows.get(given.node_id)
        source = self.graph.nodes.get(given.node_id)
        source_type = self.types.get(source.type_id) if source else None
        if output is None or flow is None or source_type is None:
            return None
        return flow.wire.presence(output.name) if source_type.is_block else True


def _trace_function(
    node: Node, node_type: NodeType, scene: _Scene, resolver: BranchResolver
) -> NodeFlow:
    sources: dict[str, Source] = {}
    arriving: list[Wire | None] = []
    for socket in node_type.inputs:
        given = node.inputs.get(socket.name)
        if given is not None:
            sources[socket.name] = _given_source(given, scene)
        else:
            sources[socket.name] = _own_source(socket)
        if socket.type is SocketType.PIPELINE:
            arriving.append(scene.arriving(node, socket.name))
    wire = wire_behind(node_type, node, arriving)
    resolved = resolver.resolve(node_type, wire.presence, wire.truth)
    given_wire = next((wire for wire in arriving if wire is not None), NEW_WIRE)
    return NodeFlow(sources, resolved, given_wire, wire)


def _trace_block(
    node: Node, node_type: NodeType, scene: _Scene, resolver: BranchResolver
) -> NodeFlow:
    arriving = scene.arriving(node, "pipeline") or NEW_WIRE
    given = _with_given_values(arriving, node, node_type, scene)
    resolved = resolver.resolve(node_type, given.presence, given.truth)
    read = {socket.name: socket for socket in resolved.inputs}
    sources: dict[str, Source] = {}
    for socket in node_type.inputs:
        value = node.inputs.get(socket.name)
        if value is not None:
            sources[socket.name] = _given_source(value, scene)
        elif socket.type is SocketType.PIPELINE or socket.is_setting:
            sources[socket.name] = _own_source(socket)
        elif socket.is_bundle:
            sources[socket.name] = Gathered(given.members(socket.name))
        else:
            sources[socket.name] = _state_source(read.get(socket.name), socket, given)
    for name, value in node.inputs.items():
        if field_of_bundle(node_type, name):
            sources[name] = _given_source(value, scene)
    for name, inner in read.items():
        if name not in sources and not inner.is_bundle:
            sources[name] = _state_source(inner, inner, given)
    return NodeFlow(sources, resolved, given, wire_behind_block(node.id, resolved, given))


def _with_given_values(wire: Wire, node: Node, node_type: NodeType, scene: _Scene) -> Wire:
    """The wire with what is typed on a block or linked to it: later blocks see these as well."""
    for name, given in node.inputs.items():
        inside_bundle = field_of_bundle(node_type, name)
        socket = node_type.input(name)
        if inside_bundle:
            bundle, member = inside_bundle
            wire = wire.with_name(member, Written(node.id, presence=scene.presence(given)), bundle)
        elif socket is None or socket.type is SocketType.PIPELINE or socket.is_setting:
            continue
        elif socket.is_bundle:
            wire = _with_whole_bundle(wire, node.id, socket, given)
        else:
            truth = bool(given.value) if isinstance(given, Literal) else None
            written = Written(node.id, presence=scene.presence(given), truth=truth)
            wire = wire.with_name(name, written, socket.bundle)
    return wire


def _with_whole_bundle(
    wire: Wire, node_id: str, socket: InputSocket, given: Link | Literal
) -> Wire:
    """Values given under the bundle's own name are spread into it, as diffusers does."""
    if isinstance(given, Link):
        return wire.opened(node_id)
    for name, value in given.value.items() if isinstance(given.value, dict) else ():
        wire = wire.with_name(name, Written(node_id, presence=value is not None), socket.name)
    return wire


def wire_behind_block(node_id: str, resolved: Resolved, wire: Wire) -> Wire:
    """What a block leaves in the state: what it read, its defaults, and its outputs."""
    for socket in resolved.inputs:
        if socket.is_bundle or socket.name in resolved.by_presence:
            continue
        before = wire.writer(socket.name)
        was_absent = before is None or (before.is_certain and before.presence is False)
        if writes_back(socket):
            if before is None or before.presence is not True:
                is_certain = was_absent and resolved.is_certain
                truth = None if socket.default_text else bool(socket.default)
                kept = Written(node_id, is_certain, truth=truth)
                wire = wire.with_name(socket.name, kept, socket.bundle)
        elif was_absent:
            # Blocks may change what they read without declaring it as an output.
            perhaps = Written(node_id, is_certain=False, presence=False)
            wire = wire.with_name(socket.name, perhaps, socket.bundle)
    for output in resolved.outputs:
        is_certain = output.name in resolved.surely_written
        presence: Presence = True if is_certain else None
        wire = wire.with_name(output.name, Written(node_id, is_certain, presence), output.bundle)
    return wire


def _given_source(given: Link | Literal, scene: _Scene | None) -> Source:
    if isinstance(given, Literal):
        return Typed(given.value)
    output = scene.output(given) if scene else None
    return Linked(given.node_id, output.name if output else str(given.output))


def _state_source(read: InputSocket | None, declared: InputSocket, wire: Wire) -> Source:
    written = wire.writer(declared.name)
    if written is not None and not (written.is_certain and written.presence is False):
        return Inherited(written.node_id, declared.name, written.is_certain)
    if read is None:
        return Default(declared.default, declared.default_text)
    return _own_source(read)


def _own_source(socket: InputSocket) -> Source:
    if socket.is_required and not writes_back(socket):
        return Missing()
    return Default(socket.default, socket.default_text)
