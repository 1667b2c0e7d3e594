"""A running server in a thread of its own, for clients that are not asynchronous."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.server.server_kit import Lab, lab


@contextlib.contextmanager
def lab_in_thread(folder: Path, **options: Any) -> Iterator[Lab]:
    """A server as ``lab`` makes it; ask it by its address only, its loop is in another thread."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()

    def wait(work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, loop).result(30)

    server = lab(folder, **options)
    try:
        yield wait(server.__aenter__())
    finally:
        wait(server.__aexit__(None, None, None))
        wait(loop.shutdown_default_executor())
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()
