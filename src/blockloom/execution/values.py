"""Values as the executor knows them: by key. What they are is the Runner's business."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Final


class _Missing(Enum):
    MISSING = "missing"


MISSING: Final = _Missing.MISSING
"""Says that there is no value, where None would be one."""


class Origin(str, Enum):
    """How a value came into the state."""

    TYPED = "typed"
    LINKED = "linked"
    OUTPUT = "output"
    """A declared output of the node that wrote it."""
    CHANGED = "changed"
    """An input that the node changed, or a name it wrote without declaring it."""


@dataclass(frozen=True, slots=True)
class ValueRef:
    """A value by its key.

    ``inline`` carries the data itself where it is small and immutable (numbers, texts); then
    ``key`` is made from its content, so that equal values are equal wherever they came from.
    ``writer`` is the id of the node that wrote it.
    """

    key: str
    is_none: bool = False
    writer: str = ""
    origin: Origin = Origin.OUTPUT
    inline: object = MISSING
    warning: str = ""

    def linked(self) -> ValueRef:
        """This value as it arrives over a link."""
        return ValueRef(
            self.key, self.is_none, self.writer, Origin.LINKED, self.inline, self.warning
        )

    def written_by(self, node_id: str) -> ValueRef:
        """This value as another node writes it."""
        if self.writer == node_id:
            return self
        return ValueRef(self.key, self.is_none, node_id, self.origin, self.inline, self.warning)


@dataclass(frozen=True, slots=True)
class ComponentRef:
    """A component on the main wire.

    ``key`` stands for everything that can change what a block computes with it, ``config_key`` for
    its class and config only: all that a block can see of a component it did not declare.
    ``handle`` is opaque here; the Runner made it and knows how to use it. ``size`` is what it
    holds in bytes beside the shared models (the state of a scheduler).
    """

    key: str
    config_key: str
    handle: object = None
    size: int = 0


@dataclass(frozen=True, slots=True)
class PipelineBase:
    """What a main wire starts from besides components: pipeline class and config values."""

    key: str
    handle: object = None


@dataclass(frozen=True, slots=True)
class NewPipeline:
    """The start of a main wire, as a node function returns it."""

    base: PipelineBase
    components: Mapping[str, ComponentRef] = field(default_factory=dict)
