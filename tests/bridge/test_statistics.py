"""Statistics of values, held against numpy."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from typing import Any

import numpy
import PIL.Image
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from blockloom.bridge import statistics
from blockloom.bridge.statistics import Statistics, statistics_of
from blockloom.errors import UsageError

FLOATS = st.floats(-1e6, 1e6) | st.sampled_from([math.nan, math.inf, -math.inf, 0.0, -0.0])


def expected(values: Any) -> Statistics:
    """What numpy says of an array."""
    array = numpy.asarray(values)
    array = abs(array) if array.dtype.kind == "c" else array
    array = array.astype(numpy.float64)
    finite = array[numpy.isfinite(array)]
    nans, infinities = int(numpy.isnan(array).sum()), int(numpy.isinf(array).sum())
    zeros = float((array == 0).mean()) if array.size else 0.0
    if not finite.size:
        return Statistics(array.size, None, None, None, None, nans, infinities, zeros)
    histogram = tuple(numpy.histogram(finite, bins=64)[0].tolist())
    low, high, mean, std = (float(f(finite)) for f in (numpy.min, numpy.max, numpy.mean, numpy.std))
    return Statistics(array.size, low, high, mean, std, nans, infinities, zeros, histogram)


def assert_same(found: Statistics, wanted: Statistics) -> None:
    """Equal, but for rounding in mean and deviation."""
    if wanted.mean is None or found.mean is None:
        assert found == wanted
        return
    scale = max(abs(found.minimum or 0.0), abs(found.maximum or 0.0), 1e-300)
    assert found.mean == pytest.approx(wanted.mean, rel=1e-9, abs=1e-12 * scale)
    assert found.std == pytest.approx(wanted.std, rel=1e-9, abs=1e-7 * scale)
    assert replace(found, mean=wanted.mean, std=wanted.std) == wanted


@settings(deadline=None, max_examples=60)
@given(st.lists(FLOATS, max_size=40))
def test_floats_as_numpy_says(numbers: list[float]) -> None:
    array = numpy.array(numbers, dtype=numpy.float64)
    found = statistics_of(torch.tensor(numbers, dtype=torch.float64))
    wanted = expected(array)
    # Where bins are narrower than the precision of their edges, numpy rounds in another way.
    if wanted.histogram and wanted.maximum - wanted.minimum < 1e-9 * max(1, abs(wanted.maximum)):
        assert sum(found.histogram) == sum(wanted.histogram)
        found = replace(found, histogram=wanted.histogram)
    assert_same(found, wanted)
    json.dumps(found.to_json(), allow_nan=False)


@pytest.mark.parametrize(
    "dtype",
    ["bool", "uint8", "int8", "int16", "int32", "int64", "uint16", "float16", "bfloat16",
     "float32", "complex64"],
)  # fmt: skip
def test_every_dtype(dtype: str) -> None:
    numbers = torch.arange(-50, 53).reshape(1, -1)
    tensor = (numbers.abs() if dtype.startswith("uint") else numbers).to(getattr(torch, dtype))
    plain = tensor.float() if dtype == "bfloat16" else tensor
    assert_same(statistics_of(tensor), expected(plain.numpy()))


@pytest.mark.parametrize("shape", [(), (0,), (1,), (3, 0, 2), (1, 4, 5, 6)])
def test_shapes(shape: tuple[int, ...]) -> None:
    tensor = torch.randn(shape, generator=torch.Generator().manual_seed(0))
    assert_same(statistics_of(tensor), expected(tensor.numpy()))


def test_many_values_go_through_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statistics, "_CHUNK", 1000)
    tensor = torch.randn(4321, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    tensor = tensor * 3 + 1000
    tensor[5], tensor[2000:3000] = math.nan, math.inf
    assert_same(statistics_of(tensor), expected(tensor.numpy()))


def test_extreme_values_stay_json() -> None:
    huge = numpy.finfo(numpy.float64).max
    found = statistics_of(torch.tensor([-huge, huge, huge], dtype=torch.float64))
    assert (found.minimum, found.maximum, sum(found.histogram)) == (-huge, huge, 3)
    json.dumps(found.to_json(), allow_nan=False)


def test_channels_of_tensors_arrays_and_pictures() -> None:
    tensor = torch.randn(2, 3, 4, 5, generator=torch.Generator().manual_seed(0))
    found = statistics_of(tensor, per_channel=True)
    assert_same(replace(found, channels=()), expected(tensor.numpy()))
    for place, channel in enumerate(found.channels):
        assert_same(channel, expected(tensor[:, place].numpy()))
    assert len(found.channels) == 3
    array = tensor.numpy().transpose(0, 2, 3, 1)
    assert len(statistics_of(array, per_channel=True).channels) == 3
    picture = PIL.Image.new("RGB", (4, 4), (1, 2, 3))
    means = [channel.mean for channel in statistics_of(picture, per_channel=True).channels]
    assert means == [1, 2, 3]
    assert statistics_of(torch.zeros(2, 2), per_channel=True).channels == ()
    assert statistics_of(torch.zeros(1, 2048, 2, 2), per_channel=True).channels == ()


def read_only(array: numpy.ndarray) -> numpy.ndarray:
    array.flags.writeable = False
    return array


@pytest.mark.parametrize(
    "array",
    [
        numpy.arange(10.0)[::-2],
        read_only(numpy.arange(4)),
        numpy.arange(5, dtype=">f4"),
        numpy.arange(5, dtype=numpy.longdouble),
        numpy.float32(3.5),
        numpy.array([True, False]),
        numpy.array([3 + 4j]),
    ],
)
def test_arrays_of_all_kinds(array: Any) -> None:
    assert_same(statistics_of(array), expected(array))


@pytest.mark.parametrize("mode", ["1", "L", "RGB", "RGBA", "P", "F", "I", "I;16", "CMYK"])
def test_pictures_of_all_modes(mode: str) -> None:
    assert sum(statistics_of(PIL.Image.new(mode, (5, 3))).histogram) >= 15


def test_sparse_and_tracked_tensors() -> None:
    tensor = torch.eye(3, requires_grad=True)
    assert statistics_of(tensor) == statistics_of(tensor.detach().to_sparse())


@pytest.mark.parametrize(
    "data", [None, "text", [1, 2], torch.zeros(2, device="meta"), numpy.array(["a", None])]
)
def test_what_holds_no_numbers_says_so(data: Any) -> None:
    with pytest.raises(UsageError):
        statistics_of(data)
