"""``blockloom serve`` as a process of its own, with a worker that really runs things."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.server.server_kit import image_graph


class Process:
    """A server process that can be killed and started again on the same data."""

    def __init__(self, data: Path) -> None:
        with socket.socket() as found:
            found.bind(("127.0.0.1", 0))
            self.port = found.getsockname()[1]
        self.data = data
        self.log = data.parent / f"{data.name}.log"
        self.process: subprocess.Popen[bytes] | None = None

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
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/", timeout=2) as response:
                return bool(response.status == 200)
        except OSError:
            return False

    def stop(self, number: int = signal.SIGTERM) -> None:
        if self.process is not None and not self.has_ended():
            self.process.send_signal(number)
            self.process.wait(30)

    def ask(self, path: str, body: Any = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        url = f"http://127.0.0.1:{self.port}{path}"
        try:
            with urllib.request.urlopen(url, data, timeout=120) as response:
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


def chain(length: int) -> dict[str, Any]:
    """Pictures turned over and over, so that a run takes a while."""
    big = {"width": 1024, "height": 1024, "batch_size": 1, "color": 5}
    nodes: dict[str, Any] = {"0": {"class_type": "EmptyImage", "inputs": big}}
    for number in range(1, length):
        inputs = {"image": [str(number - 1), 0]}
        nodes[str(number)] = {"class_type": "ImageInvert", "inputs": inputs}
    last = [str(length - 1), 0]
    nodes["end"] = {"class_type": "SaveImage", "inputs": {"images": last, "filename_prefix": "c"}}
    return nodes


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Process]:
    cache = Path(os.environ.get("BLOCKLOOM_CACHE", "") or Path.home() / ".cache" / "blockloom")
    (tmp_path / "data").mkdir()
    if cache.is_dir():  # reading all blocks anew would take long
        (tmp_path / "data" / "cache").symlink_to(cache)
    found = Process(tmp_path / "data")
    yield found
    with contextlib.suppress(subprocess.TimeoutExpired):
        found.stop()
    if found.process is not None and not found.has_ended():
        found.process.kill()


def test_a_server_runs_jobs_and_survives_every_kill(server: Process) -> None:
    server.start()
    entry = server.ended(server.prompt(image_graph()))
    assert entry["status"]["completed"] is True
    (file,) = entry["outputs"]["2"]["images"]
    assert (server.data / "output" / file["filename"]).is_file()

    # The worker dies in mid-run: the job says so, the next one runs in a new process.
    long = server.prompt(chain(2000))
    until(lambda: bool(server.ask("/queue")["queue_running"]), "the job runs")
    waiting = server.prompt(image_graph(1))
    pids = children_of(server)
    assert pids
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    killed = server.ended(long)
    assert killed["status"]["status_str"] == "error"
    assert server.ended(waiting)["status"]["completed"] is True

    # The server dies in mid-run: what waited runs after the next start, the history is there.
    long = server.prompt(chain(2000))
    until(lambda: bool(server.ask("/queue")["queue_running"]), "the job runs")
    ids = [server.prompt(image_graph(color)) for color in (2, 3, 4)]
    server.stop(signal.SIGKILL)
    server.start()
    for job_id in ids:
        assert server.ended(job_id)["status"]["completed"] is True
    assert server.ended(long)["status"]["status_str"] == "error"
    assert server.ended(waiting)["outputs"]["2"]["images"]
    names = [path.name for path in (server.data / "output").iterdir()]
    assert not [name for name in names if name.endswith(".part")]

    # A job that was interrupted can be run again, and one that runs can be stopped.
    server.ask(f"/blockloom/jobs/{long}/retry", {})
    until(lambda: bool(server.ask("/queue")["queue_running"]), "the job runs")
    server.ask("/interrupt", {})
    assert server.ended(long)["status"]["messages"][-1][0] == "execution_interrupted"

    started = time.monotonic()
    server.stop(signal.SIGINT)
    assert time.monotonic() - started < 15
    assert server.process is not None
    assert server.process.returncode == 0


def children_of(server: Process) -> list[int]:
    assert server.process is not None
    found = subprocess.run(
        ["ps", "-o", "pid=,args=", "--ppid", str(server.process.pid)],
        capture_output=True,
        text=True,
        check=True,
    )
    lines = [line.split(maxsplit=1) for line in found.stdout.splitlines()]
    return [int(pid) for pid, command in lines if "resource_tracker" not in command]


def test_a_second_server_on_the_same_data_is_refused(server: Process) -> None:
    server.start()
    found = subprocess.run(
        [sys.executable, "-m", "blockloom", "serve", "--port", "0", "--data", str(server.data)],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert found.returncode == 2
    assert "Another Blockloom is using" in found.stderr
    assert "Traceback" not in found.stderr


def test_a_taken_port_is_a_clear_error(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        found = subprocess.run(
            [sys.executable, "-m", "blockloom", "--port", port, "--data", str(tmp_path / "data")],
            capture_output=True,
            text=True,
            timeout=60,
        )
    assert found.returncode == 2
    assert f"port {port}" in found.stderr
    assert "Traceback" not in found.stderr
