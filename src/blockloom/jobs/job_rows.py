"""Jobs as rows of the database, and back."""

from __future__ import annotations

import json
import math
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from functools import lru_cache

from blockloom.errors import UsageError
from blockloom.execution.collector import paused_collector
from blockloom.graph.model import Json
from blockloom.jobs.graph_words import is_storable
from blockloom.jobs.model import Job, JobError, JobStatus, NewJob

COLUMNS = (
    "sequence, id, status, number, is_placed, client_id, group_id, graph, targets, extra, seed, "
    "created, started, ended, worker, attempt, error, ran, kept, used_seed"
)
_LARGEST = 2**63 - 1
_MOST_REMEMBERED = 1_000_000


def to_json(value: object, what: str) -> str:
    """The value as JSON in plain ASCII. Raises UsageError for what is no JSON, NaN included."""
    try:
        return json.dumps(value, allow_nan=False, separators=(",", ":"))
    except (TypeError, ValueError, RecursionError) as error:
        raise UsageError(
            f"{what} cannot be kept with the job: {error}.",
            remedy="Send plain JSON: no NaN, no infinite numbers.",
        ) from None


def row_of(new: NewJob, rank: float, now: float) -> dict[str, object]:
    """A new job's row. Raises UsageError for a job that cannot be kept as it is."""
    if not new.id:
        raise UsageError("A job needs an id that is not empty.")
    for what, text in (("id", new.id), ("client id", new.client_id), ("group", new.group)):
        if not is_storable(text):
            raise UsageError(f"A job's {what} has characters that cannot be kept.")
    return {
        "id": new.id,
        "status": JobStatus.PENDING.value,
        "number": _number(new),
        "rank": rank,
        "is_placed": int(new.is_placed),
        "client_id": new.client_id,
        "group_id": new.group,
        "graph": to_json(new.graph, "The graph"),
        "targets": to_json(list(new.targets), "The list of targets"),
        "extra": to_json(dict(new.extra), "The extra data"),
        "seed": seed_text(new.seed),
        "created": now,
    }


def read_jobs(db: sqlite3.Connection, rows: Sequence[sqlite3.Row]) -> list[Job]:
    """Jobs from rows of COLUMNS, with what they announced in their present attempt."""
    sequences = [row["sequence"] for row in rows if row["status"] != JobStatus.PENDING.value]
    outputs: dict[object, dict[str, Json]] = {}
    logs: dict[object, list[tuple[str, dict[str, Json]]]] = {}
    for part in _portions(sequences):
        marks = ",".join("?" * len(part))
        for job, node_id, payload in db.execute(
            "SELECT job, node_id, payload FROM output JOIN job ON job.sequence = output.job"
            f" AND job.attempt = output.attempt WHERE job IN ({marks}) ORDER BY position",
            part,
        ):
            outputs.setdefault(job, {})[node_id] = json.loads(payload)
        for job, event, data in db.execute(
            f"SELECT job, event, data FROM log WHERE job IN ({marks}) ORDER BY position", part
        ):
            logs.setdefault(job, []).append((event, json.loads(data)))
    return [_read_job(row, outputs.get(row[0], {}), logs.get(row[0], [])) for row in rows]


def seed_text(seed: int | None) -> str | None:
    """A seed as it is kept."""
    return None if seed is None else str(seed)


def error_text(error: JobError | None) -> str | None:
    """An error as it is kept."""
    return None if error is None else to_json(asdict(error), "The error")


def _number(new: NewJob) -> int | float:
    """The place in the queue, finite; whole numbers stay whole where SQLite can hold them."""
    number = new.number
    if isinstance(number, int) and abs(number) > _LARGEST:
        number = float(number) if abs(number) < 10**300 else math.inf
    if not math.isfinite(number):
        raise UsageError(
            f'The number of job "{new.id}" has to be a finite number.',
            remedy="Leave it out to put the job at the end of the queue.",
        )
    return int(number) if isinstance(number, bool) else number


def _read_job(
    row: sqlite3.Row,
    outputs: dict[str, Json],
    log: list[tuple[str, dict[str, Json]]],
) -> Job:
    (_, id, status, number, is_placed, client_id, group, graph, targets, extra, seed, *rest) = row
    (created, started, ended, worker, attempt, error, ran, kept, used_seed) = rest
    new = NewJob(
        id=id,
        graph=_graph_in(graph),
        targets=tuple(json.loads(targets)),
        number=number,
        client_id=client_id,
        extra=json.loads(extra),
        seed=None if seed is None else int(seed),
        group=group,
        is_placed=bool(is_placed),
    )
    return Job(
        new=new,
        status=JobStatus(status),
        created=created,
        started=started,
        ended=ended,
        outputs=outputs,
        log=tuple(log),
        error=None if error is None else JobError(**json.loads(error)),
        worker=worker,
        ran=tuple(json.loads(ran)),
        kept=tuple(json.loads(kept)),
        used_seed=None if used_seed is None else int(used_seed),
        attempt=attempt,
    )


def _graph_in(text: str) -> dict[str, Json]:
    """The graph, parsed once for all the times a job is looked at while it begins and ends."""
    return _remembered_graph(text) if len(text) <= _MOST_REMEMBERED else _parsed_graph(text)


def _parsed_graph(text: str) -> dict[str, Json]:
    with paused_collector():
        found: dict[str, Json] = json.loads(text)
    return found


_remembered_graph = lru_cache(maxsize=2)(_parsed_graph)


def _portions(items: Sequence[object], size: int = 500) -> Iterable[list[object]]:
    for start in range(0, len(items), size):
        yield list(items[start : start + size])
