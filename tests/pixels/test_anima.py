"""Anima runs as in diffusers, to the bit."""

from __future__ import annotations

from tests.kit.families.anima import WITHOUT_MASK

RECIPES = (WITHOUT_MASK,)


def test_same_as_diffusers(check, recipe, workflow, mode) -> None:
    check(recipe, workflow, mode)
