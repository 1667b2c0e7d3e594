"""Keep a real server busy: jobs, cancels, clients that come and go; its memory has to stay flat.

    python benchmarks/soak.py [--minutes 30]

Exits with 1 where the memory of server or worker has grown by more than a fifth (and 20 MB)
between the end of the first fifth of the time and the end.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import itertools
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

import aiohttp

if not __package__:  # started as a script
    sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.server import chain, server

_ALLOWED_MB = 20.0
_ALLOWED_SHARE = 0.2


def memory_mb(pid: int) -> float:
    """Resident memory of a process (Linux)."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
    return 0.0


def worker_of(process: subprocess.Popen[bytes]) -> int:
    """The server's largest child: its worker."""
    lists = Path(f"/proc/{process.pid}/task").glob("*/children")
    pids = [int(pid) for found in lists for pid in found.read_text().split()]
    return max(pids, key=memory_mb, default=0)


def graph(number: int) -> dict[str, Any]:
    """Something else each time; small, for values are kept on purpose, up to their budget."""
    if number % 3 == 0:
        return chain(50, number)
    size = {"width": 16, "height": 16, "batch_size": 1, "color": number % 0xFFFFFF}
    return {
        "1": {"class_type": "EmptyImage", "inputs": size},
        "2": {"class_type": "ImageInvert", "inputs": {"image": ["1", 0]}},
        "3": {"class_type": "PreviewImage", "inputs": {"images": ["2", 0]}},
    }


async def client(url: str, name: str, counts: Counter[str], until: float) -> None:
    """Post, follow, cancel, go away and come back, until the time is over."""
    chance = random.Random(name)
    numbers = itertools.count(hash(name) % 10_000 * 1000)
    async with aiohttp.ClientSession() as session:
        while time.monotonic() < until:
            async with session.ws_connect(f"{url}/ws?clientId={name}") as ws:
                for _ in range(chance.randrange(1, 20)):
                    body = {"prompt": graph(next(numbers)), "client_id": name}
                    async with session.post(f"{url}/prompt", json=body) as response:
                        job_id = (await response.json())["prompt_id"]
                    if chance.random() < 0.2:
                        async with session.post(f"{url}/api/jobs/{job_id}/cancel") as response:
                            await response.read()
                        counts["cancelled"] += 1
                    elif chance.random() < 0.1:
                        counts["left alone"] += 1
                        break
                    else:
                        await follow(ws, job_id)
                        counts["followed"] += 1
            async with session.get(f"{url}/history?max_items=5") as response:
                await response.read()


async def follow(ws: aiohttp.ClientWebSocketResponse, job_id: str) -> None:
    """Listen to the end of a job."""
    while True:
        event = await ws.receive_json(timeout=60)
        data = event["data"]
        if event["type"] == "executing" and data == {"node": None, "prompt_id": job_id}:
            return


async def soak(url: str, process: subprocess.Popen[bytes], seconds: float) -> bool:
    """Whether memory stayed flat."""
    counts: Counter[str] = Counter()
    start = time.monotonic()
    until = start + seconds
    clients = [
        asyncio.create_task(client(url, f"client{number}", counts, until)) for number in range(4)
    ]
    await asyncio.sleep(seconds / 5)
    before = memory_mb(process.pid), memory_mb(worker_of(process))
    await asyncio.gather(*clients)
    after = memory_mb(process.pid), memory_mb(worker_of(process))
    print(f"{sum(counts.values())} jobs in {time.monotonic() - start:.0f} s: {dict(counts)}")
    is_flat = True
    for name, first, last in zip(("server", "worker"), before, after, strict=True):
        grown = last - first
        print(f"{name}: {first:.0f} MB, then {last:.0f} MB")
        is_flat = is_flat and grown <= max(_ALLOWED_MB, first * _ALLOWED_SHARE)
    return is_flat


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=30.0)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, server(Path(folder)) as (url, process, _):
        is_flat = asyncio.run(soak(url, process, options.minutes * 60))
    return 0 if is_flat else 1


if __name__ == "__main__":
    sys.exit(main())
