"""The workers of a server: a child process per device, and who is asked to do what."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from types import TracebackType

from blockloom.errors import NotFoundError, UsageError
from blockloom.graph.model import Json
from blockloom.jobs.messages import JobEnded, RunJob
from blockloom.jobs.worker_options import PoolOptions, WorkerOptions
from blockloom.jobs.worker_slot import JobListener, WorkerSlot, WorkerStats

__all__ = ["AnswerData", "WorkerPool", "WorkerStats", "worker_options_for"]


@dataclass(frozen=True, slots=True)
class AnswerData:
    """What a worker answered: JSON, and bytes of ``content_type`` where there are any."""

    content: Json
    blob: bytes = b""
    content_type: str = ""


def worker_options_for(
    devices: Sequence[str], template: WorkerOptions
) -> tuple[WorkerOptions, ...]:
    """The options of one worker for each device, otherwise alike."""
    return tuple(replace(template, device=device) for device in devices)


class WorkerPool:
    """Workers from :meth:`start` to :meth:`close`; all methods are for the event loop's thread.

    Also an async context manager. Processes are spawned and warm up at once, and are replaced when
    they die or hang.
    """

    def __init__(
        self, workers: Sequence[WorkerOptions], options: PoolOptions | None = None
    ) -> None:
        watch = options or PoolOptions()
        self._slots: dict[str, WorkerSlot] = {}
        for place, worker in enumerate(workers):
            id = worker.device if worker.device not in self._slots else f"{worker.device}-{place}"
            self._slots[id] = WorkerSlot(id, worker, watch, self._note_change)
        self._lives: list[asyncio.Task[None]] = []
        self._numbers = itertools.count(1)
        self._changed = asyncio.Event()

    async def start(self) -> None:
        """Begin to spawn the workers; returns before they are ready."""
        self._lives = [
            asyncio.create_task(slot.serve(), name=f"worker {slot.id}")
            for slot in self._slots.values()
        ]
        for life in self._lives:
            life.add_done_callback(_raise_in_loop)

    async def close(self) -> None:
        """End all workers; jobs that run are reported as interrupted."""
        await asyncio.gather(*(slot.close() for slot in self._slots.values()))
        for life in self._lives:
            life.cancel()
        await asyncio.gather(*self._lives, return_exceptions=True)
        self._lives = []

    async def __aenter__(self) -> WorkerPool:
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    # -- what there is

    def stats(self) -> tuple[WorkerStats, ...]:
        """What is known of each worker now; asks nobody."""
        return tuple(slot.stats() for slot in self._slots.values())

    def idle(self) -> tuple[WorkerStats, ...]:
        """The workers that could take a job now."""
        return tuple(slot.stats() for slot in self._slots.values() if slot.state == "idle")

    async def wait_for_change(self) -> None:
        """Wait until something in :meth:`stats` has changed: a state, a job, what is loaded."""
        await self._changed.wait()

    async def wait_for_idle(self) -> tuple[WorkerStats, ...]:
        """Wait until a worker could take a job. Raises UsageError where none ever will."""
        while True:
            found = self.idle()
            if found:
                return found
            stats = self.stats()
            if not any(worker.is_usable for worker in stats):
                raise UsageError(
                    " ".join(worker.error for worker in stats) or "There is no worker."
                )
            await self.wait_for_change()

    # -- what they do

    async def run(self, job: RunJob, listen: JobListener, *, worker: str = "") -> JobEnded:
        """Run a job and wait for its end, which is returned exactly once.

        On the named worker, which must be idle (LookupError otherwise), or on the first that is
        or becomes idle. ``listen`` gets the job's events, previews (with their JPEG) and log lines
        in order, in the event loop. Where the worker dies the outcome is "interrupted", after a
        hard cancel "cancelled". Cancelling this coroutine asks the job to stop at its next step.
        """
        if worker:
            slot = self._slots.get(worker)
            if slot is None or slot.state != "idle":
                raise LookupError(f"worker {worker} is not idle")
        else:
            (first, *_) = await self.wait_for_idle()
            slot = self._slots[first.id]
        ended = slot.run(job, listen)
        try:
            return await ended
        except asyncio.CancelledError:
            slot.cancel(job["job_id"], hard=False)
            raise

    def cancel(self, job_id: str, *, hard: bool = False) -> bool:
        """Stop a running job: at its next step, or at once by replacing the process.

        Returns whether it runs at all; its end comes as ever, out of :meth:`run`.
        """
        return any(slot.cancel(job_id, hard=hard) for slot in self._slots.values())

    def free(self, *, models: bool = True, values: bool = True) -> None:
        """Drop loaded models and kept values on all workers, after the job that runs."""
        for slot in self._slots.values():
            slot.free(models=models, values=values)

    async def ask(
        self,
        what: str,
        job_id: str = "",
        arguments: dict[str, Json] | None = None,
        *,
        timeout: float = 20.0,
    ) -> AnswerData:
        """Ask the worker that ran a job about it, or any worker where ``job_id`` is empty.

        Raises NotFoundError with the worker's reason, or where there is no such worker any more,
        and TimeoutError.
        """
        slot = self._slot_for(job_id)
        future = slot.ask(next(self._numbers), what, job_id, dict(arguments or {}))
        try:
            async with asyncio.timeout(timeout):
                answer, blob = await future
        except ConnectionError as error:
            raise NotFoundError(
                "The worker was replaced, and with it what it remembered.",
                remedy="Run the graph once more.",
            ) from error
        if answer["error"]:
            raise NotFoundError(answer["error"])
        return AnswerData(answer["content"], blob, answer["content_type"])

    async def reload(self, *, timeout: float = 300.0) -> None:
        """Have all workers read node files anew, each for the job after the one it runs.

        One that is starting may have read them already: it is waited for. Raises NotFoundError with
        the reason of a worker that could not, and TimeoutError.
        """
        async with asyncio.timeout(timeout):
            while any(slot.state == "starting" for slot in self._slots.values()):
                await self.wait_for_change()
            ready = [slot for slot in self._slots.values() if slot.state in ("idle", "busy")]
            asked = [slot.ask(next(self._numbers), "reload", "", {}) for slot in ready]
            replies = await asyncio.gather(*asked, return_exceptions=True)
        for reply in replies:
            # The next process of a worker that died over it reads everything as it starts.
            if isinstance(reply, BaseException) and not isinstance(reply, ConnectionError):
                raise reply
            if isinstance(reply, tuple) and reply[0]["error"]:
                raise NotFoundError(reply[0]["error"])

    def _slot_for(self, job_id: str) -> WorkerSlot:
        slots = list(self._slots.values())
        if job_id:
            slots = [slot for slot in slots if slot.has_run(job_id)]
            if not slots:
                raise NotFoundError(
                    "No worker remembers this job any more.", remedy="Run the graph once more."
                )
            return slots[-1]
        ready = [slot for slot in slots if slot.state in ("idle", "busy")]
        if not ready:
            raise NotFoundError("No worker is ready yet.", remedy="Try again when one has started.")
        return min(ready, key=lambda slot: slot.state != "idle")

    def _note_change(self) -> None:
        """Wake everybody who waits for a change now; who waits from now on waits for the next."""
        self._changed.set()
        self._changed = asyncio.Event()


def _raise_in_loop(task: asyncio.Task[None]) -> None:
    """A worker's life must not end by an error that nobody hears of."""
    if not task.cancelled() and (error := task.exception()) is not None:
        task.get_loop().call_exception_handler(
            {"message": f"{task.get_name()} ended", "exception": error, "task": task}
        )
