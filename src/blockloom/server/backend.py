"""Queue and workers together: gives jobs to workers, keeps what they leave, and passes on news."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from blockloom.errors import BlockloomError, NotFoundError, UsageError
from blockloom.execution.events import Event
from blockloom.graph.model import Json
from blockloom.jobs.messages import FromWorker, RunJob
from blockloom.jobs.messages import JobEnded as WorkerEnded
from blockloom.jobs.model import Job, JobError, JobStatus, NewJob
from blockloom.jobs.queue import JobQueue, QueueChange, WorkerView
from blockloom.jobs.recorder import (
    Announcement,
    EndAnnouncement,
    EventAnnouncement,
    PreviewAnnouncement,
    Recorder,
    TroubleAnnouncement,
)
from blockloom.jobs.workers import AnswerData, WorkerStats

_log = logging.getLogger(__name__)
# Somebody who cancels again after so long does not want to wait for the step to end.
_PATIENCE = 3.0
_RETRY_SECONDS = 1.0
_PLAN_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class JobStarted:
    """A worker took a job."""

    job: Job


@dataclass(frozen=True, slots=True)
class JobHappened:
    """An event of a running job."""

    job_id: str
    event: Event


@dataclass(frozen=True, slots=True)
class JobPreviewed:
    """A picture (JPEG) of what a node of a running job is making."""

    job: Job
    node_id: str
    picture: bytes


@dataclass(frozen=True, slots=True)
class JobEnded:
    """A job is over; what it left is in the history already."""

    job: Job


@dataclass(frozen=True, slots=True)
class QueueChanged:
    """Jobs were added, removed or put in another order."""


News: TypeAlias = JobStarted | JobHappened | JobPreviewed | JobEnded | QueueChanged
Listener: TypeAlias = Callable[[News], None]


class Pool(Protocol):
    """What is asked of the workers; ``WorkerPool`` is one."""

    def stats(self) -> Sequence[WorkerStats]: ...

    async def start(self) -> None: ...

    async def close(self) -> None: ...

    async def wait_for_change(self) -> None: ...

    async def wait_for_idle(self) -> Sequence[WorkerStats]: ...

    async def run(
        self, job: RunJob, listen: Callable[[FromWorker, bytes], None], *, worker: str = ""
    ) -> WorkerEnded: ...

    def cancel(self, job_id: str, *, hard: bool = False) -> bool: ...

    def free(self, *, models: bool = True, values: bool = True) -> None: ...

    async def reload(self) -> None: ...

    async def ask(
        self,
        what: str,
        job_id: str = "",
        arguments: dict[str, Json] | None = None,
        *,
        timeout: float = 20.0,
    ) -> AnswerData: ...


@dataclass(frozen=True, slots=True)
class WorkFolders:
    """Where jobs write, and where they find the files that graphs name."""

    output: str
    temporary: str
    inputs: tuple[str, ...]


class Backend:
    """The queue with its workers, from :meth:`start` to :meth:`close`, in the loop's thread."""

    def __init__(self, queue: JobQueue, pool: Pool, folders: WorkFolders) -> None:
        self.queue = queue
        self.pool = pool
        self.wants_previews: Callable[[Job], bool] = lambda job: True
        self._folders = folders
        self._recorder = Recorder(queue)
        self._listeners: list[Listener] = []
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._busy: set[str] = set()
        self._put_away = asyncio.Event()
        self._stopped: dict[str, float] = {}
        self._begun: set[str] = set()
        self._serving: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Mark what a crash interrupted, start the workers, and begin to give out jobs."""
        for job in self.queue.store.recover():
            _log.warning("job %s was interrupted when the server stopped", job.id)
        self.queue.listen(self._on_queue)
        await self.pool.start()
        self._serving = asyncio.create_task(self._serve(), name="jobs to workers")

    async def close(self) -> None:
        """Stop; what runs is marked as interrupted, what waits stays in the queue."""
        if self._serving is not None:
            self._serving.cancel()
            await asyncio.gather(self._serving, return_exceptions=True)
        await self.pool.close()
        tasks = list(self._tasks.values())
        if tasks:
            await asyncio.wait(tasks, timeout=5.0)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._recorder.close()
        self.queue.close()

    # -- what the server asks for

    def subscribe(self, listener: Listener) -> None:
        """Call ``listener`` with all news."""
        self._listeners.append(listener)

    def submit(self, job: NewJob) -> Job:
        """Accept a job: from here on it survives a crash."""
        return self.queue.accept(job)

    def find(self, job_id: str) -> Job | None:
        """A job of any status."""
        try:
            return self.queue.store.get(job_id)
        except NotFoundError:
            return None

    def remaining(self) -> int:
        """How many jobs wait or run."""
        return self.queue.store.remaining()

    def cancel(self, job_ids: Sequence[str], *, is_hard: bool = False) -> None:
        """Take waiting jobs out of the queue and stop running ones; others are passed over.

        Cancelling a running job again, a while later, replaces its worker.
        """
        waiting = self.queue.cancel_pending(job_ids)
        for job_id in set(job_ids) - set(waiting):
            task = self._tasks.get(job_id)
            if task is None:
                continue
            since = self._stopped.setdefault(job_id, time.monotonic())
            is_impatient = is_hard or time.monotonic() - since > _PATIENCE
            # One that has only just been taken looks at ``_stopped`` before it begins.
            if not self.pool.cancel(job_id, hard=is_impatient) and job_id in self._begun:
                task.cancel()

    async def ask(self, job_id: str, what: str, arguments: Mapping[str, Json]) -> AnswerData:
        """Ask the worker that ran a job; raises NotFoundError where nobody knows any more."""
        try:
            return await self.pool.ask(what, job_id, dict(arguments))
        except TimeoutError:
            raise NotFoundError(
                "The worker did not answer in time.", remedy="Try again when its job is done."
            ) from None

    async def plan(self, graph: dict[str, Json], targets: Sequence[str]) -> Json:
        """Which nodes would run and which are kept, by node; None while no worker can tell."""
        asked: dict[str, Json] = {"graph": graph, "targets": [*targets], **self._places()}
        try:
            answer = await self.pool.ask("plan", "", asked, timeout=_PLAN_SECONDS)
        except (NotFoundError, TimeoutError):
            return None
        return answer.content.get("nodes") if isinstance(answer.content, dict) else None

    def _places(self) -> dict[str, Json]:
        return {
            "output_folder": self._folders.output,
            "temporary_folder": self._folders.temporary,
            "input_folders": [*self._folders.inputs],
        }

    # -- giving out jobs

    async def _serve(self) -> None:
        while True:
            try:
                await self.queue.wait_for_work()
                await self._give_out()
            except UsageError as error:
                self._fail_all(error)
            except BlockloomError as error:
                _log.error("jobs cannot be given out: %s", error)
                await asyncio.sleep(1.0)

    async def _give_out(self) -> None:
        idle = await self.pool.wait_for_idle()
        free = [worker for worker in idle if worker.id not in self._busy]
        for worker in free:
            job = self.queue.next_for(WorkerView(worker.id, frozenset(worker.loaded)))
            if job is not None:
                self._busy.add(worker.id)
                self._tasks[job.id] = asyncio.create_task(self._run(job, worker.id))
        if not free:
            # The worker says that it is idle a moment before its job is put away here.
            self._put_away.clear()
            await self._put_away.wait()

    def _fail_all(self, error: UsageError) -> None:
        """No worker will ever run anything: say so on every job that waits."""
        for job in self.queue.store.pending():
            found = JobError(error.message, kind="NoWorker")
            ended = self.queue.end(job.id, JobStatus.FAILED, error=found)
            self._tell(JobEnded(ended))

    async def _run(self, job: Job, worker: str) -> None:
        try:
            self._tell(JobStarted(job))
            if job.id in self._stopped:
                raise asyncio.CancelledError
            self._begun.add(job.id)
            order = self._order_for(job)

            def listen(message: FromWorker, blob: bytes) -> None:
                self._on_message(job, message, blob)

            try:
                ended = await self.pool.run(order, listen, worker=worker)
            except LookupError:  # it died just now; another one, or the next one, takes the job
                ended = await self.pool.run(order, listen)
            self._on_message(job, ended, b"")
            await self._until_recorded(job)
        except asyncio.CancelledError:
            if job.id not in self._stopped:
                raise
            with contextlib.suppress(BlockloomError):
                self._tell(JobEnded(self.queue.end(job.id, JobStatus.CANCELLED)))
        except BlockloomError as error:
            _log.error("job %s: %s", job.id, error, extra={"job": job.id})
            self._end_failed(job, error)
        finally:
            self._busy.discard(worker)
            self._put_away.set()
            self._tasks.pop(job.id, None)
            self._stopped.pop(job.id, None)
            self._begun.discard(job.id)

    def _order_for(self, job: Job) -> RunJob:
        return {
            "type": "run",
            "job_id": job.id,
            "graph": self.queue.store.graph_text(job.id),
            "targets": [*job.new.targets],
            "seed": job.new.seed,
            "output_folder": self._folders.output,
            "temporary_folder": self._folders.temporary,
            "input_folders": [*self._folders.inputs],
            "picture_notes": job.new.picture_notes,
            "wants_previews": self.wants_previews(job),
        }

    def _on_message(self, job: Job, message: FromWorker, blob: bytes) -> None:
        for announcement in self._recorder.apply(message):
            self._announce(announcement, job, blob)

    def _announce(self, announcement: Announcement, job: Job, blob: bytes) -> None:
        if isinstance(announcement, EndAnnouncement):
            self._tell(JobEnded(announcement.job))
        elif isinstance(announcement, EventAnnouncement):
            self._tell(JobHappened(announcement.job_id, announcement.event))
        elif isinstance(announcement, PreviewAnnouncement):
            self._tell(JobPreviewed(job, announcement.preview["node_id"], blob))
        elif isinstance(announcement, TroubleAnnouncement):
            _log.error("job %s: %s", announcement.job_id, announcement.message)

    async def _until_recorded(self, job: Job) -> None:
        """Where the disk failed, try again until it takes what the worker said."""
        while self._recorder.has_unrecorded:
            await asyncio.sleep(_RETRY_SECONDS)
            for announcement in self._recorder.flush():
                self._announce(announcement, job, b"")

    def _end_failed(self, job: Job, error: BlockloomError) -> None:
        """The server's own side failed, such as the disk: say so if that can be kept at all."""
        with contextlib.suppress(BlockloomError):
            found = JobError(str(error), kind=type(error).__name__, details=error.details)
            self._tell(JobEnded(self.queue.end(job.id, JobStatus.FAILED, error=found)))

    # -- news

    def _on_queue(self, change: QueueChange) -> None:
        if change.kind in ("accepted", "cancelled", "moved", "paused", "resumed"):
            self._tell(QueueChanged())

    def _tell(self, news: News) -> None:
        for listener in self._listeners:
            try:
                listener(news)
            except Exception:
                _log.exception("news could not be passed on: %s", type(news).__name__)
