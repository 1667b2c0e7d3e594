"""Qwen Image 2.1 and its turbo run as in diffusers, to the bit."""

from __future__ import annotations

from tests.kit.families.qwenimage21 import RECIPES

__all__ = ["RECIPES"]


def test_same_as_diffusers(check, recipe, workflow, mode) -> None:
    check(recipe, workflow, mode)
