"""Plain copies of JSON values, with everything that is no proper JSON reported by its place."""

from __future__ import annotations

import json
import math
from collections.abc import Callable

from blockloom.graph.model import Json

MAX_DEPTH = 64
_MAX_DIGITS = 400

Report = Callable[[str, str, str], None]
"""Takes a problem's code, message and remedy."""


class RepeatedKeys(dict[str, Json]):
    """A JSON object in which some keys were written more than once."""

    repeated: tuple[str, ...] = ()


def quoted(text: str) -> str:
    """A name as it may stand in a message: short, in quotes, and always printable."""
    shown = text if len(text) <= 80 else text[:77] + "..."
    shown = shown.encode("utf-8", "backslashreplace").decode("utf-8")
    return '"' + "".join(char if char.isprintable() else repr(char)[1:-1] for char in shown) + '"'


def parse_json(text: str) -> Json:
    """Parse JSON, keeping track of repeated keys; numbers that do not fit become infinite.

    Raises ``ValueError`` for text that is no JSON and ``RecursionError`` for one nested too deeply.
    """
    value: Json = json.loads(text, object_pairs_hook=_object, parse_int=_whole_number)
    return value


def _whole_number(text: str) -> int | float:
    return int(text) if len(text) <= _MAX_DIGITS else math.inf


def _object(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    plain = dict(pairs)
    if len(plain) == len(pairs):
        return plain
    seen: set[str] = set()
    repeated: dict[str, None] = {}
    for key, _ in pairs:
        if key in seen:
            repeated[key] = None
        seen.add(key)
    marked = RepeatedKeys(plain)
    marked.repeated = tuple(repeated)
    return marked


def plain_copy(value: object, report: Report, depth: int = 0) -> Json:
    """A copy of a JSON value that shares nothing with it; what is wrong goes to ``report``."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        check_text(value, report)
        return str(value)
    if isinstance(value, (int, float)):
        return _plain_number(value, report)
    if isinstance(value, (list, dict)):
        if depth >= MAX_DEPTH:
            report(
                "too_deep",
                f"Lists and objects are nested more than {MAX_DEPTH} deep.",
                "Flatten the value.",
            )
            return None
        if isinstance(value, list):
            return [plain_copy(item, report, depth + 1) for item in value]
        report_repeated(value, report)
        return {_plain_key(k, report): plain_copy(v, report, depth + 1) for k, v in value.items()}
    report(
        "bad_value",
        f"A value of type {type(value).__name__} cannot be kept in a graph file.",
        "Use a number, a text, true, false, null, a list or an object.",
    )
    return None


def _plain_number(value: int | float, report: Report) -> int | float | None:
    if isinstance(value, float):
        if math.isfinite(value):
            return float(value)
    elif value.bit_length() <= 1024:
        return int(value)
    report("bad_number", "NaN, Infinity and numbers this large are not allowed.", "Type a number.")
    return None


def check_text(text: str, report: Report) -> None:
    """Report a text that cannot be written to a file (a lone half of a surrogate pair)."""
    if not text.isascii():
        try:
            text.encode("utf-8")
        except UnicodeEncodeError:
            report("bad_text", f"{quoted(text)} is not valid Unicode text.", "Type the text again.")


def report_repeated(value: dict[str, Json], report: Report) -> None:
    """Report the keys that were written more than once in a parsed object."""
    if isinstance(value, RepeatedKeys):
        for key in value.repeated:
            report(
                "duplicate_key",
                f"{quoted(key)} is written more than once.",
                "Keep one of them and remove the others.",
            )


def _plain_key(key: object, report: Report) -> str:
    if isinstance(key, str):
        check_text(key, report)
        return str(key)
    report("bad_value", f"The name {key!r:.80} in an object is no text.", "Write it as a text.")
    return repr(key)
