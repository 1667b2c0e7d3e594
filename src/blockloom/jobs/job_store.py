"""The queue and the history, kept in one SQLite database: what was accepted is never lost."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence

from blockloom.errors import UsageError
from blockloom.graph.model import Json
from blockloom.jobs.job_reader import IN_ORDER, JobReader
from blockloom.jobs.job_rows import error_text, row_of, seed_text, to_json
from blockloom.jobs.model import Job, JobError, JobStatus, NewJob
from blockloom.jobs.schema import write_files, write_words

# With the condition of the index, which only so can be used: else every job would be looked at.
_NEXT_END = "(SELECT coalesce(max(ended_order), 0) + 1 FROM job WHERE ended_order IS NOT NULL)"
_LAST_RANK = "SELECT coalesce(max(rank), 0) FROM job INDEXED BY job_rank WHERE status = 'pending'"
_STOPPED = JobError(
    "Blockloom stopped while this job ran. Retry it: what it had saved is still there.",
    kind="Interrupted",
)
_MAX_LINES = 2_000
_MAX_LINE = 8_000


class JobStore(JobReader):
    """Jobs in a database of this process's own; every method is one short transaction.

    Use it in one thread. Methods raise StorageError where the disk fails; then nothing of that call
    was kept, and the store can be used again as soon as the disk can.
    """

    def __enter__(self) -> JobStore:
        return self

    def accept(self, new: NewJob) -> Job:
        """Put a job into the queue; it is on the disk when this returns.

        An ended job of the same id is replaced. Raises UsageError while that one has not ended.
        """
        return self.accept_all([new])[0]

    def accept_all(self, jobs: Sequence[NewJob]) -> list[Job]:
        """Put jobs into the queue in this order: all of them, or none."""
        now = time.time()
        with self.together():
            (rank,) = self._one(_LAST_RANK)
            for index, new in enumerate(jobs):
                self._insert(new, rank + 1 + index, now)
        return [Job(new=new, created=now) for new in jobs]

    def begin(self, id: str, worker: str) -> Job:
        """Mark a waiting job as running on that worker. Raises UsageError if it does not wait."""
        with self.together(lasting=False):
            changed = self._db.execute(
                "UPDATE job SET status = 'running', started = ?, worker = ?"
                " WHERE id = ? AND status = 'pending'",
                (time.time(), worker, id),
            )
            if changed.rowcount == 0:
                raise _wrong_status(self.get(id), "begin")
            return self.get(id)

    def record_output(self, id: str, node_id: str, payload: Mapping[str, Json]) -> None:
        """Keep what a node of a running job announced; a later payload replaces an earlier one.

        What names files is on the disk when this returns, mere texts only once the job has ended.
        """
        with self.together(lasting=bool(payload.get("files"))):
            sequence, attempt = self._running_place(id)
            text = to_json(dict(payload), f'The output of node "{node_id}"')
            self._db.execute(
                "INSERT INTO output (job, attempt, node_id, payload) VALUES (?, ?, ?, ?)"
                " ON CONFLICT (job, attempt, node_id) DO UPDATE SET payload = excluded.payload",
                (sequence, attempt, node_id, text),
            )
            write_files(self._db, (sequence, attempt, node_id), dict(payload))

    def log(self, id: str, event: str, data: Mapping[str, Json]) -> None:
        """Add a message to the job's history entry."""
        text = to_json(dict(data), f'The message "{event}"')
        with self.together(lasting=False):
            added = self._db.execute(
                "INSERT INTO log (job, event, data) SELECT sequence, ?, ? FROM job WHERE id = ?",
                (event, text, id),
            )
            if added.rowcount == 0:
                self.get(id)

    def end(
        self,
        id: str,
        status: JobStatus,
        *,
        error: JobError | None = None,
        ran: Sequence[str] = (),
        kept: Sequence[str] = (),
        seed: int | None = None,
    ) -> Job:
        """End a job, once; on the disk when this returns.

        Raises UsageError for a job that has ended already, and for one that is done without having
        begun. A job that was waiting can be failed or cancelled.
        """
        if not status.is_ended:
            raise UsageError(f'A job cannot end as "{status.value}".')
        also_from = "running" if status is JobStatus.DONE else "pending"
        report = (error_text(error), to_json(list(ran), "ran"), to_json(list(kept), "kept"))
        with self.together():
            changed = self._db.execute(
                f"UPDATE job SET status = ?, ended = ?, ended_order = {_NEXT_END}, error = ?,"
                " ran = ?, kept = ?, used_seed = ?"
                " WHERE id = ? AND status IN ('running', ?)",
                (status.value, time.time(), *report, seed_text(seed), id, also_from),
            )
            if changed.rowcount == 0:
                raise _wrong_status(self.get(id), f"end as {status.value}")
            return self.get(id)

    def cancel_pending(self, ids: Iterable[str]) -> list[str]:
        """Cancel those of these jobs that wait; returns their ids. Unknown ones are passed over."""
        with self.together():
            return [id for id in dict.fromkeys(ids) if self._cancel(id)]

    def clear_pending(self) -> list[str]:
        """Cancel every job that waits; returns their ids."""
        with self.together():
            ids = [row[0] for row in self._db.execute(f"SELECT id FROM job {IN_ORDER}")]
            return [id for id in ids if self._cancel(id)]

    def reorder(self, id: str, before: str | None) -> None:
        """Move a waiting job right before another one, or (None) to the end of the queue.

        It takes over the number of its new neighbour and counts as placed by hand.
        """
        with self.together():
            for each in (id,) if before is None else (id, before):
                if (job := self.get(each)).status is not JobStatus.PENDING:
                    raise _wrong_status(job, "move")
            if id == before:
                return
            number, rank = self._gap(id, before)
            self._db.execute(
                "UPDATE job SET number = ?, rank = ?, is_placed = 1 WHERE id = ?",
                (number, rank, id),
            )

    def retry(self, id: str) -> Job:
        """Queue an ended job once more, at the end, under its own id and number of a new job.

        It is a new attempt: status, times, error and messages start anew. Files of the earlier
        attempt stay where they are; retention still knows them, the job's outputs no longer do.
        Raises UsageError for a job that has not ended.
        """
        with self.together():
            job = self.get(id)
            if not job.status.is_ended:
                raise _wrong_status(job, "retry")
            (rank,) = self._one(_LAST_RANK)
            highest = "SELECT coalesce(max(number), 0) FROM job WHERE status = 'pending'"
            (number,) = self._one(highest)
            self._db.execute(
                "UPDATE job SET status = 'pending', attempt = attempt + 1, started = 0, ended = 0,"
                " ended_order = NULL, worker = '', error = NULL, ran = '[]', kept = '[]',"
                " used_seed = NULL, is_placed = 0, rank = ?, number = max(number, ?) WHERE id = ?",
                (rank + 1, number, id),
            )
            for table in ("log", "log_line"):
                own = "(SELECT sequence FROM job WHERE id = ?)"
                self._db.execute(f"DELETE FROM {table} WHERE job = {own}", (id,))
            return self.get(id)

    def recover(self) -> list[Job]:
        """Call once at start: what ran when the last process died is marked as interrupted.

        Returns those jobs; they keep their outputs and can be retried. Waiting jobs stay.
        """
        with self.together():
            ids = [job.id for job in self.running()]
            return [self.end(id, JobStatus.INTERRUPTED, error=_STOPPED) for id in ids]

    def set_paused(self, is_paused: bool) -> None:
        """Pause the queue, or let it go on."""
        with self.together():
            self._db.execute(
                "INSERT OR REPLACE INTO setting VALUES ('is_paused', ?)", (str(int(is_paused)),)
            )

    def record_line(self, id: str, level: str, text: str) -> None:
        """Keep a line the worker printed or logged; of very many only the last ones are kept."""
        line = text[:_MAX_LINE].encode("utf-8", "replace").decode("utf-8")
        with self.together(lasting=False):
            added = self._db.execute(
                "INSERT INTO log_line (job, at, level, text)"
                " SELECT sequence, ?, ?, ? FROM job WHERE id = ?",
                (time.time(), level, line, id),
            )
            if added.rowcount and added.lastrowid is not None and added.lastrowid % 100 == 0:
                self._db.execute(
                    "DELETE FROM log_line WHERE position IN (SELECT position FROM log_line"
                    " WHERE job = (SELECT sequence FROM job WHERE id = ?)"
                    " ORDER BY position DESC LIMIT -1 OFFSET ?)",
                    (id, _MAX_LINES),
                )

    def delete_history(self, ids: Iterable[str]) -> list[str]:
        """Forget these jobs as far as they have ended; returns their ids. Files stay."""
        with self.together():
            return [id for id in dict.fromkeys(ids) if self._forget("id = ?", [id])]

    def clear_history(self) -> int:
        """Forget every job that has ended; returns how many. Files stay."""
        with self.together():
            return self._forget("1", [])

    def _forget(self, condition: str, values: Sequence[object]) -> int:
        query = f"DELETE FROM job WHERE ended_order IS NOT NULL AND {condition}"
        return self._db.execute(query, list(values)).rowcount

    def _insert(self, new: NewJob, rank: float, now: float) -> None:
        row = row_of(new, rank, now)
        if not self._forget("id = ?", [new.id]):
            there = self._db.execute("SELECT status FROM job WHERE id = ?", [new.id]).fetchone()
            if there is not None:
                raise UsageError(
                    f'Job "{new.id}" is {there[0]} already.',
                    remedy="Use another id, or wait until that job has ended.",
                )
        marks = ", ".join(f":{name}" for name in row)
        added = self._db.execute(f"INSERT INTO job ({', '.join(row)}) VALUES ({marks})", row)
        if added.lastrowid is not None:
            write_words(self._db, added.lastrowid, new.graph)

    def _cancel(self, id: str) -> bool:
        changed = self._db.execute(
            f"UPDATE job SET status = 'cancelled', ended = ?, ended_order = {_NEXT_END}"
            " WHERE id = ? AND status = 'pending'",
            (time.time(), id),
        )
        return changed.rowcount == 1

    def _running_place(self, id: str) -> tuple[int, int]:
        row = self._db.execute(
            "SELECT sequence, attempt FROM job WHERE id = ? AND status = 'running'", [id]
        ).fetchone()
        if row is None:
            raise _wrong_status(self.get(id), "record an output of")
        return int(row[0]), int(row[1])

    def _gap(self, id: str, before: str | None) -> tuple[object, float]:
        """Number and rank of the place right before a waiting job, or of the end of the queue."""
        query = f"SELECT id, number, rank FROM job {IN_ORDER}"
        others = [tuple(row) for row in self._db.execute(query) if row[0] != id]
        if before is None:
            _, number, rank = others[-1] if others else (id, 0, 0.0)
            return number, rank + 1
        index = next(index for index, other in enumerate(others) if other[0] == before)
        _, number, rank = others[index]
        if index == 0 or others[index - 1][1] != number:
            return number, rank - 1
        middle = (others[index - 1][2] + rank) / 2
        if others[index - 1][2] < middle < rank:
            return number, middle
        # No room between the two ranks any more: number all of them afresh.
        for place, (other, _, _) in enumerate(others):
            self._db.execute("UPDATE job SET rank = ? WHERE id = ?", (float(place), other))
        return number, index - 0.5


def _wrong_status(job: Job, action: str) -> UsageError:
    return UsageError(
        f'Cannot {action} job "{job.id}": it is {job.status.value}.',
        remedy="Look at the queue again: it has changed meanwhile.",
    )
