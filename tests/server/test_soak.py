"""The soak in short: a busy server loses nothing, ends nothing twice, and does not grow."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import pytest
from benchmarks.soak import soak
from tests.server.server_process import server_in

SECONDS = float(os.environ.get("BLOCKLOOM_SOAK_SECONDS", "30"))
# What so short a run may still put by: records of nodes, pages that the system keeps.
SERVER_MB, WORKER_MB = 20.0, 60.0


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="memory is read from /proc")
def test_a_busy_server_loses_nothing_and_does_not_grow(tmp_path: Path) -> None:
    with server_in(tmp_path) as server:
        server.start()
        assert server.process is not None
        tally = asyncio.run(soak(server.url, server.process.pid, SECONDS))
    assert tally.problems == []
    assert len(tally.posted) == len(set(tally.posted)) > 20
    assert min(tally.counts[name] for name in ("completed", "cancels", "connections", "looks")) > 2
    early, end = tally.sample_at(1 / 3), tally.sample_at(1.0)
    assert early.server > 0 < early.worker
    assert end.server - early.server < SERVER_MB
    assert end.worker - early.worker < WORKER_MB
