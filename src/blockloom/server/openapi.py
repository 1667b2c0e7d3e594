"""``/blockloom/openapi.json``: every route, drawn from the routes themselves."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable

from aiohttp import web

from blockloom import __version__
from blockloom.graph.model import Json
from blockloom.server.bodies import json_response

JsonObject = dict[str, Json]

_QUERIES: dict[str, tuple[tuple[str, str], ...]] = {
    "get_history": (("max_items", "integer"), ("offset", "integer")),
    "get_jobs": (
        ("status", "string"),
        ("text", "string"),
        ("model", "string"),
        ("group", "string"),
        ("workflow_id", "string"),
        ("sort_by", "string"),
        ("sort_order", "string"),
        ("limit", "integer"),
        ("offset", "integer"),
    ),
    "get_view": (
        ("filename", "string"),
        ("type", "string"),
        ("subfolder", "string"),
        ("preview", "string"),
        ("channel", "string"),
        ("size", "integer"),
    ),
    "get_template": (("model", "string"), ("leaf", "boolean")),
    "get_value": (("form", "string"), ("step", "integer"), ("side", "string")),
    "get_statistics": (("step", "integer"), ("side", "string"), ("per_channel", "boolean")),
    "get_thumbnail": (("step", "integer"), ("side", "string"), ("size", "integer")),
    "get_node_types": (("query", "string"),),
    "list_files": (
        ("dir", "string"),
        ("recurse", "boolean"),
        ("split", "boolean"),
        ("full_info", "boolean"),
    ),
    "list_entries": (("path", "string"),),
    "get_ws": (("clientId", "string"),),
}
_FORMS = frozenset({"post_image", "post_mask"})
_BINARY = frozenset({"put_file"})
_ERROR: JsonObject = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["type", "message", "details"],
            "properties": {
                "type": {"type": "string"},
                "message": {"type": "string"},
                "details": {"type": "string"},
                "remedy": {"type": "string"},
                "problems": {"type": "array", "items": {"type": "object"}},
                "extra_info": {"type": "object"},
            },
        },
        "node_errors": {"type": "object"},
    },
}


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
            "schemas": {"Error": _ERROR},
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
        "security": [{}, {"token": []}],
    }


def _operation(route: web.RouteDef) -> JsonObject:
    handler: Callable[..., object] = route.handler
    text = inspect.getdoc(handler) or ""
    summary, _, more = text.partition("\n\n")
    parameters: list[Json] = [
        _parameter(name, "path", "string") for name in re.findall(r"\{(\w+)", route.path)
    ]
    parameters += [
        _parameter(name, "query", kind) for name, kind in _QUERIES.get(handler.__name__, ())
    ]
    error: JsonObject = {
        "description": "What is wrong, and what to do about it.",
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}},
    }
    operation: JsonObject = {
        "operationId": f"{route.method.lower()}{re.sub(r'[^a-zA-Z0-9]+', '_', route.path)}",
        "summary": " ".join(summary.split()),
        "tags": ["Blockloom" if route.path.startswith("/blockloom") else "ComfyUI"],
        "parameters": parameters,
        "responses": {"200": {"description": "The answer."}, "4XX": error, "5XX": error},
    }
    if more:
        operation["description"] = more
    if route.method in ("POST", "PUT"):
        operation["requestBody"] = {"content": {_body_kind(handler.__name__): {}}}
    return operation


def _body_kind(name: str) -> str:
    if name in _FORMS:
        return "multipart/form-data"
    return "application/octet-stream" if name in _BINARY else "application/json"


def _parameter(name: str, place: str, kind: str) -> JsonObject:
    found: JsonObject = {"name": name, "in": place, "schema": {"type": kind}}
    return {**found, "required": True} if place == "path" else found


DOCUMENT: web.AppKey[JsonObject] = web.AppKey("openapi", dict)


async def get_openapi(request: web.Request) -> web.Response:
    """This description."""
    return json_response(request.app[DOCUMENT])


def add_routes(routes: list[web.RouteDef]) -> None:
    """Under ``/blockloom``."""
    routes.append(web.get("/blockloom/openapi.json", get_openapi))
