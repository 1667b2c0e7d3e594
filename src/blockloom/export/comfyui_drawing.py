"""A graph as the workflow that ComfyUI's editor opens: its JSON, version 0.4."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from blockloom.export.comfyui_nodes import ComfyNode, ComfySocket, is_of_core
from blockloom.export.comfyui_places import TITLE, Box, node_size, spread
from blockloom.export.comfyui_values import ComfyNodes
from blockloom.graph.drawn import BYPASSED, MUTED, REROUTE, REROUTE_INPUT, mode_of
from blockloom.graph.layout import NODE_WIDTH, lay_out
from blockloom.graph.model import Graph, Json, Link, Literal, Node
from blockloom.graph.order import topological_order

VERSION = 0.4
ABOUT = "blockloom"
"""The property of a node under which we keep what ComfyUI has no place for."""
TYPED, OUR_ID, MADE = "typed", "id", "made"
MODES = {MUTED: 2, BYPASSED: 4}
NOTE = "Note"
NOTE_COLOURS = {"color": "#432", "bgcolor": "#653"}
GROUP_COLOURS = {
    "grey": "#77808d",
    "red": "#c8645c",
    "orange": "#cf8a4a",
    "yellow": "#c9ad4c",
    "green": "#66a86f",
    "teal": "#46a598",
    "blue": "#5b8fd0",
    "violet": "#9077cc",
}
"""The editor's colours of groups, by the names that files have them under."""
_OPTIONAL = 7
_DIGITS = 10
"""Numbers shorter than this are counted with in every editor."""
_FARTHEST, _WIDEST = 1e6, 20_000
"""What is drawn farther away is not drawn there, nor wider or taller than that."""
_REROUTE_NODE = ComfyNode((ComfySocket("", "*", False),), (), (("", "*"),))
_REROUTE_SIZE = (75.0, 26.0)
_HELPER_GAP = 40
_FONT_SIZE = 24


@dataclass(frozen=True, slots=True)
class Drawing:
    """What is to be drawn; ``made_for`` has the nodes that were added, with their neighbours."""

    graph: Graph
    nodes: ComfyNodes
    made_for: Mapping[str, str] = field(default_factory=dict)

    def drawn(self, node: Node) -> ComfyNode:
        return _REROUTE_NODE if node.class_type == REROUTE else self.nodes.of(node)

    def title(self, node: Node) -> str:
        """The title of a node, as the file has it or as its type does."""
        title = node.meta.get("title")
        node_type = self.nodes.type_of(node)
        own = node_type.title if node_type else node.class_type
        return title if isinstance(title, str) and title else own


def make_workflow(drawing: Drawing) -> tuple[dict[str, Json], dict[str, int]]:
    """The workflow, and the number in it of each node."""
    graph = drawing.graph
    ids = _numbers(graph)
    notes = _frames(graph.extra.get("notes"))
    groups = _frames(graph.extra.get("groups"))
    places = spread({**_node_boxes(drawing), **{f"note {i}": box for i, _, box in notes}})
    writer = _Writer(drawing, ids, {node_id: places.boxes[node_id] for node_id in graph.nodes})
    nodes: list[Json] = writer.nodes()
    last_id = max(ids.values(), default=0)
    for index, note, _ in notes:
        last_id += 1
        nodes.append(_note(note, last_id, len(nodes), places.boxes[f"note {index}"]))
    workflow: dict[str, Json] = {
        "last_node_id": last_id,
        "last_link_id": len(writer.links),
        "nodes": nodes,
        "links": [*writer.links],
        "groups": [_group(group, index, places.frame(box)) for index, group, box in groups],
        "config": {},
        "extra": {},
        "version": VERSION,
    }
    return workflow, ids


def _numbers(graph: Graph) -> dict[str, int]:
    """A number for each node: its id where that is one."""
    ids = {
        node_id: int(node_id)
        for node_id in graph.nodes
        if len(node_id) < _DIGITS and node_id.isdecimal() and str(int(node_id)) == node_id != "0"
    }
    taken = set(ids.values())
    number = 0
    for node_id in graph.nodes:
        if node_id not in ids:
            number = next(n for n in range(number + 1, number + len(taken) + 2) if n not in taken)
            ids[node_id] = number
    return ids


