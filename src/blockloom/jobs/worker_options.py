"""How workers are set up: what a child process is told at its start, and how it is watched."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from pathlib import Path

from blockloom.errors import UsageError
from blockloom.settings import Settings, read_settings

WORKER_ENTRY = "blockloom.worker.main:worker_main"


@dataclass(frozen=True, slots=True)
class WorkerOptions:
    """What one child process is told. Budgets are in bytes; without one for models, they may take
    most of the device's memory.

    Graphs come from whoever can reach the server: unless ``has_open_models``, they may name models
    in ``model_folders``, in the data folder's ``models`` and on the Hub, and no others.
    ``log_folder`` takes what is printed and logged while a job runs, as ``<job id>.log``; previews
    come at most every ``preview_interval`` seconds, their longer side at most ``preview_side``.
    Finished runs can be asked about while they are among the last ``report_limit`` and have
    together at most ``report_nodes`` nodes. ``entry`` is what the process runs, "module:function".
    """

    device: str = "auto"
    settings: Settings = field(default_factory=read_settings)
    nodes_folders: tuple[Path, ...] = ()
    model_folders: tuple[Path, ...] = ()
    has_open_models: bool = False
    model_budget: int | None = None
    value_budget: int = 4 * 2**30
    log_folder: Path | None = None
    preview_interval: float = 0.2
    preview_side: int = 512
    report_limit: int = 32
    report_nodes: int = 20_000
    entry: str = WORKER_ENTRY


@dataclass(frozen=True, slots=True)
class PoolOptions:
    """How workers are watched; all in seconds.

    A worker that leaves pings unanswered for ``ping_limit`` is replaced, one that is not ready
    after ``start_limit`` too. ``delays`` are the waits before a worker is started again after so
    many crashes in a row, the last one from then on.
    """

    ping_interval: float = 5.0
    ping_limit: float = 120.0
    start_limit: float = 600.0
    stop_limit: float = 5.0
    delays: tuple[float, ...] = (0.0, 0.0, 1.0, 5.0, 20.0, 60.0)


def parse_devices(text: str) -> tuple[str, ...]:
    """The devices of ``--device``: "auto", or names with commas between; each gets a worker.

    Whether they are there only the workers can tell. Raises UsageError for an empty or repeated
    name.
    """
    names = tuple(name.strip().lower() for name in text.split(","))
    if not all(names):
        raise UsageError(f'"{text}" names no device.', remedy="Use auto, cpu, or cuda:0,cuda:1.")
    if len(set(names)) != len(names):
        raise UsageError(
            f'"{text}" names a device twice.', remedy="Give each device once: one worker each."
        )
    return names


def log_path(folder: Path, job_id: str) -> Path:
    """The log file of a job. Ids may be chosen by clients: no id leads out of the folder."""
    is_plain = re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9_-]{0,99}", job_id)
    name = (
        job_id
        if is_plain
        else f"job-{hashlib.sha256(job_id.encode('utf-8', 'replace')).hexdigest()[:32]}"
    )
    return folder / f"{name}.log"
