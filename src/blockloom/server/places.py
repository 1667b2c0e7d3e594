"""Names that clients give, turned into paths that cannot leave the folder they are meant for."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from aiohttp import web

from blockloom.errors import UsageError

_LONGEST = 1000
_LONGEST_PART = 240


class OutsideError(web.HTTPForbidden):
    """A name that leads out of the folder it is meant for."""


def inside(root: Path, *names: str) -> Path:
    """The path of a name below ``root``, links followed.

    Raises UsageError for what is no name at all, OutsideError for what leads out of the folder.
    """
    text = "/".join(name.replace("\\", "/") for name in names if name)
    if len(text) > _LONGEST or not text.isprintable():
        raise UsageError("That is no file name.")
    parts = [part for part in text.split("/") if part not in ("", ".")]
    is_absolute = any(name.startswith(("/", "\\")) for name in names) or ":" in text[:3]
    if is_absolute or ".." in parts:
        raise OutsideError
    if any(len(os.fsencode(part)) > _LONGEST_PART for part in parts):
        raise UsageError("That file name is too long.")
    base = root.resolve()
    path = base.joinpath(*parts).resolve()
    if not path.is_relative_to(base):
        raise OutsideError
    return path


def write_whole(path: Path, data: bytes) -> None:
    """Write a file so that it is there whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{secrets.token_hex(8)}.part")
    try:
        with draft.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
