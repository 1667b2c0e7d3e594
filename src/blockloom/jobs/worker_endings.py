"""How a job ended whose worker could not say so itself."""

from __future__ import annotations

import json
import signal
from pathlib import Path
from typing import Literal

from blockloom.jobs.graph_words import nodes_of
from blockloom.jobs.messages import JobEnded, RunJob
from blockloom.jobs.worker_options import log_path

_LAST_LINES = 30
_LAST_BYTES = 16_384


def ending_of(
    job: RunJob,
    node_id: str,
    outcome: Literal["cancelled", "interrupted"],
    message: str,
    details: str = "",
) -> JobEnded:
    """The end of a job; ``node_id`` is the node that ran, if any."""
    return {
        "type": "ended",
        "job_id": job["job_id"],
        "outcome": outcome,
        "message": message,
        "node_id": node_id,
        "class_type": class_type_in(job, node_id),
        "kind": "",
        "details": details,
        "ran": [],
        "kept": [],
        "seed": job["seed"],
        "seconds": 0.0,
        "loaded": [],
        "memory_free": 0,
    }


def class_type_in(job: RunJob, node_id: str) -> str:
    """The type of a node of the job's graph; "" where there is no such node."""
    node = nodes_of(json.loads(job["graph"])).get(node_id) if node_id else None
    found = node.get("class_type") if isinstance(node, dict) else None
    return found if isinstance(found, str) else ""


def last_words(folder: Path | None, job_id: str) -> str:
    """The last lines of a job's log: what it printed, and where it crashed if it could say so."""
    if folder is None:
        return ""
    try:
        with log_path(folder, job_id).open("rb") as file:
            size = file.seek(0, 2)
            file.seek(max(0, size - _LAST_BYTES))
            lines = file.read().decode("utf-8", "replace").splitlines()
    except (OSError, ValueError):
        return ""
    return "\n".join(lines[-_LAST_LINES:])


def exit_text(code: int) -> str:
    """How a process ended, by its exit code; negative ones are signals."""
    if code >= 0:
        return f"exit code {code}"
    try:
        name = signal.Signals(-code).name
    except ValueError:
        name = f"signal {-code}"
    remark = ", as when the system runs out of memory" if name == "SIGKILL" else ""
    return f"{name}{remark}"
