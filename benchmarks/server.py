"""Measure a real server: start, memory, chains of trivial nodes cold and kept, requests a second.

    python benchmarks/server.py [--chains 10,100,1000] [--json]

The original takes 0.49 s for a chain of 100 nodes and 36 s for 975 (29 s kept, 190 MB of
messages), refuses 1,000, starts in 6 s and idles at 500 MB.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aiohttp

CACHE = Path("~/.cache/blockloom").expanduser()


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
    environment = {**os.environ, "BLOCKLOOM_CACHE": str(CACHE)}
    started = time.perf_counter()
    process = subprocess.Popen(
        [*command, "--port", str(port), "--data", str(folder)], env=environment
    )
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


def resident_mb(process: subprocess.Popen[bytes]) -> float:
    """Memory of the server process alone, without its workers (Linux)."""
    for line in Path(f"/proc/{process.pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0


def chain(length: int, value: int) -> dict[str, Any]:
    """PrimitiveInt, one after the other, and the last one shown."""
    nodes: dict[str, Any] = {"1": {"class_type": "PrimitiveInt", "inputs": {"value": value}}}
    for number in range(2, length):
        link = [str(number - 1), 0]
        nodes[str(number)] = {"class_type": "PrimitiveInt", "inputs": {"value": link}}
    last = [str(length - 1), 0]
    nodes[str(length)] = {"class_type": "PreviewAny", "inputs": {"source": last}}
    return nodes


async def run(session: aiohttp.ClientSession, url: str, nodes: dict[str, Any]) -> dict[str, float]:
    """Post a prompt and follow it to its end marker."""
    async with session.ws_connect(f"{url}/ws?clientId=bench", max_msg_size=0) as ws:
        await ws.receive()
        started = time.perf_counter()
        body = {"prompt": nodes, "client_id": "bench"}
        async with session.post(f"{url}/prompt", json=body) as response:
            answer = await response.json()
            if response.status != 200:
                raise SystemExit(str(answer)[:2000])
        accepted = time.perf_counter() - started
        count = size = 0
        while True:
            text = (await ws.receive()).data
            count, size = count + 1, size + len(text)
            event = json.loads(text)
            if event["type"] == "execution_error":
                raise SystemExit(text[:2000])
            if event["type"] == "executing" and event["data"]["node"] is None:
                break
        seconds = time.perf_counter() - started
        return {"seconds": seconds, "post": accepted, "messages": count, "mb": size / 1e6}


async def requests_a_second(session: aiohttp.ClientSession, url: str, count: int) -> float:
    """How many prompts are accepted a second, eight at a time, into a paused queue."""
    await (await session.post(f"{url}/blockloom/queue", json={"is_paused": True})).read()
    nodes = chain(3, 1)
    limit = asyncio.Semaphore(8)

    async def post() -> None:
        async with limit, session.post(f"{url}/prompt", json={"prompt": nodes}) as response:
            await response.read()
            response.raise_for_status()

    started = time.perf_counter()
    await asyncio.gather(*(post() for _ in range(count)))
    seconds = time.perf_counter() - started
    await (await session.post(f"{url}/queue", json={"clear": True})).read()
    await (await session.post(f"{url}/blockloom/queue", json={"is_paused": False})).read()
    return count / seconds


async def measure(url: str, lengths: list[int]) -> dict[str, Any]:
    """Chains of each length, cold and kept, and the rate of prompts."""
    found: dict[str, Any] = {}
    async with aiohttp.ClientSession() as session:
        await run(session, url, chain(3, -1))
        for length in lengths:
            nodes = chain(length, length)
            cold = await run(session, url, nodes)
            kept = [await run(session, url, nodes) for _ in range(3)]
            best = min(kept, key=lambda result: result["seconds"])
            found[str(length)] = {"cold": cold, "kept": best}
        found["prompts_per_second"] = await requests_a_second(session, url, 300)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--chains", default="10,100,1000,10000")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, server(Path(folder)) as (url, process, start):
        found: dict[str, Any] = {"first_page_seconds": start, "idle_mb": resident_mb(process)}
        found |= asyncio.run(measure(url, [int(part) for part in options.chains.split(",")]))
        found["mb_after"] = resident_mb(process)
    if options.json:
        print(json.dumps(found))
        return
    print(f"first page after {start:.2f} s, idle {found['idle_mb']:.0f} MB")
    for length, results in found.items():
        if isinstance(results, dict):
            for kind, result in results.items():
                print(
                    f"{length:>6} nodes {kind}: {result['seconds'] * 1000:8.1f} ms, of which "
                    f"{result['post'] * 1000:.1f} to accept; {result['messages']:.0f} messages, "
                    f"{result['mb']:.2f} MB"
                )
    print(f"{found['prompts_per_second']:.0f} prompts/s, {found['mb_after']:.0f} MB at the end")


if __name__ == "__main__":
    main()
