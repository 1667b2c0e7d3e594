"""The jobs database while it is open: transactions, and everything that only reads."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from blockloom.errors import NotFoundError, StorageError
from blockloom.jobs.database import close_database, is_damage, open_database, storage_errors
from blockloom.jobs.job_queries import (
    JobFilter,
    JobPage,
    count_by_status,
    find_jobs,
    read_history,
)
from blockloom.jobs.job_rows import COLUMNS, read_jobs
from blockloom.jobs.model import Job, JobStatus

# Left to itself SQLite sorts all waiting jobs each time.
IN_ORDER = "INDEXED BY job_waiting WHERE status = 'pending' ORDER BY number, rank, sequence"


@dataclass(frozen=True, slots=True)
class WaitingJob:
    """What the queue needs to know of a job to choose among those that wait."""

    id: str
    models: tuple[str, ...]
    is_placed: bool


@dataclass(frozen=True, slots=True)
class AnnouncedFile:
    """A file that an ended job announced, in whichever attempt."""

    job_id: str
    path: str


@dataclass(frozen=True, slots=True)
class LogLine:
    """A line a worker logged or printed while a job ran."""

    at: float
    level: str
    text: str


class JobReader:
    """An open jobs database, to be used in one thread and closed by its owner."""

    def __init__(self, path: Path, *, with_text_index: bool = True) -> None:
        self.path = path
        self._database = open_database(path, with_text_index=with_text_index)
        self._db = self._database.connection
        self._is_lasting = True
        self._is_writing = False
        self._is_damaged = False

    @property
    def notices(self) -> tuple[str, ...]:
        """What the user should know about the opening: a damaged database that was put aside."""
        return self._database.notices

    def close(self) -> None:
        """Close the database; may be called twice."""
        close_database(self._database, is_sound=not self._is_damaged)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @contextmanager
    def together(self, *, lasting: bool = True) -> Iterator[None]:
        """Make the writes inside one transaction: all of them are kept, or none.

        ``lasting`` ones are on the disk when this returns; others survive a killed process, but
        not a power cut.
        """
        if self._is_writing:
            yield
            return
        with self._guarded():
            if self._is_lasting is not lasting:
                self._db.execute(f"PRAGMA synchronous = {'FULL' if lasting else 'NORMAL'}")
                self._is_lasting = lasting
            self._db.execute("BEGIN IMMEDIATE")
            self._is_writing = True
            try:
                yield
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise
            finally:
                self._is_writing = False

    def get(self, id: str) -> Job:
        """The job of that id. Raises NotFoundError."""
        found = self._select("WHERE id = ?", [id])
        if not found:
            raise _not_there(id)
        return found[0]

    def graph_text(self, id: str) -> str:
        """The graph of a job as JSON text. Raises NotFoundError."""
        with self._guarded():
            row = self._db.execute("SELECT graph FROM job WHERE id = ?", [id]).fetchone()
        if row is None:
            raise _not_there(id)
        return str(row[0])

    def client_of_running(self, id: str) -> str | None:
        """The client of a job that runs; None where it does not."""
        with self._guarded():
            row = self._db.execute(
                "SELECT client_id FROM job WHERE id = ? AND status = 'running'", [id]
            ).fetchone()
        return None if row is None else str(row[0])

    def pending(self, limit: int | None = None) -> list[Job]:
        """The waiting jobs in the order in which they will run."""
        return self._select(f"{IN_ORDER} LIMIT ?", [-1 if limit is None else limit])

    def waiting(self, limit: int) -> list[WaitingJob]:
        """The first waiting jobs in their order, without their graphs."""
        with self._guarded():
            rows = self._db.execute(
                f"SELECT sequence, id, is_placed FROM job {IN_ORDER} LIMIT ?", [limit]
            ).fetchall()
            models: dict[int, list[str]] = {sequence: [] for sequence, _, _ in rows}
            marks = ",".join("?" * len(models))
            query = f"SELECT job, model FROM job_model WHERE job IN ({marks})"
            for sequence, model in self._db.execute(query, list(models)):
                models[sequence].append(model)
        return [WaitingJob(id, tuple(models[key]), bool(placed)) for key, id, placed in rows]

    def running(self) -> list[Job]:
        """The jobs that run now, the one that began first in front."""
        return self._select("WHERE status = 'running' ORDER BY started, sequence", [])

    def remaining(self) -> int:
        """How many jobs wait or run: ComfyUI's ``queue_remaining``."""
        with self._guarded():
            (waiting,) = self._one("SELECT count(*) FROM job WHERE status = 'pending'")
            (running,) = self._one("SELECT count(*) FROM job WHERE status = 'running'")
        return int(waiting) + int(running)

    def next_number(self) -> int:
        """The queue number for the next job that asks for none: 0, 1, 2, … for ever."""
        with self._guarded():
            row = self._db.execute("SELECT seq FROM sqlite_sequence WHERE name = 'job'").fetchone()
        return 0 if row is None else int(row[0])

    def history(
        self,
        max_items: int | None = None,
        offset: int = -1,
        *,
        text: str = "",
        model: str = "",
        status: JobStatus | None = None,
    ) -> list[Job]:
        """Ended jobs, oldest end first: ``max_items`` from ``offset`` on, or (-1) the newest ones.

        ``text``: every word of it stands in the texts typed in the graph; ``model``: part of the
        name of a model the graph uses.
        """
        wanted = JobFilter(() if status is None else (status,), text=text, model=model)
        with self._guarded():
            return read_history(
                self._db, wanted, self._database.has_text_index, (max_items, offset)
            )

    def jobs(self, wanted: JobFilter | None = None) -> JobPage:
        """A page of all jobs, waiting ones included, newest first unless told otherwise."""
        with self._guarded():
            return find_jobs(self._db, wanted or JobFilter(), self._database.has_text_index)

    def counts(self) -> dict[JobStatus, int]:
        """How many jobs have each status."""
        with self._guarded():
            return count_by_status(self._db)

    def group(self, group_id: str) -> dict[JobStatus, int]:
        """How many jobs of a batch have each status."""
        with self._guarded():
            return count_by_status(self._db, group_id)

    def group_ids(self, group_id: str, *statuses: JobStatus) -> list[str]:
        """The ids of a batch's jobs in the order of their coming, of these statuses or all."""
        with self._guarded():
            rows = self._db.execute(
                "SELECT id, status FROM job WHERE group_id = ? AND group_id != ''"
                " ORDER BY sequence",
                [group_id],
            ).fetchall()
        return [id for id, status in rows if not statuses or JobStatus(status) in statuses]

    def announced_files(self) -> list[AnnouncedFile]:
        """Every file announced by a job that has ended, the job that ended first in front."""
        with self._guarded():
            rows = self._db.execute(
                "SELECT id, path FROM output_file JOIN job ON sequence = job"
                " WHERE ended_order IS NOT NULL ORDER BY ended_order, position"
            )
            return [AnnouncedFile(id, path) for id, path in rows]

    def files_in_use(self) -> list[str]:
        """Every file announced by a job that waits or runs, in whichever attempt."""
        with self._guarded():
            rows = self._db.execute(
                "SELECT DISTINCT path FROM output_file JOIN job ON sequence = job"
                " WHERE ended_order IS NULL"
            )
            return [path for (path,) in rows]

    def announced_below(self, folder: Path) -> frozenset[str]:
        """Every file in a folder that some job announced, in whichever attempt."""
        start = f"{folder}{os.sep}"
        with self._guarded():
            rows = self._db.execute(
                "SELECT DISTINCT path FROM output_file WHERE path >= ? AND path < ?",
                [start, f"{folder}{chr(ord(os.sep) + 1)}"],
            )
            return frozenset(path for (path,) in rows)

    def ends(self) -> list[tuple[str, float]]:
        """The ended jobs and when they ended, the first one in front."""
        with self._guarded():
            rows = self._db.execute(
                "SELECT id, ended FROM job WHERE ended_order IS NOT NULL ORDER BY ended_order"
            )
            return [(id, ended) for id, ended in rows]

    def lines(self, id: str) -> list[LogLine]:
        """What the worker printed and logged while the job ran (its last lines)."""
        with self._guarded():
            rows = self._db.execute(
                "SELECT at, level, text FROM log_line JOIN job ON sequence = job"
                " WHERE id = ? ORDER BY position",
                [id],
            )
            return [LogLine(at, level, text) for at, level, text in rows]

    @property
    def is_paused(self) -> bool:
        """Whether the queue is paused; remembered when the program ends."""
        with self._guarded():
            row = self._db.execute("SELECT value FROM setting WHERE name = 'is_paused'").fetchone()
        return row is not None and row[0] == "1"

    def _select(self, condition: str, values: Sequence[object]) -> list[Job]:
        with self._guarded():
            query = f"SELECT {COLUMNS} FROM job {condition}"
            return read_jobs(self._db, self._db.execute(query, list(values)).fetchall())

    def _one(self, query: str, values: Sequence[object] = ()) -> sqlite3.Row:
        row: sqlite3.Row = self._db.execute(query, list(values)).fetchone()
        return row

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        """Raise StorageError for what SQLite raises, and remember damage until the next opening."""
        try:
            with storage_errors(self.path):
                yield
        except StorageError as error:
            self._is_damaged = self._is_damaged or is_damage(error.__cause__)
            raise


def _not_there(id: str) -> NotFoundError:
    return NotFoundError(f'There is no job "{id}".', remedy="It may have been deleted.")
