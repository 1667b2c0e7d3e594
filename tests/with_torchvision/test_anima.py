"""Anima runs as in diffusers with the padding mask of its transformer, too, to the bit."""

from __future__ import annotations

from tests.kit.families.anima import WITH_MASK

RECIPES = (WITH_MASK,)


def test_same_as_diffusers(check, recipe, workflow, mode) -> None:
    check(recipe, workflow, mode)
