"""Graphs that are not run yet: templates, and checking one with all that is known of it."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from aiohttp import web

from blockloom.catalogue.as_json import to_json
from blockloom.catalogue.search import search
from blockloom.catalogue.templates import make_template
from blockloom.errors import NotFoundError
from blockloom.graph.check import CheckReport, check_graph
from blockloom.graph.check_json import report_json
from blockloom.graph.file import graph_to_json, read_graph
from blockloom.graph.model import Graph, Json
from blockloom.server.bodies import json_response, read_object
from blockloom.server.history import is_asked_for
from blockloom.server.keys import BACKEND, CONFIG, catalogue_of
from blockloom.server.outside import outside_of
from blockloom.server.queue import ids_in
from blockloom.server.whole_catalogue import pipeline_json

_MOST_FOUND = 200
_MOST_TOLD = 1000


async def get_templates(request: web.Request) -> web.Response:
    """All pipelines with their workflows."""
    catalogue = await catalogue_of(request)
    found = [pipeline_json(entry) for entry in catalogue.pipelines.values()]
    return json_response({"templates": found})


async def get_template(request: web.Request) -> web.Response:
    """A pipeline's workflow as a graph; ``leaf=true`` for its smallest blocks."""
    catalogue = await catalogue_of(request)
    pipeline, name = request.match_info["pipeline"], request.match_info["workflow"]
    entry = catalogue.pipelines.get(pipeline)
    workflow = entry.workflow(name) if entry is not None else None
    if entry is None or workflow is None:
        raise NotFoundError(
            "There is no template of that name.", remedy="GET /blockloom/templates lists them all."
        )
    graph = make_template(
        entry,
        workflow,
        catalogue,
        model=request.query.get("model", ""),
        leaf=is_asked_for(request, "leaf"),
    )
    return json_response(graph_to_json(graph))


async def post_check(request: web.Request) -> web.Response:
    """Everything known of a graph before it runs.

    Problems, the source of every input, the branch each conditional takes, and under ``plan``
    which nodes would run and which are kept (null while no worker is ready to tell).
    """
    catalogue = await catalogue_of(request)
    body = await read_object(request)
    targets = ids_in(body, "targets")
    graph = await asyncio.to_thread(
        read_graph, {key: value for key, value in body.items() if key != "targets"}
    )
    report = await asyncio.to_thread(check_graph, graph, catalogue, targets)
    outside = outside_of(request.app[CONFIG].folders)
    refused = await asyncio.to_thread(
        lambda: tuple(outside.problems(graph, catalogue, report.order))
    )
    report = replace(report, problems=(*report.problems, *refused))
    found = await asyncio.to_thread(_told, graph, report)
    found["plan"] = None
    if not report.errors:
        found["plan"] = await request.app[BACKEND].plan(graph_to_json(graph), targets)
    return await asyncio.to_thread(json_response, found)


def _told(graph: Graph, report: CheckReport) -> dict[str, Json]:
    """A report for a client; of very many problems only the first, errors before warnings."""
    if len(report.problems) > _MOST_TOLD:
        problems = sorted(report.problems, key=lambda problem: problem.is_warning)
        report = replace(report, problems=tuple(problems[:_MOST_TOLD]))
    return report_json(graph, report)


async def get_node_types(request: web.Request) -> web.Response:
    """Node types with all their sockets: those that fit ``query``, best first."""
    catalogue = await catalogue_of(request)
    query = request.query.get("query", "")
    if not query:
        ids: list[Json] = [*catalogue.types]
        return json_response({"ids": ids})
    found = await asyncio.to_thread(search, catalogue.types.values(), query[:200])
    return json_response({"node_types": [to_json(item) for item in found[:_MOST_FOUND]]})


async def get_node_type(request: web.Request) -> web.Response:
    """One node type with all its sockets; fields that are as default are left out."""
    catalogue = await catalogue_of(request)
    node_type = catalogue.get(request.match_info["type_id"])
    if node_type is None:
        raise NotFoundError("There is no node type of that name.")
    return json_response(to_json(node_type))


def add_routes(routes: list[web.RouteDef]) -> None:
    """Under ``/blockloom``."""
    routes.append(web.get("/blockloom/templates", get_templates))
    routes.append(web.get("/blockloom/templates/{pipeline}/{workflow}", get_template))
    routes.append(web.post("/blockloom/check", post_check))
    routes.append(web.get("/blockloom/node_types", get_node_types))
    routes.append(web.get("/blockloom/node_types/{type_id}", get_node_type))
