"""The command line: ``blockloom COMMAND``. Commands are imported only when they are called."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Sequence

from blockloom.cli.arguments import make_parser
from blockloom.cli.terminal import complain
from blockloom.errors import (
    BlockloomError,
    Cancelled,
    ModelError,
    NodeFailed,
)

DONE, FAILED, UNUSABLE, INTERRUPTED = 0, 1, 2, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and give the exit code: 0 done, 1 failed, 2 bad usage or graph."""
    options = make_parser().parse_args(
        _with_command(sys.argv[1:] if arguments is None else arguments)
    )
    command = importlib.import_module(f"blockloom.cli.{options.command}")
    try:
        code = command.main(options)
        sys.stdout.flush()
    except BlockloomError as error:
        complain(error, with_details=options.details)
        return exit_code(error)
    except KeyboardInterrupt:
        complain(Cancelled("Interrupted."))
        return INTERRUPTED
    except BrokenPipeError:  # the reader of our output has gone, as in "| head"
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    return int(code)


def _with_command(arguments: Sequence[str]) -> list[str]:
    """What was typed, with ``serve`` where no command was."""
    first = next(iter(arguments), "")
    is_named = not first.startswith("-") or first in ("-h", "--help", "--version")
    return list(arguments) if first and is_named else ["serve", *arguments]


def exit_code(error: BlockloomError) -> int:
    """What a command that ended in this error exits with."""
    if isinstance(error, Cancelled):
        return INTERRUPTED
    if isinstance(error, (NodeFailed, ModelError)):
        return FAILED
    return UNUSABLE
