"""Guess the socket type of an input or output from its type hint, its name and its default.

The order: the hint; what other blocks say of the same name; a short table of words in names; the
Python type of the default; ``ANY``. There is no list of models or of blocks.
"""

from __future__ import annotations

import inspect
import types
import typing
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

import numpy
import PIL.Image
import torch

from blockloom.graph.sockets import SocketType

# Where a hint is a union: the type that says most, and that the artist can give, comes first.
_ORDER = (
    SocketType.VIDEO,
    SocketType.IMAGE,
    SocketType.MASK,
    SocketType.AUDIO,
    SocketType.SEED,
    SocketType.STRING,
    SocketType.FLOAT,
    SocketType.INT,
    SocketType.BOOLEAN,
    SocketType.LIST,
    SocketType.TENSOR,
    SocketType.DICT,
    SocketType.OBJECT,
)

_PLAIN: dict[object, SocketType] = {
    bool: SocketType.BOOLEAN,
    int: SocketType.INT,
    float: SocketType.FLOAT,
    str: SocketType.STRING,
    dict: SocketType.DICT,
    list: SocketType.LIST,
    tuple: SocketType.LIST,
    set: SocketType.LIST,
}

# Words a name ends in, for values without any hint. Only what the words mean in general.
_ENDINGS: tuple[tuple[str, SocketType], ...] = (
    ("generator", SocketType.SEED),
    ("scheduler", SocketType.OBJECT),
    ("prompt", SocketType.STRING),
    ("prompt_2", SocketType.STRING),
    ("prompt_3", SocketType.STRING),
    ("output_type", SocketType.STRING),
    ("height", SocketType.INT),
    ("width", SocketType.INT),
    ("steps", SocketType.INT),
    ("batch_size", SocketType.INT),
    ("skip", SocketType.INT),
    ("crop", SocketType.INT),
    ("rate", SocketType.INT),
    ("length", SocketType.INT),
    ("size", SocketType.LIST),
    ("sizes", SocketType.LIST),
    ("coords_top_left", SocketType.LIST),
    ("sigmas", SocketType.LIST),
    ("mode", SocketType.LIST),
    ("strength", SocketType.FLOAT),
    ("scale", SocketType.FLOAT),
    ("score", SocketType.FLOAT),
    ("timestep", SocketType.FLOAT),
    ("start", SocketType.FLOAT),
    ("end", SocketType.FLOAT),
    ("kwargs", SocketType.DICT),
    ("mask_image", SocketType.MASK),
    ("image", SocketType.IMAGE),
    ("images", SocketType.IMAGE),
    ("video", SocketType.VIDEO),
    ("videos", SocketType.VIDEO),
    ("audio", SocketType.AUDIO),
    ("audios", SocketType.AUDIO),
    ("sound", SocketType.AUDIO),
    ("waveform", SocketType.AUDIO),
    ("waveforms", SocketType.AUDIO),
    ("latents", SocketType.TENSOR),
    ("embeds", SocketType.TENSOR),
    ("ids", SocketType.TENSOR),
    ("chunks", SocketType.TENSOR),
    ("timesteps", SocketType.TENSOR),
)

_SOUND = frozenset({"audio", "audios", "sound", "waveform", "waveforms"})
_WAVEFORMS = ("_waveform", "_waveforms")
_FRAMES = frozenset({"video", "videos", "frames"})


def type_of_hint(hint: Any, name: str) -> SocketType | None:
    """The socket type a type hint stands for; None where the hint says nothing."""
    found = _type_of_hint(hint, name)
    if found is SocketType.LIST and hint in (list, tuple):
        return _list_by_name(name)
    return found


def type_by_name(name: str) -> SocketType | None:
    """The socket type that the words of a name suggest, if they do."""
    matches = [
        (len(ending), type_)
        for ending, type_ in _ENDINGS
        if name == ending or name.endswith(f"_{ending}")
    ]
    return max(matches, key=lambda match: match[0])[1] if matches else None


def type_of_default(default: Any) -> SocketType | None:
    """The socket type of a default value; None where there is none."""
    if default is None:
        return None
    return _type_of_hint(type(default), "")


def guess_type(hint: Any, name: str, default: Any, known: Mapping[str, SocketType]) -> SocketType:
    """The socket type of one input or output; ``known`` is what other blocks say of a name."""
    for found in (
        type_of_hint(hint, name),
        known.get(name),
        type_by_name(name),
        type_of_default(default),
    ):
        if found is not None:
            return found
    return SocketType.ANY


