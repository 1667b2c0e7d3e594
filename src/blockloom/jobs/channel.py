"""Messages and blobs over a connection between two processes, without ever waiting to send.

A frame is a JSON list of messages. The blobs of those that have one follow as frames of their own,
in order. Nothing that arrives is unpickled.
"""

from __future__ import annotations

import json
import threading
from multiprocessing.connection import Connection
from queue import Empty, SimpleQueue
from typing import Generic, TypeVar, cast

from blockloom.jobs.total_json import dump_total

FRAME_LIMIT = 512 * 2**20
BLOB_LIMIT = 256 * 2**20
"""A larger blob is not sent: whoever makes one says so in its message instead."""
_BATCH = 500

Outgoing = TypeVar("Outgoing")
Incoming = TypeVar("Incoming")


class Channel(Generic[Outgoing, Incoming]):
    """One end. Messages are sent in order by a thread of its own, many at once where many wait.

    What is sent after the other end has gone is dropped.
    """

    def __init__(self, connection: Connection, name: str) -> None:
        self._connection = connection
        self._waiting: SimpleQueue[tuple[Outgoing, bytes | None] | threading.Event] = SimpleQueue()
        self._is_broken = False
        self._sender = threading.Thread(target=self._send_all, name=f"{name}-send", daemon=True)
        self._sender.start()

    def send(self, message: Outgoing, blob: bytes | None = None) -> None:
        """Send a message, and the blob it announces; returns at once."""
        if not self._is_broken:
            self._waiting.put((message, blob))

    def receive(self) -> list[tuple[Incoming, bytes]]:
        """Wait for the next messages. Raises EOFError when the other end is gone."""
        try:
            found = json.loads(self._connection.recv_bytes(FRAME_LIMIT))
            if not isinstance(found, list):
                raise EOFError("a frame that is no list of messages")
            return [
                (cast(Incoming, message), self._blob_of(message))
                for message in found
                if isinstance(message, dict)
            ]
        except (OSError, ValueError) as error:
            raise EOFError(str(error)) from error

    def flush(self, seconds: float) -> bool:
        """Wait until what was sent so far has been handed to the other end."""
        if self._is_broken:
            return False
        mark = threading.Event()
        self._waiting.put(mark)
        return mark.wait(seconds) and not self._is_broken

    def close(self) -> None:
        """Send nothing more."""
        self._is_broken = True
        self._waiting.put(threading.Event())

    def _blob_of(self, message: dict[str, object]) -> bytes:
        return self._connection.recv_bytes(FRAME_LIMIT) if message.get("has_blob") is True else b""

    def _send_all(self) -> None:
        while not self._is_broken:
            batch = [self._waiting.get()]
            while len(batch) < _BATCH:
                try:
                    batch.append(self._waiting.get_nowait())
                except Empty:
                    break
            try:
                self._send_batch([item for item in batch if isinstance(item, tuple)])
            except (OSError, ValueError):
                self._is_broken = True
            for item in batch:
                if isinstance(item, threading.Event):
                    item.set()

    def _send_batch(self, batch: list[tuple[Outgoing, bytes | None]]) -> None:
        if not batch or self._is_broken:
            return
        self._connection.send_bytes(dump_total([message for message, _ in batch]))
        for _, blob in batch:
            if blob is not None:
                self._connection.send_bytes(blob)
