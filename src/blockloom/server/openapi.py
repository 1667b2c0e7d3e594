"""``/blockloom/openapi.json``: every route, drawn from the routes themselves."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable

from aiohttp import web

from blockloom import __version__
from blockloom.graph.model import Json
from blockloom.server.bodies import json_response
from blockloom.server.openapi_shapes import (
    ANSWERS,
    BODIES,
    MORE_STATUSES,
    OTHER_STATUSES,
    QUERIES,
    SCHEMAS,
    TEXT,
    Schema,
    named,
)

JsonObject = dict[str, Json]


def describe_routes(routes: Iterable[web.RouteDef]) -> JsonObject:
    """All routes as an OpenAPI 3.1 document."""
    paths: dict[str, JsonObject] = {}
    for route in routes:
        path = paths.setdefault(re.sub(r"\{(\w+):[^}]*\}", r"{\1}", route.path), {})
        path[route.method.lower()] = _operation(route)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Blockloom",
            "version": __version__,
            "description": "ComfyUI's protocol, bare and under /api; Blockloom's own under "
            "/blockloom.",
        },
        "paths": {**paths},
        "components": {
            "schemas": {**SCHEMAS},
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
        "security": [{}, {"token": []}],
    }


def shape_name(handler: Callable[..., object]) -> str:
    """What a handler goes by in the tables of shapes: its module and its name."""
    return f"{handler.__module__.rpartition('.')[2]}.{handler.__name__}"


def _operation(route: web.RouteDef) -> JsonObject:
    handler: Callable[..., object] = route.handler
    name = shape_name(handler)
    text = inspect.getdoc(handler) or ""
    summary, _, more = text.partition("\n\n")
    parameters: list[Json] = [
        {"name": part, "in": "path", "schema": {**TEXT, "minLength": 1}, "required": True}
        for part in re.findall(r"\{(\w+)", route.path)
    ]
    parameters += [
        {"name": part, "in": "query", "schema": schema}
        for part, schema in QUERIES.get(name, {}).items()
    ]
    operation: JsonObject = {
        "operationId": f"{route.method.lower()}{re.sub(r'[^a-zA-Z0-9]+', '_', route.path)}",
        "summary": " ".join(summary.split()),
        "tags": ["Blockloom" if route.path.startswith("/blockloom") else "ComfyUI"],
        "parameters": parameters,
        "responses": _responses(name),
    }
    if more:
        operation["description"] = more
    if name in BODIES:
        kind, schema = BODIES[name]
        is_needed = "required" in schema
        operation["requestBody"] = {"content": {kind: {"schema": schema}}, "required": is_needed}
    return operation


def _responses(name: str) -> JsonObject:
    error: JsonObject = {
        "description": "What is wrong, and what to do about it.",
        "content": {"application/json": {"schema": named("Error")}},
    }
    others = OTHER_STATUSES.get(name)
    found: JsonObject = {} if others else {"200": _answer(ANSWERS.get(name))}
    for status, text in {**(others or {}), **MORE_STATUSES.get(name, {})}.items():
        found[status] = {"description": text}
    return {**found, "4XX": error, "5XX": error}


def _answer(shape: Schema | str | None) -> JsonObject:
    if shape is None:
        return {"description": "Done."}
    kind, schema = ("application/json", shape) if isinstance(shape, dict) else (shape, {})
    return {"description": "The answer.", "content": {kind: {"schema": schema}}}


DOCUMENT: web.AppKey[JsonObject] = web.AppKey("openapi", dict)


async def get_openapi(request: web.Request) -> web.Response:
    """This description."""
    return json_response(request.app[DOCUMENT])


def add_routes(routes: list[web.RouteDef]) -> None:
    """Under ``/blockloom``."""
    routes.append(web.get("/blockloom/openapi.json", get_openapi))
