"""One job in this process: from the graph it is given to how it ended, whatever happens."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from blockloom.bridge.device_memory import is_out_of_memory
from blockloom.errors import BlockloomError, Cancelled, NodeFailed
from blockloom.execution.cancel import CancelToken
from blockloom.execution.collector import paused_collector
from blockloom.execution.events import Event, PreviewListener
from blockloom.execution.session import RunOptions, RunReport, Session
from blockloom.execution.views import Host
from blockloom.graph.file import read_graph
from blockloom.graph.model import Graph
from blockloom.jobs.messages import RunJob
from blockloom.jobs.recent import Recent
from blockloom.jobs.worker_endings import class_type_in

_REMEMBERED_GRAPHS = 4
_OUT_OF_MEMORY = (
    "Memory ran out. All models and kept values were unloaded; a smaller picture or batch, a "
    'smaller number format, or "offload" on Load Pipeline needs less.'
)


@dataclass(frozen=True, slots=True)
class JobHooks:
    """What a run is connected to."""

    cancel: CancelToken
    listen: Callable[[Event], None]
    on_preview: PreviewListener | None
    on_report: Callable[[RunReport], None]


@dataclass(frozen=True, slots=True)
class Ending:
    """How a job ended."""

    outcome: Literal["done", "failed", "cancelled"]
    message: str = ""
    node_id: str = ""
    class_type: str = ""
    kind: str = ""
    details: str = ""
    is_out_of_memory: bool = False


@dataclass(slots=True)
class Diary:
    """What a run's events tell about it; passes them on."""

    listen: Callable[[Event], None]
    node_id: str = ""
    seed: int | None = None
    ran: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    started: float = field(default_factory=time.perf_counter)

    @property
    def seconds(self) -> float:
        return time.perf_counter() - self.started

    def note(self, event: Event) -> None:
        if event["event"] == "run_started":
            self.seed = event["seed"]
        elif event["event"] == "node_started":
            self.node_id = event["node_id"]
        elif event["event"] == "run_finished":
            self.ran, self.kept = event["ran"], event["kept"]
        self.listen(event)


class GraphReader:
    """Reads graphs, and gives the same one again for the same text: it need not be checked again.

    Remembers the last few, of at most ``limit`` letters together.
    """

    def __init__(self, limit: int = 8_000_000) -> None:
        self._recent: Recent[str, Graph] = Recent(_REMEMBERED_GRAPHS, limit)

    def read(self, text: str) -> Graph:
        """The graph in a text. Raises GraphError."""
        graph = self._recent.get(text)
        if graph is None:
            with paused_collector():
                graph = read_graph(text)
            self._recent.put(text, graph)
        return graph


def run_job(
    session: Session, reader: GraphReader, job: RunJob, hooks: JobHooks
) -> tuple[Ending, Diary]:
    """Run a job; never raises, whatever its nodes do.

    Nothing that comes back holds on to the run: the frames of an error hold its tensors, and must
    be gone before memory is freed.
    """
    diary = Diary(hooks.listen)
    try:
        _run(session, reader.read(job["graph"]), job, hooks, diary)
    except Cancelled as error:
        node_id = diary.node_id
        return Ending("cancelled", str(error), node_id, class_type_in(job, node_id)), diary
    except (Exception, SystemExit, KeyboardInterrupt) as error:
        # A node may raise anything, and end nothing but its own run.
        return _failure(error, job, diary), diary
    return Ending("done"), diary


def _run(session: Session, graph: Graph, job: RunJob, hooks: JobHooks, diary: Diary) -> None:
    host = Host(
        output_folder=Path(job["output_folder"]),
        input_folders=tuple(Path(folder) for folder in job["input_folders"]),
        temporary_folder=Path(job["temporary_folder"]),
        picture_notes=job["picture_notes"],
    )
    options = RunOptions(
        targets=tuple(job["targets"]),
        seed=job["seed"],
        host=host,
        cancel=hooks.cancel,
        listen=diary.note,
        on_preview=hooks.on_preview if job["wants_previews"] else None,
        on_report=hooks.on_report,
    )
    report = session.run(graph, options)
    diary.seed = report.seed
    hooks.on_report(report)


def _failure(error: BaseException, job: RunJob, diary: Diary) -> Ending:
    node_id, message, details = diary.node_id, str(error), ""
    kind = type(error).__name__
    if isinstance(error, NodeFailed):
        node_id = error.place.node_id or node_id
        message = f"{error.message} {error.remedy}".strip()
        kind = type(error.__cause__ or error).__name__
    elif not isinstance(error, BlockloomError):
        message = f"{kind}: {message.strip() or 'no message'}"
    if isinstance(error, BlockloomError):
        details = error.details
    ran_out = is_out_of_memory(error)
    return Ending(
        "failed",
        _OUT_OF_MEMORY if ran_out else message,
        node_id,
        class_type_in(job, node_id),
        kind,
        details or "".join(traceback.format_exception(error)),
        ran_out,
    )
