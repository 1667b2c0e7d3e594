"""JSON text of anything: what no JSON can say is said as a text, so that sending never fails."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from collections.abc import Set as AbstractSet

from blockloom.graph.model import Json

_DEPTH_LIMIT = 64
_BITS_LIMIT = 1024


def dump_total(value: object) -> bytes:
    """The value as JSON in ASCII: no NaN, no infinity, no half of a surrogate pair in it."""
    try:
        text = json.dumps(value, allow_nan=False, separators=(",", ":"))
    except (TypeError, ValueError, RecursionError):
        text = json.dumps(total(value), separators=(",", ":"))
    else:
        if "\\ud" in text:
            text = json.dumps(total(value), separators=(",", ":"))
    return text.encode("ascii")


def total(value: object, depth: int = 0) -> Json:
    """The value as plain JSON; numbers and objects that have no place in it become texts."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return whole_text(value)
    if isinstance(value, int):
        return int(value) if value.bit_length() <= _BITS_LIMIT else hex(value)
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else str(float(value))
    if depth >= _DEPTH_LIMIT:
        return "…"
    if isinstance(value, Mapping):
        return {whole_text(str(key)): total(item, depth + 1) for key, item in value.items()}
    if isinstance(value, (list, tuple, AbstractSet)):
        return [total(item, depth + 1) for item in value]
    return f"<{type(value).__name__}>"


def whole_text(text: str) -> str:
    """The text with every character that UTF-8 cannot write spelled out."""
    return str.__str__(text).encode("utf-8", "backslashreplace").decode("utf-8")
