"""A real ``blockloom serve`` in a process of its own, to be asked, killed and started again."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any


class Process:
    """A server process that can be killed and started again on the same data."""

    def __init__(self, data: Path) -> None:
        with socket.socket() as found:
            found.bind(("127.0.0.1", 0))
            self.port = found.getsockname()[1]
        self.data = data
        self.log = data.parent / f"{data.name}.log"
        self.process: subprocess.Popen[bytes] | None = None
        # Whom to believe where the server was given a certificate.
        self.trust: ssl.SSLContext | None = None

    @property
    def url(self) -> str:
        return f"{'https' if self.trust else 'http'}://127.0.0.1:{self.port}"

    def start(self, *options: str) -> float:
        """Start it; returns after how many seconds it answered its first page."""
        started = time.perf_counter()
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [
                    *(sys.executable, "-m", "blockloom", "--no-browser", "--device", "cpu"),
                    *("--port", str(self.port), "--data", str(self.data), *options),
                ],
                stderr=log,
            )
        until(lambda: self.is_up() or self.has_ended(), "the server answers", pause=0.01)
        assert not self.has_ended(), self.log.read_text()
        return time.perf_counter() - started

    def has_ended(self) -> bool:
        return self.process is None or self.process.poll() is not None

    def is_up(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/", timeout=2, context=self.trust) as response:
                return bool(response.status == 200)
        except urllib.error.HTTPError as error:
            return error.code == 401  # it wants its token
        except OSError:
            return False

    def stop(self, number: int = signal.SIGTERM) -> None:
        if self.process is not None and not self.has_ended():
            self.process.send_signal(number)
            self.process.wait(30)

    def ask(self, path: str, body: Any = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        url = f"{self.url}{path}"
        try:
            with urllib.request.urlopen(url, data, timeout=120, context=self.trust) as response:
                text = response.read()
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{path}: {error.read()!r}") from error
        return json.loads(text) if text else None

    def prompt(self, nodes: dict[str, Any]) -> str:
        return str(self.ask("/prompt", {"prompt": nodes})["prompt_id"])

    def ended(self, job_id: str) -> Any:
        until(lambda: bool(self.ask(f"/history/{job_id}")), f"job {job_id} ends", 90)
        return self.ask(f"/history/{job_id}")[job_id]

    def workers(self) -> list[Any]:
        return list(self.ask("/blockloom/queue")["workers"])


def until(is_so: Callable[[], bool], what: str, seconds: float = 60, pause: float = 0.05) -> None:
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, f"in vain: {what}"
        time.sleep(pause)


def children_of(server: Process) -> list[int]:
    assert server.process is not None
    # -ww: whole command lines, however wide the terminal is said to be.
    found = subprocess.run(
        ["ps", "-ww", "-o", "pid=,args=", "--ppid", str(server.process.pid)],
        capture_output=True,
        text=True,
        check=True,
    )
    lines = [line.split(maxsplit=1) for line in found.stdout.splitlines()]
    return [int(pid) for pid, command in lines if "resource_tracker" not in command]


@contextlib.contextmanager
def server_in(folder: Path) -> Iterator[Process]:
    """A server with its data in ``folder``, not started yet; it is ended in the end."""
    cache = Path(os.environ.get("BLOCKLOOM_CACHE", "") or Path.home() / ".cache" / "blockloom")
    (folder / "data").mkdir()
    if cache.is_dir():  # reading all blocks anew would take long
        (folder / "data" / "cache").symlink_to(cache)
    found = Process(folder / "data")
    try:
        yield found
    finally:
        with contextlib.suppress(subprocess.TimeoutExpired):
            found.stop()
        if found.process is not None and not found.has_ended():
            found.process.kill()
