"""The graph and the seed inside films and sounds, as :mod:`blockloom.export.png` has them in PNG.

Containers with tags of any name (MP4, WebM, MKV, FLAC, MP3, Opus) have the same texts under the
same names, MP4 as ComfyUI's films have them; WAV and GIF, which have room for one comment only,
hold all of them there as a JSON object.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import PIL.Image

from blockloom.errors import NotFoundError, UsageError
from blockloom.export.png import PictureOrigin, origin_in, origin_texts, read_png_origin
from blockloom.film_files import VIDEO_FORMATS
from blockloom.graph.model import Json
from blockloom.sound_files import SOUND_FORMATS, media_errors, open_media

_COMMENT = "comment"
_ONE_COMMENT = frozenset({".wav", ".gif"})


def media_notes(
    suffix: str,
    graph_json: Mapping[str, Json],
    seed: int | None,
    node_id: str,
    notes: Mapping[str, Json] | None = None,
) -> dict[str, str]:
    """The tags for a film or a sound with that suffix; see ``origin_texts``."""
    texts = origin_texts(graph_json, seed, node_id, notes)
    if suffix in _ONE_COMMENT:
        return {_COMMENT: json.dumps(texts)}
    return {name: text for name, text in texts.items() if "=" not in name}


def read_media_origin(path: Path) -> PictureOrigin:
    """How the picture, film or sound at ``path`` was made.

    Raises ``NotFoundError`` where it does not say, ``UsageError`` for what is nothing of these.
    """
    with path.open("rb") as file:
        start = file.read(8)
    if start.startswith(b"\x89PNG"):
        return read_png_origin(path)
    texts = _gif_comment(path) if start.startswith(b"GIF8") else _tags(path)
    found = origin_in(texts) or origin_in(_texts_in(texts.get(_COMMENT, "")))
    if found is None:
        raise NotFoundError(
            f'The file "{path.name}" does not say how it was made.',
            remedy="Files lose that when they are edited or sent through a messenger.",
        )
    return found


def _tags(path: Path) -> dict[str, str]:
    formats = f"{VIDEO_FORMATS},{SOUND_FORMATS}"
    with (
        media_errors(path.name, "film or sound", "Choose another file."),
        open_media(path, formats) as container,
    ):
        tags = {name.lower(): text for name, text in container.metadata.items()}
        for stream in container.streams:
            # Ogg has them at the sound, not at the file.
            tags = {name.lower(): text for name, text in stream.metadata.items()} | tags
        return tags


def _gif_comment(path: Path) -> dict[str, str]:
    try:
        with PIL.Image.open(path, formats=("GIF",)) as picture:
            comment = picture.info.get(_COMMENT, b"")
    except (OSError, ValueError, SyntaxError) as error:
        raise UsageError(f'"{path.name}" is not a GIF that can be read.') from error
    return {_COMMENT: comment.decode("utf-8", "replace") if isinstance(comment, bytes) else ""}


def _texts_in(text: str) -> dict[str, str]:
    try:
        found = json.loads(text) if text else None
    except (ValueError, RecursionError):
        return {}
    if not isinstance(found, dict):
        return {}
    return {name: value for name, value in found.items() if isinstance(value, str)}
