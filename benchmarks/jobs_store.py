"""What keeping jobs costs: accepted jobs per second on this disk, and a busy queue and history.

    python benchmarks/jobs_store.py [--jobs N] [--folder DIR]

Every accepted job is on the disk before the next one is accepted, so the first figures are the
disk's; beside them stands what one write of four kilobytes with fsync costs there.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from blockloom.graph.model import Json
from blockloom.jobs.job_queries import JobFilter
from blockloom.jobs.job_store import JobStore
from blockloom.jobs.model import JobStatus, NewJob
from blockloom.jobs.queue import JobQueue, WorkerView

WORDS = "castle river forest storm portrait lantern harbour winter meadow engine"


def sample(index: int) -> NewJob:
    """A job of about the size of an ordinary text-to-image graph."""
    words = WORDS.split()
    prompt = " ".join(words[(index // 10**place) % 10] for place in range(5)) * 3
    nodes: dict[str, Json] = {
        "model": {"class_type": "BlockloomLoadPipeline", "inputs": {"model": f"m{index % 2}"}},
        "text": {"class_type": "TextEncoder", "inputs": {"prompt": prompt, "negative": "blurry"}},
    }
    for place in range(10):
        inputs: dict[str, Json] = {"pipeline": ["text", "pipeline"], "steps": 20, "scale": 7.5}
        nodes[str(place)] = {"class_type": "SomeBlockOfThePipeline", "inputs": inputs}
    return NewJob(f"job-{index}", {"prompt": nodes}, client_id="benchmark")


def timed(label: str, count: int, work: Callable[[], object]) -> None:
    started = time.perf_counter()
    work()
    seconds = time.perf_counter() - started
    print(f"{label:<58}{seconds / count * 1e3:9.3f} ms {count / seconds:10,.0f} /s")


def write_with_fsync(folder: Path, times: int) -> None:
    with (folder / "probe").open("wb", buffering=0) as file:
        for _ in range(times):
            file.write(b"x" * 4096)
            os.fsync(file.fileno())


def measure(folder: Path, jobs: int) -> None:
    timed("write 4 kB and fsync (the disk itself)", 200, lambda: write_with_fsync(folder, 200))
    with JobQueue(JobStore(folder / "jobs.sqlite")) as queue:
        store = queue.store
        few = min(300, jobs)
        timed("accept, one by one", few, lambda: [store.accept(sample(i)) for i in range(few)])
        many = [sample(index) for index in range(few, jobs)]
        timed(f"accept {len(many):,} together", len(many), lambda: store.accept_all(many))
        many.clear()  # or the garbage collector would visit them in the figures below
        timed("count what remains", 100, lambda: [store.remaining() for _ in range(100)])
        timed("first 100 waiting jobs", 1, lambda: store.pending(100))
        timed(f"all {jobs:,} waiting jobs", 1, store.pending)
        worker = WorkerView("cpu", frozenset({"m1"}))

        def run(times: int) -> None:
            for _ in range(times):
                job = queue.next_for(worker)
                assert job is not None
                output: dict[str, Json] = {"files": [{"path": f"/out/{job.id}.png"}], "texts": []}
                store.record_output(job.id, "save", output)
                queue.end(job.id, JobStatus.DONE)

        timed("choose, begin, record one output, end", few, lambda: run(few))
        with store.together():
            run(jobs - few)
        timed("newest 100 of the history", 1, lambda: store.history(100))
        timed(
            "newest 100 that say 'castle river'", 1, lambda: store.history(100, text="castle river")
        )
        timed("a text nobody typed", 1, lambda: store.history(100, text="submarine"))
        timed("page of 50 by duration", 1, lambda: store.jobs(_longest()))
        timed("counts by status", 1, store.counts)
        timed(f"forget all {jobs:,}", 1, store.clear_history)
    size = (folder / "jobs.sqlite").stat().st_size
    print(f"database: {size / jobs / 1024:.1f} kB a job")


def _longest() -> JobFilter:
    return JobFilter(sort_by="execution_duration", limit=50)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--jobs", type=int, default=10_000)
    parser.add_argument("--folder", type=Path, default=None, help="a folder on the disk to measure")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
        measure(Path(folder), max(2, arguments.jobs))


if __name__ == "__main__":
    main()
