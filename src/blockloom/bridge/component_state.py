"""What schedulers and guiders remember while they run, as a key."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from enum import Enum
from typing import Any

import numpy
import torch

MAX_TENSOR_BYTES = 1_000_000
MAX_DEPTH = 8

# Where a component came from, and bookkeeping of diffusers in random order: no part of its state.
_IGNORED = frozenset(
    {"_class_name", "_diffusers_load_id", "_diffusers_version", "_use_default_values"}
)
_PLAIN = (bool, int, float, complex, str, bytes)
_NAMED = (torch.dtype, torch.device, numpy.dtype)


class _Unknown(Exception):
    """Something inside is too large, or of a kind whose content cannot be read."""


def state_key(component: object) -> str | None:
    """A key of class, config and run state; equal keys mean that a block would see no difference.

    None where that cannot be told: more than 1 MB of tensors, or something unknown inside. Tensors
    on a GPU are copied to be read, so this waits for their device.
    """
    reader = _StateReader()
    try:
        reader.read_object(component, 0)
    except _Unknown:
        return None
    return reader.digest.hexdigest()


class _StateReader:
    """Feeds everything a component holds into one digest, each piece with its kind and length."""

    def __init__(self) -> None:
        self.digest = hashlib.blake2b(digest_size=16)
        self._bytes_left = MAX_TENSOR_BYTES

    def read_object(self, target: object, depth: int) -> None:
        self._feed("object", _class_name(type(target)))
        self._read_mapping(vars(target), depth)

    def _read(self, value: Any, depth: int) -> None:
        if depth > MAX_DEPTH:
            raise _Unknown
        if value is None or isinstance(value, _PLAIN):
            self._feed(type(value).__name__, repr(value))
        elif isinstance(value, torch.Tensor):
            self._read_tensor(value)
        elif isinstance(value, numpy.ndarray):
            self._read_array(value)
        elif isinstance(value, Mapping):
            self._read_mapping(value, depth)
        elif isinstance(value, (list, tuple)):
            self._feed(type(value).__name__, str(len(value)))
            for item in value:
                self._read(item, depth + 1)
        else:
            self._read_rare(value, depth)

    def _read_rare(self, value: Any, depth: int) -> None:
        if isinstance(value, (*_NAMED, Enum, numpy.generic)):
            self._feed(type(value).__name__, repr(value))
        elif isinstance(value, type):
            self._feed("class", _class_name(value))
        elif isinstance(value, (set, frozenset)) and all(
            isinstance(item, _PLAIN) for item in value
        ):
            self._feed("set", repr(sorted(map(repr, value))))
        elif _is_readable_object(value):
            self.read_object(value, depth + 1)
        else:
            raise _Unknown

    def _read_mapping(self, mapping: Mapping[Any, Any], depth: int) -> None:
        names = [name for name in mapping if name not in _IGNORED]
        self._feed("mapping", str(len(names)))
        for name in names:
            self._feed("name", repr(name))
            self._read(mapping[name], depth + 1)

    def _read_tensor(self, tensor: torch.Tensor) -> None:
        self._spend(tensor.nbytes)
        if tensor.layout is not torch.strided or tensor.is_meta:
            raise _Unknown
        self._feed("tensor", f"{tensor.dtype}{tuple(tensor.shape)}{tensor.device}")
        plain = tensor.detach().reshape(-1).to("cpu").contiguous()
        self.digest.update(plain.view(torch.uint8).numpy().tobytes())

    def _read_array(self, array: numpy.ndarray) -> None:
        self._spend(array.nbytes)
        if array.dtype.hasobject:
            raise _Unknown
        self._feed("array", f"{array.dtype.str}{array.shape}")
        self.digest.update(array.tobytes())

    def _spend(self, size: int) -> None:
        self._bytes_left -= size
        if self._bytes_left < 0:
            raise _Unknown

    def _feed(self, kind: str, text: str) -> None:
        encoded = text.encode("utf-8", "surrogatepass")
        self.digest.update(f"{kind}:{len(encoded)}:".encode())
        self.digest.update(encoded)


def _class_name(target: type) -> str:
    return f"{target.__module__}.{target.__qualname__}"


def _is_readable_object(value: object) -> bool:
    """Diffusers' own small objects (momentum buffers, layer configs); never models."""
    is_ours = type(value).__module__.split(".")[0] == "diffusers"
    return is_ours and not isinstance(value, torch.nn.Module) and hasattr(value, "__dict__")
