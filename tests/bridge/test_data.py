"""Data: its size, its content, what is wrong with it, and where it is parked."""

from __future__ import annotations

from typing import Any

import numpy
import PIL.Image
import pytest
import torch

from blockloom.bridge.data import Parked, describe_data, park, plain_key, size_of, unpark
from blockloom.bridge.isolate import is_unchanged, isolated, stamp
from blockloom.execution.block_state import LoopStep


def test_sizes_are_those_of_the_contents() -> None:
    tensor, array = torch.zeros(10, 10), numpy.zeros(100, dtype=numpy.uint8)
    assert size_of(tensor) == 400
    assert size_of([tensor, {"a": array}]) >= 500
    assert size_of(PIL.Image.new("RGB", (10, 20))) == 600
    assert size_of(object()) > 0


@pytest.mark.parametrize(
    "data",
    [None, 1, "text", (1, 2), [1, [2.5, "a"]], {"a": [1]}, torch.float16, torch.device("cpu")],
    ids=repr,
)
def test_plain_data_has_a_content_key(data: Any) -> None:
    assert describe_data(data).content_key == plain_key(data) != ""


def test_other_data_has_none() -> None:
    for data in (torch.zeros(1), [torch.zeros(1)], {"a": object()}, list(range(1000))):
        assert describe_data(data).content_key == ""


@pytest.mark.parametrize(
    "data",
    [
        torch.tensor([1.0, float("nan")]),
        [torch.tensor([float("nan")], dtype=torch.bfloat16)],
        numpy.array([numpy.nan]),
    ],
    ids=["tensor", "list", "array"],
)
def test_nan_is_noticed(data: Any) -> None:
    assert "NaN" in describe_data(data).warning


def test_infinity_is_no_warning() -> None:
    assert describe_data(torch.tensor([float("-inf")])).warning == ""


def test_stamps_show_writing_into_tensors_and_arrays() -> None:
    tensor, array = torch.zeros(3), numpy.zeros(3)
    data = {"a": [tensor], "b": array}
    before = stamp(data)
    tensor[0] = 1
    between = stamp(data)
    array[0] = 1
    assert len({before, between, stamp(data)}) == 3


def test_a_view_written_into_shows_on_the_whole() -> None:
    tensor = torch.zeros(4)
    before = stamp(tensor)
    tensor[:2].add_(1)
    assert stamp(tensor) != before


def test_what_is_isolated_can_be_changed_without_harm() -> None:
    generator = torch.Generator().manual_seed(3)
    picture = PIL.Image.new("L", (2, 2))
    original = {"g": generator, "p": picture, "l": [1, 2], "t": torch.zeros(1)}
    given = isolated(original, {})
    assert is_unchanged(original, given)
    assert given["t"] is original["t"]
    torch.rand(1, generator=given["g"])
    given["p"].putpixel((0, 0), 9)
    given["l"].append(3)
    for name in ("g", "p", "l"):
        assert not is_unchanged(original[name], given[name]), name
    assert generator.get_state().equal(torch.Generator().manual_seed(3).get_state())
    assert picture.getpixel((0, 0)) == 0
    assert original["l"] == [1, 2]


def test_one_object_under_two_names_stays_one() -> None:
    generator, memo = torch.Generator(), {}  # type: ignore[var-annotated]
    assert isolated(generator, memo) is isolated(generator, memo)


def test_only_large_device_tensors_are_parked() -> None:
    data = [torch.zeros(1000, 1000), {"a": 1}]
    assert park(data) is data
    assert unpark(data) is data


def test_parked_tensors_come_back_inside_whatever_held_them() -> None:
    # There is no other device on every machine, so the parked form is made by hand.
    tensor = torch.arange(3)
    waiting = Parked(tensor, torch.device("cpu"))
    step = LoopStep(0, 1, {"latents": waiting})
    found = unpark(([waiting, 1], {"a": waiting}, step))
    assert torch.equal(found[0][0], tensor)
    assert torch.equal(found[1]["a"], tensor)
    assert torch.equal(found[2].values["latents"], tensor)


def test_sparse_tensors_weigh_at_most_what_they_stand_for() -> None:
    assert size_of(torch.zeros(4, 4).to_sparse()) == 64
    assert size_of(Parked(torch.zeros(2), torch.device("cpu"))) == 8
