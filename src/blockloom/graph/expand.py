"""A composite node replaced by the blocks inside it, so that the graph gives the very same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from blockloom.errors import GraphError, Place, Problem
from blockloom.graph.block_lists import BLOCKS, blocks_to_json, parts_of
from blockloom.graph.branches import BranchResolver, Resolved
from blockloom.graph.choices import looked_at
from blockloom.graph.expand_inputs import Part, place_inputs
from blockloom.graph.expand_layout import make_room
from blockloom.graph.flow import Flow, trace_flow, wire_behind_block
from blockloom.graph.model import Graph, Input, Json, Link, Literal, Node
from blockloom.graph.names import in_words, unique_id
from blockloom.graph.node_types import Kind, NodeType, NodeTypes, SubBlock
from blockloom.graph.wire import Wire
from blockloom.graph.wire_rules import GET_VALUE_OUTPUT, get_value_node, may_read_state

_MAIN = "pipeline"


@dataclass(frozen=True, slots=True)
class Expansion:
    """The graph with a node expanded.

    ``node_ids`` are the nodes that stand in its place, those on the main wire first and in their
    order. A conditional that takes one branch keeps its id. ``reason`` says why nothing stands
    there, where the node does nothing in this graph.
    """

    graph: Graph
    node_ids: tuple[str, ...] = ()
    reason: str = ""


def expand(graph: Graph, node_id: str, types: NodeTypes) -> Expansion:
    """Replace a sequential node by its sub-blocks, a conditional by the branch it takes here.

    What was typed on the node or linked to it goes to the sub-block that reads it first, or is put
    on the main wire before them where none has a socket for it. Raises GraphError for nodes that
    have nothing inside that could stand alone, and for conditionals that only a run decides.
    """
    node = graph.nodes.get(node_id)
    if node is None:
        message = "The graph has no node of this id to expand."
        raise GraphError([Problem("missing_node", Place(node_id), message)])
    node_type = _expandable(node, types)
    resolver = BranchResolver(types)
    flow = trace_flow(graph, types, resolver)
    own = flow.nodes.get(node_id)
    if own is None:
        raise _refusal(node, "It stands in or behind a circle of links.", "Remove one of them.")
    subs = _sub_blocks(node, node_type, own.resolved)
    draft = _Draft(graph, node, node_type, types, flow)
    draft.add_parts(subs, own.given, resolver)
    draft.give_inputs()
    draft.chain_up()
    draft.relink()
    reason = "" if subs else _why_skipped(node_type)
    beside = [made.id for made in draft.beside]
    chain = [made.id for made in draft.chain]
    laid_out = make_room(draft.graph, node, chain, beside, types)
    return Expansion(laid_out, (*chain, *beside), reason)


def _expandable(node: Node, types: NodeTypes) -> NodeType:
    node_type = types.get(node.type_id)
    if node_type is None:
        raise _refusal(node, "There is no node type of this name.", "", "unknown_type")
    if node_type.kind in (Kind.SEQUENTIAL, Kind.CONDITIONAL) and node_type.sub_blocks:
        return node_type
    if node_type.kind is Kind.LOOP:
        why = "A loop runs its blocks as one thing: they cannot stand alone."
    elif node_type.is_block:
        why = "There is nothing smaller inside this block."
    else:
        why = "Only diffusers' blocks have blocks inside."
    raise _refusal(node, why, "")


def _refusal(node: Node, message: str, remedy: str, code: str = "cannot_expand") -> GraphError:
    return GraphError([Problem(code, Place(node.id, node.class_type), message, remedy)])


def _sub_blocks(node: Node, node_type: NodeType, resolved: Resolved) -> tuple[SubBlock, ...]:
    """The blocks that stand in the node's place: all in order, or the branch that is taken."""
    if node_type.kind is Kind.SEQUENTIAL:
        return node_type.sub_blocks
    for refused in resolved.contradictions:
        if refused.path == "":
            raise _refusal(node, refused.message, "Give only inputs that belong together.")
    decided = dict(resolved.choices)
    if "" not in decided:
        names = dict(resolved.undecided_by).get("") or looked_at(node_type)
        shown = ", ".join(f'"{name}"' for name in names)
        raise _refusal(
            node,
            f"Only a run decides which branch it takes: that depends on {shown}.",
            "Give or leave out these values, so that it is decided before.",
        )
    return tuple(sub for sub in node_type.sub_blocks if sub.name == decided[""])


def _why_skipped(node_type: NodeType) -> str:
    names = " or ".join(f'"{name}"' for name in looked_at(node_type))
    return f"It does nothing in this graph: it runs only where {names} is given."


