"""What a run reports while it goes on: every event is a typed dict with a literal name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias, TypedDict

if TYPE_CHECKING:
    import PIL.Image


class RunStarted(TypedDict):
    """First event of a run; ``node_ids`` in the order in which they are looked at."""

    event: Literal["run_started"]
    node_ids: list[str]
    seed: int | None


class NodeStarted(TypedDict):
    """A node begins to run."""

    event: Literal["node_started"]
    node_id: str


class NodesKept(TypedDict):
    """As many ``node_kept`` one after the other, of nodes that show nothing."""

    event: Literal["nodes_kept"]
    node_ids: list[str]


class NodeKept(TypedDict):
    """Nothing a node reads has changed: its earlier result stands."""

    event: Literal["node_kept"]
    node_id: str
    files: list[FileEvent]
    texts: list[str]


class NodeStep(TypedDict):
    """A node's progress: ``done`` of ``total`` steps (denoise steps, or a function's own)."""

    event: Literal["node_step"]
    node_id: str
    done: int
    total: int


class FileEvent(TypedDict):
    """A file written as an output of a node."""

    path: str
    kind: str
    is_temporary: bool


class NodeFinished(TypedDict):
    """A node has run.

    ``texts`` are what it shows, ``warnings`` are about values it wrote, such as one that holds NaN.
    """

    event: Literal["node_finished"]
    node_id: str
    seconds: float
    files: list[FileEvent]
    texts: list[str]
    warnings: list[str]


class NodeError(TypedDict):
    """A node raised; the run ends."""

    event: Literal["node_failed"]
    node_id: str
    message: str
    details: str


class RunFinished(TypedDict):
    """Last event of a run."""

    event: Literal["run_finished"]
    outcome: Literal["done", "failed", "cancelled"]
    seconds: float
    ran: list[str]
    kept: list[str]


Event: TypeAlias = (
    RunStarted
    | NodeStarted
    | NodeKept
    | NodesKept
    | NodeStep
    | NodeFinished
    | NodeError
    | RunFinished
)

Listener: TypeAlias = Callable[[Event], None]


def nobody_listens(event: Event) -> None:
    """A listener for runs that nobody follows."""


@dataclass(frozen=True, slots=True)
class StepPreview:
    """What a node is making, after ``done`` of ``total`` steps.

    ``make_image`` draws it, now or later, in any thread; None where it cannot be drawn. Until then
    nothing was computed. Whoever keeps a preview keeps its tensor in memory.
    """

    node_id: str
    done: int
    total: int
    make_image: Callable[[], PIL.Image.Image | None]


PreviewListener: TypeAlias = Callable[[StepPreview], None]
