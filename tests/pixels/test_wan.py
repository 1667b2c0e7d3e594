"""Wan runs as in diffusers, to the bit."""

from __future__ import annotations

from tests.kit.families import wan

RECIPES = [recipe for recipe in wan.RECIPES if not recipe.needs]


def test_same_as_diffusers(check, recipe, workflow, mode) -> None:
    check(recipe, workflow, mode)
