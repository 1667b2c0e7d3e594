"""Models that are on this machine already, found without loading anything."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from pathlib import Path

from aiohttp import web

from blockloom.graph.model import Json
from blockloom.model_places import DEMO, ModelPlaces
from blockloom.server.bodies import json_response
from blockloom.server.keys import CONFIG

_INDEXES = ("modular_model_index.json", "model_index.json", "config.json")
_MOST = 2000


async def get_models(request: web.Request) -> web.Response:
    """Names that Load Pipeline takes and that need no download."""
    places = request.app[CONFIG].folders.model_places
    return json_response({"models": await asyncio.to_thread(lambda: list(_models(places)))})


def _models(places: ModelPlaces) -> Iterator[Json]:
    yield {"name": DEMO, "kind": "pipeline", "source": "built in"}
    seen = {DEMO}
    for root in places.folders:
        for path, kind in _folders(root):
            name = path.relative_to(root).as_posix()
            # Of two folders of one name the first is meant, and a link out of them is none.
            if name not in seen and places.find_folder(name) is not None:
                seen.add(name)
                yield {"name": name, "kind": kind, "source": "models folder"}
    hub = _hub_folder()
    for repository in sorted(hub.glob("models--*"))[:_MOST] if hub.is_dir() else ():
        name = "/".join(repository.name.split("--")[1:])
        kind = next(filter(None, map(_kind_of, sorted(repository.glob("snapshots/*")))), "")
        if kind:
            yield {"name": name, "kind": kind, "source": "Hugging Face cache"}


def _folders(root: Path) -> Iterator[tuple[Path, str]]:
    """Model folders in a folder, and in the folders in it."""
    count = 0
    waiting = [(root, 0)]
    while waiting and count < _MOST:
        folder, depth = waiting.pop(0)
        for path in sorted(folder.iterdir()) if folder.is_dir() else ():
            if not path.is_dir() or path.name.startswith("."):
                continue
            kind = _kind_of(path)
            if kind:
                count += 1
                yield path, kind
            elif depth < 2:
                waiting.append((path, depth + 1))


def _kind_of(folder: Path) -> str:
    """ "pipeline" or "component", "" for a folder that holds no model."""
    for name in _INDEXES:
        if (folder / name).is_file():
            return "component" if name == "config.json" else "pipeline"
    return ""


def _hub_folder() -> Path:
    """Where the Hugging Face libraries keep what was downloaded."""
    if cache := os.environ.get("HF_HUB_CACHE"):
        return Path(cache).expanduser()
    home = os.environ.get("HF_HOME") or Path.home() / ".cache" / "huggingface"
    return Path(home).expanduser() / "hub"


def add_routes(routes: list[web.RouteDef]) -> None:
    """Under ``/blockloom``."""
    routes.append(web.get("/blockloom/models", get_models))
