"""Flux 2 with its whole processor runs as in diffusers, to the bit."""

from __future__ import annotations

from tests.kit.families.flux2 import WITH_PROCESSOR

RECIPES = (WITH_PROCESSOR,)


def test_same_as_diffusers(check, recipe, workflow, mode) -> None:
    check(recipe, workflow, mode)
