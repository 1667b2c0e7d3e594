"""A job: one queued run of a graph, from the moment it is accepted until its outputs are gone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from blockloom.graph.model import Json


class JobStatus(str, Enum):
    """Where a job is. ``interrupted`` ones were running when server or worker died."""

    PENDING = "pending"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"
    INTERRUPTED = "interrupted"

    @property
    def is_ended(self) -> bool:
        """Whether the job will not run any more, unless somebody retries it."""
        return self not in (JobStatus.PENDING, JobStatus.RUNNING)


@dataclass(frozen=True, slots=True)
class NewJob:
    """A job as it is asked for.

    ``graph`` is the graph file's content, ``targets`` the nodes to run up to (empty: all sinks),
    ``extra`` what the client sent along (ComfyUI's ``extra_data``). Jobs run in the order of
    ``number``, then of their coming. ``is_placed`` says that somebody chose the place in the queue
    (a number of the client's own, to the front, moved by hand): then no worker's preference moves
    a job past it. ``group`` joins the jobs of one batch.
    """

    id: str
    graph: dict[str, Json]
    targets: tuple[str, ...] = ()
    number: float = 0
    client_id: str = ""
    extra: Mapping[str, Json] = field(default_factory=dict)
    seed: int | None = None
    group: str = ""
    is_placed: bool = False

    @property
    def picture_notes(self) -> dict[str, Json]:
        """What the client wants written into pictures: ComfyUI's ``extra_pnginfo``."""
        notes = self.extra.get("extra_pnginfo")
        return notes if isinstance(notes, dict) else {}


@dataclass(frozen=True, slots=True)
class JobError:
    """Why a job failed: the node it failed on (if any), in words, and the details folded away."""

    message: str
    node_id: str = ""
    class_type: str = ""
    kind: str = ""
    details: str = ""


@dataclass(frozen=True, slots=True)
class Job:
    """A job as the database has it. Times are seconds since the epoch, 0 where not yet known.

    ``outputs``: node id -> what it announced ("files": list of FileEvent, "texts": list of str).
    ``log``: the messages of ComfyUI's history, (event, data) each.
    """

    new: NewJob
    status: JobStatus = JobStatus.PENDING
    created: float = 0.0
    started: float = 0.0
    ended: float = 0.0
    outputs: Mapping[str, Json] = field(default_factory=dict)
    log: tuple[tuple[str, dict[str, Json]], ...] = ()
    error: JobError | None = None
    worker: str = ""
    ran: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    used_seed: int | None = None
    attempt: int = 0

    @property
    def id(self) -> str:
        return self.new.id
