"""Digests of values: equal where type and content are, and only there."""

from __future__ import annotations

from typing import Any

import numpy
import PIL.Image
import pytest
import torch

from blockloom.bridge.data import Parked
from blockloom.bridge.digests import digest_of


def values() -> list[Any]:
    """Values that are all different."""
    ones = torch.ones(2, 3)
    return [
        None,
        1,
        1.0,
        True,
        "1",
        [1, 2],
        (1, 2),
        [[1], 2],
        {"a": 1},
        {"a": ones},
        ones,
        ones.T,
        torch.ones(3, 2) * 2,
        torch.ones(6),
        torch.ones(2, 3, dtype=torch.bfloat16),
        torch.ones(2, 3, dtype=torch.float64),
        torch.tensor(1.0),
        torch.zeros(0),
        torch.ones(2, dtype=torch.complex64).conj() * 1j,
        [ones],
        [ones, ones],
        numpy.ones((2, 3), numpy.float32),
        numpy.ones((3, 2), numpy.float32),
        PIL.Image.new("RGB", (2, 3)),
        PIL.Image.new("RGB", (3, 2)),
        [PIL.Image.new("L", (2, 3))],
    ]


def test_equal_values_have_equal_digests_and_others_have_not() -> None:
    found = [digest_of(value) for value in values()]
    assert "" not in found
    assert len(set(found)) == len(found)
    assert [digest_of(value) for value in values()] == found


def test_a_tensor_counts_by_what_is_in_it_however_it_lies() -> None:
    tensor = torch.arange(6.0).reshape(2, 3)
    turned = torch.arange(6.0).reshape(2, 3).T.contiguous().T
    assert digest_of(tensor) == digest_of(turned) == digest_of(tensor.clone().requires_grad_())
    assert digest_of(Parked(tensor, torch.device("cpu"))) == digest_of(tensor)


@pytest.mark.parametrize(
    "value",
    [
        torch.zeros(2**19),
        torch.zeros(2, device="meta"),
        torch.zeros(2, 2).to_sparse(),
        torch.Generator(),
        object(),
        [object()],
        [1] * 100,
        numpy.array([object()]),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_is_large_or_no_plain_data_has_none(value: Any) -> None:
    assert digest_of(value) == ""
