"""Where a worker's process begins: it imports its own code, which the server never does."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from multiprocessing.connection import Connection
from typing import cast

from blockloom.jobs.worker_options import WorkerOptions

Entry = Callable[[Connection, WorkerOptions], None]


def start_worker(connection: Connection, options: WorkerOptions) -> None:
    """Run the entry the options name, in the child process."""
    module, _, name = options.entry.partition(":")
    cast(Entry, getattr(import_module(module), name))(connection, options)
