"""Which jobs: conditions, order and pages of the history and of the list of all jobs."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from blockloom.jobs.job_rows import COLUMNS, read_jobs
from blockloom.jobs.model import Job, JobStatus
from blockloom.jobs.text_index import words_condition


@dataclass(frozen=True, slots=True)
class JobFilter:
    """Which jobs are wanted, and in which order; what is left empty does not matter.

    ``text``: every word of it stands in the texts typed in the graph; ``model``: part of the name
    of a model it uses; ``workflow_id``: ComfyUI's ``extra_pnginfo.workflow.id``.
    """

    statuses: tuple[JobStatus, ...] = ()
    text: str = ""
    model: str = ""
    group: str = ""
    client_id: str = ""
    workflow_id: str = ""
    sort_by: Literal["created_at", "execution_duration"] = "created_at"
    sort_order: Literal["asc", "desc"] = "desc"
    limit: int | None = None
    offset: int = 0


@dataclass(frozen=True, slots=True)
class JobPage:
    """Some of the jobs that were asked for, and how many there are in all."""

    jobs: tuple[Job, ...]
    total: int


_ORDERS = {
    "created_at": "created {0}, sequence {0}",
    "execution_duration": "(CASE WHEN ended > started AND started > 0 THEN ended - started"
    " ELSE 0 END) {0}, sequence {0}",
}


def find_jobs(db: sqlite3.Connection, wanted: JobFilter, has_index: bool) -> JobPage:
    """A page of all jobs, whatever their status."""
    where, values = _where(wanted, has_index)
    (total,) = db.execute(f"SELECT count(*) FROM job{where}", values).fetchone()
    order = _ORDERS[wanted.sort_by].format("ASC" if wanted.sort_order == "asc" else "DESC")
    limit = -1 if wanted.limit is None else max(0, wanted.limit)
    found = db.execute(
        f"SELECT sequence FROM job{where} ORDER BY {order} LIMIT ? OFFSET ?",
        [*values, limit, max(0, wanted.offset)],
    ).fetchall()
    return JobPage(tuple(_read_in_order(db, found)), int(total))


def read_history(
    db: sqlite3.Connection, wanted: JobFilter, has_index: bool, page: tuple[int | None, int]
) -> list[Job]:
    """Ended jobs, oldest end first; ``page`` is (max items, offset), offset -1 for the newest."""
    max_items, offset = page
    where, values = _where(wanted, has_index, "ended_order IS NOT NULL")
    is_newest = offset < 0 and max_items is not None
    direction = "DESC" if is_newest else "ASC"
    limit = -1 if max_items is None else max(0, max_items)
    found = db.execute(
        f"SELECT sequence FROM job{where} ORDER BY ended_order {direction} LIMIT ? OFFSET ?",
        [*values, limit, max(0, offset)],
    ).fetchall()
    return _read_in_order(db, found[::-1] if is_newest else found)


def count_by_status(db: sqlite3.Connection, group: str | None = None) -> dict[JobStatus, int]:
    """How many jobs have each status, in all or in a group; every status is there."""
    where, values = ("", []) if group is None else (" WHERE group_id = ?", [group])
    if group == "":
        where = " WHERE 0 AND group_id = ?"
    counts = dict.fromkeys(JobStatus, 0)
    rows = db.execute(f"SELECT status, count(*) FROM job{where} GROUP BY status", values)
    for status, count in rows:
        counts[JobStatus(status)] = count
    return counts


def _read_in_order(db: sqlite3.Connection, found: Sequence[sqlite3.Row]) -> list[Job]:
    """Read whole jobs after the choice: sorting them whole would sort their graphs as well."""
    query = f"SELECT {COLUMNS} FROM job WHERE sequence = ?"
    return read_jobs(db, [db.execute(query, [sequence]).fetchone() for (sequence,) in found])


def _where(wanted: JobFilter, has_index: bool, *fixed: str) -> tuple[str, list[object]]:
    conditions: list[str] = list(fixed)
    values: list[object] = []

    def add(condition: str, *more: object) -> None:
        conditions.append(condition)
        values.extend(more)

    if wanted.statuses:
        statuses = [status.value for status in wanted.statuses]
        # The plus keeps the index on the status out of it where the order of the ends is asked for.
        column = "+status" if fixed else "status"
        add(f"{column} IN ({_marks(statuses)})", *statuses)
    if wanted.group:
        add("group_id = ?", wanted.group)
    if wanted.client_id:
        add("client_id = ?", wanted.client_id)
    if wanted.workflow_id:
        add("json_extract(extra, '$.extra_pnginfo.workflow.id') = ?", wanted.workflow_id)
    if wanted.model:
        add(
            "sequence IN (SELECT job FROM job_model WHERE instr(lower(model), lower(?)) > 0)",
            wanted.model,
        )
    words, word_values = words_condition(wanted.text, has_index)
    conditions += words
    values += word_values
    return (" WHERE " + " AND ".join(conditions) if conditions else ""), values


def _marks(items: Iterable[object]) -> str:
    return ",".join("?" for _ in items)
