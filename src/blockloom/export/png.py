"""The graph and the seed inside a PNG: a picture that knows how it was made.

Text chunks: ``prompt`` is the graph in ComfyUI's API format, which other tools read too;
``blockloom`` is a JSON object with ``version`` (of this format), ``seed``, ``node`` (the id of the
node that saved it) and ``extra`` (groups, notes and the viewport of the graph file). Beside them
each note of the client that ran the graph has a chunk of its own, as ComfyUI writes what comes as
``extra_pnginfo``: with ``workflow`` its editor finds everything as it was drawn. From there we take
the places of nodes, groups and notes, where a picture that ComfyUI saved has them nowhere else.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import PIL.Image
from PIL.PngImagePlugin import PngInfo

from blockloom.errors import NotFoundError, UsageError
from blockloom.export.comfyui_marks import with_places
from blockloom.graph.model import Json

_VERSION = 1
NOTES_LIMIT = 16 * 2**20
"""So many bytes the notes of a client may have together."""
CHUNKS_LIMIT = 48 * 2**20
"""So many bytes all chunks may have: readers, Pillow among them, refuse pictures with far more."""
_MOST_NOTES = 64
_LONGEST_NAME = 79
_OURS = frozenset({"prompt", "blockloom"})


@dataclass(frozen=True, slots=True)
class PictureOrigin:
    """How a picture was made; ``graph_json`` is the content of a graph file."""

    graph_json: dict[str, Json]
    seed: int | None = None
    node_id: str = ""


def check_notes(notes: Mapping[str, Json]) -> None:
    """Raise UsageError for notes that cannot be written into a PNG, or that are too large."""
    if len(notes) > _MOST_NOTES:
        raise UsageError(
            f"There are {len(notes)} notes to be written into pictures; {_MOST_NOTES} are allowed.",
            remedy='Put them together under one name, such as "workflow".',
        )
    for name in notes:
        if not _is_chunk_name(name):
            raise UsageError(
                f"A note in a picture cannot have the name {name[:100]!r}.",
                remedy=f"Use at most {_LONGEST_NAME} letters that Latin-1 has, no spaces around.",
            )
    size = sum(len(json.dumps(value)) for value in notes.values())
    if size > NOTES_LIMIT:
        raise UsageError(
            f"The notes to be written into pictures have {size / 2**20:.1f} MB; "
            f"{NOTES_LIMIT // 2**20} MB are allowed.",
            remedy="Keep pictures out of the workflow: let it name files instead.",
        )


def png_metadata(
    graph_json: Mapping[str, Json],
    seed: int | None,
    node_id: str,
    notes: Mapping[str, Json] | None = None,
) -> PngInfo:
    """The text chunks for Pillow's ``save(pnginfo=…)``; see :func:`origin_texts`."""
    chunks = PngInfo()
    for name, text in origin_texts(graph_json, seed, node_id, notes).items():
        chunks.add_text(name, text)
    return chunks


def origin_texts(
    graph_json: Mapping[str, Json],
    seed: int | None,
    node_id: str,
    notes: Mapping[str, Json] | None = None,
) -> dict[str, str]:
    """What is written into a file that a graph made, text by name.

    ``notes`` cannot take the place of our own chunks. What would make all of them larger than
    ``CHUNKS_LIMIT`` is left out, and named in ``blockloom`` under ``left_out``.
    """
    about: dict[str, Json] = {
        "version": _VERSION,
        "seed": seed,
        "node": node_id,
        "extra": graph_json.get("extra", {}),
    }
    others = {name: value for name, value in (notes or {}).items() if name not in _OURS}
    texts, left_out = _within_limit({"prompt": graph_json.get("prompt", {}), **others})
    if left_out:
        about["left_out"] = left_out
    return {**texts, "blockloom": json.dumps(about)}


def _within_limit(values: Mapping[str, Json]) -> tuple[dict[str, str], list[Json]]:
    texts: dict[str, str] = {}
    left_out: list[Json] = []
    room = CHUNKS_LIMIT
    for name, value in values.items():
        text = json.dumps(value)
        if len(text) > room or not _is_chunk_name(name):
            left_out.append(name)
        else:
            texts[name] = text
            room -= len(text)
    return texts, left_out


def _is_chunk_name(name: str) -> bool:
    """Whether PNG has room for the name: Latin-1, printable, no space at its ends."""
    is_latin = all(" " <= char <= "~" or "\xa1" <= char <= "\xff" for char in name)
    return is_latin and 0 < len(name) <= _LONGEST_NAME and name == name.strip()


def read_png_origin(path: Path) -> PictureOrigin:
    """How the picture at ``path`` was made; one saved by ComfyUI has no seed of its own.

    Raises ``NotFoundError`` where the picture does not say, ``UsageError`` for what is no PNG.
    """
    try:
        with PIL.Image.open(path, formats=("PNG",)) as picture:
            chunks = dict(getattr(picture, "text", {}))
    except FileNotFoundError as error:
        raise NotFoundError(f"There is no file {path}.") from error
    except (OSError, ValueError, SyntaxError) as error:
        raise UsageError(f'"{path.name}" is not a PNG picture that can be read.') from error
    origin = origin_in(chunks)
    if origin is None:
        raise NotFoundError(
            f'The picture "{path.name}" does not say how it was made.',
            remedy="Pictures lose that when they are edited or sent through a messenger.",
        )
    return origin


def origin_in(texts: Mapping[str, str]) -> PictureOrigin | None:
    """How a file was made, by the texts in it; None where they do not say."""
    prompt = _object(texts.get("prompt"))
    if prompt is None:
        return None
    about = _object(texts.get("blockloom")) or {}
    seed, node_id, extra = about.get("seed"), about.get("node"), about.get("extra")
    graph_json: dict[str, Json] = {"prompt": prompt}
    graph_json["extra"] = extra if isinstance(extra, dict) else {}
    return PictureOrigin(
        graph_json=with_places(graph_json, _object(texts.get("workflow"))),
        seed=seed if isinstance(seed, int) else None,
        node_id=node_id if isinstance(node_id, str) else "",
    )


def _object(text: str | None) -> dict[str, Json] | None:
    """The JSON object in a chunk; None where there is none."""
    try:
        value = json.loads(text) if text else None
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None
