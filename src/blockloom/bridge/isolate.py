"""Value semantics: what a node is given, and whether it changed it."""

from __future__ import annotations

import copy
import zlib
from dataclasses import replace
from typing import Any

import numpy
import PIL.Image
import torch

from blockloom.bridge.component_state import state_key
from blockloom.bridge.components import carries_run_state
from blockloom.films import Film, Sound

_CHECKED_BYTES = 64 * 2**20
"""Larger arrays are not read to see whether somebody wrote into them."""


def isolated(data: Any, memo: dict[int, Any]) -> Any:
    """Data for one node, which may do with it what it likes.

    Generators, schedulers, guiders, pictures and containers are copied; tensors and arrays are
    shared, and :func:`stamp` tells whether they were written into. Objects that occur more than
    once are copied once (``memo``, by id).
    """
    if id(data) in memo:
        return memo[id(data)]
    copied = _copied(data, memo)
    memo[id(data)] = copied
    return copied


def _copied(data: Any, memo: dict[int, Any]) -> Any:
    if isinstance(data, torch.Generator):
        return data.clone_state()
    if carries_run_state(type(data)):
        return copy.deepcopy(data)
    if isinstance(data, PIL.Image.Image):
        return data.copy()
    if isinstance(data, Film):
        return replace(data, frames=tuple(isolated(frame, memo) for frame in data.frames))
    if type(data) is list:
        return [isolated(item, memo) for item in data]
    if type(data) is dict:
        return {key: isolated(item, memo) for key, item in data.items()}
    if type(data) is tuple:
        items = tuple(isolated(item, memo) for item in data)
        is_same = all(new is old for new, old in zip(items, data, strict=True))
        return data if is_same else items
    return data


def for_block(data: Any) -> Any:
    """What blocks know: the frames of a film as a list of pictures, a sound as its waveform."""
    if isinstance(data, Film):
        return [*data.frames]
    if isinstance(data, Sound):
        return data.waveform
    if type(data) is list and any(isinstance(item, (Film, Sound)) for item in data):
        return [for_block(item) for item in data]
    return data


def is_unchanged(original: Any, given: Any) -> bool:
    """Whether a node left what it was given (a copy of ``original``) as it was, as ``for_block``
    gives it or not.

    Tensors are compared by identity only: see :func:`stamp`.
    """
    if isinstance(given, torch.Generator):
        return isinstance(original, torch.Generator) and torch.equal(
            original.get_state(), given.get_state()
        )
    if carries_run_state(type(given)):
        key = state_key(given)
        return key is not None and key == state_key(original)
    if isinstance(given, PIL.Image.Image):
        return bool(original == given)
    if isinstance(original, Film):
        shown = for_block(given)
        return type(shown) is list and is_unchanged([*original.frames], shown)
    if isinstance(original, Sound):
        return original is given or original.waveform is given
    if type(given) in (list, tuple):
        return (
            type(original) is type(given)
            and len(original) == len(given)
            and all(map(is_unchanged, original, given))
        )
    if type(given) is dict:
        return (
            type(original) is dict
            and list(original) == list(given)
            and all(is_unchanged(original[key], item) for key, item in given.items())
        )
    return original is given or (type(original) in _PLAIN and original == given)


_PLAIN = (int, float, str, bool, type(None))


def stamp(data: Any) -> tuple[int, ...]:
    """Numbers that change when somebody writes into tensors or arrays inside ``data``."""
    numbers: list[int] = []
    _collect_stamps(data, numbers)
    return tuple(numbers)


def _collect_stamps(data: Any, numbers: list[int]) -> None:
    if isinstance(data, torch.Tensor):
        # Tensors made in inference mode do not count their versions.
        numbers.append(-1 if data.is_inference() else data._version)
    elif isinstance(data, numpy.ndarray):
        is_checked = data.nbytes <= _CHECKED_BYTES and data.dtype != object
        numbers.append(zlib.crc32(numpy.ascontiguousarray(data).data) if is_checked else -1)
    elif isinstance(data, Sound):
        _collect_stamps(data.waveform, numbers)
    elif isinstance(data, (list, tuple)):
        for item in data:
            _collect_stamps(item, numbers)
    elif isinstance(data, dict):
        for item in data.values():
            _collect_stamps(item, numbers)
