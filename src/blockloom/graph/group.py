"""A chain of blocks put together into one node, so that the graph gives the very same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from blockloom.errors import GraphError, Place, Problem
from blockloom.graph.block_lists import (
    BLOCKS,
    MOST_BLOCKS,
    SEQUENCE,
    ChosenBlock,
    blocks_to_json,
)
from blockloom.graph.branches import BranchResolver
from blockloom.graph.expand_inputs import Part
from blockloom.graph.flow import field_of_bundle, trace_flow
from blockloom.graph.json_value import quoted
from blockloom.graph.model import Graph, Input, Link, Literal, Node
from blockloom.graph.names import unique_id
from blockloom.graph.node_types import InputSocket, Kind, NodeTypes
from blockloom.graph.sockets import SocketType

_MAIN = "pipeline"


@dataclass(frozen=True, slots=True)
class Grouping:
    """The graph with a chain of nodes as one node, and that node's id."""

    graph: Graph
    node_id: str


def group(graph: Graph, node_ids: Iterable[str], types: NodeTypes, title: str = "") -> Grouping:
    """Put blocks that follow each other on the main wire into one node, a sequence of them.

    What was typed on them or linked to them from outside becomes an input of the sequence, which
    puts it into the state before the first block. Raises GraphError, with the node and the reason,
    where that would give another result.
    """
    wanted = dict.fromkeys(node_ids)
    chain = _chain(graph, wanted, types)
    flow = trace_flow(graph, types, BranchResolver(types))
    parts = []
    for node in chain:
        node_type, node_flow = types.get(node.type_id), flow.nodes.get(node.id)
        if node_type is None or node_flow is None:
            raise _refusal(node, "It stands in or behind a circle of links.")
        parts.append(Part(node, node_type, node_flow.resolved))
    draft = _Draft(graph, tuple(parts))
    draft.take_inputs()
    draft.check_readers()
    return draft.grouped(title)


def _chain(graph: Graph, wanted: dict[str, None], types: NodeTypes) -> list[Node]:
    """The nodes in the order of the main wire that leads through all of them."""
    nodes = [_block(graph, node_id, types) for node_id in wanted]
    if not 0 < len(nodes) <= MOST_BLOCKS:
        message = f"{len(nodes)} nodes cannot be one group; it takes 1 to {MOST_BLOCKS}."
        raise GraphError([Problem("cannot_group", Place(), message, "Select other nodes.")])
    before = {node.id: _source(node) for node in nodes}
    starts = [node for node in nodes if before[node.id] not in wanted]
    behind = {source: node for node in nodes if (source := before[node.id]) in wanted}
    chain = starts[:1]
    while chain and len(chain) <= len(nodes) and chain[-1].id in behind:
        chain.append(behind[chain[-1].id])
    if len(chain) != len(nodes):
        apart = next((n for n in nodes if all(n.id != one.id for one in chain)), nodes[0])
        raise _refusal(
            apart,
            "The nodes of a group must follow each other on the main wire, and this one does not.",
            "Select a chain without gaps and forks.",
        )
    return chain


def _source(node: Node) -> str:
    given = node.inputs.get(_MAIN)
    return given.node_id if isinstance(given, Link) else ""


def _block(graph: Graph, node_id: str, types: NodeTypes) -> Node:
    node = graph.nodes.get(node_id)
    if node is None:
        message = "The graph has no node of this id to group."
        raise GraphError([Problem("missing_node", Place(node_id), message)])
    node_type = types.get(node.type_id)
    if node_type is None or not node_type.is_block or node_type.kind is Kind.LOOP_STEP:
        raise _refusal(node, "Only diffusers' blocks can be put into a group.", "Leave it out.")
    return node


def _refusal(node: Node, message: str, remedy: str = "", socket: str | None = None) -> GraphError:
    place = Place(node.id, node.class_type, socket)
    return GraphError([Problem("cannot_group", place, message, remedy)])


def _is_spent(socket: InputSocket | None) -> bool:
    """Whether a value is another one after its use: each node with a seed begins anew."""
    return socket is not None and socket.type is SocketType.SEED


