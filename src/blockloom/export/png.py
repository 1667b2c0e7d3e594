"""The graph and the seed inside a PNG: a picture that knows how it was made.

Two text chunks: ``prompt`` is the graph in ComfyUI's API format, which other tools read too;
``blockloom`` is a JSON object with ``version`` (of this format), ``seed``, ``node`` (the id of the
node that saved it) and ``extra`` (groups, notes and the viewport of the graph file).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import PIL.Image
from PIL.PngImagePlugin import PngInfo

from blockloom.errors import NotFoundError, UsageError
from blockloom.graph.model import Json

_VERSION = 1


@dataclass(frozen=True, slots=True)
class PictureOrigin:
    """How a picture was made; ``graph_json`` is the content of a graph file."""

    graph_json: dict[str, Json]
    seed: int | None = None
    node_id: str = ""


def png_metadata(graph_json: Mapping[str, Json], seed: int | None, node_id: str) -> PngInfo:
    """The text chunks for Pillow's ``save(pnginfo=…)``."""
    prompt = graph_json.get("prompt", {})
    about = {
        "version": _VERSION,
        "seed": seed,
        "node": node_id,
        "extra": graph_json.get("extra", {}),
    }
    chunks = PngInfo()
    chunks.add_text("prompt", json.dumps(prompt))
    chunks.add_text("blockloom", json.dumps(about))
    return chunks


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
    prompt = _object(chunks.get("prompt"))
    if prompt is None:
        raise NotFoundError(
            f'The picture "{path.name}" does not say how it was made.',
            remedy="Pictures lose that when they are edited or sent through a messenger.",
        )
    about = _object(chunks.get("blockloom")) or {}
    seed, node_id, extra = about.get("seed"), about.get("node"), about.get("extra")
    graph_json: dict[str, Json] = {"prompt": prompt}
    graph_json["extra"] = extra if isinstance(extra, dict) else {}
    return PictureOrigin(
        graph_json=graph_json,
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
