"""``--set [node.]input=value``: values from the command line put into a graph."""

from __future__ import annotations

import difflib
import json
import mimetypes
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from blockloom.errors import NotFoundError, UsageError
from blockloom.graph.flow import Flow, field_of_bundle, trace_flow
from blockloom.graph.model import Graph, Input, Json, Link, Literal, Node
from blockloom.graph.node_types import InputSocket, NodeTypes
from blockloom.graph.sockets import SocketType


@dataclass(frozen=True, slots=True)
class Setting:
    """A value for an input, as it was given.

    ``target`` is an input's name or ``node.input``. ``value`` is parsed JSON, ``text`` what was
    typed where that may have been meant as a text, ``picture`` a picture, film or sound file.
    """

    target: str
    value: Json = None
    text: str | None = None
    picture: Path | None = None


@dataclass(frozen=True, slots=True)
class Prepared:
    """A graph with settings put into it, and the files these allow it to read, by name."""

    graph: Graph
    input_files: Mapping[str, Path] = field(default_factory=dict)


def parse_setting(text: str) -> Setting:
    """A setting from ``[node.]input=value``; raises UsageError or NotFoundError."""
    target, equals, value = text.partition("=")
    if not equals or not target.strip():
        raise UsageError(
            f'"{text}" is no setting.', remedy="Write input=value or node.input=value."
        )
    target = target.strip()
    if value.startswith("@"):
        return _from_file(target, value[1:])
    try:
        return Setting(target, json.loads(value, parse_constant=_refuse_constant), text=value)
    except (ValueError, RecursionError):
        return Setting(target, value, text=value)


def settings_from_json(line: str, where: str) -> list[Setting]:
    """The settings in a JSON object; a text that begins with ``@`` names a file."""
    try:
        values = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{where} is no JSON: {error}.") from error
    if not isinstance(values, dict):
        raise UsageError(
            f"{where} is no JSON object.", remedy='Write for example {"prompt": "a red circle"}.'
        )
    return [
        _from_file(target, value[1:])
        if isinstance(value, str) and value.startswith("@")
        else Setting(target, value)
        for target, value in values.items()
    ]


def apply_settings(graph: Graph, types: NodeTypes, settings: Iterable[Setting]) -> Prepared:
    """Put settings into a graph, one after the other; raises UsageError for what fits nowhere."""
    files: dict[str, Path] = {}
    for setting in settings:
        node_id, name = _find_target(graph, types, setting.target)
        node = graph.nodes[node_id]
        node_type = types.get(node.type_id)
        socket = node_type.input(name) if node_type else None
        if socket is not None and socket.type is SocketType.PIPELINE:
            raise UsageError(
                f'"{setting.target}" is the main wire, which no value can be given to.',
                remedy="Name one of the node's other inputs.",
            )
        given: Input = Literal(_fitting_value(setting, socket))
        if setting.picture is not None:
            file_name = _free_name(graph, setting.picture.name, files)
            files[file_name] = setting.picture
            given = Literal(file_name)
            if socket is None or socket.type is not SocketType.STRING:
                class_type, names_file, output = _loader_of(setting.picture, socket)
                loader_id = _free_id(graph, f"{node_id}_{name}")
                graph = graph.with_node(Node(loader_id, class_type, {names_file: given}))
                given = Link(loader_id, output)
        graph = graph.with_node(node.with_input(name, given))
    return Prepared(graph, files)


def _loader_of(path: Path, socket: InputSocket | None) -> tuple[str, str, str]:
    """The node that loads a file for an input, the name of its own input, and of its output."""
    kind = (mimetypes.guess_type(path.name)[0] or "").partition("/")[0]
    type_ = socket.type if socket is not None else None
    if type_ is SocketType.AUDIO or kind == "audio":
        return "LoadAudio", "audio", "audio"
    if kind == "video" or (type_ is SocketType.VIDEO and kind != "image"):
        return "LoadVideo", "file", "video"
    return "LoadImage", "image", "image"


def _from_file(target: str, name: str) -> Setting:
    path = Path(name).expanduser()
    if not path.is_file():
        raise NotFoundError(f'{target}: there is no file "{name}".')
    if path.suffix.lower() != ".txt":
        return Setting(target, picture=path.absolute())
    try:
        text = path.read_text(encoding="utf-8-sig").rstrip("\n")
    except (OSError, ValueError) as error:
        raise UsageError(f'{target}: "{name}" cannot be read as text: {error}.') from error
    return Setting(target, text, text=text)


def _refuse_constant(name: str) -> Json:
    raise ValueError(name)


