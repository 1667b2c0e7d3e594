"""What a warm worker works with: it runs jobs, frees memory, and answers questions about runs."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from importlib import metadata

from blockloom.bridge.device_memory import (
    default_model_budget,
    device_memory,
    device_name,
    use_device,
)
from blockloom.errors import BlockloomError
from blockloom.execution.cancel import CancelToken
from blockloom.execution.events import Event
from blockloom.execution.session import Session
from blockloom.jobs.channel import BLOB_LIMIT
from blockloom.jobs.messages import Ask, Free, FromWorker, JobEnded, MemoryState, Ready, RunJob
from blockloom.jobs.worker_options import WorkerOptions, log_path
from blockloom.wiring import (
    Engine,
    EngineOptions,
    Workshop,
    open_engine,
    open_workshop,
    with_workshop,
)
from blockloom.worker.answers import AnswerBook, answer_question
from blockloom.worker.job_run import Diary, Ending, GraphReader, JobHooks, run_job
from blockloom.worker.output import OutputCapture
from blockloom.worker.previews import PreviewSender
from blockloom.worker.reports import Reports
from blockloom.worker.step_sieve import StepSieve

Send = Callable[[FromWorker, "bytes | None"], None]


class Bench:
    """Runs one job at a time. :meth:`answer` may be called from another thread meanwhile.

    Once ``is_broken``, the device answers nothing any more in this process: only a new one helps.
    """

    def __init__(
        self, workshop: Workshop, options: WorkerOptions, output: OutputCapture, send: Send
    ) -> None:
        self.is_broken = False
        self._options = options
        self._output = output
        self._send = send
        self._engine = open_engine(
            workshop,
            EngineOptions(
                options.device,
                options.model_folders,
                not options.has_open_models,
                options.model_budget,
                options.value_budget,
            ),
        )
        self._reloaded: Engine | None = None
        use_device(self._engine.device)
        if options.model_budget is None:
            self._engine.models.budget = default_model_budget(self._engine.device)
        self._reports = Reports(options.report_limit, options.report_nodes)
        self._book = self._book_for(workshop, self._engine)
        self._previews = PreviewSender(send, options.preview_interval, options.preview_side)
        self._memory_free = 0
        self._steps = StepSieve()
        self._reader = GraphReader()
        self._progress = threading.Lock()
        self._job_id, self._last_progress = "", 0.0

    def ready(self) -> Ready:
        """What this worker is, for the server."""
        memory = device_memory(self._engine.device)
        return {
            "type": "ready",
            "device": self._engine.device,
            "device_name": device_name(self._engine.device),
            "memory_total": memory.total,
            "memory_free": memory.free,
            "torch_version": metadata.version("torch"),
        }

    def progress(self) -> tuple[str, float]:
        """The job that runs, and for how many seconds it has not reported anything."""
        with self._progress:
            quiet = time.monotonic() - self._last_progress if self._job_id else 0.0
            return self._job_id, quiet

    def run(self, job: RunJob, cancel: CancelToken) -> JobEnded:
        """Run a job; what comes back is to be sent, and nothing of the job comes after it."""
        job_id = job["job_id"]
        self._note_progress(job_id)
        self._engine, self._reloaded = self._reloaded or self._engine, None
        folder = self._options.log_folder
        self._output.begin(job_id, None if folder is None else log_path(folder, job_id))
        hooks = JobHooks(
            cancel,
            lambda event: self._tell(job_id, event),
            lambda preview: self._previews.offer(job_id, preview),
            lambda report: self._reports.put(job_id, report),
        )
        ending, diary = run_job(self._engine.session, self._reader, job, hooks)
        self._previews.stop()
        self._output.end()
        self._look_after_device()
        if not self.is_broken:
            if ending.is_out_of_memory:
                self._drop(models=True, values=True)
            else:
                self._engine.models.trim()
            self._look_after_device()
        self._note_progress("")
        return self._ended(job_id, ending, diary)

    def free(self, message: Free) -> MemoryState:
        """Drop models and kept values; says what is left."""
        self._drop(models=message["models"], values=message["values"])
        self._look_after_device()
        return {
            "type": "memory",
            "loaded": self._loaded(),
            "memory_free": self._memory_free,
            "values_size": self._engine.session.store.size,
        }

    def answer(self, ask: Ask) -> None:
        """Answer a question, or say why not."""
        content, blob, content_type, error = None, None, "", ""
        try:
            if ask["what"] == "reload":
                self._reload()
            found = answer_question(self._book, ask)
            content, blob, content_type = found.content, found.blob, found.content_type
            if blob is not None and len(blob) > BLOB_LIMIT:
                error, content, blob = "The value is too large to be sent.", None, None
        except BlockloomError as raised:
            error = str(raised)
        except Exception as raised:
            # Values come from anywhere: a question may fail in any way, and only fails itself.
            error = f"The question failed: {type(raised).__name__}: {raised}"
        self._send(
            {
                "type": "answer",
                "question_id": ask["question_id"],
                "error": error,
                "content": content,
                "has_blob": blob is not None,
                "content_type": content_type,
            },
            blob,
        )

    def _reload(self) -> None:
        """Read node files anew, for the next job and for questions; one that runs goes on as it is.

        Called from the thread that answers: a job does not wait for this, nor this for a job.
        """
        told = self._options
        workshop = open_workshop(told.settings, told.nodes_folders, lambda text: None)
        engine = with_workshop(self._engine, workshop)
        self._book = self._book_for(workshop, engine)
        self._reloaded = engine

    def _book_for(self, workshop: Workshop, engine: Engine) -> AnswerBook:
        # Planning for a question must not meet the caches of a run that goes on.
        session = engine.session
        planning = Session(session.types, session.runner, session.store, session.functions)
        return AnswerBook(workshop, planning, engine.runner.colours, self._reports)

    def _tell(self, job_id: str, event: Event) -> None:
        self._note_progress(job_id)
        if self._steps.lets_pass(event):
            self._send({"type": "event", "job_id": job_id, "event": event}, None)

    def _note_progress(self, job_id: str) -> None:
        with self._progress:
            self._job_id, self._last_progress = job_id, time.monotonic()

    def _drop(self, *, models: bool, values: bool) -> None:
        if values:
            self._reports.clear()
            self._engine.session.store.clear()
        if models:
            self._engine.models.free()

    def _look_after_device(self) -> None:
        """Ask for its memory: a device that a job has broken fails at that, too."""
        try:
            self._memory_free = device_memory(self._engine.device).free
        except RuntimeError:
            self.is_broken, self._memory_free = True, 0

    def _loaded(self) -> list[str]:
        return sorted({model.label for model in self._engine.models.loaded() if model.size})

    def _ended(self, job_id: str, ending: Ending, diary: Diary) -> JobEnded:
        return {
            "type": "ended",
            "job_id": job_id,
            "outcome": ending.outcome,
            "message": ending.message,
            "node_id": ending.node_id,
            "class_type": ending.class_type,
            "kind": ending.kind,
            "details": ending.details,
            "ran": diary.ran,
            "kept": diary.kept,
            "seed": diary.seed,
            "seconds": diary.seconds,
            "loaded": [] if self.is_broken else self._loaded(),
            "memory_free": self._memory_free,
        }
