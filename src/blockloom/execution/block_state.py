"""Block states: the local view each node had while it ran."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, TypeAlias

from blockloom.execution.values import Origin, ValueRef

ReadFrom: TypeAlias = Literal["typed", "linked", "state", "default", "bundle"]
Change: TypeAlias = Literal["new", "changed", "same"]


@dataclass(frozen=True, slots=True)
class ReadValue:
    """A value a node read, where it came from, and which node wrote it."""

    name: str
    ref: ValueRef | None
    came_from: ReadFrom
    writer: str = ""


@dataclass(frozen=True, slots=True)
class WrittenValue:
    """A value a node wrote: new, changed, or the same as before."""

    name: str
    ref: ValueRef
    change: Change
    origin: Origin = Origin.OUTPUT


@dataclass(frozen=True, slots=True)
class LoopStep:
    """The values of a loop's block state that were new after one step.

    ``values`` holds the data while it fits the recorder's budget; ``dropped`` names what did not.
    """

    index: int
    total: int
    values: Mapping[str, object] = field(default_factory=dict)
    dropped: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BlockState:
    """What a node read, wrote and changed, and how its values went on at each loop step.

    ``written`` holds references; the data is in the store for as long as its budget allows.
    ``memory`` is the peak of device memory in bytes, where the device tells it, else 0.
    """

    node_id: str
    type_id: str
    read: tuple[ReadValue, ...] = ()
    written: tuple[WrittenValue, ...] = ()
    components: tuple[str, ...] = ()
    steps: tuple[LoopStep, ...] = ()
    seconds: float = 0.0
    memory: int = 0

    def as_written_by(self, node_id: str, read: tuple[ReadValue, ...]) -> BlockState:
        """The same block state for another node that was found to do the same."""
        written = tuple(
            replace(value, ref=replace(value.ref, writer=node_id)) for value in self.written
        )
        return replace(self, node_id=node_id, read=read, written=written)
