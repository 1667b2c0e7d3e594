"""Flux 3 and its distilled form run as in diffusers, to the bit."""

from __future__ import annotations

from tests.kit.families.flux3 import RECIPES

__all__ = ["RECIPES"]


def test_same_as_diffusers(check, recipe, workflow, mode) -> None:
    check(recipe, workflow, mode)