def types_by_majority(declared: Iterable[tuple[str, Any]]) -> dict[str, SocketType]:
    """For every name the type that most of its hints stand for; ``declared``: (name, hint)."""
    votes: dict[str, Counter[SocketType]] = {}
    for name, hint in declared:
        found = type_of_hint(hint, name)
        if found is not None:
            votes.setdefault(name, Counter())[found] += 1
    return {name: counter.most_common(1)[0][0] for name, counter in votes.items()}


def _type_of_hint(hint: Any, name: str) -> SocketType | None:
    if hint is None or hint is inspect.Parameter.empty or hint is Any:
        return None
    if isinstance(hint, str):
        return _type_of_text(hint, name)
    origin = typing.get_origin(hint)
    if origin is typing.Annotated:
        return _type_of_hint(typing.get_args(hint)[0], name)
    if origin in (typing.Union, types.UnionType):
        return _first_in_order(_type_of_hint(part, name) for part in _members(hint))
    if origin is typing.Literal:
        return _first_in_order(type_of_default(value) for value in typing.get_args(hint))
    if origin in (list, tuple, set):
        return _type_of_items(typing.get_args(hint), name)
    return _type_of_class(origin or hint, name)


def _members(hint: Any) -> list[Any]:
    return [part for part in typing.get_args(hint) if part is not types.NoneType]


def _first_in_order(found: Iterable[SocketType | None]) -> SocketType | None:
    present = set(found)
    return next((type_ for type_ in _ORDER if type_ in present), None)


def _type_of_class(hint: Any, name: str) -> SocketType | None:
    if hint in _PLAIN:
        return _PLAIN[hint]
    if hint is numpy.array:
        return _tensor_by_name(name)
    if not isinstance(hint, type):
        return SocketType.OBJECT if callable(hint) else None
    if issubclass(hint, PIL.Image.Image):
        return SocketType.MASK if "mask" in name.split("_") else SocketType.IMAGE
    if issubclass(hint, torch.Generator):
        return SocketType.SEED
    if issubclass(hint, (torch.Tensor, numpy.ndarray)):
        return _tensor_by_name(name)
    plain = next(
        (type_ for base, type_ in _PLAIN.items() if issubclass(hint, typing.cast(type, base))), None
    )
    return plain or SocketType.OBJECT


def _tensor_by_name(name: str) -> SocketType:
    is_sound = name in _SOUND or name.endswith(_WAVEFORMS)
    return SocketType.AUDIO if is_sound else SocketType.TENSOR


def _type_of_items(items: tuple[Any, ...], name: str) -> SocketType:
    """The type of a list, tuple or set from the types of its items."""
    if not items:
        return _list_by_name(name)
    inner = _type_of_hint(items[0], name)
    if inner is SocketType.IMAGE and _FRAMES & set(name.split("_")):
        return SocketType.VIDEO
    kept = (
        SocketType.IMAGE,
        SocketType.MASK,
        SocketType.VIDEO,
        SocketType.AUDIO,
        SocketType.TENSOR,
        SocketType.SEED,
        SocketType.OBJECT,
    )
    return inner if inner in kept else SocketType.LIST


def _list_by_name(name: str) -> SocketType:
    """A bare ``list``: a list of pictures, texts or tensors where the name says so."""
    found = type_by_name(name)
    listed = (
        SocketType.STRING,
        SocketType.IMAGE,
        SocketType.VIDEO,
        SocketType.AUDIO,
        SocketType.TENSOR,
    )
    return found if found in listed else SocketType.LIST


def _type_of_text(hint: str, name: str) -> SocketType | None:
    """The type of a hint that is still a text (``"torch.Tensor | None"``)."""
    known: dict[str, Any] = {
        "bool": bool,
        "int": int,
        "float": float,
        "str": str,
        "dict": dict,
        "list": list,
        "tuple": tuple,
        "Tensor": torch.Tensor,
        "ndarray": numpy.ndarray,
        "Generator": torch.Generator,
        "Image": PIL.Image.Image,
    }
    words = [part.strip().split("[")[0].split(".")[-1] for part in hint.split("|")]
    return _first_in_order(_type_of_hint(known.get(word), name) for word in words)
