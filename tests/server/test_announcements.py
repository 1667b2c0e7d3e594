"""A run in ComfyUI's words, whatever way the worker tells of it."""

from __future__ import annotations

from pathlib import Path

from blockloom.execution.events import Event
from blockloom.jobs.model import Job, NewJob
from blockloom.server.announcements import Run
from blockloom.server.keys import Folders


def run_of(tmp_path: Path) -> Run:
    places = [tmp_path / name for name in ("output", "temp", "input", "user")]
    return Run(Job(NewJob("job", {}), created=0.0), Folders(*places, models=()))


def test_nodes_kept_together_are_said_as_if_one_by_one(tmp_path: Path) -> None:
    one_by_one: list[Event] = [
        {"event": "node_kept", "node_id": node_id, "files": [], "texts": []} for node_id in "abc"
    ]
    together: list[Event] = [
        {"event": "nodes_kept", "node_ids": ["a", "b"]},
        {"event": "nodes_kept", "node_ids": ["c"]},
    ]
    started: Event = {"event": "node_started", "node_id": "d"}
    said = []
    for events in (one_by_one, together):
        run = run_of(tmp_path)
        run.started = 7
        messages = [message for event in (*events, started) for message in run.on_event(event)]
        said.append((messages, run.again()))
    assert said[0] == said[1]
    kept = {"nodes": ["a", "b", "c"], "prompt_id": "job", "timestamp": 7}
    assert said[1][0][0] == ("execution_cached", kept)