@dataclass(slots=True)
class _Draft:
    """The graph while the node is replaced."""

    graph: Graph
    node: Node
    node_type: NodeType
    types: NodeTypes
    flow: Flow
    parts: list[Part] = field(default_factory=list)
    before: list[Node] = field(default_factory=list)
    """Nodes that put values on the main wire before the parts."""
    beside: list[Node] = field(default_factory=list)
    after: Wire = field(default_factory=Wire)
    taken: set[str] = field(default_factory=set)

    @property
    def chain(self) -> list[Node]:
        """The new nodes on the main wire."""
        return [*self.before, *(part.node for part in self.parts)]

    def free_id(self, name: str) -> str:
        found = unique_id(name, self.taken)
        self.taken.add(found)
        return found

    def add_parts(
        self, subs: tuple[SubBlock, ...], arriving: Wire, resolver: BranchResolver
    ) -> None:
        """The sub-blocks as nodes, each with what it does at its place."""
        self.taken = set(self.graph.nodes)
        self.after = arriving
        for sub in subs:
            sub_type = self.types.get(sub.type_id)
            if sub_type is None:
                message = f"The block {sub.type_id} inside it is not in the catalogue."
                raise _refusal(self.node, message, "", "unknown_type")
            resolved = resolver.resolve(sub_type, self.after.presence, self.after.truth)
            node = self._node_for(sub)
            self.after = wire_behind_block(node.id, resolved, self.after)
            self.parts.append(Part(node, sub_type, resolved))

    def _node_for(self, sub: SubBlock) -> Node:
        if self.node_type.kind is Kind.CONDITIONAL:
            return _node_of(self.node.id, sub.type_id, self.node.meta)
        name = sub.name.split(".")[-1]
        return _node_of(self.free_id(name), sub.type_id, {"title": in_words(name)})

    def give_inputs(self) -> None:
        """What was typed and linked goes to the parts, or on the main wire before them."""
        parts = tuple(self.parts)
        placed = place_inputs(self.node, self.node_type, parts, self.free_id, self.may_be_read)
        self.parts = list(placed.parts)
        self.before = list(placed.before)
        self.beside = list(placed.beside)

    def may_be_read(self, name: str, bundle: str) -> bool:
        """Whether any other node may read a name of the state, or the bundle it is in."""
        for node in self.graph.nodes.values():
            node_type, flow = self.types.get(node.type_id), self.flow.nodes.get(node.id)
            if node.id == self.node.id:
                continue
            if node_type is None or flow is None:
                return True
            if not node_type.is_block:
                if may_read_state(node_type, node, name):
                    return True
                continue
            read = {socket.name for socket in (*node_type.inputs, *flow.resolved.inputs)}
            if name in read or (bundle and bundle in read):
                return True
        return False

    def chain_up(self) -> None:
        """Link the chain, and put it where the node stood in the file."""
        source = self.node.inputs.get(_MAIN)
        new: dict[str, Node] = {}
        for node in self.chain:
            new[node.id] = _with_first_input(node, _MAIN, source)
            source = Link(node.id, _MAIN)
        new.update({node.id: node for node in self.beside})
        nodes: dict[str, Node] = {}
        for node_id, node in self.graph.nodes.items():
            nodes.update(new if node_id == self.node.id else {node_id: node})
        self.graph = replace(self.graph, nodes=nodes)

    def relink(self) -> None:
        """Let everything that read the node read what gives the same now."""
        made = {node.id for node in (*self.chain, *self.beside)}
        for node in list(self.graph.nodes.values()):
            if node.id not in made:
                for name, link in list(node.links()):
                    if link.node_id == self.node.id:
                        node = node.with_input(name, self._instead_of(link))
                self.graph = self.graph.with_node(node)

    def _instead_of(self, link: Link) -> Input | None:
        output = self.node_type.output(link.output)
        if output is None:
            return link
        if output.name == _MAIN:
            return self._end_of_chain()
        name = output.name
        last = next((part for part in reversed(self.parts) if part.may_change(name)), None)
        if last is not None and last.type.output(name) is not None:
            return Link(last.node.id, name)
        written = self.after.writer(name)
        if written is None or (written.is_certain and written.presence is False):
            return Literal(None)
        return self._taken_from_state(name)

    def _end_of_chain(self) -> Input | None:
        chain = self.chain
        return Link(chain[-1].id, _MAIN) if chain else self.node.inputs.get(_MAIN)

    def _taken_from_state(self, name: str) -> Link:
        """A value that none of the parts has an output for where it is as it leaves the last."""
        title = f"Get {name}"
        known = (node.id for node in self.beside if node.meta.get("title") == title)
        found = next(known, "")
        if not found:
            found = self.free_id(f"get_{name}")
            node = get_value_node(found, name).with_input(_MAIN, self._end_of_chain())
            node = replace(node, meta={"title": title})
            self.beside.append(node)
            self.graph = self.graph.with_node(node)
        return Link(found, GET_VALUE_OUTPUT)


def _node_of(node_id: str, type_id: str, meta: Mapping[str, Json]) -> Node:
    """A node of a type; blocks that were chosen for its inside are an input of it."""
    class_type, blocks = parts_of(type_id)
    node = Node(node_id, class_type, {}, meta)
    return node if blocks is None else node.with_input(BLOCKS, Literal(blocks_to_json(blocks)))


def _with_first_input(node: Node, name: str, value: Input | None) -> Node:
    inputs = {key: given for key, given in node.inputs.items() if key != name}
    return replace(node, inputs={name: value, **inputs} if value is not None else inputs)
