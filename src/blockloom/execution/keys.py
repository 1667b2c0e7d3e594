"""Keys: short names for values, equal exactly where the values were made the same way."""

from __future__ import annotations

import hashlib
import json

from blockloom.graph.model import Json

ABSENT = "-"
"""Stands for the key of a value that is not there."""


def key_of(*parts: str) -> str:
    """A key made of texts; no two different sequences of parts give the same key."""
    told_apart = "".join([f"{len(part)}:{part}" for part in parts])
    encoded = told_apart.encode("utf-8", "surrogatepass")
    return hashlib.blake2b(encoded, digest_size=16).hexdigest()


def json_key(value: Json) -> str:
    """A key of a JSON value; 1, 1.0 and true are three different values."""
    return key_of("json", json.dumps(value, sort_keys=True, ensure_ascii=True))


def content_key(data: object) -> str:
    """A key of small immutable data by its content; "" for everything else.

    Equal keys mean equal type and value: 1, 1.0 and true differ, and so do 0.0 and -0.0.
    """
    if data is None or isinstance(data, (bool, int, float, str)):
        kind = type(data)
        if kind not in _SCALARS or (isinstance(data, str) and len(data) > _TEXT_LIMIT):
            return ""
        name, shown = kind.__name__, repr(data)
        # What is short enough is its own key; only texts could be mistaken for something else.
        is_plain = kind is not str and len(shown) <= _SHOWN_LIMIT
        return f"{name} {shown}" if is_plain else key_of(name, shown)
    if type(data) is tuple and len(data) <= _TUPLE_LIMIT:
        parts = [content_key(item) for item in data]
        return key_of("tuple", *parts) if all(parts) else ""
    return ""


_SCALARS = (type(None), bool, int, float, str)
_TEXT_LIMIT = 100_000
_SHOWN_LIMIT = 32
_TUPLE_LIMIT = 64
