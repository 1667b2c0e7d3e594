"""Measure a real server: start, memory, chains of trivial nodes, requests a second.

    python benchmarks/server.py [--chains 10,100,1000,10000] [--rounds N] [--json]

Every chain is run cold (nothing of it is kept), kept (nothing has changed), and edited (all but its
end is kept), from the POST until the client has heard that it is over. Printed are medians of the
rounds: wall milliseconds, CPU milliseconds of the server's and the worker's process, and the ratio
to the same graph run in a session in this process, in turn with the server. ``chains.py`` describes
the chains.

The original takes 0.49 s for a chain of 100 nodes and 36 s for 975 (29 s kept, 190 MB of
messages), refuses 1,000, starts in 6 s and idles at 500 MB.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import gc
import itertools
import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

import aiohttp

if not __package__:  # started as a script
    sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.chains import CHAINS, NODE_FILE, Nodes, Reference, edited, open_reference
from benchmarks.chains import passed_on as chain

__all__ = ["chain", "server"]

Make: TypeAlias = Callable[[int, int], Nodes]

# Shared by all servers that are measured, so that the catalogue is made only once.
os.environ.setdefault("BLOCKLOOM_CACHE", str(Path("~/.cache/blockloom").expanduser()))


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextlib.contextmanager
def server(folder: Path) -> Iterator[tuple[str, subprocess.Popen[bytes], float]]:
    """A server of its own, and how many seconds it took to answer its first page."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "blockloom", "serve", "--no-browser", "--device", "cpu"]
    started = time.perf_counter()
    process = subprocess.Popen([*command, "--port", str(port), "--data", str(folder)])
    try:
        while True:
            with contextlib.suppress(OSError), urllib.request.urlopen(f"{url}/", timeout=1):
                break
            if process.poll() is not None or time.perf_counter() - started > 60:
                raise SystemExit("The server does not start.")
            time.sleep(0.01)
        yield url, process, time.perf_counter() - started
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()


