"""One child process, from its spawn to its death, as the event loop sees it."""

from __future__ import annotations

import asyncio
import atexit
import multiprocessing
import threading
from collections.abc import Callable
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess

from blockloom.jobs.channel import Channel
from blockloom.jobs.messages import FromWorker, ToWorker
from blockloom.jobs.worker_options import WorkerOptions
from blockloom.jobs.worker_start import start_worker

_LOOK_AGAIN = 1.0

OnMessage = Callable[[FromWorker, bytes], None]


class WorkerProcess:
    """A worker's process. ``on_message`` is called in the event loop, in the order of sending.

    ``ended`` is done when the process is dead and all it had said was heard; its result is the
    exit code, negative for a signal.
    """

    def __init__(self, options: WorkerOptions, name: str, on_message: OnMessage) -> None:
        self._options = options
        self._name = name
        self._on_message = on_message
        self._loop = asyncio.get_running_loop()
        self._process: SpawnProcess | None = None
        self._channel: Channel[ToWorker, FromWorker] | None = None
        self._is_killed = False
        self.ended: asyncio.Future[int] = self._loop.create_future()

    @property
    def pid(self) -> int:
        """The process id; 0 before it has started."""
        return (self._process.pid or 0) if self._process is not None else 0

    async def start(self) -> None:
        """Spawn the process; it says Ready later. Raises OSError where there can be none."""
        try:
            await asyncio.to_thread(self._start)
        except OSError:
            self._end(1)
            raise
        if self._is_killed:
            self.kill()

    def send(self, message: ToWorker) -> None:
        """Send a message; to a dead process it is dropped."""
        if self._channel is not None:
            self._channel.send(message)

    def kill(self) -> None:
        """End the process now, whatever it does, or as soon as it is there; ``ended`` follows."""
        self._is_killed = True
        if self._process is not None and not self.ended.done():
            self._process.kill()

    def _start(self) -> None:
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        try:
            process = context.Process(
                target=start_worker,
                args=(theirs, self._options),
                name=f"blockloom-{self._name}",
            )
            process.start()
        except BaseException:
            ours.close()
            raise
        finally:
            # Only the child may hold its end, so that its death is the end of the connection.
            theirs.close()
        # No daemon, since nodes may want processes of their own; so Python would wait for its end.
        atexit.register(process.kill)
        self._process = process
        self._channel = Channel(ours, self._name)
        reader = threading.Thread(
            target=self._read_all,
            args=(ours, self._channel, process),
            name=f"{self._name}-receive",
            daemon=True,
        )
        reader.start()

    def _read_all(
        self,
        connection: Connection,
        channel: Channel[ToWorker, FromWorker],
        process: SpawnProcess,
    ) -> None:
        """Hand on everything until the process is gone; a helper it left behind may hold on to the
        connection and the sentinel, so their ends alone are not waited for."""
        try:
            while True:
                ready = wait([connection, process.sentinel], timeout=_LOOK_AGAIN)
                if connection in ready or connection.poll():
                    self._call(self._hear, channel.receive())
                elif ready or not process.is_alive():
                    break
        except (EOFError, OSError):
            # Without a connection it is of no use, even if it still lives.
            process.kill()
        process.join()
        atexit.unregister(process.kill)
        channel.close()
        connection.close()
        self._call(self._end, process.exitcode or 0)

    def _call(self, function: Callable[..., None], argument: object) -> None:
        try:
            self._loop.call_soon_threadsafe(function, argument)
        except RuntimeError:  # the loop was closed: nobody is left to hear it
            if self._process is not None:
                self._process.kill()

    def _hear(self, messages: list[tuple[FromWorker, bytes]]) -> None:
        for message, blob in messages:
            self._on_message(message, blob)

    def _end(self, code: int) -> None:
        if not self.ended.done():
            self.ended.set_result(code)
