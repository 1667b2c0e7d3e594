"""MiniMax H3 runs as in diffusers, to the bit."""

from __future__ import annotations

from tests.kit.families.minimax_h3 import RECIPES

__all__ = ["RECIPES"]


def test_same_as_diffusers(check, recipe, workflow, mode) -> None:
    check(recipe, workflow, mode)
