"""Typed values and outputs that ComfyUI's nodes have no room for, put into nodes of their own."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from blockloom.errors import Place, Problem
from blockloom.export.comfyui_nodes import COMBO, ComfyNode, comfyui_node
from blockloom.export.comfyui_sockets import MAX_INT
from blockloom.graph.block_lists import BLOCKS
from blockloom.graph.drawn import REROUTE
from blockloom.graph.literals import described
from blockloom.graph.model import Graph, Input, Json, Link, Literal, Node
from blockloom.graph.names import unique_id
from blockloom.graph.node_types import NodeType, NodeTypes

GET_VALUE = "BlockloomGetValue"
_MAIN_WIRE = "pipeline"
_ANY = "*"


@dataclass(frozen=True, slots=True)
class Fitted:
    """A graph whose every value fits ComfyUI's nodes.

    ``made_for`` has the nodes that were added, with the node each was added for.
    """

    graph: Graph
    made_for: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


class ComfyNodes:
    """What ComfyUI draws of the nodes of a graph, looked up once for each class."""

    def __init__(self, types: NodeTypes) -> None:
        self.types = types
        self._known: dict[str, ComfyNode] = {}

    def type_of(self, node: Node) -> NodeType | None:
        """The class's own type: ComfyUI's classes know nothing of what was typed on a node."""
        return self.types.get(node.class_type)

    def of(self, node: Node) -> ComfyNode:
        """The node as drawn; without sockets where nothing is known of its class."""
        if node.class_type not in self._known:
            node_type = self.type_of(node)
            self._known[node.class_type] = comfyui_node(node_type) if node_type else ComfyNode()
        return self._known[node.class_type]

    def place_of(self, graph: Graph, link: Link) -> int | None:
        """Which output of its node a link comes from, counted from 0; None where there is none."""
        if isinstance(link.output, int):
            return link.output if link.node_id in graph.nodes else None
        source = graph.nodes.get(link.node_id)
        if source is None:
            return None
        if source.class_type == REROUTE:
            return 0
        names = [name for name, _ in self.of(source).outputs]
        return names.index(link.output) if link.output in names else None


def with_got_values(graph: Graph, nodes: ComfyNodes) -> Fitted:
    """The graph with a Get Value node for each linked output that a node's class does not have.

    Blocks that were chosen on a node, or loaded from a repository, may write values that
    ComfyUI's node has no output for; they are in the state all the same.
    """
    found: dict[str, Node] = dict(graph.nodes)
    made: dict[tuple[str, str], str] = {}
    made_for: dict[str, str] = {}
    for node in graph.nodes.values():
        for name, link in node.links():
            output = _hidden_output(graph, link, nodes)
            if output is None:
                continue
            key = (link.node_id, output)
            if key not in made:
                id_ = unique_id(f"{link.node_id}_{output}", found)
                inputs: dict[str, Input] = {
                    _MAIN_WIRE: Link(link.node_id, _MAIN_WIRE),
                    "name": Literal(output),
                }
                found[id_] = Node(id_, GET_VALUE, inputs, {"title": output})
                made[key], made_for[id_] = id_, link.node_id
            found[node.id] = found[node.id].with_input(name, Link(made[key], 0))
    return Fitted(replace(graph, nodes=found) if made else graph, made_for)


def _hidden_output(graph: Graph, link: Link, nodes: ComfyNodes) -> str | None:
    source = graph.nodes.get(link.node_id)
    full = nodes.types.get(source.type_id) if source else None
    output = full.output(link.output) if full else None
    if source is None or output is None:
        return None
    drawn = {name for name, _ in nodes.of(source).outputs}
    return None if output.name in drawn or _MAIN_WIRE not in drawn else output.name


def fitted(graph: Graph, nodes: ComfyNodes, *, by_nodes: bool) -> Fitted:
    """The graph with values that ComfyUI's nodes take; what they cannot take is a problem.

    With ``by_nodes`` values for inputs that can only be linked there come from nodes of their
    own, as its editor needs it; its server takes them as they are.
    """
    found: dict[str, Node] = dict(graph.nodes)
    made_for: dict[str, str] = {}
    problems: list[Problem] = []
    for node in graph.nodes.values():
        if node.class_type == REROUTE:
            continue
        for name, given in node.inputs.items():
            if not isinstance(given, Literal):
                continue
            fit = _fit(_Typed(node, name, given.value, nodes))
            problems += [fit.problem] if fit.problem else []
            replacement: Input | None = Literal(fit.value) if fit.is_kept else None
            if fit.maker and by_nodes:
                id_ = unique_id(f"{node.id}_{name.rpartition('.')[2]}", found)
                title = name.rpartition(".")[2].replace("_", " ")
                found[id_] = Node(id_, fit.maker, {"value": Literal(fit.value)}, {"title": title})
                made_for[id_] = node.id
                replacement = Link(id_, 0)
            elif fit.maker:
                replacement = Literal(fit.value) if name == BLOCKS else given
            if replacement != given:
                found[node.id] = found[node.id].with_input(name, replacement)
    return Fitted(replace(graph, nodes=found), made_for, tuple(problems))


def with_core_defaults(node: Node, nodes: ComfyNodes) -> Node:
    """A node of ComfyUI's own with every value: its server asks for those with defaults, too."""
    missing = {
        widget.name: Literal(widget.value)
        for widget in nodes.of(node).widgets
        if widget.is_input and not widget.is_auto and widget.name not in node.inputs
    }
    wanted = {name: given for name, given in missing.items() if given.value is not None}
    return replace(node, inputs={**node.inputs, **wanted}) if wanted else node


