"""The worker: a process that runs jobs on one device, and answers while it does."""

from __future__ import annotations

import gc
import os
import signal
import threading
import time
import traceback
from multiprocessing.connection import Connection
from queue import SimpleQueue
from typing import TYPE_CHECKING

from blockloom.errors import BlockloomError
from blockloom.execution.cancel import CancelController
from blockloom.jobs.channel import Channel
from blockloom.jobs.messages import Ask, Free, FromWorker, Ping, RunJob, ToWorker
from blockloom.jobs.worker_options import WorkerOptions
from blockloom.worker.output import OutputCapture

if TYPE_CHECKING:
    from blockloom.worker.bench import Bench

UNUSABLE_CODE = 3
BROKEN_CODE = 5
_ORPHAN_CODE = 4
_ORPHAN_SECONDS = 0.5


def worker_main(connection: Connection, options: WorkerOptions) -> None:
    """Be a worker until told to stop, or until the server is gone."""
    # Ctrl-C in a terminal reaches every process there; what becomes of jobs the server decides.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    worker = _Worker(Channel(connection, "worker"))
    try:
        code = worker.work(options)
    except Exception:
        # What is printed while dying is read by nobody: the server is told.
        details = traceback.format_exc()
        worker.channel.send({"type": "log", "job_id": "", "level": "error", "text": details})
        code = 1
    worker.channel.flush(5.0)
    # Threads of ours and of the libraries still run; an orderly end of the interpreter waits for
    # some of them and crashes in others.
    os._exit(code)


class _Worker:
    """The process' threads: one listens, one runs jobs, one answers questions."""

    def __init__(self, channel: Channel[FromWorker, ToWorker]) -> None:
        self.channel = channel
        self._work: SimpleQueue[RunJob | Free | None] = SimpleQueue()
        self._asked: SimpleQueue[Ask] = SimpleQueue()
        self._controllers: dict[str, CancelController] = {}
        self._bench: Bench | None = None
        self._has_ended = threading.Event()

    def work(self, options: WorkerOptions) -> int:
        """Warm up, then do what comes in; returns the exit code."""
        threading.Thread(target=self._listen, name="listen", daemon=True).start()
        output = OutputCapture(self.channel.send)
        bench = self._warm_up(options, output)
        if bench is None:
            return UNUSABLE_CODE
        # What was imported stays: each look through it for garbage would take half a second.
        gc.collect()
        gc.freeze()
        self._bench = bench
        threading.Thread(target=self._answer_all, name="answer", daemon=True).start()
        self.channel.send(bench.ready())
        while (message := self._work.get()) is not None:
            if message["type"] == "free":
                self.channel.send(bench.free(message))
            else:
                controller = self._controllers[message["job_id"]]
                self.channel.send(bench.run(message, controller.token))
                del self._controllers[message["job_id"]]
                if bench.is_broken:
                    return BROKEN_CODE
        self._has_ended.set()
        return 0

    def _warm_up(self, options: WorkerOptions, output: OutputCapture) -> Bench | None:
        from tqdm import tqdm

        from blockloom.wiring import open_workshop, quiet_libraries

        quiet_libraries()
        # Its own lock is a semaphore of the system, which outlives a process that is killed.
        tqdm.set_lock(threading.RLock())
        try:
            from blockloom.worker.bench import Bench

            workshop = open_workshop(
                options.settings,
                options.nodes_folders,
                lambda text: output.line("info", text),
            )
            return Bench(workshop, options, output, self.channel.send)
        except BlockloomError as error:
            # A device or a folder that is not there will not be there next time.
            details = "".join(traceback.format_exception(error))
            self.channel.send({"type": "unusable", "message": str(error), "details": details})
            return None

    def _listen(self) -> None:
        while True:
            try:
                messages = self.channel.receive()
            except EOFError:
                self._leave()
                return
            for message, _ in messages:
                self._take(message)

    def _take(self, message: ToWorker) -> None:
        if message["type"] == "run":
            self._controllers[message["job_id"]] = CancelController()
            self._work.put(message)
        elif message["type"] == "free":
            self._work.put(message)
        elif message["type"] == "cancel":
            controller = self._controllers.get(message["job_id"])
            if controller is not None:
                controller.cancel()
        elif message["type"] == "ask":
            self._asked.put(message)
        elif message["type"] == "ping":
            self._pong(message)
        else:
            self._work.put(None)

    def _pong(self, ping: Ping) -> None:
        job_id, seconds = self._bench.progress() if self._bench is not None else ("", 0.0)
        self.channel.send(
            {
                "type": "pong",
                "number": ping["number"],
                "job_id": job_id,
                "seconds_since_progress": seconds,
            }
        )

    def _answer_all(self) -> None:
        bench = self._bench
        while bench is not None:
            bench.answer(self._asked.get())

    def _leave(self) -> None:
        """The server is gone: nobody waits for what runs here. Files are whole or not there."""
        for controller in list(self._controllers.values()):
            controller.cancel()
        self._work.put(None)
        self._has_ended.wait(_ORPHAN_SECONDS)
        time.sleep(0.05)
        os._exit(_ORPHAN_CODE)
