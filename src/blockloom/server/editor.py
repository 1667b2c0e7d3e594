"""The editor's page and files, as they were built; where there are none, how to build them."""

from __future__ import annotations

import asyncio
import html
import mimetypes
from dataclasses import dataclass, field
from pathlib import Path

from aiohttp import web

from blockloom.errors import NotFoundError
from blockloom.resources import editor_folder
from blockloom.server.keys import CONFIG
from blockloom.server.packed import Packed, pack, packed_response
from blockloom.server.places import inside

# Said here, as what a system guesses depends on what is installed there.
_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json; charset=utf-8",
    ".svg": "image/svg+xml; charset=utf-8",
    ".wasm": "application/wasm",
    ".woff2": "font/woff2",
}
_PACKABLE = frozenset({".css", ".html", ".js", ".json", ".svg", ".wasm"})
_MISSING = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Blockloom</title>
<style>
  body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 40rem; margin: 4rem auto;
         padding: 0 1rem; color-scheme: light dark; }}
</style>
<h1>The editor is not here</h1>
<p>{message} {remedy}</p>
<p>The server is up all the same, and takes graphs at <code>/prompt</code>.</p>
</html>
"""


@dataclass(slots=True)
class EditorFiles:
    """The files that were sent, as they are sent; read again where they changed."""

    _kept: dict[Path, tuple[tuple[int, int], Packed]] = field(default_factory=dict)

    def read(self, path: Path) -> Packed:
        """A file ready to be sent; raises HTTPNotFound where there is none."""
        try:
            if not path.is_file():
                raise web.HTTPNotFound
            stat = path.stat()
            version = (stat.st_mtime_ns, stat.st_size)
            kept = self._kept.get(path)
            if kept is not None and kept[0] == version:
                return kept[1]
            suffix = path.suffix.lower()
            packed = pack(path.read_bytes(), _type_of(path), is_packable=suffix in _PACKABLE)
        except FileNotFoundError as error:
            raise web.HTTPNotFound from error
        self._kept[path] = (version, packed)
        return packed


def _type_of(path: Path) -> str:
    known = _TYPES.get(path.suffix.lower())
    return known or mimetypes.guess_type(path.name)[0] or "application/octet-stream"


EDITOR_FILES: web.AppKey[EditorFiles] = web.AppKey("editor_files", EditorFiles)


async def get_page(request: web.Request) -> web.Response:
    """The editor."""
    try:
        folder = _folder(request)
    except NotFoundError as error:
        text = _MISSING.format(
            message=html.escape(error.message), remedy=html.escape(error.remedy or "")
        )
        headers = {"Cache-Control": "no-store"}
        return web.Response(text=text, content_type="text/html", headers=headers)
    return await _file_response(request, folder / "index.html")


async def get_asset(request: web.Request) -> web.Response:
    """A file of the editor's."""
    folder = _folder(request) / "assets"
    path = await asyncio.to_thread(inside, folder, request.match_info["path"])
    return await _file_response(request, path)


def _folder(request: web.Request) -> Path:
    return request.app[CONFIG].editor or editor_folder()


async def _file_response(request: web.Request, path: Path) -> web.Response:
    packed = await asyncio.to_thread(request.app[EDITOR_FILES].read, path)
    return packed_response(request, packed)


def add_routes(routes: list[web.RouteDef]) -> None:
    """``GET /`` and ``/assets``."""
    routes.append(web.get("/", get_page))
    routes.append(web.get("/assets/{path:.+}", get_asset))
