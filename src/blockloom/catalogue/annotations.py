"""Read the annotation of a node function's parameter or result, without importing torch.

What a file imports under ``TYPE_CHECKING`` only does not exist when it runs; such a name stands
for its own text, which is enough for the types that sockets have (``torch.Tensor``).
"""

from __future__ import annotations

import builtins
import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Union, cast

from blockloom.catalogue.author import (
    AudioFile,
    Colour,
    Context,
    ModelName,
    ModelPart,
    Multiline,
    PictureFile,
    Pipeline,
    Range,
    Title,
    VideoFile,
)
from blockloom.graph.model import Json
from blockloom.graph.node_types import Widget
from blockloom.graph.sockets import SocketType

_BY_NAME = {
    "bool": SocketType.BOOLEAN,
    "int": SocketType.INT,
    "float": SocketType.FLOAT,
    "str": SocketType.STRING,
    "list": SocketType.LIST,
    "tuple": SocketType.LIST,
    "set": SocketType.LIST,
    "Sequence": SocketType.LIST,
    "dict": SocketType.DICT,
    "Mapping": SocketType.DICT,
    "object": SocketType.ANY,
    "Any": SocketType.ANY,
    "Image": SocketType.IMAGE,
    "Film": SocketType.VIDEO,
    "Sound": SocketType.AUDIO,
    "Tensor": SocketType.TENSOR,
    "ndarray": SocketType.TENSOR,
    "Generator": SocketType.SEED,
}

_LOOKS: Mapping[type, str] = {
    Colour: "colour",
    ModelName: "model",
    ModelPart: "model_part",
    PictureFile: "picture",
    VideoFile: "video",
    AudioFile: "audio",
}

# Lists of these keep their type: a list of pictures flows where a picture does.
_LISTED_AS_THEMSELVES = frozenset(
    {SocketType.IMAGE, SocketType.MASK, SocketType.TENSOR, SocketType.COMPONENT}
)


@dataclass(frozen=True, slots=True)
class Annotation:
    """What an annotation says; ``type`` is None where it stands for no socket.

    ``result_class`` is the NamedTuple of a function with several outputs.
    """

    type: SocketType | None
    widget: Widget = field(default_factory=Widget)
    title: str = ""
    is_optional: bool = False
    is_context: bool = False
    result_class: builtins.type | None = None


@dataclass(frozen=True, slots=True)
class _Missing:
    """A name that does not exist while the program runs, with what was asked of it."""

    text: str

    def __getattr__(self, name: str) -> _Missing:
        if name.startswith("__"):
            raise AttributeError(name)
        return _Missing(f"{self.text}.{name}")

    def __getitem__(self, item: object) -> _Missing:
        return self

    def __or__(self, other: object) -> object:
        return Union[self, other]  # noqa: UP007

    def __ror__(self, other: object) -> object:
        return Union[other, self]  # noqa: UP007

    def __call__(self) -> None:
        """``typing`` takes for a type what can be called."""


class _MissingNames(dict[str, object]):
    """The names that neither a module nor Python has."""

    def __init__(self, module_names: Mapping[str, object]) -> None:
        super().__init__()
        self._module_names = module_names

    def __missing__(self, name: str) -> object:
        if name in self._module_names or hasattr(builtins, name):
            raise KeyError(name)
        return _Missing(name)


def read_annotation(annotation: object, module_names: Mapping[str, object]) -> Annotation:
    """What an annotation says, as the names of its module stand for.

    Raises NameError, SyntaxError, TypeError or AttributeError where it cannot be read.
    """
    value = _evaluated(annotation, module_names)
    if value is None or value is types.NoneType:
        return Annotation(None, is_optional=True)
    if value == Json:
        return Annotation(SocketType.ANY)
    origin = typing.get_origin(value)
    if origin is typing.Annotated:
        return _read_annotated(value, module_names)
    if origin in (typing.Union, types.UnionType):
        return _read_union(value, module_names)
    if origin is typing.Literal:
        choices = typing.get_args(value)
        return Annotation(_type_of(type(choices[0]), module_names), Widget(choices=choices))
    if value is Pipeline:
        return Annotation(SocketType.PIPELINE)
    if value is Context:
        return Annotation(None, is_context=True)
    if isinstance(value, type) and issubclass(value, tuple) and hasattr(value, "_fields"):
        return Annotation(None, result_class=value)
    return Annotation(_type_of(value, module_names))


def _evaluated(annotation: object, module_names: Mapping[str, object]) -> object:
    if isinstance(annotation, typing.ForwardRef):
        annotation = annotation.__forward_arg__
    while isinstance(annotation, str):
        # The text stands in a file that has just been run: evaluating it lets in nothing new.
        annotation = cast(object, eval(annotation, dict(module_names), _MissingNames(module_names)))
    return annotation


def _read_annotated(value: object, module_names: Mapping[str, object]) -> Annotation:
    inner, *notes = typing.get_args(value)
    socket_type = next((note for note in notes if isinstance(note, SocketType)), None)
    found = Annotation(socket_type)
    if socket_type is None:
        found = read_annotation(inner, module_names)
    for note in notes:
        if isinstance(note, Range):
            widget = replace(
                found.widget, minimum=note.minimum, maximum=note.maximum, step=note.step
            )
            found = replace(found, widget=widget)
        elif isinstance(note, Multiline) or note is Multiline:
            found = replace(found, widget=replace(found.widget, is_multiline=True))
        elif look := _LOOKS.get(note if isinstance(note, type) else type(note)):
            found = replace(found, widget=replace(found.widget, look=look))
        elif isinstance(note, Title):
            found = replace(found, title=note.text)
    return found


def _read_union(value: object, module_names: Mapping[str, object]) -> Annotation:
    parts = [read_annotation(part, module_names) for part in typing.get_args(value)]
    said = [part for part in parts if part.type is not None]
    is_optional = any(part.is_optional for part in parts)
    if not said:
        is_context = any(part.is_context for part in parts)
        return Annotation(None, is_optional=is_optional, is_context=is_context)
    return replace(
        said[0], type=_common_type([part.type for part in said]), is_optional=is_optional
    )


def _common_type(found: list[SocketType | None]) -> SocketType | None:
    """The type of a union: of one thing and lists of it, of numbers; else anything."""
    kinds = set(found) - {SocketType.LIST} or {SocketType.LIST}
    if len(kinds) == 1:
        return kinds.pop()
    return SocketType.FLOAT if kinds == {SocketType.INT, SocketType.FLOAT} else SocketType.ANY


def _type_of(value: object, module_names: Mapping[str, object]) -> SocketType:
    if isinstance(value, _Missing):
        name = value.text.split(".")[-1]
        if name not in _BY_NAME:
            raise NameError(f"name {value.text!r} is not defined")
        return _BY_NAME[name]
    origin = typing.get_origin(value) or value
    found = _BY_NAME.get(getattr(origin, "__name__", ""), SocketType.OBJECT)
    items = typing.get_args(value)
    if found is SocketType.LIST and items:
        inner = read_annotation(items[0], module_names).type
        return inner if inner in _LISTED_AS_THEMSELVES and inner else SocketType.LIST
    return found