def _fitting_value(setting: Setting, socket: InputSocket | None) -> Json:
    """``3`` is a number, but the text "3" for an input that takes texts."""
    wants_text = socket is not None and socket.type is SocketType.STRING
    is_plain = isinstance(setting.value, (bool, int, float, dict))
    return setting.text if wants_text and is_plain and setting.text is not None else setting.value


def _find_target(graph: Graph, types: NodeTypes, target: str) -> tuple[str, str]:
    """Node and input a setting is for."""
    for node_id, name in _splits(target):
        node = graph.nodes.get(node_id)
        if node is None:
            continue
        node_type = types.get(node.type_id)
        known = [socket.name for socket in node_type.inputs] if node_type else [name]
        if name in known or (node_type is not None and field_of_bundle(node_type, name)):
            return node_id, name
        raise UsageError(
            f'Node "{node_id}" ({node.class_type}) has no input "{name}".',
            remedy=_near(name, known, "Its inputs are"),
        )
    found = _first_reader(graph, types, target)
    if found is None and target == "seed":
        found = _first_seed(graph, types)
    if found is None:
        known = [socket.name for _, socket in _sockets(graph, types)]
        if "." in target:
            known = [f"{node_id}.{target.rpartition('.')[2]}" for node_id in graph.nodes]
        raise UsageError(
            f'No node of the graph reads "{target}".', remedy=_near(target, known, "There are")
        )
    return found


def _splits(target: str) -> Iterator[tuple[str, str]]:
    """Every way to read a target as ``node.input``, longest node id first: ids may have dots."""
    at = target.rfind(".")
    while at > 0:
        yield target[:at], target[at + 1 :]
        at = target.rfind(".", 0, at)


def _first_reader(graph: Graph, types: NodeTypes, name: str) -> tuple[str, str] | None:
    """The first block, in running order, that reads an input, as ``pipe(name=…)`` would have it.

    Else the first function that has it, else the first block that has it in a branch not taken.
    """
    flow = trace_flow(graph, types)
    functions, others = [], []
    for node_id in _running_order(graph, flow):
        node_type = types.get(graph.nodes[node_id].type_id)
        if node_type is None or not (node_type.input(name) or field_of_bundle(node_type, name)):
            continue
        node_flow = flow.nodes.get(node_id)
        if not node_type.is_block:
            functions.append(node_id)
        elif node_flow and any(socket.name == name for socket in node_flow.resolved.inputs):
            return node_id, name
        else:
            others.append(node_id)
    return next(((node_id, name) for node_id in (*functions, *others)), None)


def _first_seed(graph: Graph, types: NodeTypes) -> tuple[str, str] | None:
    """``seed`` for short: diffusers calls this input ``generator``."""
    return next(
        (
            (node_id, socket.name)
            for node_id, socket in _sockets(graph, types)
            if socket.type is SocketType.SEED
        ),
        None,
    )


def _sockets(graph: Graph, types: NodeTypes) -> Iterator[tuple[str, InputSocket]]:
    """All inputs that can be set, in running order as far as there is one."""
    for node_id in _running_order(graph, trace_flow(graph, types)):
        node_type = types.get(graph.nodes[node_id].type_id)
        for socket in node_type.inputs if node_type else ():
            if socket.type is not SocketType.PIPELINE:
                yield node_id, socket


def _running_order(graph: Graph, flow: Flow) -> list[str]:
    return [*flow.order.nodes, *(node_id for node_id in graph.nodes if node_id in flow.order.stuck)]


def _near(name: str, known: Iterable[str], otherwise: str) -> str:
    names = list(dict.fromkeys(known))
    near = difflib.get_close_matches(name, names, n=3)
    if near:
        return f"Did you mean {' or '.join(near)}?"
    shown = sorted(names)
    return f"{otherwise}: {', '.join(shown[:30])}{' …' if len(shown) > 30 else ''}."


def _free_id(graph: Graph, wanted: str) -> str:
    taken = graph.nodes
    return next(
        name for number in range(len(taken) + 1) if (name := _numbered(wanted, number)) not in taken
    )


def _free_name(graph: Graph, wanted: str, files: Mapping[str, Path]) -> str:
    """A file name that no node of the graph uses for another file."""
    taken = set(files)
    for node in graph.nodes.values():
        for given in node.inputs.values():
            if isinstance(given, Literal) and isinstance(given.value, str):
                taken.add(given.value)
    path = Path(wanted)
    return next(
        name
        for number in range(len(taken) + 1)
        if (name := f"{_numbered(path.stem, number)}{path.suffix}") not in taken
    )


def _numbered(text: str, number: int) -> str:
    return f"{text}_{number + 1}" if number else text
