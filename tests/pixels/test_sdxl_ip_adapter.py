"""Stable Diffusion XL with an IP-Adapter runs as in diffusers, to the bit."""

from __future__ import annotations

from tests.kit.families.sdxl import WITH_IP_ADAPTER

RECIPES = (WITH_IP_ADAPTER,)


def test_same_as_diffusers(check, recipe, workflow, mode) -> None:
    check(recipe, workflow, mode)
