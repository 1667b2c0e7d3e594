"""Handles: how the bridge holds a component of the main wire until a block needs it."""

from __future__ import annotations

from typing import Any, Protocol


class Handle(Protocol):
    """A component, loaded or not. Handles are immutable; any number of wires may share one."""

    @property
    def carries_state(self) -> bool:
        """Whether runs change it (schedulers, guiders): then every node gets a copy of its own."""

    def take(self) -> Any:
        """The component for a block that declares it: the shared model with its weights on the
        execution device, or a fresh copy where it carries state. None for a component that the
        repository rightly lacks. Raises ModelError when it cannot be loaded."""

    def look(self) -> Any:
        """The component for a block that did not declare it: the same class and config, but no
        weights are loaded for it (models not loaded yet come as stand-ins on the meta device)."""
