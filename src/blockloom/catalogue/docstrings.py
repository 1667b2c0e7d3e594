"""What a docstring says: the first paragraph, and the descriptions in its ``Args`` section."""

from __future__ import annotations

import inspect
import re
from dataclasses import dataclass, field

_SECTION = re.compile(r"^(Args|Arguments|Parameters):$")
_ENTRY = re.compile(r"^\*{0,2}(\w+)\s*(?:\([^)]*\))?:\s*(.*)$")


@dataclass(frozen=True, slots=True)
class Docstring:
    """The description of a function and of its parameters."""

    description: str = ""
    parameters: dict[str, str] = field(default_factory=dict)


def read_docstring(text: str | None) -> Docstring:
    """Read a docstring in Google's style."""
    lines = inspect.cleandoc(text or "").splitlines()
    description = " ".join(line.strip() for line in _first_paragraph(lines))
    start = next((i for i, line in enumerate(lines) if _SECTION.match(line.strip())), None)
    return Docstring(description, {} if start is None else _entries(lines[start + 1 :]))


def _first_paragraph(lines: list[str]) -> list[str]:
    end = next((i for i, line in enumerate(lines) if not line.strip()), len(lines))
    return [] if lines and _SECTION.match(lines[0].strip()) else lines[:end]


def _entries(lines: list[str]) -> dict[str, str]:
    """The entries of a section: less indented lines begin one, deeper ones go on."""
    entries: dict[str, str] = {}
    name, indent = "", None
    for line in lines:
        depth = len(line) - len(line.lstrip())
        if line.strip() and depth == 0:
            break
        if not line.strip():
            continue
        indent = depth if indent is None else indent
        entry = _ENTRY.match(line.strip()) if depth <= indent else None
        if entry:
            name = entry[1]
            entries[name] = entry[2]
        elif name:
            entries[name] = f"{entries[name]} {line.strip()}".strip()
    return entries
