"""Values told apart by their content, where it is small and at hand."""

from __future__ import annotations

import hashlib
from typing import Any

import numpy
import PIL.Image
import torch

from blockloom.bridge.data import Parked, plain_key, size_of

_LARGEST = 2**20
_MOST = 64


def digest_of(data: Any) -> str:
    """A digest of the content; "" for what is large, on a device, or no plain data.

    Equal digests mean equal type and content.
    """
    known = plain_key(data)
    if known:
        return known
    if size_of(data) > _LARGEST:
        return ""
    found = hashlib.blake2b(digest_size=16)
    return found.hexdigest() if _fed(data, found) else ""


def _fed(data: Any, target: Any) -> bool:
    """Feed data to a hash; whether all of it could be."""
    if isinstance(data, Parked):
        data = data.tensor
    if isinstance(data, torch.Tensor):
        return _fed_tensor(data, target)
    if isinstance(data, numpy.ndarray) and data.dtype != object:
        target.update(f"array {data.dtype.str} {data.shape} ".encode())
        target.update(numpy.ascontiguousarray(data).tobytes())
        return True
    if isinstance(data, PIL.Image.Image):
        target.update(f"image {data.mode} {data.size} ".encode())
        target.update(data.tobytes())
        return True
    if type(data) in (list, tuple) and len(data) <= _MOST:
        target.update(f"{type(data).__name__} {len(data)} ".encode())
        return all(_fed(item, target) for item in data)
    if type(data) is dict and len(data) <= _MOST:
        target.update(f"dict {len(data)} ".encode())
        return all(_fed(part, target) for item in data.items() for part in item)
    key = plain_key(data)
    target.update(f"{len(key)} {key}".encode("utf-8", "surrogatepass"))
    return bool(key)


def _fed_tensor(data: torch.Tensor, target: Any) -> bool:
    if data.device.type != "cpu" or data.layout is not torch.strided or data.is_quantized:
        return False
    target.update(f"tensor {data.dtype} {tuple(data.shape)} ".encode())
    flat = data.detach().resolve_conj().resolve_neg().reshape(-1).contiguous()
    target.update(flat.view(torch.uint8).numpy().tobytes())
    return True
