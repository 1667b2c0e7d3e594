"""LTX-2 runs as in diffusers, to the bit."""

from __future__ import annotations

import pytest
from tests.kit.families.ltx2 import RECIPES

__all__ = ["RECIPES"]
pytestmark = pytest.mark.usefixtures("uncompiled_attention")


def test_same_as_diffusers(check, recipe, workflow, mode) -> None:
    check(recipe, workflow, mode)
