"""What a command works with, as its options say."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from blockloom import wiring
from blockloom.cli.terminal import note
from blockloom.settings import read_settings
from blockloom.wiring import Workshop

if TYPE_CHECKING:
    from blockloom.execution.session import Session

__all__ = ["Workshop", "open_session", "open_workshop"]


def open_workshop(options: argparse.Namespace) -> Workshop:
    """Read all there is; see :func:`blockloom.wiring.open_workshop`."""
    data: Path | None = options.data
    settings = read_settings(data=data.absolute() if data else None)
    return wiring.open_workshop(settings, getattr(options, "nodes_folders", []), note)


def open_session(workshop: Workshop) -> Session:
    """A session that runs graphs in this process; imports torch."""
    return wiring.open_engine(workshop).session
