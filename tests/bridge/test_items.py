"""Values inside others, by the names that summaries give them."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy
import PIL.Image
import pytest
import torch

from blockloom.bridge.items import item_of
from blockloom.bridge.summaries import summarise
from blockloom.errors import NotFoundError
from blockloom.films import Film, Sound


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


def test_one_frame_of_a_film() -> None:
    frames = tuple(PIL.Image.new("L", (8, 8), level) for level in range(5))
    sound = Sound(torch.zeros(1, 9), 8000)
    film = Film(frames, Fraction(24), sound)
    assert item_of(film, ["3"]) is frames[3]
    assert item_of(film, ["sound"]) is sound
    assert item_of([[*frames]], ["0", "4"]) is frames[4]
    for name in ("5", "x"):
        with pytest.raises(NotFoundError):
            item_of(film, [name])


def test_one_frame_of_five_axes() -> None:
    pixels = torch.rand(2, 9, 3, 16, 8, generator=torch.Generator().manual_seed(0))
    latents = torch.randn(2, 16, 9, 8, 8, generator=torch.Generator().manual_seed(0))
    assert torch.equal(item_of(pixels, ["1"]), pixels[1:])
    assert torch.equal(item_of(pixels, ["1", "4"]), pixels[1:, 4])
    assert torch.equal(item_of(pixels.transpose(1, 2), ["1", "4"]), pixels[1:, 4])
    assert item_of(pixels.movedim(2, -1).numpy(), ["1", "4"]).shape == (1, 16, 8, 3)
    assert torch.equal(item_of(latents, ["1", "4"]), latents[1:, :, 4:5])
    for data in (pixels, latents):
        with pytest.raises(NotFoundError):
            item_of(data, ["1", "9"])
