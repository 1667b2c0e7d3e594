"""Labels and widgets that a repository gives its sockets in ``mellon_pipeline_config.json``."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from blockloom.bridge.repositories import Repository
from blockloom.errors import BlockloomError
from blockloom.graph.model import Json
from blockloom.graph.node_types import InputSocket, NodeType, OutputSocket, Widget
from blockloom.graph.sockets import SocketType

FILE = "mellon_pipeline_config.json"
_LONGEST = 60
_MOST_CHOICES = 200
_LARGEST = 1e15
_NUMBERS = (SocketType.INT, SocketType.FLOAT)


def with_labels(node_type: NodeType, repository: Repository) -> NodeType:
    """The type with what the file says of its sockets; what it does not understand it leaves."""
    try:
        found = repository.read_json(FILE)
    except BlockloomError:
        return node_type
    params = _params(found or {})
    return replace(
        node_type,
        inputs=tuple(_input(socket, params.get(socket.name)) for socket in node_type.inputs),
        outputs=tuple(_output(socket, params.get(socket.name)) for socket in node_type.outputs),
    )


def _params(found: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """What is said of each socket, whichever of the file's nodes says it; the first one counts."""
    params: dict[str, dict[str, Any]] = {}
    nodes = found.get("node_params")
    for node in nodes.values() if isinstance(nodes, dict) else ():
        inside = node.get("params") if isinstance(node, dict) else None
        for name, param in inside.items() if isinstance(inside, dict) else ():
            if isinstance(param, dict):
                params.setdefault(name, param)
    return params


def _input(socket: InputSocket, param: dict[str, Any] | None) -> InputSocket:
    if param is None or socket.type is SocketType.PIPELINE or socket.is_setting:
        return socket
    return replace(socket, title=_title(param, socket.title), widget=_widget(socket, param))


def _output(socket: OutputSocket, param: dict[str, Any] | None) -> OutputSocket:
    if param is None or socket.type is SocketType.PIPELINE:
        return socket
    return replace(socket, title=_title(param, socket.title))


def _title(param: dict[str, Any], usual: str) -> str:
    label = param.get("label")
    shown = label.strip().removesuffix("*").strip() if isinstance(label, str) else ""
    return shown if shown and len(shown) <= _LONGEST and shown.isprintable() else usual


def _widget(socket: InputSocket, param: dict[str, Any]) -> Widget:
    widget = socket.widget
    if socket.type in _NUMBERS:
        low, high, step = (_number(param.get(name)) for name in ("min", "max", "step"))
        if low is not None and high is not None and low > high:
            low = high = None
        widget = replace(
            widget,
            minimum=widget.minimum if low is None else low,
            maximum=widget.maximum if high is None else high,
            step=step if step is not None and step > 0 else widget.step,
        )
    if socket.type is SocketType.STRING and param.get("display") == "textarea":
        widget = replace(widget, is_multiline=True)
    choices = _choices(socket, param.get("options"))
    return replace(widget, choices=choices) if choices else widget


def _choices(socket: InputSocket, options: object) -> tuple[Json, ...]:
    if socket.type is not SocketType.STRING or not isinstance(options, list):
        return ()
    texts = tuple(item for item in options[:_MOST_CHOICES] if isinstance(item, str))
    is_usable = len(texts) == len(options) and socket.default in (None, "", *texts)
    return texts if is_usable else ()


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return float(value) if abs(value) < _LARGEST else None