def resident_mb(pid: int) -> float:
    """Memory of one process (Linux)."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0


def worker_of(pid: int) -> int:
    """The largest child of a server: its worker (Linux)."""
    lists = Path(f"/proc/{pid}/task").glob("*/children")
    children = [int(child) for found in lists for child in found.read_text().split()]
    return max(children, key=resident_mb)


def cpu_ms(pid: int) -> float:
    """CPU milliseconds that a process, all its threads together, has used so far (Linux)."""
    return time.clock_gettime((~pid << 3) | 2) * 1000


@dataclass(frozen=True, slots=True)
class Measured:
    """One run: milliseconds to its end, until it was accepted, and of CPU; what the client heard.

    ``ratio`` is its wall time by that of the same run in a session.
    """

    wall: float
    accepted: float
    server_cpu: float
    worker_cpu: float
    messages: float
    kilobytes: float
    ratio: float

    def __str__(self) -> str:
        return (
            f"{self.wall:8.1f} ms ({self.accepted:6.1f} to accept), {self.ratio:4.1f} x session; "
            f"CPU {self.server_cpu:7.1f} server + {self.worker_cpu:7.1f} worker; "
            f"{self.messages:.0f} messages, {self.kilobytes:.1f} kB"
        )


def median_of(rounds: list[Measured]) -> Measured:
    """The median of each figure."""
    figures = [asdict(measured) for measured in rounds]
    return Measured(**{name: statistics.median(f[name] for f in figures) for name in figures[0]})


@dataclass(frozen=True, slots=True)
class Bench:
    """A server under measurement, as one client sees it, and a session to compare it with."""

    url: str
    pid: int
    http: aiohttp.ClientSession
    reference: Reference
    values: Iterator[int] = field(default_factory=lambda: itertools.count(1_000_000, 1_000_000))

    async def run(self, nodes: Nodes) -> Measured:
        """Post a prompt and follow it to its end; then run it in the session."""
        async with self.http.ws_connect(f"{self.url}/ws?clientId=bench", max_msg_size=0) as ws:
            await ws.receive()
            pids = (self.pid, worker_of(self.pid))
            before = [cpu_ms(pid) for pid in pids]
            body = json.dumps({"prompt": nodes, "client_id": "bench"})
            started = time.perf_counter()
            async with self.http.post(f"{self.url}/prompt", data=body) as response:
                answer = await response.json()
                if response.status != 200:
                    raise SystemExit(str(answer)[:2000])
            accepted = time.perf_counter() - started
            count, size = await _until_over(ws)
            wall = time.perf_counter() - started
            server_cpu, worker_cpu = (
                cpu_ms(pid) - was for pid, was in zip(pids, before, strict=True)
            )
        ratio = wall / self.reference.run(nodes)
        times = (wall * 1000, accepted * 1000, server_cpu, worker_cpu)
        return Measured(*times, messages=count, kilobytes=size / 1000, ratio=ratio)

    async def measure(self, make: Make, length: int, rounds: int) -> dict[str, Measured]:
        """A chain of a length: cold, kept and edited, each round with values nobody has seen."""
        found: dict[str, list[Measured]] = {"cold": [], "kept": [], "edited": []}
        for value in itertools.islice(self.values, rounds):
            nodes = make(length, value)
            found["cold"].append(await self.run(nodes))
            found["kept"].append(await self.run(nodes))
            found["edited"].append(await self.run(edited(nodes, value)))
        return {kind: median_of(measured) for kind, measured in found.items()}

    async def requests_a_second(self, count: int) -> float:
        """How many prompts are accepted a second, eight at a time, into a paused queue."""
        await self._post("/blockloom/queue", {"is_paused": True})
        nodes = chain(3, 1)
        limit = asyncio.Semaphore(8)

        async def post() -> None:
            async with limit:
                await self._post("/prompt", {"prompt": nodes})

        started = time.perf_counter()
        await asyncio.gather(*(post() for _ in range(count)))
        seconds = time.perf_counter() - started
        await self._post("/queue", {"clear": True})
        await self._post("/blockloom/queue", {"is_paused": False})
        return count / seconds

    async def _post(self, path: str, body: dict[str, Any]) -> None:
        async with self.http.post(f"{self.url}{path}", json=body) as response:
            await response.read()
            response.raise_for_status()


async def _until_over(ws: aiohttp.ClientWebSocketResponse) -> tuple[int, int]:
    """How many messages there were to the end of a run, and how many bytes."""
    count = size = 0
    while True:
        text = (await ws.receive()).data
        count, size = count + 1, size + len(text)
        event = json.loads(text)
        if event["type"] == "execution_error":
            raise SystemExit(text[:2000])
        if event["type"] == "executing" and event["data"]["node"] is None:
            return count, size


def writes_a_second(folder: Path, count: int) -> float:
    """How often four kilobytes can be put on this disk for sure: no prompt is accepted faster."""
    started = time.perf_counter()
    with (folder / "probe").open("wb", buffering=0) as file:
        for _ in range(count):
            file.write(b"x" * 4096)
            os.fsync(file.fileno())
    return count / (time.perf_counter() - started)


async def measure(url: str, pid: int, folder: Path, options: argparse.Namespace) -> dict[str, Any]:
    """All that is measured of a server that runs."""
    found: dict[str, Any] = {"chains": {}}
    async with aiohttp.ClientSession() as http:
        bench = Bench(url, pid, http, open_reference(folder))
        # Looking through all of torch for garbage would take longer than what is measured.
        gc.freeze()
        await bench.run(chain(3, -1))
        for name, make in CHAINS.items():
            for length in (int(part) for part in options.chains.split(",")):
                measured = await bench.measure(make, length, options.rounds)
                found["chains"][f"{name}, {length:,} nodes"] = measured
                if not options.json:
                    for kind, medians in measured.items():
                        print(f"{name:>10} {length:6,} nodes {kind:>6}: {medians}", flush=True)
        found["prompts_a_second"] = await bench.requests_a_second(300)
    found["writes_a_second"] = writes_a_second(folder, 300)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--chains", default="10,100,1000,10000")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "nodes").mkdir()
        (folder / "nodes" / "counting.py").write_text(NODE_FILE)
        with server(folder) as (url, process, start):
            idle = resident_mb(process.pid)
            found: dict[str, Any] = {"first_page_seconds": start, "idle_mb": idle}
            found |= asyncio.run(measure(url, process.pid, folder, options))
            found["mb_after"] = resident_mb(process.pid)
    if options.json:
        print(json.dumps(found, default=asdict))
        return
    print(f"first page after {start:.2f} s, idle {found['idle_mb']:.0f} MB", end="")
    print(f", {found['mb_after']:.0f} MB at the end")
    rate, writes = found["prompts_a_second"], found["writes_a_second"]
    print(f"{rate:.0f} prompts/s, {writes / rate:.1f} x slower than 4 kB with fsync")


if __name__ == "__main__":
    main()
