"""Describe a function marked with ``@node`` as a node type."""

from __future__ import annotations

import inspect
import json
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from blockloom.catalogue.annotations import Annotation, read_annotation
from blockloom.catalogue.author import NodeOptions
from blockloom.catalogue.docstrings import Docstring, read_docstring
from blockloom.errors import NodeDefinitionError
from blockloom.graph.model import Json
from blockloom.graph.node_types import InputSocket, Kind, NodeType, OutputSocket, Widget
from blockloom.graph.sockets import SocketType

_SEED = Widget(minimum=0, maximum=2**63 - 1, step=1)
_UNREADABLE = (NameError, SyntaxError, TypeError, AttributeError, RecursionError)


def options_of(function: object) -> NodeOptions | None:
    """What ``@node`` was told about a function; None where it was not marked."""
    options = getattr(function, "__dict__", {}).get("blockloom_node")
    return options if isinstance(options, NodeOptions) else None


def describe_function(function: Callable[..., object]) -> NodeType:
    """The node type of a marked function.

    Raises NodeDefinitionError, with file and line, where its signature cannot be a node.
    """
    options = options_of(function)
    where = _Definition(function)
    if options is None:
        raise where.error("it is no node.", "Put @node above it.")
    doc = read_docstring(function.__doc__)
    node_id = options.id or id_of_function(function.__name__)
    if re.search(r"[:\s]", node_id):
        raise where.error(f"its id {node_id!r} has a colon or a space.", "Use letters and digits.")
    return NodeType(
        id=node_id,
        title=options.title or _title_of(function.__name__),
        category=options.category or (where.file.stem.replace("_", " "),),
        kind=Kind.FUNCTION,
        description=doc.description,
        inputs=tuple(_inputs(where, doc)),
        outputs=tuple(_outputs(where)),
        is_output=options.is_output,
        is_volatile=options.is_volatile,
        origin=str(where.file),
    )


def id_of_function(name: str) -> str:
    """The id of the node that a function of that name becomes, unless told otherwise."""
    return f"Blockloom{_camel_case(name)}"


class _Definition:
    """A function with what is needed to say where it is wrong."""

    def __init__(self, function: Callable[..., object]) -> None:
        self.function = inspect.unwrap(function)
        self.name = function.__name__
        code = self.function.__code__
        self.file = Path(code.co_filename)
        self.line = code.co_firstlineno
        self.names = cast(Mapping[str, object], self.function.__globals__)

    def error(self, message: str, remedy: str) -> NodeDefinitionError:
        return NodeDefinitionError(
            f"{self.file}, line {self.line}: the function {self.name!r} cannot be a node: "
            f"{message}",
            remedy=remedy,
        )

    def read(self, annotation: object, what: str, names: Mapping[str, object]) -> Annotation:
        if annotation is inspect.Parameter.empty:
            raise self.error(
                f"{what} has no type.", "Write one, such as Image, int or Pipeline, behind a colon."
            )
        try:
            return read_annotation(annotation, names)
        except _UNREADABLE as error:
            raise self.error(
                f"the type of {what} cannot be read ({error}).",
                "Import its name at the top of the file, or use AnyValue.",
            ) from error


def _inputs(where: _Definition, doc: Docstring) -> Iterator[InputSocket]:
    for parameter in inspect.signature(where.function).parameters.values():
        what = f'the parameter "{parameter.name}"'
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            raise where.error(f"{what} takes any number of values.", "Name every input on its own.")
        if parameter.kind is parameter.POSITIONAL_ONLY:
            raise where.error(f"{what} has no name to callers.", "Remove the / from the signature.")
        found = where.read(parameter.annotation, what, where.names)
        if found.is_context:
            continue
        if found.type is None:
            raise where.error(f"the type of {what} is no socket.", "Use Image, int, str …")
        yield _input(where, parameter, found, doc.parameters.get(parameter.name, ""))


def _input(
    where: _Definition, parameter: inspect.Parameter, found: Annotation, description: str
) -> InputSocket:
    has_default = parameter.default is not parameter.empty
    default = _json_default(parameter.default) if has_default else _Default()
    type_ = found.type or SocketType.ANY
    widget = found.widget
    if type_ is SocketType.SEED and widget == Widget():
        widget = _SEED
    if widget.choices and default.value is not None and default.value not in widget.choices:
        raise where.error(
            f'the default of "{parameter.name}" is not among its choices.',
            "Use one of: " + ", ".join(str(choice) for choice in widget.choices) + ".",
        )
    return InputSocket(
        name=parameter.name,
        type=type_,
        is_required=not has_default,
        default=default.value,
        has_default=has_default,
        default_text=default.text,
        description=description,
        widget=widget,
        title=found.title,
    )


def _outputs(where: _Definition) -> Iterator[OutputSocket]:
    annotation: object = inspect.signature(where.function).return_annotation
    if annotation is inspect.Signature.empty:
        raise where.error(
            "it does not say what it returns.",
            "Write it behind an arrow, such as -> Image or -> None.",
        )
    found = where.read(annotation, "the result", where.names)
    if found.result_class is not None:
        yield from _named_outputs(where, found.result_class)
    elif found.type is not None:
        yield OutputSocket(_output_name(found.type), found.type, title=found.title)


def _named_outputs(where: _Definition, result_class: type) -> Iterator[OutputSocket]:
    module = sys.modules.get(result_class.__module__)
    names = where.names if module is None else vars(module)
    annotations = inspect.get_annotations(result_class)
    for name in cast("tuple[str, ...]", getattr(result_class, "_fields", ())):
        what = f'the output "{name}"'
        annotation = annotations.get(name, inspect.Parameter.empty)
        found = where.read(annotation, what, names)
        if found.type is None:
            raise where.error(f"the type of {what} is no socket.", "Use Image, int, str …")
        yield OutputSocket(name, found.type, title=found.title)


def _output_name(type_: SocketType) -> str:
    """The name of an only output: its type; "value" where that says nothing."""
    return "value" if type_ in (SocketType.ANY, SocketType.OBJECT) else type_.value.lower()


@dataclass(frozen=True, slots=True)
class _Default:
    value: Json = None
    text: str = ""


def _json_default(value: object) -> _Default:
    """A default as JSON (tuples become lists), or as a text where it is none."""
    try:
        return _Default(cast(Json, json.loads(json.dumps(value, allow_nan=False))))
    except (TypeError, ValueError):
        return _Default(None, repr(value))


def _camel_case(name: str) -> str:
    return "".join(word[:1].upper() + word[1:] for word in name.split("_"))


def _title_of(name: str) -> str:
    return " ".join(word[:1].upper() + word[1:] for word in name.split("_") if word)
