"""What workers say, put into the store first and given out to be announced after that."""

from __future__ import annotations

import logging
import time
from collections import deque
from dataclasses import dataclass
from typing import TypeAlias

from blockloom.errors import NotFoundError, StorageError, UsageError
from blockloom.execution.events import Event, NodeFinished, NodeKept
from blockloom.graph.model import Json
from blockloom.jobs.comfyui_log import end_messages, start_message
from blockloom.jobs.messages import FromWorker, JobEnded, JobEvent, JobPreview, LogLine
from blockloom.jobs.model import Job, JobError, JobStatus
from blockloom.jobs.queue import JobQueue, QueueChange

_log = logging.getLogger(__name__)

_OfJob: TypeAlias = JobEvent | JobPreview | JobEnded | LogLine


@dataclass(frozen=True, slots=True)
class EventAnnouncement:
    """Something happened in a job; the outputs it names are kept."""

    job_id: str
    client_id: str
    event: Event


@dataclass(frozen=True, slots=True)
class PreviewAnnouncement:
    """The picture that came with this message can be shown."""

    job_id: str
    client_id: str
    preview: JobPreview


@dataclass(frozen=True, slots=True)
class LineAnnouncement:
    """A line was printed or logged while the job ran."""

    job_id: str
    client_id: str
    level: str
    text: str


@dataclass(frozen=True, slots=True)
class EndAnnouncement:
    """A job has ended, and the history has it."""

    job: Job


@dataclass(frozen=True, slots=True)
class TroubleAnnouncement:
    """What a worker said cannot be kept now, so it is held back: the disk is full or broken."""

    job_id: str
    client_id: str
    message: str


Announcement: TypeAlias = (
    EventAnnouncement
    | PreviewAnnouncement
    | LineAnnouncement
    | EndAnnouncement
    | TroubleAnnouncement
)


class Recorder:
    """Takes the messages of all workers, in their order.

    Where the disk fails, messages are held back and tried again with every later call; progress and
    previews are dropped meanwhile. Messages about jobs that do not run (any more) are passed over.
    """

    def __init__(self, queue: JobQueue) -> None:
        self._queue = queue
        self._store = queue.store
        self._clients: dict[str, str] = {}
        self._held_back: deque[_OfJob] = deque()
        self._stop_listening = queue.listen(self._forget)

    def close(self) -> None:
        """Stop following the queue."""
        self._stop_listening()

    @property
    def has_unrecorded(self) -> bool:
        """Whether messages are held back because the disk failed; call ``flush`` now and then."""
        return bool(self._held_back)

    def apply(self, message: FromWorker) -> list[Announcement]:
        """Keep what has to be kept; returns what may be announced now, in order."""
        of_job = _of_job(message)
        if of_job is None:
            return []
        if not self._held_back:
            return self._try(of_job)
        if _must_be_kept(of_job):
            self._held_back.append(of_job)
        return self.flush()

    def flush(self) -> list[Announcement]:
        """Try again what was held back; returns what may be announced now."""
        announced: list[Announcement] = []
        while self._held_back:
            message = self._held_back[0]
            try:
                announced += self._record(message)
            except StorageError:
                break
            self._held_back.popleft()
        return announced

    def _try(self, message: _OfJob) -> list[Announcement]:
        try:
            return self._record(message)
        except StorageError as error:
            _log.error("job %s: %s", message["job_id"], error)
            if not _must_be_kept(message):
                return []
            self._held_back.append(message)
            client_id = self._clients.get(message["job_id"], "")
            return [TroubleAnnouncement(message["job_id"], client_id, str(error))]

    def _record(self, message: _OfJob) -> list[Announcement]:
        job_id = message["job_id"]
        client_id = self._client_of(job_id)
        if client_id is None:
            return []
        try:
            if message["type"] == "event":
                self._record_event(job_id, message["event"])
                return [EventAnnouncement(job_id, client_id, message["event"])]
            if message["type"] == "preview":
                return [PreviewAnnouncement(job_id, client_id, message)]
            if message["type"] == "log":
                self._store.record_line(job_id, message["level"], message["text"])
                return [LineAnnouncement(job_id, client_id, message["level"], message["text"])]
            return [EndAnnouncement(self._record_end(message))]
        except (UsageError, NotFoundError):
            # The job was ended from elsewhere in between: what comes late has nobody to hear it.
            _log.warning("job %s: late message %s", job_id, message["type"], exc_info=True)
            self._clients.pop(job_id, None)
            return []

    def _record_event(self, job_id: str, event: Event) -> None:
        if event["event"] == "run_started":
            self._store.log(job_id, *start_message(job_id, time.time()))
        elif event["event"] == "node_finished" or event["event"] == "node_kept":
            self._record_output(job_id, event)

    def _record_output(self, job_id: str, event: NodeFinished | NodeKept) -> None:
        if not event["files"] and not event["texts"]:
            return
        files: list[Json] = [
            {"path": file["path"], "kind": file["kind"], "is_temporary": file["is_temporary"]}
            for file in event["files"]
        ]
        payload: dict[str, Json] = {"files": files, "texts": list(event["texts"])}
        self._store.record_output(job_id, event["node_id"], payload)

    def _record_end(self, ended: JobEnded) -> Job:
        """End the job with all its messages at once, so that no reader sees one without another."""
        job_id = ended["job_id"]
        error = None
        if ended["outcome"] != "done" and ended["message"]:
            error = JobError(
                ended["message"],
                node_id=ended["node_id"],
                class_type=ended["class_type"],
                kind=ended["kind"],
                details=ended["details"],
            )
        with self._store.together():
            for event, data in end_messages(ended, time.time()):
                self._store.log(job_id, event, data)
            job = self._store.end(
                job_id,
                JobStatus(ended["outcome"]),
                error=error,
                ran=ended["ran"],
                kept=ended["kept"],
                seed=ended["seed"],
            )
        self._queue.tell("ended", [job_id])
        return job

    def _client_of(self, job_id: str) -> str | None:
        """The client of a job that runs, else None."""
        if job_id not in self._clients:
            client_id = self._store.client_of_running(job_id)
            if client_id is None:
                return None
            self._clients[job_id] = client_id
        return self._clients[job_id]

    def _forget(self, change: QueueChange) -> None:
        if change.kind == "ended":
            for id in change.ids:
                self._clients.pop(id, None)


def _of_job(message: FromWorker) -> _OfJob | None:
    """The message if it is about a job and nobody asked for it, else None."""
    if message["type"] == "event" or message["type"] == "preview":
        return message
    if message["type"] == "ended" or message["type"] == "log":
        return message
    return None


def _must_be_kept(message: _OfJob) -> bool:
    """Whether a message still matters when it is late."""
    if message["type"] == "event":
        return message["event"]["event"] != "node_step"
    return message["type"] == "ended"
