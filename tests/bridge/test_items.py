"""Values inside others, by the names that summaries give them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy
import pytest
import torch

from blockloom.bridge.items import item_of
from blockloom.bridge.summaries import summarise
from blockloom.errors import NotFoundError


@dataclass
class Condition:
    frames: list[str]
    _own: int = 1


VALUE = {"a": [10, {"b": (1, 2)}], 3: "by number", "c": Condition(["first"])}


def test_everything_a_summary_names_can_be_looked_at() -> None:
    def check(summary: Any, data: Any) -> None:
        for name, inner in summary.items:
            found = item_of(data, [name])
            assert (summarise(found).kind, type(found).__name__) == (inner.kind, inner.type_name)
            check(inner, found)

    check(summarise(VALUE), VALUE)
    assert item_of(VALUE, []) is VALUE
    assert item_of(VALUE, ["a", "1", "b", "0"]) == 1
    assert item_of(VALUE, ["3"]) == "by number"
    assert item_of(VALUE, ["c", "frames", "0"]) == "first"


def test_one_of_a_batch_is_a_batch_of_one() -> None:
    latents = torch.arange(2 * 4 * 3 * 3).reshape(2, 4, 3, 3)
    found = item_of({"latents": latents}, ["latents", "1"])
    assert torch.equal(found, latents[1:])
    pictures = numpy.zeros((2, 8, 8, 3))
    assert item_of(pictures, ["0"]).shape == (1, 8, 8, 3)
    for data, name in ((latents, "2"), (latents, "x"), (latents[0], "0")):
        with pytest.raises(NotFoundError):
            item_of(data, [name])


@pytest.mark.parametrize(
    "names", [["x"], ["a", "2"], ["a", "-1"], ["a", "0", "0"], ["c", "_own"], ["a", "9" * 30]]
)
def test_what_is_not_inside_is_not_found(names: list[str]) -> None:
    with pytest.raises(NotFoundError, match=f'no value "{names[-1]}" inside'):
        item_of(VALUE, names)
