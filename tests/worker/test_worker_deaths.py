"""A real worker that is killed, stopped, or left alone."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.worker.conftest import wait_until

PARENT = """
import asyncio, sys
from dataclasses import replace
from pathlib import Path
from blockloom.jobs.worker_options import WorkerOptions
from blockloom.jobs.workers import WorkerPool

async def main():
    pool = WorkerPool([WorkerOptions(device="cpu", nodes_folders=(Path(sys.argv[1]),))])
    await pool.start()
    await pool.wait_for_idle()
    job = {
        "type": "run", "job_id": "1", "targets": [], "seed": None, "output_folder": sys.argv[2],
        "temporary_folder": sys.argv[2], "input_folders": [], "wants_previews": False,
        "picture_notes": {},
        "graph": '{"prompt": {"a": {"class_type": "ToySleep", "inputs": {}}}}',
    }
    def listen(message, blob):
        if message["type"] == "event" and message["event"]["event"] == "node_started":
            sys.stdout.write(f"{pool.stats()[0].pid}\\n")
            sys.stdout.flush()
    await pool.run(job, listen)

if __name__ == "__main__":
    asyncio.run(main())
"""


@pytest.fixture(scope="module", autouse=True)
def _ready(rig):
    rig.wait_for_idle()


def test_a_killed_worker_is_replaced_and_the_next_job_runs(rig):
    running = rig.start({"a": ("ToySleep", {})})
    running.wait_for("node_started")
    pid = rig.stats().pid
    os.kill(pid, signal.SIGKILL)
    ended = running.ended(5)
    assert (ended["outcome"], ended["node_id"], ended["class_type"]) == (
        "interrupted",
        "a",
        "ToySleep",
    )
    assert "SIGKILL" in ended["message"]
    again, shown = rig.run({"a": ("ToyPid", {})})
    assert again["outcome"] == "done"
    (finished,) = shown.events("node_finished")
    assert finished["texts"] == [str(rig.stats().pid)] != [str(pid)]


def test_a_node_that_does_not_look_up_is_stopped_hard(rig):
    running = rig.start({"a": ("ToySleep", {})})
    running.wait_for("node_started")
    assert rig.cancel(running)
    time.sleep(0.2)
    assert not running.future.done()
    started = time.monotonic()
    assert rig.cancel(running, hard=True)
    assert running.ended(5)["outcome"] == "cancelled"
    assert time.monotonic() - started < 4


def test_a_crash_leaves_its_last_words(rig):
    rig.wait_for_idle()
    # What is printed in the very last instant is lost with the thread that takes it up.
    ended, _ = rig.run({"a": ("ToyDie", {"seconds": 0.5, "number": int(signal.SIGSEGV)})})
    assert ended["outcome"] == "interrupted"
    assert "SIGSEGV" in ended["message"]
    assert "about to die" in ended["details"]
    assert "in toy_die" in ended["details"]


def test_a_job_that_breaks_the_device_fails_and_the_worker_is_replaced(rig):
    (worker,) = rig.wait_for_idle()
    ended, _ = rig.run({"a": ("ToyBreakDevice", {})})
    assert (ended["outcome"], ended["node_id"], ended["memory_free"]) == ("failed", "a", 0)
    assert ended["message"] == "RuntimeError: CUDA error: device-side assert triggered"
    wait_until(lambda: rig.stats().starts == worker.starts + 1)
    assert rig.run({"a": ("ToyShow", {})})[0]["outcome"] == "done"


def test_a_worker_without_its_server_ends_at_once(tmp_path):
    script = tmp_path / "parent.py"
    script.write_text(PARENT)
    nodes = Path(__file__).parent / "nodes"
    parent = subprocess.Popen(
        [sys.executable, str(script), str(nodes), str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout is not None
    with parent, parent.stdout:
        pid = int(parent.stdout.readline())
        os.kill(pid, 0)
        parent.kill()
    killed = time.monotonic()
    wait_until(lambda: not is_running(pid))
    assert time.monotonic() - killed < 4


def is_running(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"
