"""What is printed and logged in this process: lines for the server, and a log file for each job."""

from __future__ import annotations

import faulthandler
import logging
import os
import secrets
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, TextIO

from blockloom.jobs.messages import LogLine
from blockloom.jobs.total_json import whole_text

LINE_LIMIT = 4_000
LINES_PER_SECOND = 500
FILE_LIMIT = 32 * 2**20
_CHUNK = 65_536


class OutputCapture:
    """Takes over file descriptors 1 and 2, so that also what C code prints comes here.

    Between :meth:`begin` and :meth:`end` lines belong to a job, else to none.
    """

    def __init__(self, send: Callable[[LogLine], None]) -> None:
        self._send = send
        self._lock = threading.Lock()
        self._job_id = ""
        self._file: BinaryIO | None = None
        self._written = 0
        self._second, self._count, self._left_out = 0, 0, 0
        self._mark = f"\0{secrets.token_hex(16)}\0\n".encode()
        self._marked = threading.Event()
        self._streams: dict[str, TextIO] = {}
        self._source, writing = os.pipe()
        os.dup2(writing, 1)
        os.dup2(writing, 2)
        os.close(writing)
        self._mend_streams()
        threading.Thread(target=self._read_all, name="output", daemon=True).start()
        logging.getLogger().addHandler(_LineHandler(self))

    def begin(self, job_id: str, path: Path | None) -> None:
        """Lines belong to a job from now on; where its log file cannot be written, one says so."""
        self._mend_streams()
        file, problem = None, ""
        try:
            if path is not None:
                path.parent.mkdir(parents=True, exist_ok=True)
                file = path.open("ab")
                # Should the process crash, this is where it says in which line of code.
                faulthandler.enable(file, all_threads=False)
        except OSError as error:
            problem = f"The log of this job cannot be kept: {error}."
        with self._lock:
            self._job_id, self._file, self._written = job_id, file, 0
        if problem:
            self.line("warning", problem)

    def end(self) -> None:
        """Wait until all that the job printed has been handed on; then lines belong to no job."""
        self._marked.clear()
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except (AttributeError, OSError, ValueError):
                continue
        try:
            os.write(1, self._mark)
        except OSError:
            self._marked.set()
        self._marked.wait(1.0)
        with self._lock:
            self._tell_left_out()
            file, self._file, self._job_id = self._file, None, ""
        if file is not None:
            faulthandler.disable()
            file.close()

    def line(self, level: str, text: str) -> None:
        """Hand on a line: cut where it is long, left out where there are very many."""
        with self._lock:
            self._write(text)
            second = int(time.monotonic())
            if second != self._second:
                self._tell_left_out()
                self._second, self._count = second, 0
            self._count += 1
            if self._count > LINES_PER_SECOND:
                self._left_out += 1
            else:
                self._hand_on(level, text)

    def _hand_on(self, level: str, text: str) -> None:
        cut = text if len(text) <= LINE_LIMIT else f"{text[:LINE_LIMIT]}…"
        self._send({"type": "log", "job_id": self._job_id, "level": level, "text": whole_text(cut)})

    def _tell_left_out(self) -> None:
        count, self._left_out = self._left_out, 0
        if count:
            self._hand_on("warning", f"{count} more lines were left out here.")

    def _write(self, text: str) -> None:
        if self._file is None or self._written > FILE_LIMIT:
            return
        line = text.encode("utf-8", "backslashreplace") + b"\n"
        self._written += len(line)
        try:
            self._file.write(line)
            self._file.flush()
        except (OSError, ValueError):
            # A full disk costs the log, not the job.
            self._written = FILE_LIMIT + 1

    def _read_all(self) -> None:
        """Cut what is printed into lines; a carriage return ends one as well, as in bars."""
        pending = b""
        while chunk := os.read(self._source, _CHUNK):
            pending += chunk
            while self._mark in pending:
                before, _, pending = pending.partition(self._mark)
                self._lines(before)
                self._marked.set()
            end = max(pending.rfind(b"\n"), pending.rfind(b"\r")) + 1
            if not end and len(pending) > _CHUNK:
                end = len(pending) - len(self._mark)
            complete, pending = pending[:end], pending[end:]
            self._lines(complete)

    def _lines(self, data: bytes) -> None:
        for line in data.decode("utf-8", "replace").replace("\r", "\n").split("\n"):
            if line.strip():
                self.line("info", line.rstrip())

    def _mend_streams(self) -> None:
        """Python's own streams on our descriptors; a node may have replaced or closed them."""
        for name, number in (("stdout", 1), ("stderr", 2)):
            ours = self._streams.get(name)
            if ours is None or ours.closed:
                ours = open(  # noqa: SIM115 (it stays open)
                    number,
                    "w",
                    buffering=1,
                    encoding="utf-8",
                    errors="backslashreplace",
                    closefd=False,
                )
                self._streams[name] = ours
            setattr(sys, name, ours)
            setattr(sys, f"__{name}__", ours)


class _LineHandler(logging.Handler):
    """Makes records lines, with their level."""

    def __init__(self, output: OutputCapture) -> None:
        super().__init__()
        self._output = output
        self.setFormatter(logging.Formatter("%(name)s: %(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        try:
            text = self.format(record)
        except Exception:
            self.handleError(record)
            return
        for line in text.splitlines():
            self._output.line(record.levelname.lower(), line)
