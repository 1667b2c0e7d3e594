"""Pools of real processes, with their event loop in a thread of its own so that tests can share
them."""

from __future__ import annotations

import asyncio
import itertools
import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from blockloom.jobs.worker_options import PoolOptions, WorkerOptions
from blockloom.jobs.workers import WorkerPool
from blockloom.settings import Settings, read_settings

NODES = Path(__file__).parent / "nodes"
_numbers = itertools.count(1)


@dataclass
class Running:
    """A job that was started: what was heard of it so far, and how it ended."""

    job_id: str
    pool: WorkerPool
    future: Any
    heard: list[tuple[dict, bytes]] = field(default_factory=list)

    def ended(self, timeout: float = 20) -> dict:
        return self.future.result(timeout)

    def messages(self, kind: str) -> list[dict]:
        return [message for message, _ in self.heard if message["type"] == kind]

    def events(self, kind: str = "") -> list[dict]:
        found = [message["event"] for message in self.messages("event")]
        return [event for event in found if not kind or event["event"] == kind]

    def lines(self) -> list[str]:
        return [message["text"] for message in self.messages("log")]

    def wait_for(self, kind: str, count: int = 1) -> None:
        wait_until(lambda: len(self.events(kind)) >= count or self.future.done())
        assert len(self.events(kind)) >= count


@dataclass
class Rig:
    """A pool, and the loop it lives in."""

    pool: WorkerPool
    loop: asyncio.AbstractEventLoop
    folder: Path

    def call(self, coroutine: Any, timeout: float = 60) -> Any:
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(timeout)

    def do(self, function: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
        async def go() -> Any:
            return function(*arguments, **options)

        return self.call(go())

    def stats(self, place: int = 0) -> Any:
        return self.do(self.pool.stats)[place]

    def wait_for_idle(self) -> Any:
        return self.call(self.pool.wait_for_idle())

    def start(self, prompt: dict[str, Any], **more: Any) -> Running:
        """Start a job; nodes are (class_type, inputs)."""
        nodes = {
            node_id: {"class_type": node[0], "inputs": node[1]} if isinstance(node, tuple) else node
            for node_id, node in prompt.items()
        }
        job_id = f"job-{next(_numbers)}"
        job = {
            "type": "run",
            "job_id": job_id,
            "graph": json.dumps({"prompt": nodes}),
            "targets": [],
            "seed": None,
            "output_folder": str(self.folder / "output"),
            "temporary_folder": str(self.folder / "temporary"),
            "input_folders": [],
            "picture_notes": {},
            "wants_previews": False,
        } | more
        running = Running(job["job_id"], self.pool, None)

        def listen(message: Any, blob: bytes) -> None:
            running.heard.append((message, blob))

        running.future = asyncio.run_coroutine_threadsafe(self.pool.run(job, listen), self.loop)
        return running

    def run(self, prompt: dict[str, Any], **more: Any) -> tuple[dict, Running]:
        running = self.start(prompt, **more)
        return running.ended(), running

    def cancel(self, running: Running, **options: Any) -> bool:
        return self.do(self.pool.cancel, running.job_id, **options)

    def ask(self, what: str, job_id: str = "", timeout: float = 20, **arguments: Any) -> Any:
        return self.call(self.pool.ask(what, job_id, arguments, timeout=timeout))


def wait_until(is_so: Callable[[], bool], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.01)


def open_rig(
    folder: Path, workers: list[WorkerOptions], options: PoolOptions | None = None
) -> Iterator[Rig]:
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()

    async def make() -> WorkerPool:
        pool = WorkerPool(workers, options)
        await pool.start()
        return pool

    rig = Rig(asyncio.run_coroutine_threadsafe(make(), loop).result(60), loop, folder)
    try:
        yield rig
    finally:
        rig.call(rig.pool.close())
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


@pytest.fixture(scope="module")
def worker_options(tmp_path_factory: pytest.TempPathFactory) -> WorkerOptions:
    """A worker on the CPU that knows the toys; the catalogue is the machine's, as it is slow to
    make."""
    folder = tmp_path_factory.mktemp("worker")
    settings = Settings(folder / "data", read_settings().cache, folder / "config")
    return WorkerOptions(
        device="cpu",
        settings=settings,
        nodes_folders=(NODES,),
        log_folder=folder / "logs",
        preview_interval=0.01,
    )


@pytest.fixture(scope="module")
def rig(worker_options: WorkerOptions, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    """One real worker, shared by the tests of a module."""
    yield from open_rig(tmp_path_factory.mktemp("rig"), [worker_options])


@pytest.fixture
def fake_rig(tmp_path: Path) -> Iterator[Callable[..., Rig]]:
    """Makes pools of processes that only pretend; the device says how they behave."""
    opened: list[Iterator[Rig]] = []

    def make(*devices: str, **options: Any) -> Rig:
        workers = [
            WorkerOptions(
                device=device,
                settings=Settings(tmp_path, tmp_path, tmp_path),
                log_folder=tmp_path,
                entry="tests.worker.fake_worker:fake_worker",
            )
            for device in devices
        ]
        watch = {"ping_interval": 0.1, "ping_limit": 5.0, "delays": (0.0, 0.0, 0.05)} | options
        opened.append(open_rig(tmp_path, workers, PoolOptions(**watch)))
        return next(opened[-1])

    yield make
    for rig in opened:
        for _ in rig:
            pass
