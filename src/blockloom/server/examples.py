"""``/blockloom/examples``: the graphs that come with Blockloom."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

from blockloom.errors import NotFoundError
from blockloom.server.bodies import json_response
from blockloom.server.keys import CONFIG


@dataclass(frozen=True, slots=True)
class Example:
    """An example graph, and what its file says about it under ``extra.example``."""

    path: Path
    title: str
    description: str
    order: int


def read_examples(folder: Path | None) -> list[Example]:
    """The examples in a folder, those first that are best looked at first."""
    paths = [] if folder is None else sorted(folder.glob("*.json"))
    return sorted((_read(path) for path in paths), key=lambda found: (found.order, found.path.stem))


def _read(path: Path) -> Example:
    about = json.loads(path.read_text("utf-8")).get("extra", {}).get("example", {})
    return Example(
        path,
        title=str(about.get("title", path.stem.replace("_", " "))),
        description=str(about.get("description", "")),
        order=int(about.get("order", 1000)),
    )


async def get_examples(request: web.Request) -> web.Response:
    """All examples: name, title and what each of them shows."""
    found = await asyncio.to_thread(read_examples, request.app[CONFIG].folders.examples)
    return json_response(
        [
            {"name": item.path.stem, "title": item.title, "description": item.description}
            for item in found
        ]
    )


async def get_example(request: web.Request) -> web.Response:
    """An example's graph file; the pictures it loads are found when it is run."""
    found = await asyncio.to_thread(read_examples, request.app[CONFIG].folders.examples)
    paths = {item.path.stem: item.path for item in found}
    path = paths.get(request.match_info["name"])
    if path is None:
        raise NotFoundError(
            "There is no example of that name.", remedy="GET /blockloom/examples lists them all."
        )
    body = await asyncio.to_thread(path.read_bytes)
    headers = {"Cache-Control": "no-cache"}
    return web.Response(body=body, headers=headers, content_type="application/json")


def add_routes(routes: list[web.RouteDef]) -> None:
    """Under ``/blockloom``."""
    routes.append(web.get("/blockloom/examples", get_examples))
    routes.append(web.get("/blockloom/examples/{name}", get_example))
