"""What data weighs, what is wrong with it, and where it is kept."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy
import PIL.Image
import torch

from blockloom.execution.block_state import LoopStep
from blockloom.execution.keys import content_key, key_of
from blockloom.execution.runner import Described
from blockloom.films import Film, Sound

_EAGER_ELEMENTS = 2**20
"""Larger tensors, and tensors on a device, are searched for NaN only when somebody looks."""
_PARKED_BYTES = 2**20
_ITEM_LIMIT = 64
_OBJECT_SIZE = 64


@dataclass(frozen=True, slots=True)
class Parked:
    """A device tensor that waits in main memory."""

    tensor: torch.Tensor
    device: torch.device


def describe_data(data: Any) -> Described:
    """Size in bytes, content key of small plain data, and a warning about NaN."""
    key = plain_key(data)
    if key:
        return Described(size_of(data), content_key=key)
    warning = "It holds NaN (not a number)." if _holds_nan(data) else ""
    return Described(size_of(data), warning=warning)


def plain_key(data: Any) -> str:
    """A content key of small plain data (numbers, texts, dtypes, lists of these), or ""."""
    if isinstance(data, (torch.dtype, torch.device)):
        return key_of("torch", str(data))
    if type(data) is list and len(data) <= _ITEM_LIMIT:
        parts = [plain_key(item) for item in data]
        return key_of("list", *parts) if all(parts) else ""
    if type(data) is dict and len(data) <= _ITEM_LIMIT:
        parts = [plain_key(part) for item in data.items() for part in item]
        return key_of("dict", *parts) if all(parts) else ""
    return content_key(data)


def size_of(data: Any) -> int:
    """Bytes of tensors, arrays and pictures inside ``data``, and a little for everything else."""
    if isinstance(data, Parked):
        data = data.tensor
    if isinstance(data, torch.Tensor):
        # A sparse tensor has no size of its own to tell: what it stands for is the most it can be.
        return int(data.numel() * data.element_size())
    if isinstance(data, numpy.ndarray):
        return int(data.nbytes)
    if isinstance(data, PIL.Image.Image):
        return data.width * data.height * len(data.getbands())
    if isinstance(data, Sound):
        return size_of(data.waveform)
    if isinstance(data, Film):
        return size_of(data.frames) + size_of(data.sound)
    if isinstance(data, (list, tuple)):
        return _OBJECT_SIZE + sum(size_of(item) for item in data)
    if isinstance(data, dict):
        return _OBJECT_SIZE + sum(size_of(item) for item in data.values())
    if isinstance(data, (str, bytes)):
        return _OBJECT_SIZE + len(data)
    return _OBJECT_SIZE


def _holds_nan(data: Any) -> bool:
    if isinstance(data, torch.Tensor):
        is_small = data.numel() <= _EAGER_ELEMENTS and data.device.type == "cpu"
        return is_small and data.is_floating_point() and bool(torch.isnan(data).any())
    if isinstance(data, numpy.ndarray):
        is_small = data.size <= _EAGER_ELEMENTS
        return is_small and data.dtype.kind == "f" and bool(numpy.isnan(data).any())
    if isinstance(data, (list, tuple)):
        return any(_holds_nan(item) for item in data[:_ITEM_LIMIT])
    if isinstance(data, float):
        return data != data
    return False


def park(data: Any) -> Any:
    """Data with its large device tensors moved to main memory; the same object if it has none."""
    if isinstance(data, torch.Tensor):
        if data.device.type in ("cpu", "meta") or data.nbytes < _PARKED_BYTES:
            return data
        return Parked(data.to("cpu"), data.device)
    return _mapped(data, park)


def unpark(data: Any) -> Any:
    """What :func:`park` was given, on its device again."""
    if isinstance(data, Parked):
        return data.tensor.to(data.device)
    return _mapped(data, unpark)


def _mapped(data: Any, function: Any) -> Any:
    if type(data) in (list, tuple):
        items = [function(item) for item in data]
        is_same = all(new is old for new, old in zip(items, data, strict=True))
        return data if is_same else type(data)(items)
    if type(data) is dict:
        mapped = {key: function(item) for key, item in data.items()}
        return data if all(mapped[key] is data[key] for key in data) else mapped
    if isinstance(data, LoopStep):
        values = _mapped(dict(data.values), function)
        is_same = all(values[name] is data.values[name] for name in values)
        return data if is_same else replace(data, values=values)
    return data
