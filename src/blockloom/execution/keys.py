"""Keys: short names for values, equal exactly where the values were made the same way."""

from __future__ import annotations

import hashlib
import json

from blockloom.graph.model import Json

ABSENT = "-"
"""Stands for the key of a value that is not there."""


def key_of(*parts: str) -> str:
    """A key made of texts; no two different sequences of parts give the same key."""
    digest = hashlib.blake2b(digest_size=16)
    for part in parts:
        encoded = part.encode("utf-8", "surrogatepass")
        digest.update(len(encoded).to_bytes(8, "little"))
        digest.update(encoded)
    return digest.hexdigest()


def json_key(value: Json) -> str:
    """A key of a JSON value; 1, 1.0 and true are three different values."""
    return key_of("json", json.dumps(value, sort_keys=True, ensure_ascii=True))
