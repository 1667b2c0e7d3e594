"""A process that speaks the protocol without torch, and misbehaves as it is told to."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from multiprocessing.connection import Connection

from blockloom.jobs.channel import Channel
from blockloom.jobs.worker_options import WorkerOptions


def fake_worker(connection: Connection, options: WorkerOptions) -> None:
    """Be what the device's name says, then do what the jobs' graphs say."""
    channel: Channel = Channel(connection, "fake")
    if options.device == "crash":
        os._exit(9)
    if options.device == "unusable":
        channel.send({"type": "unusable", "message": "There is no such device.", "details": ""})
        channel.flush(5)
        os._exit(3)
    if options.device != "silent":
        channel.send(
            {
                "type": "ready",
                "device": options.device,
                "device_name": "Fake",
                "memory_total": 10,
                "memory_free": 5,
                "torch_version": "0",
            }
        )
    while True:
        try:
            messages = channel.receive()
        except EOFError:
            return
        for message, _ in messages:
            _take(channel, message)


def _take(channel: Channel, message: dict) -> None:
    if message["type"] == "stop":
        channel.flush(5)
        os._exit(0)
    if message["type"] == "ping":
        channel.send(
            {
                "type": "pong",
                "number": message["number"],
                "job_id": "",
                "seconds_since_progress": 0.0,
            }
        )
    if message["type"] == "ask" and message["what"] != "nothing":
        answer = {"question_id": message["question_id"], "error": "", "content": message["what"]}
        blob = b"blob" * 1000
        answer |= {"has_blob": True, "content_type": "text/plain"}
        channel.send({"type": "answer", **answer}, blob)
    if message["type"] == "run":
        _run(channel, message)


def _run(channel: Channel, job: dict) -> None:
    job_id, graph = job["job_id"], json.loads(job["graph"])["prompt"]
    if "die" in graph:
        os.kill(os.getpid(), signal.SIGKILL)
    if "hang" in graph:
        time.sleep(600)
    if "leave-a-child" in graph:
        # Somebody else holds our end of the connection and lives on.
        script = "import time; time.sleep(20)"
        subprocess.Popen([sys.executable, "-c", script], close_fds=False)
        os.kill(os.getpid(), signal.SIGKILL)
    for number in range(3 if "talk" in graph else 0):
        event = {"event": "node_step", "node_id": "a", "done": number, "total": 3}
        channel.send({"type": "event", "job_id": job_id, "event": event})
    if "wait" in graph:
        return
    channel.send(
        {
            "type": "ended",
            "job_id": job_id,
            "outcome": "done",
            "message": "",
            "node_id": "",
            "class_type": "",
            "kind": "",
            "details": "",
            "ran": [],
            "kept": [],
            "seed": None,
            "seconds": 0.0,
            "loaded": ["a model"],
            "memory_free": 4,
        }
    )
