"""Numbers about the numbers in tensors, arrays and pictures, worked out when somebody looks."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy
import PIL.Image
import torch

from blockloom.errors import UsageError
from blockloom.films import Sound
from blockloom.graph.model import Json

BINS = 64
MAX_CHANNELS = 64
_CHUNK = 2**22
"""Elements turned into doubles at a time."""
_FIXED = 8
_NUMBERS = "biufc"


@dataclass(frozen=True, slots=True)
class Statistics:
    """All but the counts is about finite values only; None where there is none.

    Of complex numbers, these are the statistics of their magnitudes. ``std`` is that of the whole
    population. ``histogram`` has 64 equal bins from ``minimum`` to ``maximum`` (half around a
    single value). ``channels`` is filled on request.
    """

    count: int
    minimum: float | None = None
    maximum: float | None = None
    mean: float | None = None
    std: float | None = None
    nan_count: int = 0
    inf_count: int = 0
    zero_share: float = 0.0
    histogram: tuple[int, ...] = ()
    channels: tuple[Statistics, ...] = ()

    def to_json(self) -> dict[str, Json]:
        """As JSON: what is no finite number is null."""
        return {
            "count": self.count,
            "minimum": self.minimum,
            "maximum": self.maximum,
            "mean": self.mean,
            "std": self.std,
            "nan_count": self.nan_count,
            "inf_count": self.inf_count,
            "zero_share": self.zero_share,
            "histogram": [*self.histogram],
            "channels": [channel.to_json() for channel in self.channels],
        }


def statistics_of(data: Any, *, per_channel: bool = False) -> Statistics:
    """Statistics of a tensor, an array or a picture.

    Worked out on the device where the values are and brought over in one transfer. Channels are
    the second axis of tensors (the first of three), the last of arrays and pictures; at most 64
    are told apart. Raises UsageError for what holds no numbers.
    """
    tensor, axis = _numbers_in(data)
    parts = [tensor]
    if per_channel and axis is not None and tensor.shape[axis] <= MAX_CHANNELS:
        parts += [tensor.select(axis, place) for place in range(tensor.shape[axis])]
    with torch.no_grad():
        rows = torch.stack([_measured(part) for part in parts]).tolist()
    whole, *channels = [
        _statistics(row, part.numel()) for row, part in zip(rows, parts, strict=True)
    ]
    return replace(whole, channels=tuple(channels))


# -- getting at the numbers


def _numbers_in(data: Any) -> tuple[torch.Tensor, int | None]:
    """The values as a dense tensor, and the axis of its channels."""
    if isinstance(data, Sound):
        return _dense(data.waveform), 0
    if isinstance(data, torch.Tensor):
        tensor = _dense(data.detach())
        return tensor, None if tensor.ndim < 3 else 0 if tensor.ndim == 3 else 1
    if isinstance(data, PIL.Image.Image):
        data = numpy.asarray(data.convert("RGBA") if data.mode in ("P", "PA") else data)
    if isinstance(data, (numpy.ndarray, numpy.generic)) and data.dtype.kind in _NUMBERS:
        return _from_numpy(numpy.asarray(data)), None if data.ndim < 3 else data.ndim - 1
    raise UsageError(
        f"There are no statistics of a value of type {type(data).__name__}.",
        remedy="Look at a tensor, an array, a picture or a sound.",
    )


def _dense(tensor: torch.Tensor) -> torch.Tensor:
    if tensor.is_meta:
        raise UsageError(
            "This tensor has a shape but no values (it is on the meta device).",
            remedy="Look at a value that a node has computed.",
        )
    if tensor.is_quantized:
        tensor = tensor.dequantize()
    if tensor.layout is not torch.strided:
        tensor = tensor.to_dense()
    # Devices without doubles count in main memory.
    return tensor if tensor.device.type in ("cpu", "cuda") else tensor.cpu()


def _from_numpy(array: numpy.ndarray) -> torch.Tensor:
    kind, size = array.dtype.kind, array.dtype.itemsize
    if kind == "f" and size > 8:
        array = array.astype(numpy.float64)
    elif kind == "c" and size > 16:
        array = array.astype(numpy.complex128)
    # A copy: torch takes neither read-only memory nor steps backwards, nor another byte order.
    return torch.from_numpy(numpy.array(array, dtype=array.dtype.newbyteorder("="), order="C"))


# -- measuring


def _chunks(tensor: torch.Tensor) -> Iterator[torch.Tensor]:
    """The values as doubles, some at a time."""
    for chunk in tensor.reshape(-1).split(_CHUNK):
        yield (chunk.abs() if chunk.is_complex() else chunk).double()


def _measured(tensor: torch.Tensor) -> torch.Tensor:
    """One row of doubles, still on the device: finite values, their lowest and highest, mean, sum
    of squared distances from it, NaN, infinities, zeros, and the bins."""
    row = torch.zeros(_FIXED + BINS, dtype=torch.float64, device=tensor.device)
    if tensor.numel() == 0:
        return row
    row[1], row[2] = math.inf, -math.inf
    for values in _chunks(tensor):
        _add_moments(row, values)
    _add_histogram(row, tensor)
    return row


def _add_moments(row: torch.Tensor, values: torch.Tensor) -> None:
    is_finite = values.isfinite()
    count = is_finite.sum().double()
    mean = values.where(is_finite, 0.0).sum() / count.clamp(min=1)
    squares = (values - mean).where(is_finite, 0.0).square().sum()
    # Two parts' means and squares make those of both (Chan, Golub and LeVeque).
    both = (row[0] + count).clamp(min=1)
    away = mean - row[3]
    row[4] += squares + away.square() * row[0] * count / both
    row[3] += away * count / both
    row[0] += count
    row[1] = torch.minimum(row[1], values.where(is_finite, math.inf).min())
    row[2] = torch.maximum(row[2], values.where(is_finite, -math.inf).max())
    row[5] += values.isnan().sum()
    row[6] += values.isinf().sum()
    row[7] += (values == 0).sum()


def _add_histogram(row: torch.Tensor, tensor: torch.Tensor) -> None:
    low, high = row[1], row[2]
    is_single = low == high
    low, high = low - 0.5 * is_single, high + 0.5 * is_single
    # Divided first, because the distance of the largest doubles is no double.
    step = high / BINS - low / BINS
    edges = low + step * torch.arange(1, BINS, dtype=torch.float64, device=tensor.device)
    for values in _chunks(tensor):
        place = torch.bucketize(values, edges, right=True)
        row[_FIXED:].scatter_add_(0, place.clamp(max=BINS - 1), values.isfinite().double())


def _statistics(row: list[float], total: int) -> Statistics:
    count, low, high, mean, squares, nans, infinities, zeros = row[:_FIXED]
    share = zeros / total if total else 0.0
    if not count:
        return Statistics(total, None, None, None, None, int(nans), int(infinities), share)
    return Statistics(
        total,
        _finite(low),
        _finite(high),
        _finite(mean),
        _finite(math.sqrt(squares / count)) if squares >= 0 else None,
        int(nans),
        int(infinities),
        share,
        tuple(int(number) for number in row[_FIXED:]),
    )


def _finite(number: float) -> float | None:
    return number if math.isfinite(number) else None
