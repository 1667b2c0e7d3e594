"""A device's worker: one process after another, each watched, the next one started when it dies."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from blockloom.jobs.messages import Answer, FromWorker, JobEnded, MemoryState, Ready, RunJob
from blockloom.jobs.worker_endings import ending_of, exit_text, last_words
from blockloom.jobs.worker_options import PoolOptions, WorkerOptions
from blockloom.jobs.worker_process import WorkerProcess

WorkerState: TypeAlias = Literal["starting", "idle", "busy", "dead"]
JobListener: TypeAlias = Callable[[FromWorker, bytes], None]
Reply: TypeAlias = tuple[Answer, bytes]

_log = logging.getLogger("blockloom.worker")
_REMEMBERED = 1000


@dataclass(frozen=True, slots=True)
class WorkerStats:
    """What is known of a worker. ``loaded`` are the labels of the models in its memory.

    ``dead`` ones wait to be started again, or never will be: then ``is_usable`` is false and
    ``error`` says why. ``starts`` counts its processes so far, ``quiet_seconds`` is how long the
    job had reported nothing when last asked. Memory is in bytes.
    """

    id: str
    device: str
    device_name: str = ""
    state: WorkerState = "dead"
    pid: int = 0
    job_id: str = ""
    memory_total: int = 0
    memory_free: int = 0
    values_size: int = 0
    loaded: tuple[str, ...] = ()
    torch_version: str = ""
    quiet_seconds: float = 0.0
    starts: int = 0
    is_usable: bool = True
    error: str = ""


@dataclass(slots=True)
class _Task:
    """The job that runs, and who wants to know."""

    job: RunJob
    listen: JobListener
    ended: asyncio.Future[JobEnded]
    node_id: str = ""
    is_stopped_hard: bool = False


@dataclass(slots=True)
class _Known:
    """What the process of now has told."""

    ready: Ready | None = None
    memory_free: int = 0
    values_size: int = 0
    loaded: tuple[str, ...] = ()
    pings: int = 0
    pings_missed: int = 0
    quiet_seconds: float = 0.0
    job_ids: deque[str] = field(default_factory=lambda: deque(maxlen=_REMEMBERED))


class WorkerSlot:
    """Serves one device for as long as :meth:`serve` runs. ``on_change`` is called whenever what
    :meth:`stats` tells may have changed."""

    def __init__(
        self,
        id: str,
        options: WorkerOptions,
        watch: PoolOptions,
        on_change: Callable[[], None],
    ) -> None:
        self.id = id
        self._options = options
        self._watch = watch
        self._on_change = on_change
        self._process: WorkerProcess | None = None
        self._known = _Known()
        self._task: _Task | None = None
        self._questions: dict[int, asyncio.Future[Reply]] = {}
        self._crashes = 0
        self._starts = 0
        self._is_closing = False
        self._error = ""
        self._is_usable = True

    # -- what others see

    @property
    def state(self) -> WorkerState:
        if self._process is None:
            return "dead"
        if self._known.ready is None:
            return "starting"
        return "idle" if self._task is None else "busy"

    def stats(self) -> WorkerStats:
        ready, known = self._known.ready, self._known
        return WorkerStats(
            id=self.id,
            device=ready["device"] if ready else self._options.device,
            device_name=ready["device_name"] if ready else "",
            state=self.state,
            pid=self._process.pid if self._process else 0,
            job_id=self._task.job["job_id"] if self._task else "",
            memory_total=ready["memory_total"] if ready else 0,
            memory_free=known.memory_free,
            values_size=known.values_size,
            loaded=known.loaded,
            torch_version=ready["torch_version"] if ready else "",
            quiet_seconds=known.quiet_seconds if self._task else 0.0,
            starts=self._starts,
            is_usable=self._is_usable,
            error=self._error,
        )

    def has_run(self, job_id: str) -> bool:
        """Whether the process of now was given that job."""
        return job_id in self._known.job_ids

    # -- what others ask for

    def run(self, job: RunJob, listen: JobListener) -> asyncio.Future[JobEnded]:
        """Start a job on the idle worker. The future is done exactly once, whatever happens."""
        if self._process is None or self.state != "idle":
            raise RuntimeError(f"worker {self.id} is {self.state}")
        ended: asyncio.Future[JobEnded] = asyncio.get_running_loop().create_future()
        self._task = _Task(job, listen, ended)
        self._known.job_ids.append(job["job_id"])
        self._process.send(job)
        self._on_change()
        return ended

    def cancel(self, job_id: str, *, hard: bool) -> bool:
        """Stop that job at its next step, or with its process; False if it does not run here."""
        task, process = self._task, self._process
        if task is None or process is None or task.job["job_id"] != job_id:
            return False
        if hard:
            task.is_stopped_hard = True
            process.kill()
        else:
            process.send({"type": "cancel", "job_id": job_id})
        return True

    def ask(
        self, number: int, what: str, job_id: str, arguments: dict[str, object]
    ) -> asyncio.Future[Reply]:
        """Ask a question; the future fails with ConnectionError where the worker dies over it."""
        future: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
        if self._process is None or self._known.ready is None:
            future.set_exception(ConnectionError(f"worker {self.id} is {self.state}"))
            return future
        self._questions[number] = future
        future.add_done_callback(lambda _: self._questions.pop(number, None))
        self._process.send(
            {
                "type": "ask",
                "question_id": number,
                "what": what,
                "job_id": job_id,
                "arguments": arguments,  # type: ignore[typeddict-item]
            }
        )
        return future

    def free(self, *, models: bool, values: bool) -> None:
        """Drop models and kept values as soon as no job runs."""
        if self._process is not None:
            self._process.send({"type": "free", "models": models, "values": values})

    # -- its life

    async def serve(self) -> None:
        """Keep a process there until :meth:`close`, or until it turns out that none can be."""
        while not self._is_closing and self._is_usable:
            delays = self._watch.delays
            await asyncio.sleep(delays[min(self._crashes, len(delays) - 1)])
            if not self._is_closing:
                await self._live()

    async def close(self) -> None:
        """Let the process end, or end it; a job that runs is interrupted."""
        self._is_closing = True
        process = self._process
        if process is None:
            return
        if self._task is not None:
            process.send({"type": "cancel", "job_id": self._task.job["job_id"]})
        process.send({"type": "stop"})
        if self._known.ready is not None:
            await asyncio.wait([process.ended], timeout=self._watch.stop_limit)
        process.kill()
        await process.ended

    async def _live(self) -> None:
        """One process from start to death."""
        self._known = _Known()
        self._starts += 1
        process = WorkerProcess(self._options, f"worker-{self.id}", self._hear)
        self._process = process
        self._on_change()
        try:
            await process.start()
        except OSError as error:
            self._process, self._error = None, f"No process could be started: {error}."
            self._crashes += 1
            self._on_change()
            return
        try:
            reason = await self._watch_over(process)
            self._bury(await process.ended, reason)
        except asyncio.CancelledError:
            process.kill()
            raise

    async def _watch_over(self, process: WorkerProcess) -> str:
        """Wait for the end of a process, and bring it about where it hangs; says why."""
        loop = asyncio.get_running_loop()
        started, interval = loop.time(), self._watch.ping_interval
        while True:
            await asyncio.wait([process.ended], timeout=interval)
            if process.ended.done():
                return ""
            if self._known.ready is None and loop.time() - started > self._watch.start_limit:
                process.kill()
                return f"It was not ready after {self._watch.start_limit:g} seconds."
            # Counted, not timed: a machine that slept, or a busy loop here, is no fault of it.
            if self._known.pings_missed * interval >= self._watch.ping_limit:
                process.kill()
                return f"It gave no sign of life for {self._watch.ping_limit:g} seconds."
            self._known.pings += 1
            self._known.pings_missed += 1
            process.send({"type": "ping", "number": self._known.pings})

    def _bury(self, code: int, reason: str) -> None:
        task, self._task = self._task, None
        was_asked_to = self._is_closing or (task is not None and task.is_stopped_hard)
        self._process = None
        if not was_asked_to and self._is_usable:
            self._crashes += 1
            self._error = f"The worker ended unexpectedly ({exit_text(code)}). {reason}".strip()
            _log.warning("worker %s: %s", self.id, self._error)
        if task is not None and not task.ended.done():
            task.ended.set_result(self._without_end(task))
        for future in list(self._questions.values()):
            if not future.done():
                future.set_exception(ConnectionError(f"worker {self.id} died"))
        self._known = _Known()
        self._on_change()

    def _without_end(self, task: _Task) -> JobEnded:
        """How a job ended whose worker could not say so itself."""
        if task.is_stopped_hard:
            outcome: Literal["cancelled", "interrupted"] = "cancelled"
            message = "The job was stopped at once, and its worker replaced."
        elif self._is_closing:
            outcome, message = "interrupted", "The server was stopped while the job ran."
        else:
            outcome, message = "interrupted", f"The job was interrupted. {self._error}"
        details = last_words(self._options.log_folder, task.job["job_id"])
        return ending_of(task.job, task.node_id, outcome, message, details)

    # -- what the process says

    def _hear(self, message: FromWorker, blob: bytes) -> None:
        self._known.pings_missed = 0
        if message["type"] == "ready":
            self._known.ready = message
            self._known.memory_free = message["memory_free"]
            self._error = ""
            self._on_change()
        elif message["type"] == "ended":
            self._job_ended(message)
        elif message["type"] == "answer":
            future = self._questions.get(message["question_id"])
            if future is not None and not future.done():
                future.set_result((message, blob))
        elif message["type"] == "memory":
            self._note_memory(message)
        elif message["type"] == "unusable":
            self._is_usable, self._error = False, message["message"]
            _log.error("worker %s: %s\n%s", self.id, self._error, message["details"])
        elif message["type"] == "pong":
            self._known.quiet_seconds = message["seconds_since_progress"]
        else:
            self._pass_on(message, blob)

    def _pass_on(self, message: FromWorker, blob: bytes) -> None:
        task = self._task
        if message["type"] == "log" and not message["job_id"]:
            level = logging.getLevelName(message["level"].upper())
            _log.log(
                level if isinstance(level, int) else logging.INFO,
                "worker %s: %s",
                self.id,
                message["text"],
            )
        if task is None or task.ended.done() or message.get("job_id") != task.job["job_id"]:
            return
        if message["type"] == "event" and message["event"]["event"] == "node_started":
            task.node_id = message["event"]["node_id"]
        try:
            task.listen(message, blob)
        except Exception as error:
            # The listener's fault, not the job's: whoever runs the job hears of it.
            task.ended.set_exception(error)
            self.cancel(task.job["job_id"], hard=False)

    def _job_ended(self, message: JobEnded) -> None:
        task = self._task
        if task is None or message["job_id"] != task.job["job_id"]:
            return
        self._task = None
        self._crashes = 0
        self._known.memory_free = message["memory_free"]
        self._known.loaded = tuple(message["loaded"])
        if not task.ended.done():
            is_ours = self._is_closing and message["outcome"] == "cancelled"
            task.ended.set_result(self._without_end(task) if is_ours else message)
        self._on_change()

    def _note_memory(self, message: MemoryState) -> None:
        self._known.memory_free = message["memory_free"]
        self._known.values_size = message["values_size"]
        self._known.loaded = tuple(message["loaded"])
        self._on_change()