@dataclass(slots=True)
class _Writer:
    """Writes the nodes, and the links between them as it meets them."""

    drawing: Drawing
    ids: Mapping[str, int]
    boxes: Mapping[str, Box]
    links: list[Json] = field(default_factory=list)
    _leaving: dict[tuple[str, int], list[Json]] = field(default_factory=dict)

    def nodes(self) -> list[Json]:
        graph = self.drawing.graph
        order = topological_order(graph)
        ranks = {node_id: rank for rank, node_id in enumerate((*order.nodes, *order.stuck))}
        inputs = {node.id: self._inputs(node) for node in graph.nodes.values()}
        return [self._node(node, inputs[node.id], ranks[node.id]) for node in graph.nodes.values()]

    def _inputs(self, node: Node) -> list[Json]:
        """All sockets, then the linked ones of those that have a widget, and of no known name."""
        drawn = self.drawing.drawn(node)
        given = dict(node.links())
        if node.class_type == REROUTE:
            given = {"": given[REROUTE_INPUT]} if REROUTE_INPUT in given else {}
        slots: list[Json] = []
        for socket in drawn.sockets:
            slot: dict[str, Json] = {"name": socket.name, "type": socket.type}
            if socket.is_optional:
                slot["shape"] = _OPTIONAL
            slot["link"] = self._link(given.pop(socket.name, None), node, len(slots), socket.type)
            slots.append(slot)
        for widget in drawn.widgets:
            if widget.is_input and widget.name in given:
                slot = {"name": widget.name, "type": widget.type}
                if widget.is_optional:
                    slot["shape"] = _OPTIONAL
                slot["widget"] = {"name": widget.name}
                slot["link"] = self._link(given.pop(widget.name), node, len(slots), widget.type)
                slots.append(slot)
        for name, link in given.items():
            slots.append({"name": name, "type": "*", "link": self._link(link, node, len(slots))})
        return slots

    def _link(self, link: Link | None, node: Node, slot: int, taken: str = "*") -> Json:
        graph = self.drawing.graph
        place = self.drawing.nodes.place_of(graph, link) if link else None
        if link is None or place is None:
            return None
        number = len(self.links) + 1
        outputs = self.drawing.drawn(graph.nodes[link.node_id]).outputs
        type_ = outputs[place][1] if place < len(outputs) else taken
        source, target = self.ids[link.node_id], self.ids[node.id]
        self.links.append([number, source, place, target, slot, type_])
        self._leaving.setdefault((link.node_id, place), []).append(number)
        return number

    def _node(self, node: Node, inputs: list[Json], rank: int) -> Json:
        drawn = self.drawing.drawn(node)
        box = self.boxes[node.id]
        is_bend = node.class_type == REROUTE
        outputs: list[Json] = [
            {
                "name": name,
                "type": type_,
                "links": self._leaving.get((node.id, place)),
                "slot_index": place,
            }
            for place, (name, type_) in enumerate(drawn.outputs)
        ]
        written: dict[str, Json] = {
            "id": self.ids[node.id],
            "type": node.class_type,
            "pos": [round(box.x), round(box.y + (0 if is_bend else TITLE))],
            "size": [round(box.width), round(box.height - (0 if is_bend else TITLE))],
            "flags": {"collapsed": True} if node.meta.get("collapsed") is True else {},
            "order": rank,
            "mode": MODES.get(mode_of(node), 0),
            "inputs": inputs,
            "outputs": outputs,
        }
        if is_bend:
            written["properties"] = {
                "showOutputText": False,
                "horizontal": False,
                ABOUT: {OUR_ID: node.id},
            }
            return written
        title = self.drawing.title(node)
        node_type = self.drawing.nodes.type_of(node)
        if node_type is None or title != node_type.title:
            written["title"] = title
        if any(widget.is_advanced and widget.name in node.inputs for widget in drawn.widgets):
            written["showAdvanced"] = True
        written["properties"] = self._properties(node, drawn)
        written["widgets_values"] = [_shown(node, drawn, at) for at in range(len(drawn.widgets))]
        return written

    def _properties(self, node: Node, drawn: ComfyNode) -> Json:
        about: dict[str, Json] = {OUR_ID: node.id}
        if node.id in self.drawing.made_for:
            about[MADE] = True
        node_type = self.drawing.nodes.type_of(node)
        if node_type is not None and not is_of_core(node_type):
            about[TYPED] = [
                widget.name
                for widget in drawn.widgets
                if widget.is_input and isinstance(node.inputs.get(widget.name), Literal)
            ]
        return {"Node name for S&R": node.class_type, ABOUT: about}


def _shown(node: Node, drawn: ComfyNode, at: int) -> Json:
    """What a widget shows."""
    widget = drawn.widgets[at]
    given = node.inputs.get(widget.name) if widget.is_input else None
    return given.value if isinstance(given, Literal) else widget.value