@dataclass(slots=True)
class _Draft:
    """A graph while its nodes are grouped."""

    graph: Graph
    parts: tuple[Part, ...]
    inputs: dict[str, Input] = field(default_factory=dict)

    @property
    def ids(self) -> set[str]:
        return {part.node.id for part in self.parts}

    def take_inputs(self) -> None:
        """What the nodes were given becomes what the group is given."""
        for number, part in enumerate(self.parts):
            for name, given in part.node.inputs.items():
                socket = part.type.input(name)
                is_setting = name == BLOCKS or (socket is not None and socket.is_setting)
                if is_setting or (name == _MAIN and number):
                    continue
                if isinstance(given, Link) and given.node_id in self.ids:
                    self._check_inner_link(number, name, given)
                else:
                    self._take(number, name, given)

    def _take(self, number: int, name: str, given: Input) -> None:
        part, before = self.parts[number], self.parts[:number]
        bundle, state_name = field_of_bundle(part.type, name) or ("", name)
        socket = part.type.input(name)
        bundle = bundle or (socket.bundle if socket is not None else "")
        if self.inputs.get(name) == given and not _is_spent(socket):
            before = tuple(earlier for earlier in before if earlier.writes(state_name))
        for earlier in before:
            if earlier.touches(state_name, bundle):
                raise _refusal(
                    part.node,
                    f"{quoted(state_name)} is given here, but {quoted(earlier.node.id)} before it "
                    "in the group uses that name, too, and would see this value.",
                    "Leave one of the two nodes out of the group, or give both the same value.",
                    name,
                )
        self.inputs[name] = given

    def _check_inner_link(self, number: int, name: str, link: Link) -> None:
        """A link inside the group must say what the main wire says anyway."""
        part = self.parts[number]
        _, state_name = field_of_bundle(part.type, name) or ("", name)
        index = next(n for n, one in enumerate(self.parts) if one.node.id == link.node_id)
        output = self.parts[index].type.output(link.output)
        is_same = output is not None and output.name == state_name
        changed = (one for one in self.parts[index + 1 : number] if one.may_change(state_name))
        between = next(changed, None)
        if is_same and between is None and index < number:
            return
        why = (
            f"{quoted(between.node.id)} between them changes that value."
            if between is not None
            else "it comes from an output of another name."
        )
        raise _refusal(
            part.node,
            f"It is linked to {quoted(link.node_id)} in the same group, and {why}",
            "Inside a group values travel on the main wire only: leave one of them out.",
            name,
        )

    def check_readers(self) -> None:
        """Nobody outside may read what only exists in the middle of the group."""
        places = {part.node.id: number for number, part in enumerate(self.parts)}
        for node, name, link in self._readers():
            number = places[link.node_id]
            output = self.parts[number].type.output(link.output)
            later = self.parts[number + 1 :]
            if output is None or not later:
                continue
            if output.name == _MAIN:
                raise _refusal(
                    node,
                    f"It reads the main wire behind {quoted(link.node_id)}, in the middle of the "
                    "group.",
                    "Take it into the group, or end the group there.",
                    name,
                )
            changing = next((part for part in later if part.may_change(output.name)), None)
            if changing is not None:
                raise _refusal(
                    node,
                    f"It reads {quoted(output.name)} of {quoted(link.node_id)}, and "
                    f"{quoted(changing.node.id)} further on in the group may change that.",
                    "End the group before that node, or link the last one's output.",
                    name,
                )

    def _readers(self) -> Iterator[tuple[Node, str, Link]]:
        ids = self.ids
        for node in self.graph.nodes.values():
            if node.id not in ids:
                for name, link in node.links():
                    if link.node_id in ids:
                        yield node, name, link

    def grouped(self, title: str) -> Grouping:
        taken = set(self.graph.nodes) - self.ids
        words = "".join(c if c.isalnum() or c in "_-" else "_" for c in title.lower()).strip("_")
        node_id = unique_id(words or "group", taken)
        names: dict[str, str] = {}
        for part in self.parts:
            name = part.node.id.replace(".", "_")
            names[unique_id(name, names)] = part.type.id
        blocks = [ChosenBlock(name, type_id) for name, type_id in names.items()]
        main = {_MAIN: self.inputs.pop(_MAIN)} if _MAIN in self.inputs else {}
        inputs = {**main, BLOCKS: Literal(blocks_to_json(blocks)), **self.inputs}
        meta = {**self.parts[0].node.meta, "title": title or "Group"}
        made = Node(node_id, SEQUENCE, inputs, meta)
        return Grouping(self._with(made), node_id)

    def _with(self, made: Node) -> Graph:
        """The graph with the group where the first of its nodes stood."""
        first, ids = self.parts[0].node.id, self.ids
        outputs = {part.node.id: part.type for part in self.parts}
        nodes: dict[str, Node] = {}
        for node in self.graph.nodes.values():
            if node.id == first:
                nodes[made.id] = made
            if node.id in ids:
                continue
            for name, link in list(node.links()):
                if link.node_id in ids:
                    output = outputs[link.node_id].output(link.output)
                    read = output.name if output is not None else link.output
                    node = node.with_input(name, Link(made.id, read))
            nodes[node.id] = node
        return replace(self.graph, nodes=nodes)
