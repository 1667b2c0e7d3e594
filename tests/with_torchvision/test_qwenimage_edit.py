"""The editing pipelines of Qwen Image run as in diffusers, to the bit."""

from __future__ import annotations

import pytest
from diffusers.modular_pipelines.qwenimage import encoders
from tests.kit.families.qwenimage_edit import RECIPES

__all__ = ["RECIPES"]

_SMALLER = 64


@pytest.fixture(autouse=True)
def smaller_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    """A megapixel takes a minute; whoever runs the blocks sees less of it."""
    real = encoders.calculate_dimensions
    smaller = lambda area, ratio: real(area / _SMALLER, ratio)  # noqa: E731
    monkeypatch.setattr(encoders, "calculate_dimensions", smaller)


def test_same_as_diffusers(check, recipe, workflow, mode) -> None:
    check(recipe, workflow, mode)
