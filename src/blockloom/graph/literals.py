"""Whether a typed value fits its socket."""

from __future__ import annotations

from dataclasses import dataclass

from blockloom.graph.json_value import quoted
from blockloom.graph.model import Json
from blockloom.graph.node_types import InputSocket
from blockloom.graph.sockets import SocketType

MAX_SEED = 2**64 - 1

_Kinds = frozenset[type]

_TAKES: dict[SocketType, _Kinds] = {
    SocketType.STRING: frozenset({str}),
    SocketType.INT: frozenset({int}),
    SocketType.FLOAT: frozenset({float, int}),
    SocketType.BOOLEAN: frozenset({bool}),
    SocketType.SEED: frozenset({int}),
    SocketType.LIST: frozenset({list}),
    SocketType.DICT: frozenset({dict}),
    SocketType.OBJECT: frozenset({list, dict}),
}
_TAKES_LISTS_OF = frozenset({SocketType.STRING, SocketType.FLOAT, SocketType.SEED})

_WANTED: dict[SocketType, str] = {
    SocketType.STRING: "a text",
    SocketType.INT: "a whole number",
    SocketType.FLOAT: "a number",
    SocketType.BOOLEAN: "true or false",
    SocketType.SEED: "a whole number as its seed",
    SocketType.LIST: "a list",
    SocketType.DICT: "an object of named values",
    SocketType.OBJECT: "a list or an object of named values",
}


@dataclass(frozen=True, slots=True)
class Misfit:
    """Why a typed value does not fit: a problem's code, message and remedy."""

    code: str
    message: str
    remedy: str = ""


def takes_literals(type_: SocketType) -> bool:
    """Whether a value can be typed into sockets of this type; pictures and the like are linked."""
    return type_ in _TAKES or type_ is SocketType.ANY


def misfit(socket: InputSocket, value: Json) -> Misfit | None:
    """What is wrong with a typed value, if anything; None (no value) fits everywhere."""
    if value is None or socket.type is SocketType.ANY:
        return None
    kinds = _TAKES.get(socket.type)
    if kinds is None:
        return _not_typed(socket)
    # Where a list serves, its items are looked at, else the value itself.
    takes_lists = socket.type in _TAKES_LISTS_OF
    items = value if takes_lists and isinstance(value, list) else (value,)
    if not items or not all(type(item) in kinds for item in items):
        return _wrong_kind(socket, value)
    for item in items:
        found = _outside(socket, item)
        if found is not None:
            return found
    return None


def _not_typed(socket: InputSocket) -> Misfit:
    if socket.type is SocketType.PIPELINE:
        message = "The main wire has to be linked; no value can be typed here."
        return Misfit("bad_literal", message, "Link the pipeline output of another node.")
    message = f"{socket.type.value} values have to be linked; none can be typed here."
    if socket.type in (SocketType.IMAGE, SocketType.MASK):
        return Misfit("bad_literal", message, "Add a Load Image node and link its output.")
    return Misfit("bad_literal", message, "Link an output, or leave the input empty.")


def _wrong_kind(socket: InputSocket, value: Json) -> Misfit:
    wanted = _WANTED[socket.type]
    message = f"It takes {wanted}, not {described(value)}."
    if isinstance(value, float) and value.is_integer() and socket.type is not SocketType.BOOLEAN:
        return Misfit("bad_literal", message, f"Write {int(value)}.")
    return Misfit("bad_literal", message, f"Type {wanted}, or link an output.")


def described(value: Json) -> str:
    """A typed value in words that are short enough for a message."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f"the text {quoted(value)}"
    if isinstance(value, (int, float)):
        return f"the number {value!r:.40}"
    if isinstance(value, dict):
        return "an object"
    kinds = sorted({type(item).__name__ for item in value})
    return f"a list of {', '.join(kinds)}" if kinds else "an empty list"


def _outside(socket: InputSocket, value: Json) -> Misfit | None:
    widget = socket.widget
    if widget.choices and not any(_is_same(value, choice) for choice in widget.choices):
        shown = ", ".join(_choice(choice) for choice in widget.choices[:12])
        more = f" or {len(widget.choices) - 12} more" if len(widget.choices) > 12 else ""
        message = f"It has no choice {_choice(value)}."
        return Misfit("not_a_choice", message, f"Choose {shown}{more}.")
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    minimum, maximum = widget.minimum, widget.maximum
    if socket.type is SocketType.SEED:
        minimum, maximum = max(0, minimum or 0), MAX_SEED
    if minimum is not None and value < minimum:
        message = f"{value!r:.40} is too small."
        return Misfit("out_of_range", message, f"The smallest allowed is {_number(minimum)}.")
    if maximum is not None and value > maximum:
        message = f"{value!r:.40} is too large."
        return Misfit("out_of_range", message, f"The largest allowed is {_number(maximum)}.")
    return None


def _is_same(value: Json, choice: Json) -> bool:
    return value == choice and isinstance(value, bool) == isinstance(choice, bool)


def _choice(choice: Json) -> str:
    return quoted(choice) if isinstance(choice, str) else described(choice)


def _number(value: float) -> str:
    return str(int(value)) if float(value).is_integer() else str(value)
