"""Stable Diffusion XL runs as in diffusers, with ControlNets, too, to the bit."""

from __future__ import annotations

from tests.kit.families.sdxl import PLAIN

RECIPES = (PLAIN,)


def test_same_as_diffusers(check, recipe, workflow, mode) -> None:
    check(recipe, workflow, mode)
