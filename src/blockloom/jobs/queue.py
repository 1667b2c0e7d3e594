"""Which job runs next and on which worker, and who is told when the queue changes."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Literal, TypeAlias

from blockloom.jobs.job_reader import WaitingJob
from blockloom.jobs.job_store import JobStore
from blockloom.jobs.model import Job, JobError, JobStatus, NewJob

# How far into the queue a job is looked for whose models a worker has loaded.
_LOOK_AHEAD = 64


@dataclass(frozen=True, slots=True)
class WorkerView:
    """A worker as the queue sees it: its name, and the models it has loaded."""

    name: str
    loaded: frozenset[str] = field(default_factory=frozenset)


ChangeKind: TypeAlias = Literal[
    "accepted", "begun", "ended", "cancelled", "moved", "paused", "resumed"
]


@dataclass(frozen=True, slots=True)
class QueueChange:
    """What happened in the queue, and to which jobs; the database has it already."""

    kind: ChangeKind
    ids: tuple[str, ...] = ()


QueueListener: TypeAlias = Callable[[QueueChange], None]


class JobQueue:
    """The jobs that wait and run; owns its store. Everything is called in the event loop's thread.

    ``max_overtakes``: how many later jobs may go before one that waits, because a worker has their
    models loaded. Nothing ever goes before or past a job that was placed by somebody.
    """

    def __init__(self, store: JobStore, *, max_overtakes: int = 5) -> None:
        self.store = store
        self._max_overtakes = max_overtakes
        self._overtakes: Counter[str] = Counter()
        self._listeners: list[QueueListener] = []
        self._sleepers: set[asyncio.Future[None]] = set()

    def close(self) -> None:
        """Close the store; who still waits for work is told by cancellation."""
        for sleeper in list(self._sleepers):
            sleeper.cancel()
        self.store.close()

    def __enter__(self) -> JobQueue:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def listen(self, listener: QueueListener) -> Callable[[], None]:
        """Have every change told, after it is kept; returns what ends this."""
        self._listeners.append(listener)

        def stop() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return stop

    def next_for(self, worker: WorkerView) -> Job | None:
        """Take the job this worker should run now; it counts as running from here on.

        None while the queue is paused or nothing waits.
        """
        if self.store.is_paused:
            return None
        waiting = self.store.waiting(_LOOK_AHEAD)
        chosen = choose_job(waiting, worker.loaded, self._overtakes, self._max_overtakes)
        if chosen is None:
            return None
        job = self.store.begin(chosen.id, worker.name)
        self._overtakes.pop(chosen.id, None)
        for other in waiting[: waiting.index(chosen)]:
            self._overtakes[other.id] += 1
        self.tell("begun", [chosen.id])
        return job

    @property
    def has_work(self) -> bool:
        """Whether ``next_for`` would give a job."""
        return not self.store.is_paused and bool(self.store.waiting(1))

    async def wait_for_work(self) -> None:
        """Return as soon as a job can begin; another worker may be faster in taking it."""
        while not self.has_work:
            sleeper = asyncio.get_running_loop().create_future()
            self._sleepers.add(sleeper)
            try:
                await sleeper
            finally:
                self._sleepers.discard(sleeper)

    def accept(self, new: NewJob) -> Job:
        """As JobStore.accept."""
        return self.accept_all([new])[0]

    def accept_all(self, jobs: Sequence[NewJob]) -> list[Job]:
        """As JobStore.accept_all."""
        accepted = self.store.accept_all(jobs)
        self.tell("accepted", [job.id for job in accepted])
        return accepted

    def retry(self, id: str) -> Job:
        """As JobStore.retry."""
        job = self.store.retry(id)
        self.tell("accepted", [id])
        return job

    def end(
        self,
        id: str,
        status: JobStatus,
        *,
        error: JobError | None = None,
        ran: Sequence[str] = (),
        kept: Sequence[str] = (),
        seed: int | None = None,
    ) -> Job:
        """As JobStore.end."""
        job = self.store.end(id, status, error=error, ran=ran, kept=kept, seed=seed)
        self.tell("ended", [id])
        return job

    def cancel_pending(self, ids: Iterable[str]) -> list[str]:
        """As JobStore.cancel_pending."""
        return self._cancelled(self.store.cancel_pending(ids))

    def clear_pending(self) -> list[str]:
        """As JobStore.clear_pending."""
        return self._cancelled(self.store.clear_pending())

    def reorder(self, id: str, before: str | None) -> None:
        """As JobStore.reorder."""
        self.store.reorder(id, before)
        self._overtakes.pop(id, None)
        self.tell("moved", [id])

    def pause(self) -> None:
        """Begin no further job; what runs goes on."""
        self.store.set_paused(True)
        self.tell("paused", [])

    def resume(self) -> None:
        """Begin jobs again."""
        self.store.set_paused(False)
        self.tell("resumed", [])

    def _cancelled(self, ids: list[str]) -> list[str]:
        for id in ids:
            self._overtakes.pop(id, None)
        if ids:
            self.tell("cancelled", ids)
        return ids

    def tell(self, kind: ChangeKind, ids: Sequence[str]) -> None:
        """Tell everybody of a change that was made in the store directly."""
        for sleeper in self._sleepers:
            if not sleeper.done():
                sleeper.set_result(None)
        for listener in tuple(self._listeners):
            listener(QueueChange(kind, tuple(ids)))


def choose_job(
    waiting: Sequence[WaitingJob],
    loaded: frozenset[str],
    overtakes: Counter[str],
    max_overtakes: int,
) -> WaitingJob | None:
    """The first waiting job whose models are all loaded, as far as it may go first; else the first.

    ``overtakes``: how often each waiting job has been gone before already.
    """
    for job in waiting:
        if job.is_placed and job is not waiting[0]:
            break
        if job.models and all(_is_loaded(model, loaded) for model in job.models):
            return job
        if job.is_placed or overtakes[job.id] >= max_overtakes:
            break
    return waiting[0] if waiting else None


def _is_loaded(model: str, loaded: frozenset[str]) -> bool:
    """Workers name what they loaded by component and model ("unet of demo"), or just by model."""
    return any(name == model or name.endswith(f" of {model}") for name in loaded)