def _node_boxes(drawing: Drawing) -> dict[str, Box]:
    """Where the nodes were drawn, with the sizes that ComfyUI gives them."""
    graph = drawing.graph
    sizes: dict[str, tuple[float, float]] = {}
    for node in graph.nodes.values():
        drawn = drawing.drawn(node)
        sizes[node.id] = (
            _REROUTE_SIZE
            if node.class_type == REROUTE
            else node_size(drawn, drawing.title(node), more_sockets=_undeclared(node, drawn))
        )
    corners = _corners(drawing)
    boxes = {}
    for node_id, (width, height) in sizes.items():
        node = graph.nodes[node_id]
        title = 0 if node.class_type == REROUTE else TITLE
        tall = 0 if node.meta.get("collapsed") is True else height
        boxes[node_id] = Box(*corners[node_id], width, tall + title)
    return boxes


def _undeclared(node: Node, drawn: ComfyNode) -> int:
    """How many linked inputs a node has that its class does not declare."""
    return sum(not drawn.socket(name) and not drawn.widget(name) for name, _ in node.links())


def _corners(drawing: Drawing) -> dict[str, tuple[float, float]]:
    """Where each node was drawn; what never was stands below everything, or by its neighbour."""
    graph = drawing.graph
    found = {
        node.id: place for node in graph.nodes.values() if (place := _position(node)) is not None
    }
    missing = [id_ for id_ in graph.nodes if id_ not in found and id_ not in drawing.made_for]
    if missing:
        laid = lay_out(graph, drawing.nodes.types)
        corners = {id_: _position(laid.nodes[id_]) or (0.0, 0.0) for id_ in missing}
        below = max((y for _, y in found.values()), default=None)
        top = min(y for _, y in corners.values())
        shift = 0.0 if below is None else below + NODE_WIDTH - top
        found.update({id_: (x, y + shift) for id_, (x, y) in corners.items()})
    for number, (id_, neighbour) in enumerate(drawing.made_for.items()):
        x, y = found.get(neighbour, (0.0, 0.0))
        is_before = neighbour not in graph.parents[id_]
        aside = -(NODE_WIDTH + _HELPER_GAP) if is_before else NODE_WIDTH + _HELPER_GAP
        found[id_] = (x + aside, y + _HELPER_GAP * (number + 1))
    return found


def _position(node: Node) -> tuple[float, float] | None:
    place = node.meta.get("position")
    if not isinstance(place, list) or len(place) != 2:
        return None
    x, y = place
    if not isinstance(x, (int, float)) or not isinstance(y, (int, float)):
        return None
    is_near = abs(x) <= _FARTHEST and abs(y) <= _FARTHEST
    return (float(x), float(y)) if is_near else None


def _frames(listed: Json) -> list[tuple[int, dict[str, Json], Box]]:
    """Groups or notes of a graph file, each with its number and its frame."""
    items = listed if isinstance(listed, list) else []
    found = []
    for index, item in enumerate(items):
        if isinstance(item, dict):
            x, y = (_number(item.get(name), 0, -_FARTHEST, _FARTHEST) for name in "xy")
            width = _number(item.get("width"), 240, 40, _WIDEST)
            height = _number(item.get("height"), 120, 40, _WIDEST)
            found.append((index, item, Box(x, y, width, height)))
    return found


def _number(value: Json, otherwise: float, least: float, most: float) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return otherwise
    return float(min(max(value, least), most))


def _note(note: Mapping[str, Json], number: int, rank: int, box: Box) -> Json:
    text = note.get("text")
    return {
        "id": number,
        "type": NOTE,
        "pos": [round(box.x), round(box.y + TITLE)],
        "size": [round(box.width), round(max(box.height - TITLE, 60))],
        "flags": {},
        "order": rank,
        "mode": 0,
        "inputs": [],
        "outputs": [],
        "properties": {"text": ""},
        "widgets_values": [text if isinstance(text, str) else ""],
        **NOTE_COLOURS,
    }


def _group(group: Mapping[str, Json], index: int, box: Box) -> Json:
    title, colour = group.get("title"), group.get("colour")
    return {
        "id": index + 1,
        "title": title if isinstance(title, str) else "",
        "bounding": [round(box.x), round(box.y), round(box.width), round(box.height)],
        "color": GROUP_COLOURS.get(str(colour), GROUP_COLOURS["grey"]),
        "font_size": _FONT_SIZE,
        "flags": {},
    }