@dataclass(frozen=True, slots=True)
class _Typed:
    """A value that was typed."""

    node: Node
    name: str
    value: Json
    nodes: ComfyNodes

    def problem(self, message: str, remedy: str, *, is_warning: bool = False) -> Problem:
        place = Place(self.node.id, self.node.class_type, self.name)
        return Problem("not_in_comfyui", place, message, remedy, is_warning=is_warning)


@dataclass(frozen=True, slots=True)
class _Fit:
    """What becomes of a typed value; ``maker`` is the class of a node that can hold it."""

    value: Json = None
    is_kept: bool = False
    maker: str = ""
    problem: Problem | None = None


def _fit(typed: _Typed) -> _Fit:
    drawn = typed.nodes.of(typed.node)
    widget = drawn.widget(typed.name)
    if typed.value is None:
        return _Fit(problem=_lost_nothing(typed))
    if typed.name == BLOCKS:
        is_text = isinstance(typed.value, str)
        text = typed.value if is_text else json.dumps(typed.value, ensure_ascii=False)
        return _Fit(text, is_kept=widget is not None, maker="" if widget else "PrimitiveString")
    if widget is None:
        socket = drawn.socket(typed.name)
        return _linked(typed, socket.type if socket else _ANY)
    if isinstance(typed.value, (list, dict)) and widget.type != COMBO:
        message = f"ComfyUI's nodes take one value here, not {described(typed.value)}."
        return _Fit(problem=typed.problem(message, "Type one value, and use a node for each."))
    return _Fit(typed.value, is_kept=True, problem=_too_large(typed))


def _lost_nothing(typed: _Typed) -> Problem | None:
    """A word about "nothing" where the node would take something else by itself."""
    node_type = typed.nodes.types.get(typed.node.type_id)
    socket = node_type.input(typed.name) if node_type else None
    if socket is None or socket.default in (None, ""):
        return None
    message = f"ComfyUI has no empty value; it will take {described(socket.default)}."
    return typed.problem(message, "Type a value.", is_warning=True)


def _too_large(typed: _Typed) -> Problem | None:
    is_number = isinstance(typed.value, int) and not isinstance(typed.value, bool)
    if not is_number or not isinstance(typed.value, int) or abs(typed.value) <= MAX_INT:
        return None
    message = "ComfyUI's editor rounds whole numbers this large, so it gives another result."
    return typed.problem(message, f"Use one up to {MAX_INT}.", is_warning=True)


def _linked(typed: _Typed, taken: str) -> _Fit:
    """A value for an input that can only be linked."""
    value, kinds = typed.value, taken.split(",")
    if isinstance(value, (list, dict)):
        if "STRING" not in kinds:
            message = f"ComfyUI has no node that gives {described(value)} to this input."
            return _Fit(problem=typed.problem(message, "Link it to a node that makes this value."))
        return _Fit(json.dumps(value, ensure_ascii=False), maker="PrimitiveString")
    return next(_makers(value, kinds))


def _makers(value: Json, kinds: list[str]) -> Iterator[_Fit]:
    if isinstance(value, bool):
        yield _Fit(value, maker="PrimitiveBoolean")
    elif isinstance(value, str):
        yield _Fit(value, maker="PrimitiveStringMultiline" if "\n" in value else "PrimitiveString")
    elif isinstance(value, int) and ("INT" in kinds or _ANY in kinds):
        yield _Fit(value, maker="PrimitiveInt")
    elif isinstance(value, (int, float)):
        yield _Fit(float(value), maker="PrimitiveFloat")
