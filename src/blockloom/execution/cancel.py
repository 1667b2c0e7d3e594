"""Cancelling: the token goes with the work, the controller stays with its owner."""

from __future__ import annotations

import threading

from blockloom.errors import Cancelled


class CancelToken:
    """Read-only view of whether a run was cancelled; safe to check from any thread."""

    __slots__ = ("_event",)

    def __init__(self, event: threading.Event) -> None:
        self._event = event

    @property
    def is_cancelled(self) -> bool:
        """Whether the owner asked the run to stop."""
        return self._event.is_set()

    def check(self) -> None:
        """Raise ``Cancelled`` once the owner asked the run to stop."""
        if self._event.is_set():
            raise Cancelled


class CancelController:
    """The owner's side of a token."""

    __slots__ = ("_event", "token")

    def __init__(self) -> None:
        self._event = threading.Event()
        self.token = CancelToken(self._event)

    def cancel(self) -> None:
        """Ask the run to stop; it does so at its next step. May be called from a signal handler."""
        self._event.set()


def never_cancelled() -> CancelToken:
    """A token that nobody can cancel."""
    return CancelController().token
