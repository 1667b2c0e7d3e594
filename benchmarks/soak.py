"""Keep a real server busy: jobs without end, cancels, clients that come, go and come back.

    python benchmarks/soak.py [--minutes 30] [--clients 4]

Prints the memory of server and worker as time goes by. Exits with 1 where a job got lost or ended
twice, where the worker had to be replaced, or where memory still grew in the second half of the
time by more than a tenth (and 20 MB).
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import os
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

if not __package__:  # started as a script
    sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.server import chain, server

_ALLOWED_MB = 20.0
_ALLOWED_SHARE = 0.1
# When memory is shown, as shares of the whole time: of half an hour 1, 5, 10, 15, 20, 25, 30 min.
_MOMENTS = (1 / 30, 1 / 6, 1 / 3, 1 / 2, 2 / 3, 5 / 6, 1.0)
_PICTURES = 500
_PAGE = 2000
_OVER = frozenset({"completed", "failed", "cancelled"})


@dataclass(frozen=True, slots=True)
class Sample:
    """After so many seconds: resident memory in MB, jobs posted, and what both have worked."""

    seconds: float
    jobs: int
    server: float
    worker: float
    cpu: float


@dataclass(slots=True)
class Tally:
    """What clients did, and what they heard."""

    counts: Counter[str] = field(default_factory=Counter)
    posted: list[str] = field(default_factory=list)
    followed: set[str] = field(default_factory=set)
    ends_heard: Counter[str] = field(default_factory=Counter)
    samples: list[Sample] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def sample_at(self, share: float) -> Sample:
        """Memory when so much of the time was over."""
        return self.samples[_MOMENTS.index(share)]


def memory_mb(pid: int) -> float:
    """Resident memory of a process (Linux); 0 where there is none."""
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
    return 0.0


def cpu_seconds(pid: int) -> float:
    """How long a process has worked so far (Linux)."""
    with suppress(OSError):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return 0.0


def worker_of(pid: int) -> int:
    """The largest child of a server: its worker."""
    lists = Path(f"/proc/{pid}/task").glob("*/children")
    pids = [int(child) for found in lists for child in found.read_text().split()]
    return max(pids, key=memory_mb, default=0)


def graph(number: int) -> dict[str, Any]:
    """Chains that never ran before, and one of so many pictures: what is kept of those is kept on
    purpose, up to a budget that half an hour does not reach."""
    if number % 3 == 0:
        return chain(50, number)
    size = {"width": 16, "height": 16, "batch_size": 1, "color": number % _PICTURES}
    return {
        "1": {"class_type": "EmptyImage", "inputs": size},
        "2": {"class_type": "ImageInvert", "inputs": {"image": ["1", 0]}},
        "3": {"class_type": "PreviewImage", "inputs": {"images": ["2", 0]}},
    }


class Client:
    """Posts, follows, cancels, looks around, goes away and comes back."""

    def __init__(self, url: str, name: str, numbers: Iterator[int], tally: Tally) -> None:
        self._url = url
        self._name = name
        self._numbers = numbers
        self._tally = tally
        self._chance = random.Random(name)

    async def live(self, until: float) -> None:
        """Be there until the time is over."""
        while time.monotonic() < until:
            async with aiohttp.ClientSession(self._url) as session:
                ws = await session.ws_connect(f"/ws?clientId={self._name}")
                self._tally.counts["connections"] += 1
                for _ in range(self._chance.randrange(1, 20)):
                    if time.monotonic() > until or not await self._do_something(session, ws):
                        break
                if self._chance.random() < 0.5:
                    await ws.close()
                # Else the connection breaks off with the session.

    async def _do_something(
        self, session: aiohttp.ClientSession, ws: aiohttp.ClientWebSocketResponse
    ) -> bool:
        """Whether to stay for more."""
        job_id = await self._post(session)
        draw = self._chance.random()
        if draw < 0.1:
            self._tally.counts["left alone"] += 1
            return False
        if draw < 0.3:
            if draw < 0.2:
                await self._hear(ws, {"execution_start"}, job_id)
            async with session.post(f"/api/jobs/{job_id}/cancel") as response:
                response.raise_for_status()
                if (await response.json())["cancelled"]:
                    self._tally.counts["cancels"] += 1
            return True
        await self._hear(ws, {"executing"}, job_id)
        self._tally.followed.add(job_id)
        if draw < 0.4:
            await self._look(session, job_id)
        return True

    async def _post(self, session: aiohttp.ClientSession) -> str:
        body = {"prompt": graph(next(self._numbers)), "client_id": self._name}
        async with session.post("/prompt", json=body) as response:
            response.raise_for_status()
            job_id = str((await response.json())["prompt_id"])
        self._tally.posted.append(job_id)
        return job_id

    async def _hear(
        self, ws: aiohttp.ClientWebSocketResponse, kinds: set[str], job_id: str
    ) -> None:
        """Listen until a job has begun ("execution_start") or is over ("executing" nothing)."""
        while True:
            event = await ws.receive_json(timeout=120)
            data = event["data"]
            is_end = event["type"] == "executing" and data["node"] is None
            if is_end:
                self._tally.ends_heard[data["prompt_id"]] += 1
            is_wanted = is_end or event["type"] != "executing"
            if event["type"] in kinds and is_wanted and data["prompt_id"] == job_id:
                return

    async def _look(self, session: aiohttp.ClientSession, job_id: str) -> None:
        """Look at what a job left."""
        self._tally.counts["looks"] += 1
        paths = ["/history?max_items=5", f"/blockloom/block_state/{job_id}/1", "/metrics"]
        async with session.get(f"/history/{job_id}") as response:
            shown = (await response.json())[job_id]["outputs"].values()
        for image in (image for output in shown for image in output.get("images", ())):
            paths.append(f"/view?filename={image['filename']}&type={image['type']}")
        for path in paths:
            async with session.get(path) as response:
                await response.read()
                if response.status != 200:
                    self._tally.problems.append(f"{path}: {response.status}")


async def soak(url: str, pid: int, seconds: float, clients: int = 4) -> Tally:
    """Keep a server busy for a while; what is wrong is under ``problems``."""
    tally, numbers = Tally(), itertools.count(1)
    async with aiohttp.ClientSession(url) as session:
        await _until_ready(session)
    until = time.monotonic() + seconds
    watch = asyncio.create_task(_watch(pid, seconds, tally))
    await asyncio.gather(
        *(Client(url, f"client{number}", numbers, tally).live(until) for number in range(clients))
    )
    await watch
    async with aiohttp.ClientSession(url) as session:
        await _until_empty(session)
        await _check_ends(session, tally)
        starts = [worker["starts"] for worker in await _workers(session)]
    if starts != [1]:
        tally.problems.append(f"The worker was started {starts} times.")
    return tally


async def _watch(pid: int, seconds: float, tally: Tally) -> None:
    started = time.monotonic()
    for share in _MOMENTS:
        await asyncio.sleep(max(0.0, started + share * seconds - time.monotonic()))
        worker = worker_of(pid)
        sizes = memory_mb(pid), memory_mb(worker)
        cpu = cpu_seconds(pid) + cpu_seconds(worker)
        tally.samples.append(Sample(time.monotonic() - started, len(tally.posted), *sizes, cpu))


async def _workers(session: aiohttp.ClientSession) -> list[Any]:
    async with session.get("/blockloom/queue") as response:
        return list((await response.json())["workers"])


async def _until_ready(session: aiohttp.ClientSession) -> None:
    async with asyncio.timeout(300):
        while True:
            if all(worker["state"] == "idle" for worker in await _workers(session)):
                return
            await asyncio.sleep(0.1)


async def _until_empty(session: aiohttp.ClientSession) -> None:
    async with asyncio.timeout(300):
        while True:
            async with session.get("/prompt") as response:
                if not (await response.json())["exec_info"]["queue_remaining"]:
                    return
            await asyncio.sleep(0.1)


async def _check_ends(session: aiohttp.ClientSession, tally: Tally) -> None:
    """Every job has ended, and none of them twice."""
    found: Counter[str] = Counter()
    for offset in itertools.count(0, _PAGE):
        query = f"limit={_PAGE}&offset={offset}&sort_order=asc"
        async with session.get(f"/api/jobs?{query}") as response:
            page = await response.json()
        for job in page["jobs"]:
            found[job["id"]] += 1
            tally.counts[job["status"]] += 1
            is_well = job["status"] in ({"completed"} if job["id"] in tally.followed else _OVER)
            if not is_well:
                tally.problems.append(f"{job['id']}: {job['status']}")
        if not page["pagination"]["has_more"]:
            break
    if found != Counter(tally.posted):
        tally.problems.append(f"{len(tally.posted)} jobs were posted, {len(found)} are known.")
    tally.problems += [f"{job}: {n} ends" for job, n in tally.ends_heard.items() if n > 1]


def still_grows(tally: Tally) -> list[str]:
    """The processes whose memory has grown too much in the second half of the time."""
    half, end = tally.sample_at(1 / 2), tally.sample_at(1.0)
    grown = {"server": (half.server, end.server), "worker": (half.worker, end.worker)}
    return [
        name
        for name, (before, after) in grown.items()
        if after - before > max(_ALLOWED_MB, before * _ALLOWED_SHARE)
    ]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=30.0)
    parser.add_argument("--clients", type=int, default=4)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, server(Path(folder)) as (url, process, _):
        tally = asyncio.run(soak(url, process.pid, options.minutes * 60, options.clients))
    for before, sample in itertools.pairwise([Sample(0, 0, 0, 0, 0), *tally.samples]):
        each = (sample.cpu - before.cpu) / max(1, sample.jobs - before.jobs)
        print(
            f"after {sample.seconds / 60:5.1f} min: {sample.jobs:6} jobs, server "
            f"{sample.server:.0f} MB, worker {sample.worker:.0f} MB; {each * 1000:.0f} ms CPU a job"
        )
    print(", ".join(f"{count} {name}" for name, count in sorted(tally.counts.items())))
    wrong = [*tally.problems[:20], *(f"The {name} still grows." for name in still_grows(tally))]
    for problem in wrong:
        print(problem)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
