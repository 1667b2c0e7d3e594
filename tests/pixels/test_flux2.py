"""Flux 2, large and small, runs as in diffusers, to the bit."""

from __future__ import annotations

from tests.kit.families.flux2 import KLEIN, WITHOUT_PROCESSOR

RECIPES = (WITHOUT_PROCESSOR, KLEIN)


def test_same_as_diffusers(check, recipe, workflow, mode) -> None:
    check(recipe, workflow, mode)
