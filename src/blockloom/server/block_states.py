"""Block states: what a node read and wrote, and single values, asked of the worker that knows."""

from __future__ import annotations

import re

from aiohttp import web

from blockloom.errors import UsageError
from blockloom.graph.model import Json
from blockloom.server.bodies import json_response
from blockloom.server.history import is_asked_for, number_in
from blockloom.server.keys import BACKEND

_SIDES = ("read", "written")
_FORMS = ("png", "json", "npy", "safetensors", "mp4", "webm", "wav")
_SHOWN = frozenset({"png", "json", "mp4", "webm", "wav"})
_FASTEST = 384_000
_NAMED_BY = ("node_id", "name")
_NO_FILE_NAME = re.compile(r"[^\w.-]+", re.ASCII)


async def get_block_state(request: web.Request) -> web.Response:
    """What a node of a job read, wrote and changed, each value with a summary."""
    return await _json_answer(request, "block_state", _place(request))


async def get_block_states(request: web.Request) -> web.Response:
    """The block states of all nodes of a job that have run so far, or were kept."""
    return await _json_answer(request, "block_states", {})


async def get_state(request: web.Request) -> web.Response:
    """Every value on the main wire behind a node, with who wrote it."""
    return await _json_answer(request, "state", _place(request))


async def get_steps(request: web.Request) -> web.Response:
    """The values that were new after each step of a node's loop."""
    return await _json_answer(request, "steps", _place(request))


async def get_statistics(request: web.Request) -> web.Response:
    """Numbers about the numbers of a value: least, greatest, mean, histogram …"""
    arguments = _value_place(request)
    arguments["per_channel"] = is_asked_for(request, "per_channel")
    return await _json_answer(request, "statistics", arguments)


async def get_thumbnail(request: web.Request) -> web.Response:
    """A small picture of a value."""
    arguments = _value_place(request)
    size = number_in(request, "size")
    if size is not None:
        arguments["size"] = size
    return await _file_answer(request, "thumbnail", arguments, "png")


async def get_value(request: web.Request) -> web.Response:
    """A value as a file: ``form`` is png, json, npy, safetensors, mp4, webm or wav."""
    form = request.query.get("form", "json")
    if form not in _FORMS:
        raise UsageError(f'"form" has to be one of {", ".join(_FORMS)}.')
    arguments = {**_value_place(request), "form": form, "rate": _rate_in(request)}
    return await _file_answer(request, "value", arguments, form)


def _rate_in(request: web.Request) -> float:
    """Frames or samples a second of what carries no rate; 0 where the query does not say."""
    try:
        rate = float(request.query.get("rate", "0"))
    except ValueError:
        rate = -1.0
    if not 0 <= rate <= _FASTEST:
        raise UsageError(f'"rate" has to be a number from 0 to {_FASTEST}.')
    return rate


def _place(request: web.Request) -> dict[str, Json]:
    return {"node_id": request.match_info["node_id"]}


def _value_place(request: web.Request) -> dict[str, Json]:
    arguments: dict[str, Json] = {**_place(request), "name": request.match_info["name"]}
    step = number_in(request, "step")
    if step is not None:
        arguments["step"] = step
    side = request.query.get("side")
    if side is not None:
        if side not in _SIDES:
            raise UsageError(f'"side" has to be one of {", ".join(_SIDES)}.')
        arguments["side"] = side
    items = request.query.getall("item", [])
    if items:
        arguments["items"] = [*items]
    return arguments


async def _json_answer(request: web.Request, what: str, arguments: dict[str, Json]) -> web.Response:
    job_id = request.match_info["job_id"]
    answer = await request.app[BACKEND].ask(job_id, what, arguments)
    return json_response(answer.content)


async def _file_answer(
    request: web.Request, what: str, arguments: dict[str, Json], form: str
) -> web.Response:
    answer = await request.app[BACKEND].ask(request.match_info["job_id"], what, arguments)
    headers = {"Content-Security-Policy": "sandbox; default-src 'none'"}
    if form not in _SHOWN:
        name = _NO_FILE_NAME.sub("-", "_".join(request.match_info[part] for part in _NAMED_BY))
        headers["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    kind = answer.content_type or "application/octet-stream"
    return web.Response(body=answer.blob, headers={**headers, "Content-Type": kind})


def add_routes(routes: list[web.RouteDef]) -> None:
    """Under ``/blockloom``."""
    routes.append(web.get("/blockloom/block_state/{job_id}/{node_id}", get_block_state))
    routes.append(web.get("/blockloom/block_state/{job_id}/{node_id}/{name}", get_value))
    routes.append(web.get("/blockloom/block_states/{job_id}", get_block_states))
    routes.append(web.get("/blockloom/state/{job_id}/{node_id}", get_state))
    routes.append(web.get("/blockloom/steps/{job_id}/{node_id}", get_steps))
    routes.append(web.get("/blockloom/statistics/{job_id}/{node_id}/{name}", get_statistics))
    routes.append(web.get("/blockloom/thumbnail/{job_id}/{node_id}/{name}", get_thumbnail))
