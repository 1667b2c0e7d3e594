"""What workers say: kept first, announced then, held back while the disk fails."""

from __future__ import annotations

import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.jobs.job_samples import open_store, sample_job

from blockloom.jobs.messages import JobEnded, JobEvent
from blockloom.jobs.model import JobError, JobStatus
from blockloom.jobs.queue import JobQueue, QueueChange, WorkerView
from blockloom.jobs.recorder import (
    Announcement,
    EndAnnouncement,
    EventAnnouncement,
    LineAnnouncement,
    PreviewAnnouncement,
    Recorder,
    TroubleAnnouncement,
)

PICTURE = {"path": "/out/a.png", "kind": "image", "is_temporary": False}


@pytest.fixture
def queue(tmp_path: Path) -> Iterator[JobQueue]:
    with JobQueue(open_store(tmp_path)) as opened:
        opened.accept(sample_job("a", client_id="browser"))
        opened.next_for(WorkerView("cpu"))
        yield opened


def event(name: str, **more: object) -> JobEvent:
    return {"type": "event", "job_id": "a", "event": {"event": name, **more}}


def saved(files: list[object], texts: list[str]) -> JobEvent:
    more = {"seconds": 1.0, "files": files, "texts": texts, "warnings": []}
    return event("node_finished", node_id="save", **more)


def ended(outcome: str = "done", **more: object) -> JobEnded:
    message = {
        **{"type": "ended", "job_id": "a", "outcome": outcome, "message": "", "node_id": ""},
        **{"class_type": "", "kind": "", "details": "", "ran": [], "kept": [], "seed": None},
        **{"seconds": 1.0, "loaded": [], "memory_free": 0},
    }
    return {**message, **more}


def test_outputs_are_kept_when_they_are_announced(queue: JobQueue):
    recorder = Recorder(queue)
    message = saved([PICTURE], ["1 picture"])
    assert recorder.apply(message) == [EventAnnouncement("a", "browser", message["event"])]
    assert queue.store.get("a").outputs == {"save": {"files": [PICTURE], "texts": ["1 picture"]}}
    kept = event("node_kept", node_id="10", files=[], texts=["still there"])
    assert recorder.apply(kept) == [EventAnnouncement("a", "browser", kept["event"])]
    assert queue.store.get("a").outputs["10"] == {"files": [], "texts": ["still there"]}
    quiet = event("node_kept", node_id="text", files=[], texts=[])
    assert recorder.apply(quiet) == [EventAnnouncement("a", "browser", quiet["event"])]
    assert list(queue.store.get("a").outputs) == ["save", "10"]


def test_what_needs_no_keeping_passes_through(queue: JobQueue):
    recorder = Recorder(queue)
    step = event("node_step", node_id="denoise", done=1, total=4)
    preview = {"type": "preview", "job_id": "a", "node_id": "x", "index": 0, "total": 4}
    line = {"type": "log", "job_id": "a", "level": "info", "text": "hello"}
    assert recorder.apply(step) == [EventAnnouncement("a", "browser", step["event"])]
    assert recorder.apply(preview) == [PreviewAnnouncement("a", "browser", preview)]
    assert recorder.apply(line) == [LineAnnouncement("a", "browser", "info", "hello")]
    assert [kept.text for kept in queue.store.lines("a")] == ["hello"]
    pong = {"type": "pong", "number": 1, "job_id": "a", "seconds_since_progress": 0.0}
    assert recorder.apply(pong) == []


def test_the_end_is_readable_when_it_is_announced(queue: JobQueue):
    recorder = Recorder(queue)
    told: list[QueueChange] = []
    queue.listen(told.append)
    recorder.apply(event("run_started", node_ids=["text", "save"], seed=5))
    (end,) = recorder.apply(ended(ran=["save"], kept=["text"], seed=5))
    job = queue.store.get("a")
    assert end == EndAnnouncement(job)
    assert (job.status, job.ran, job.kept, job.used_seed, job.error) == (
        JobStatus.DONE,
        ("save",),
        ("text",),
        5,
        None,
    )
    stamps = [data["timestamp"] for _, data in job.log]
    assert stamps == sorted(stamps)
    assert job.log == (
        ("execution_start", {"prompt_id": "a", "timestamp": stamps[0]}),
        ("execution_cached", {"nodes": ["text"], "prompt_id": "a", "timestamp": stamps[1]}),
        ("execution_success", {"prompt_id": "a", "timestamp": stamps[2]}),
    )
    assert told == [QueueChange("ended", ("a",))]


def test_a_failure_is_kept_in_comfyui_s_words_too(queue: JobQueue):
    place = {"node_id": "denoise", "class_type": "Denoise", "kind": "ValueError"}
    message = ended("failed", message="boom", details="one\ntwo\n", ran=["text"], **place)
    (end,) = Recorder(queue).apply(message)
    assert isinstance(end, EndAnnouncement)
    assert end.job.error == JobError("boom", "denoise", "Denoise", "ValueError", "one\ntwo\n")
    name, data = end.job.log[-1]
    assert (name, data) == (
        "execution_error",
        {
            "prompt_id": "a",
            "node_id": "denoise",
            "node_type": "Denoise",
            "executed": ["text"],
            "exception_message": "boom",
            "exception_type": "ValueError",
            "traceback": ["one\n", "two\n"],
            "current_inputs": {},
            "current_outputs": ["text"],
            "timestamp": data["timestamp"],
        },
    )


@pytest.mark.parametrize(
    ("outcome", "last"),
    [("cancelled", "execution_interrupted"), ("interrupted", "execution_error")],
)
def test_other_ends(queue: JobQueue, outcome: str, last: str):
    (end,) = Recorder(queue).apply(ended(outcome, message="It stopped."))
    assert isinstance(end, EndAnnouncement)
    assert (end.job.status, end.job.log[-1][0]) == (JobStatus(outcome), last)


def test_what_comes_after_the_end_is_passed_over(queue: JobQueue):
    recorder = Recorder(queue)
    recorder.apply(saved([], ["first"]))
    queue.end("a", JobStatus.CANCELLED)
    before = queue.store.get("a")
    for late in (saved([PICTURE], []), ended(), ended("failed"), event("run_started")):
        assert recorder.apply(late) == []
    assert recorder.apply({**ended(), "job_id": "unknown"}) == []
    assert queue.store.get("a") == before


@contextmanager
def full_disk(queue: JobQueue) -> Iterator[None]:
    """No file of this process can grow any more."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, ignored)


def test_while_the_disk_is_full_nothing_is_announced_and_nothing_lost(queue: JobQueue):
    recorder = Recorder(queue)
    first, second = saved([PICTURE], []), ended()
    step = event("node_step", node_id="denoise", done=1, total=4)
    held: list[Announcement] = []
    with full_disk(queue):
        held += recorder.apply(first)
        held += recorder.apply(step)
        held += recorder.apply(second)
        held += recorder.flush()
    assert [type(announced) for announced in held] == [TroubleAnnouncement]
    assert recorder.has_unrecorded
    job = queue.store.get("a")
    assert (job.status, job.outputs) == (JobStatus.RUNNING, {})
    announced = recorder.flush()
    job = queue.store.get("a")
    assert announced == [EventAnnouncement("a", "browser", first["event"]), EndAnnouncement(job)]
    assert (job.status, list(job.outputs)) == (JobStatus.DONE, ["save"])
    assert not recorder.has_unrecorded
