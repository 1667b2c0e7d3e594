"""Progress of nodes that report it far more often than anybody can look."""

from __future__ import annotations

import time
from collections.abc import Callable

from blockloom.execution.events import Event

FREE_STEPS = 200
PAUSE = 0.02


class StepSieve:
    """Lets the first ``FREE_STEPS`` steps of a node pass, then one every ``PAUSE`` seconds, and
    always the last."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._passed = 0
        self._last = 0.0

    def lets_pass(self, event: Event) -> bool:
        """Whether an event is to be sent; of other kinds, all are."""
        if event["event"] == "node_started":
            self._passed = 0
        if event["event"] != "node_step":
            return True
        now = self._clock()
        is_soon = self._passed >= FREE_STEPS and now - self._last < PAUSE
        if is_soon and event["done"] < event["total"]:
            return False
        self._passed, self._last = self._passed + 1, now
        return True
