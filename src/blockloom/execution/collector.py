"""Python's garbage collector, kept out of the way while many small objects are made.

Planning 10,000 nodes makes a great many objects that all stay; looking through all of them again
and again is half of the time it takes.
"""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Iterator


@contextlib.contextmanager
def paused_collector() -> Iterator[None]:
    """No collection inside, unless :func:`resumed_collector` allows it."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


@contextlib.contextmanager
def resumed_collector() -> Iterator[None]:
    """Collection inside as usual: while a node runs, which may make a lot of garbage."""
    was_enabled = gc.isenabled()
    gc.enable()
    try:
        yield
    finally:
        if not was_enabled:
            gc.disable()
