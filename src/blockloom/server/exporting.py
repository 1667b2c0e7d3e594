"""``/blockloom/export`` and ``/blockloom/import``: graphs in the formats of other programs."""

from __future__ import annotations

import asyncio

from aiohttp import web

from blockloom.errors import UsageError
from blockloom.export.comfyui import export_to_comfyui
from blockloom.export.comfyui_marks import with_places
from blockloom.export.comfyui_read import read_any
from blockloom.graph.check_json import problem_json
from blockloom.graph.file import graph_to_json, read_graph
from blockloom.graph.model import Json
from blockloom.graph.node_types import NodeTypes
from blockloom.server.bodies import json_response, read_object
from blockloom.server.keys import catalogue_of

TARGETS = ("comfyui",)


async def post_export(request: web.Request) -> web.Response:
    """A graph for another program; ``to`` says which one: "comfyui".

    ``workflow`` is what ComfyUI's editor opens, ``prompt`` what its server takes, and ``problems``
    are warnings about what comes out otherwise there.
    """
    catalogue = await catalogue_of(request)
    body = await read_object(request)
    if "graph" not in body or body.get("to") not in TARGETS:
        raise UsageError('Send {"graph": a graph file, "to": "comfyui"}.')
    return json_response(await asyncio.to_thread(_exported, body["graph"], catalogue))


def _exported(graph: Json, types: NodeTypes) -> dict[str, Json]:
    found = export_to_comfyui(read_graph(graph), types)
    problems: list[Json] = [problem_json(problem) for problem in found.problems]
    return {"workflow": found.workflow, "prompt": found.prompt, "problems": problems}


async def post_import(request: web.Request) -> web.Response:
    """What ComfyUI saved, as a graph file: a workflow of its editor, or its API format.

    Where ``workflow`` is sent beside a graph in API format, as ComfyUI's pictures carry both, the
    places of the nodes, the groups and the notes are taken from there.
    """
    catalogue = await catalogue_of(request)
    body = await read_object(request)
    if "graph" not in body:
        raise UsageError('Send {"graph": what ComfyUI saved, "workflow": beside API format}.')
    found = await asyncio.to_thread(_imported, body["graph"], body.get("workflow"), catalogue)
    return json_response(found)


def _imported(graph: Json, workflow: Json, types: NodeTypes) -> dict[str, Json]:
    return with_places(graph_to_json(read_any(graph, types)), workflow)


def add_routes(routes: list[web.RouteDef]) -> None:
    """Under ``/blockloom``."""
    routes.append(web.post("/blockloom/export", post_export))
    routes.append(web.post("/blockloom/import", post_import))
