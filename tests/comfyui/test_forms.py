"""A form of ComfyUI's stands for our value only while it is as it was made."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch

from blockloom.comfyui.forms import origin_of
from blockloom.comfyui.lineage import Latent, Lineage, Origin, SoundValue
from blockloom.execution.values import ValueRef

ORIGIN = Origin(ValueRef("key"), Lineage())


def latent() -> Latent:
    return Latent(torch.zeros(1, 4, 2, 2), ORIGIN)


def test_as_it_was_made() -> None:
    assert origin_of(latent()) is ORIGIN
    assert origin_of(SoundValue(torch.zeros(1, 1, 8), 8000, ORIGIN)) is ORIGIN
    assert origin_of(Latent(None, ORIGIN, "It cannot be told.")) is ORIGIN


@pytest.mark.parametrize(
    "change",
    [
        lambda value: value["samples"].add_(1),
        lambda value: value.update(samples=value["samples"] * 2),
        lambda value: value.update(noise_mask=torch.ones(1, 2, 2)),
        lambda value: value.pop("samples"),
    ],
)
def test_what_others_wrote_into_is_theirs(change: Callable[[Any], object]) -> None:
    value = latent()
    with torch.inference_mode():
        change(value)
    assert origin_of(value) is None


def test_a_sound_at_another_rate_is_another_sound() -> None:
    value = SoundValue(torch.zeros(1, 1, 8), 8000, ORIGIN)
    value["sample_rate"] = 16000
    assert origin_of(value) is None
    assert origin_of(SoundValue(torch.zeros(1, 1, 8), 8000, ORIGIN).copy()) is None
