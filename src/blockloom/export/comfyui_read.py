"""What ComfyUI's editor saves as a workflow, read as a graph.

A workflow has values by their place, so only nodes whose type is known here can be read: ours, and
those of ComfyUI's own that we have, too.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from blockloom.errors import GraphError, Place, Problem
from blockloom.export.comfyui_drawing import ABOUT, MADE, MODES, NOTE, OUR_ID, TYPED
from blockloom.export.comfyui_marks import groups_in, notes_in, position_in
from blockloom.export.comfyui_nodes import ComfyNode
from blockloom.export.comfyui_values import ComfyNodes
from blockloom.graph.block_lists import BLOCKS
from blockloom.graph.drawn import REROUTE, REROUTE_INPUT, running_graph
from blockloom.graph.file import MAX_NODES, graph_to_json, read_graph
from blockloom.graph.json_value import quoted
from blockloom.graph.model import Graph, Input, Json, Link, Literal, Node
from blockloom.graph.node_types import NodeTypes
from blockloom.graph.sockets import SocketType

_VIRTUAL = frozenset({NOTE, "MarkdownNote"})
_PRIMITIVE = "PrimitiveNode"
"""A node that only ComfyUI's editor knows: a widget of the node it is linked to, drawn apart."""
_TEXTS = frozenset({"PrimitiveString", "PrimitiveStringMultiline"})
_JSON_TYPED = frozenset({SocketType.LIST, SocketType.DICT, SocketType.OBJECT})
_MODE_NAMES = {number: name for name, number in MODES.items()}
_EXPORT = "In ComfyUI, choose Workflow > Export (API), and open that file."

Record = Mapping[str, Json]


def is_workflow(document: Json) -> bool:
    """Whether this is what ComfyUI's editor saves, rather than what its server takes."""
    return isinstance(document, dict) and isinstance(document.get("nodes"), list)


def read_any(document: Json, types: NodeTypes) -> Graph:
    """A graph from a graph file, from ComfyUI's API format, or from its editor's workflow.

    Raises GraphError for what is none of these.
    """
    if is_workflow(document) and isinstance(document, dict):
        return read_workflow(document, types)
    return with_json_values(read_graph(document), types)


def read_workflow(workflow: Record, types: NodeTypes) -> Graph:
    """The graph of a workflow.

    Raises GraphError for one that has subgraphs, or nodes of which nothing is known: what was typed
    on those cannot be told, and would be lost.
    """
    listed = workflow.get("nodes")
    records = (
        [item for item in listed if isinstance(item, dict)] if isinstance(listed, list) else []
    )
    if len(records) > MAX_NODES:
        raise GraphError([_problem("too_many_nodes", f"It has {len(records)} nodes.", "Split it.")])
    _raise_for_subgraphs(workflow, records)
    by_number = {str(record.get("id")): record for record in records}
    reader = _Reader(
        ComfyNodes(types), _links_in(workflow.get("links")), by_number, _ids_of(by_number)
    )
    nodes = [node for record in records if (node := reader.node(record)) is not None]
    unknown = [
        node for node in nodes if node.class_type != REROUTE and not types.get(node.class_type)
    ]
    if unknown:
        raise GraphError([_unknown(node) for node in unknown])
    extra: dict[str, Json] = {"groups": groups_in(workflow), "notes": notes_in(workflow)}
    drawn = Graph({node.id: node for node in nodes}, extra)
    found = with_json_values(running_graph(drawn, types), types)
    # Values may be anything so far; whatever no graph file can hold is told here.
    return read_graph(graph_to_json(found))


def with_json_values(graph: Graph, types: NodeTypes) -> Graph:
    """The graph with lists and named values typed where ComfyUI has them in a text node as JSON."""
    nodes = dict(graph.nodes)
    emptied: set[str] = set()
    for node in graph.nodes.values():
        node_type = types.get(node.type_id)
        for name, link in node.links():
            socket = node_type.input(name) if node_type else None
            source = graph.nodes.get(link.node_id)
            is_json = name == BLOCKS or (socket is not None and socket.type in _JSON_TYPED)
            if not is_json or source is None:
                continue
            value = _json_in(source)
            if value is not None:
                nodes[node.id] = nodes[node.id].with_input(name, Literal(value))
                emptied.add(source.id)
    read = {link.node_id for node in nodes.values() for _, link in node.links()}
    kept = {id_: node for id_, node in nodes.items() if id_ not in emptied or id_ in read}
    return replace(graph, nodes=kept) if emptied else graph


def _json_in(source: Node) -> Json:
    """The list or object that a text node holds; None where it holds none."""
    given = source.inputs.get("value") if source.class_type in _TEXTS else None
    text = given.value if isinstance(given, Literal) else None
    return _parsed(text) if isinstance(text, str) else None


def _parsed(text: str) -> Json:
    try:
        value: Json = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, (list, dict)) else None


def _problem(code: str, message: str, remedy: str, node_id: str | None = None) -> Problem:
    return Problem(code, Place(node_id), message, remedy)


def _unknown(node: Node) -> Problem:
    message = "There is no node type of this name, so its values cannot be told by their place."
    return Problem("unknown_type", Place(node.id, node.class_type), message, _EXPORT)


