"""The last runs of this process, for questions about them."""

from __future__ import annotations

import threading
from collections import OrderedDict

from blockloom.errors import NotFoundError
from blockloom.execution.session import RunReport


class Reports:
    """Reports by job id, the last ``limit`` of them, of at most ``nodes`` nodes together.

    The newest stays however large it is. What a report knows of values is kept in the session's
    store and goes by its budget.
    """

    def __init__(self, limit: int, nodes: int) -> None:
        self._limit = limit
        self._nodes = nodes
        self._reports: OrderedDict[str, RunReport] = OrderedDict()
        self._lock = threading.Lock()

    def put(self, job_id: str, report: RunReport) -> None:
        """Keep a report; a later one of the same job takes its place."""
        with self._lock:
            self._reports.pop(job_id, None)
            self._reports[job_id] = report
            total = sum(len(kept.run.order) for kept in self._reports.values())
            while len(self._reports) > 1 and (
                len(self._reports) > self._limit or total > self._nodes
            ):
                _, oldest = self._reports.popitem(last=False)
                total -= len(oldest.run.order)

    def get(self, job_id: str) -> RunReport:
        """The report of a job. Raises NotFoundError."""
        with self._lock:
            found = self._reports.get(job_id)
        if found is None:
            raise NotFoundError(
                "This run is not remembered any more.", remedy="Run the graph once more."
            )
        return found

    def clear(self) -> None:
        """Forget all of them."""
        with self._lock:
            self._reports.clear()
