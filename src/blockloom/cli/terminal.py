"""What the command line says: results on stdout, everything else on stderr."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable

from blockloom.errors import BlockloomError, GraphError
from blockloom.graph.model import Json


def say(*lines: str) -> None:
    """Write lines of a result."""
    sys.stdout.write("".join(f"{line}\n" for line in lines))


def say_json(value: Json, *, is_compact: bool = False) -> None:
    """Write one JSON value as the result, at once: a program may be reading along."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=None if is_compact else 2) + "\n")
    sys.stdout.flush()


def note(*lines: str) -> None:
    """Write lines that are not part of the result."""
    sys.stdout.flush()
    sys.stderr.write("".join(f"{line}\n" for line in lines))
    sys.stderr.flush()


def complain(error: BlockloomError, *, with_details: bool = False) -> None:
    """Write what went wrong, every problem of a graph on a line of its own."""
    if isinstance(error, GraphError):
        for problem in error.problems:
            note(f"{'warning' if problem.is_warning else 'error'}: {problem}")
    else:
        note(f"error: {error}")
    if error.details and with_details:
        note(error.details.rstrip())


def columns(rows: Iterable[tuple[str, ...]], gap: int = 2, indent: str = "") -> list[str]:
    """Rows as lines with aligned columns; the last column may be of any length."""
    table = list(rows)
    count = max((len(row) for row in table), default=0)
    widths = [max(len(row[at]) for row in table if at < len(row)) for at in range(count - 1)]
    lines = []
    for row in table:
        cells = [cell.ljust(width + gap) for cell, width in zip(row, widths, strict=False)]
        lines.append((indent + "".join([*cells, *row[len(cells) :]])).rstrip())
    return lines


def first_sentence(text: str, limit: int = 100) -> str:
    """The first line of a description, cut to ``limit`` characters."""
    line = next((part.strip() for part in text.splitlines() if part.strip()), "")
    return line if len(line) <= limit else f"{line[: limit - 1].rstrip()}…"