def _raise_for_subgraphs(workflow: Record, records: list[dict[str, Json]]) -> None:
    definitions = workflow.get("definitions")
    listed = definitions.get("subgraphs") if isinstance(definitions, dict) else None
    names = {
        str(item.get("id")): str(item.get("name", ""))
        for item in (listed if isinstance(listed, list) else [])
        if isinstance(item, dict)
    }
    problems = [
        _problem(
            "subgraph",
            f"It is a subgraph of ComfyUI's editor ({quoted(names[str(record.get('type'))])}).",
            f"Unpack it there (right click, Unpack Subgraph), and save again. Or: {_EXPORT}",
            str(record.get("id")),
        )
        for record in records
        if str(record.get("type")) in names
    ]
    if problems:
        raise GraphError(problems)


@dataclass(frozen=True, slots=True)
class _Source:
    """Where a link of a workflow comes from."""

    node: Json
    place: int


def _links_in(listed: Json) -> dict[int, _Source]:
    """Where each link comes from, by its number; links are lists, or objects in newer files."""
    found: dict[int, _Source] = {}
    for item in listed if isinstance(listed, list) else []:
        if isinstance(item, list) and len(item) >= 3:
            number, node, place = item[0], item[1], item[2]
        elif isinstance(item, dict):
            number, node, place = item.get("id"), item.get("origin_id"), item.get("origin_slot")
        else:
            continue
        if isinstance(number, int) and isinstance(place, int):
            found[number] = _Source(node, place)
    return found


def _ids_of(records: Mapping[str, Record]) -> dict[str, str]:
    """The id of each node: the one it had here, where it came from here, else its number."""
    found: dict[str, str] = {}
    taken = {"", *records}
    for number, record in records.items():
        own = _about(record).get(OUR_ID)
        found[number] = own if isinstance(own, str) and own not in taken else number
        taken.add(found[number])
    return found


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads nodes one by one, with all of them at hand by their numbers."""

    nodes: ComfyNodes
    links: Mapping[int, _Source]
    records: Mapping[str, Record]
    ids: Mapping[str, str]

    def node(self, record: Record) -> Node | None:
        """The node of a record; None for what is only drawn, or only holds a value."""
        class_type = record.get("type")
        if not isinstance(class_type, str) or class_type in _VIRTUAL or _holds_value(record):
            return None
        id_ = self.ids[str(record.get("id"))]
        meta = self._meta(record)
        if class_type == REROUTE:
            given = next((found for _, found in self._linked(record)), None)
            return Node(id_, REROUTE, {REROUTE_INPUT: given} if given else {}, meta)
        bare = Node(id_, class_type)
        drawn = self.nodes.of(bare)
        inputs: dict[str, Input] = {
            **{name: Literal(value) for name, value in _typed(record, drawn)},
            **dict(self._linked(record)),
        }
        return Node(id_, class_type, inputs, meta)

    def _linked(self, record: Record) -> Iterator[tuple[str, Input]]:
        slots = record.get("inputs")
        for slot in slots if isinstance(slots, list) else []:
            if not isinstance(slot, dict) or not isinstance(slot.get("link"), int):
                continue
            source = self.links.get(int(str(slot["link"])))
            found = self._given(source) if source else None
            if found is not None:
                yield str(slot.get("name", "")), found

    def _given(self, source: _Source) -> Input | None:
        """A link; or the value, where a node stands for one."""
        record = self.records.get(str(source.node))
        if record is None:
            return None
        if _holds_value(record):
            values = record.get("widgets_values")
            value = values[0] if isinstance(values, list) and values else None
            as_json = _parsed(value) if isinstance(value, str) else None
            return Literal(value if as_json is None else as_json)
        id_ = self.ids[str(source.node)]
        if record.get("type") == REROUTE:
            return Link(id_, REROUTE_INPUT)
        outputs = self.nodes.of(Node(id_, str(record.get("type")))).outputs
        is_known = 0 <= source.place < len(outputs)
        return Link(id_, outputs[source.place][0] if is_known else source.place)

    def _meta(self, record: Record) -> dict[str, Json]:
        meta: dict[str, Json] = {}
        title, mode, flags = record.get("title"), record.get("mode"), record.get("flags")
        if isinstance(title, str) and title and record.get("type") != REROUTE:
            meta["title"] = title
        position = position_in(record)
        if position is not None:
            meta["position"] = position
        if isinstance(flags, dict) and flags.get("collapsed") is True:
            meta["collapsed"] = True
        if isinstance(mode, int) and mode in _MODE_NAMES:
            meta["mode"] = _MODE_NAMES[mode]
        return meta


def _about(record: Record) -> Record:
    """What we keep at a node."""
    properties = record.get("properties")
    found = properties.get(ABOUT) if isinstance(properties, dict) else None
    return found if isinstance(found, dict) else {}


def _holds_value(record: Record) -> bool:
    """Whether a node is nothing but a value typed for another one."""
    if record.get("type") == _PRIMITIVE:
        return True
    made = _about(record).get(MADE) is True
    return made and str(record.get("type")).startswith("Primitive")


def _typed(record: Record, drawn: ComfyNode) -> Iterator[tuple[str, Json]]:
    """The values on a node that are sent; those that come along the main wire are not."""
    named, typed = record.get("widgets_values_named"), _about(record).get(TYPED)
    # Newer editors keep the names, too.
    values = named if isinstance(named, dict) else record.get("widgets_values")
    names = typed if isinstance(typed, list) else []
    for place, widget in enumerate(drawn.widgets):
        if isinstance(values, dict):
            value = values.get(widget.name)
        else:
            is_there = isinstance(values, list) and place < len(values)
            value = values[place] if is_there and isinstance(values, list) else None
        if widget.is_input and value is not None and (not widget.is_auto or widget.name in names):
            blocks = _parsed(value) if widget.name == BLOCKS and isinstance(value, str) else None
            yield widget.name, value if blocks is None else blocks
