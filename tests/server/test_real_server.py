"""``blockloom serve`` as a process of its own, with a worker that really runs things."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import PIL.Image
import pytest
from tests.server.server_kit import image_graph
from tests.server.server_process import Process, children_of, server_in, until

JOBS = int(os.environ.get("BLOCKLOOM_FAULT_JOBS", "40"))


def chain(length: int, color: int = 5) -> dict[str, Any]:
    """Pictures turned over and over, so that a run takes a while."""
    big = {"width": 1024, "height": 1024, "batch_size": 1, "color": color}
    nodes: dict[str, Any] = {"0": {"class_type": "EmptyImage", "inputs": big}}
    for number in range(1, length):
        inputs = {"image": [str(number - 1), 0]}
        nodes[str(number)] = {"class_type": "ImageInvert", "inputs": inputs}
    last = [str(length - 1), 0]
    nodes["end"] = {"class_type": "SaveImage", "inputs": {"images": last, "filename_prefix": "c"}}
    return nodes


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Process]:
    with server_in(tmp_path) as found:
        yield found


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


@pytest.mark.parametrize(
    ("option", "folder", "message"),
    [
        ("--out", "data/temp/pictures", "is emptied at every start"),
        ("--models", "nowhere", "with models"),
        ("--nodes", "nowhere", "with node files"),
    ],
)
def test_folders_that_cannot_be_used_are_named(
    option: str, folder: str, message: str, tmp_path: Path
) -> None:
    found = subprocess.run(
        [
            *(sys.executable, "-m", "blockloom", "--port", "0", "--no-browser"),
            *("--data", str(tmp_path / "data"), option, str(tmp_path / folder)),
        ],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert found.returncode == 2
    assert str(tmp_path / folder) in found.stderr
    assert message in found.stderr
    assert "Traceback" not in found.stderr


def test_no_job_is_lost_or_done_twice_whatever_is_killed(server: Process) -> None:
    chance = random.Random(5)
    server.start()
    ids: list[str] = []
    for number in range(JOBS):
        graph = image_graph(number, f"job{number}") if number % 3 else chain(40, number)
        ids.append(server.prompt(graph))
        if number % 10 == 9:
            time.sleep(chance.uniform(0, 0.5))
            if chance.random() < 0.5:
                server.stop(signal.SIGKILL)
                server.start()
            else:
                for pid in children_of(server):
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(pid, signal.SIGKILL)
    until(lambda: server.ask("/prompt")["exec_info"]["queue_remaining"] == 0, "all end", 180)
    history = server.ask("/history")
    assert sorted(history) == sorted(ids)
    announced: list[str] = []
    for entry in history.values():
        assert entry["status"]["status_str"] in ("success", "error")
        names = [i["filename"] for shown in entry["outputs"].values() for i in shown["images"]]
        assert len(names) == 1 or entry["status"]["status_str"] == "error"
        announced += names
    assert len(announced) == len(set(announced))
    for name in announced:
        with PIL.Image.open(server.data / "output" / name) as picture:
            picture.load()
    ended_well = sum(entry["status"]["completed"] for entry in history.values())
    assert ended_well >= JOBS - JOBS // 10
