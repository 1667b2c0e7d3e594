"""The described blocks of the installed diffusers, made once for all tests that look at them."""

from __future__ import annotations

import functools

from blockloom.bridge.blocks import BlockLibrary, diffusers_blocks
from blockloom.bridge.build_catalogue import build_catalogue
from blockloom.catalogue.catalogue import Catalogue


@functools.cache
def library() -> BlockLibrary:
    """Never add classes to this one: make a ``diffusers_blocks()`` of your own for that."""
    return diffusers_blocks()


@functools.cache
def catalogue() -> Catalogue:
    return build_catalogue(library())
