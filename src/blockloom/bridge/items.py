"""A value inside another one, by the names that summaries give to what is inside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from itertools import islice
from typing import Any

import numpy
import torch

from blockloom.bridge.frames import frame_axis
from blockloom.bridge.summaries import MAX_ITEMS, shown_name
from blockloom.errors import NotFoundError
from blockloom.films import Film

_BATCH_AXES = 4
_FILM_AXES = 5
_LATENT_FRAMES = 2


def item_of(data: Any, names: Sequence[str]) -> Any:
    """The value at a path of names: keys, places in a list, or attributes of an object.

    A place in a tensor or an array with batches of pictures gives a batch of that one alone, and a
    second place behind that of a film a single frame. Raises NotFoundError.
    """
    rest = list(names)
    while rest:
        is_films = isinstance(data, (torch.Tensor, numpy.ndarray)) and data.ndim == _FILM_AXES
        data = _inside(data, rest.pop(0))
        if is_films and rest:
            data = _frame(data, rest.pop(0))
    return data


def _frame(data: Any, name: str) -> Any:
    """One frame of a batch of a single film: pixels as a batch of pictures, latents as of films."""
    axis = frame_axis(data)
    place = _place(name)
    if place is None or place >= data.shape[axis or _LATENT_FRAMES]:
        raise NotFoundError(f'There is no value "{name}" inside.')
    if axis is None:
        return data[:, :, place : place + 1]
    return data[:, place] if axis == 1 else data[:, :, place]


def _inside(data: Any, name: str) -> Any:
    if isinstance(data, Film):
        if name == "sound" and data.sound is not None:
            return data.sound
        data = data.frames
    if isinstance(data, Mapping):
        if name in data:
            return data[name]
        for key in islice(data, MAX_ITEMS):
            if shown_name(key) == name:
                return data[key]
    elif isinstance(data, (list, tuple, Set)):
        place = _place(name)
        if place is not None and place < len(data):
            return next(islice(data, place, None))
    elif isinstance(data, (torch.Tensor, numpy.ndarray)):
        place = _place(name)
        if place is not None and data.ndim >= _BATCH_AXES and place < len(data):
            return data[place : place + 1]
    elif hasattr(data, "__dict__") and not name.startswith("_") and name in vars(data):
        return vars(data)[name]
    raise NotFoundError(f'There is no value "{name}" inside.')


def _place(name: str) -> int | None:
    return int(name) if name.isdecimal() and len(name) < 10 else None
