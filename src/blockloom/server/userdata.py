"""``/userdata`` and ``/settings``: what an editor keeps for its user."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

from aiohttp import web

from blockloom.errors import NotFoundError, UsageError, storage_error
from blockloom.graph.model import Json
from blockloom.server.bodies import json_response, parse_body, read_json, read_object
from blockloom.server.failures import error_response
from blockloom.server.keys import CONFIG, CROWD
from blockloom.server.places import inside, write_whole
from blockloom.server.view import content_type_of

_MOST_FILES = 10_000
_SETTINGS = ".settings.json"
_MOST_SETTINGS = 4 * 1024 * 1024

SETTINGS_LOCK: web.AppKey[asyncio.Lock] = web.AppKey("settings_lock", asyncio.Lock)


def _root(request: web.Request) -> Path:
    return request.app[CONFIG].folders.user


def _path(request: web.Request, name: str) -> Path:
    path = inside(_root(request), name)
    if path == _root(request).resolve() or path.name.startswith(".") or not path.name:
        raise web.HTTPForbidden
    return path


async def list_files(request: web.Request) -> web.Response:
    """The files of a folder: names, or with ``full_info`` sizes and times, too."""
    query = request.query
    if not query.get("dir"):
        raise UsageError('"dir" has to name a folder.')
    folder = inside(_root(request), query["dir"])
    if not folder.is_dir():
        raise NotFoundError("There is no folder of that name.")
    is_deep = query.get("recurse", "").lower() == "true"
    paths = await asyncio.to_thread(lambda: list(_files(folder, is_deep)))
    if query.get("full_info", "").lower() == "true":
        return json_response([_info(path, folder) for path in paths])
    names: list[Json] = [path.relative_to(folder).as_posix() for path in paths]
    if query.get("split", "").lower() == "true":
        return json_response([[name, *str(name).split("/")] for name in names])
    return json_response(names)


async def list_entries(request: web.Request) -> web.Response:
    """The files and folders in a folder, with their kind."""
    folder = inside(_root(request), request.query.get("path", ""))
    if not folder.is_dir():
        raise NotFoundError("There is no folder of that name.")
    found: list[Json] = []
    for path in sorted(folder.iterdir()):
        if path.name.startswith(".") or path.is_symlink():
            continue
        relative = path.relative_to(_root(request).resolve()).as_posix()
        is_folder = path.is_dir()
        entry: dict[str, Json] = {"name": path.name, "path": relative}
        entry["type"] = "directory" if is_folder else "file"
        if not is_folder:
            entry["size"], entry["modified"] = path.stat().st_size, path.stat().st_mtime
        found.append(entry)
    return json_response(found[:_MOST_FILES])


def _files(folder: Path, is_deep: bool) -> Iterator[Path]:
    waiting, count = [folder], 0
    while waiting:
        for path in sorted(waiting.pop().iterdir()):
            if path.name.startswith(".") or path.is_symlink():
                continue
            if path.is_dir():
                waiting += [path] if is_deep else []
            elif count < _MOST_FILES:
                count += 1
                yield path


def _info(path: Path, folder: Path) -> Json:
    stat = path.stat()
    return {
        "path": path.relative_to(folder).as_posix(),
        "size": stat.st_size,
        "modified": stat.st_mtime,
        "created": stat.st_ctime,
    }


async def get_file(request: web.Request) -> web.StreamResponse:
    """A file; it is never shown as a page."""
    path = _path(request, request.match_info["file"])
    if not path.is_file():
        raise web.HTTPNotFound
    response = web.FileResponse(path, headers={"Content-Security-Policy": "sandbox"})
    response.content_type = content_type_of(path)
    return response


async def put_file(request: web.Request) -> web.Response:
    """Write a file; ``overwrite=false`` refuses to replace one."""
    path = _path(request, request.match_info["file"])
    if request.query.get("overwrite", "").lower() == "false" and path.exists():
        return _is_there()
    data = await request.app[CROWD].body(request)
    await asyncio.to_thread(_write, path, data)
    return _written(request, path)


async def move_file(request: web.Request) -> web.Response:
    """Give a file another name."""
    source = _path(request, request.match_info["file"])
    target = _path(request, request.match_info["target"])
    if not source.is_file():
        raise web.HTTPNotFound
    if request.query.get("overwrite", "").lower() == "false" and target.exists():
        return _is_there()
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        source.replace(target)
    except OSError as error:
        raise storage_error("The file cannot be moved", error) from error
    return _written(request, target)


def _is_there() -> web.Response:
    message = "There is a file of that name already."
    return error_response(409, "exists", message, remedy="Choose another name.")


def _write(path: Path, data: bytes) -> None:
    try:
        write_whole(path, data)
    except OSError as error:
        raise storage_error("The file cannot be written", error) from error


def _written(request: web.Request, path: Path) -> web.Response:
    root = _root(request).resolve()
    if request.query.get("full_info", "").lower() == "true":
        return json_response(_info(path, root))
    return json_response(path.relative_to(root).as_posix())


async def delete_file(request: web.Request) -> web.Response:
    """Remove a file."""
    path = _path(request, request.match_info["file"])
    if not path.is_file():
        raise web.HTTPNotFound
    path.unlink()
    return web.Response(status=204)


async def get_settings(request: web.Request) -> web.Response:
    """All settings."""
    return json_response(_read_settings(request))


async def get_setting(request: web.Request) -> web.Response:
    """One setting, null where it was never made."""
    return json_response(_read_settings(request).get(request.match_info["name"]))


async def post_settings(request: web.Request) -> web.Response:
    """Change some settings."""
    await _change_settings(request, await read_object(request))
    return web.Response()


async def post_setting(request: web.Request) -> web.Response:
    """Change one setting."""
    await _change_settings(request, {request.match_info["name"]: await read_json(request)})
    return web.Response()


def _read_settings(request: web.Request) -> dict[str, Json]:
    path = _root(request) / _SETTINGS
    try:
        found = parse_body(path.read_bytes())
    except (FileNotFoundError, UsageError):
        return {}
    return found if isinstance(found, dict) else {}


async def _change_settings(request: web.Request, changes: dict[str, Json]) -> None:
    async with request.app[SETTINGS_LOCK]:
        text = json.dumps({**_read_settings(request), **changes}, indent=1)
        if len(text) > _MOST_SETTINGS:
            raise UsageError("The settings are too large.")
        await asyncio.to_thread(_write, _root(request) / _SETTINGS, text.encode())


async def get_users(request: web.Request) -> web.Response:
    """There is one user, whose things are kept here."""
    return json_response({"storage": "server", "migrated": True})


def add_routes(routes: list[web.RouteDef]) -> None:
    """What an editor keeps."""
    routes.append(web.get("/users", get_users))
    routes.append(web.get("/settings", get_settings))
    routes.append(web.post("/settings", post_settings))
    routes.append(web.get("/settings/{name}", get_setting))
    routes.append(web.post("/settings/{name}", post_setting))
    routes.append(web.get("/userdata", list_files))
    routes.append(web.get("/v2/userdata", list_entries))
    routes.append(web.get("/userdata/{file}", get_file))
    routes.append(web.post("/userdata/{file}", put_file))
    routes.append(web.delete("/userdata/{file}", delete_file))
    routes.append(web.post("/userdata/{file}/move/{target}", move_file))
