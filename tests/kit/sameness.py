"""Whether two values are the same to the bit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy
import PIL.Image
import torch

_PLAIN = (str, bytes, int, float, bool, type(None), torch.dtype, torch.device)
_DEPTH = 12


def differences(found: Any, expected: Any, where: str = "", depth: int = 0) -> Iterator[str]:
    """Say where two values differ: type, dtype, shape or content."""
    if type(found) is not type(expected):
        yield f"{where}: {type(found).__name__} instead of {type(expected).__name__}"
    elif isinstance(expected, torch.Tensor):
        yield from _of_tensors(found, expected, where)
    elif isinstance(expected, numpy.ndarray):
        yield from _of_arrays(found, expected, where)
    elif isinstance(expected, PIL.Image.Image):
        if (found.mode, found.size) != (expected.mode, expected.size):
            yield f"{where}: {found.mode} {found.size} instead of {expected.mode} {expected.size}"
        elif found.tobytes() != expected.tobytes():
            yield f"{where}: other pixels"
    elif isinstance(expected, torch.Generator):
        if not torch.equal(found.get_state(), expected.get_state()):
            yield f"{where}: the generator stands elsewhere"
    elif isinstance(expected, Mapping):
        if list(found) != list(expected):
            yield f"{where}: {list(found)} instead of {list(expected)}"
        else:
            for key in expected:
                yield from differences(found[key], expected[key], f"{where}.{key}", depth + 1)
    elif isinstance(expected, (list, tuple)):
        if len(found) != len(expected):
            yield f"{where}: {len(found)} instead of {len(expected)}"
        else:
            for index, pair in enumerate(zip(found, expected, strict=True)):
                yield from differences(*pair, f"{where}[{index}]", depth + 1)
    elif isinstance(expected, _PLAIN):
        if found != expected and not (found != found and expected != expected):
            yield f"{where}: {found!r} instead of {expected!r}"
    elif found is not expected and hasattr(expected, "__dict__"):
        if depth < _DEPTH:
            yield from differences(vars(found), vars(expected), where, depth + 1)
    elif found != expected:
        yield f"{where}: {found!r} instead of {expected!r}"


def _of_tensors(found: torch.Tensor, expected: torch.Tensor, where: str) -> Iterator[str]:
    one, other = (found.dtype, tuple(found.shape)), (expected.dtype, tuple(expected.shape))
    if one != other:
        yield f"{where}: tensor {one} instead of {other}"
    elif not _is_same_array(_as_bytes(found), _as_bytes(expected)):
        far = (found.float() - expected.float()).abs().max()
        yield f"{where}: other numbers in the tensor {one}, up to {float(far)}"


def _of_arrays(found: numpy.ndarray, expected: numpy.ndarray, where: str) -> Iterator[str]:
    one, other = (found.dtype, found.shape), (expected.dtype, expected.shape)
    if one != other:
        yield f"{where}: array {one} instead of {other}"
    elif not _is_same_array(found, expected):
        yield f"{where}: other numbers in the array {one}"


def _as_bytes(tensor: torch.Tensor) -> numpy.ndarray:
    return tensor.detach().cpu().contiguous().reshape(-1).view(torch.uint8).numpy()


def _is_same_array(found: numpy.ndarray, expected: numpy.ndarray) -> bool:
    return found.tobytes() == expected.tobytes()
