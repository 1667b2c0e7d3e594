"""``/blockloom/expand``: a composite node of a graph opened into the blocks inside it."""

from __future__ import annotations

import asyncio

from aiohttp import web

from blockloom.errors import UsageError
from blockloom.graph.expand import Expansion, expand
from blockloom.graph.file import graph_to_json, read_graph
from blockloom.graph.model import Json
from blockloom.graph.node_types import NodeTypes
from blockloom.server.bodies import json_response, read_object
from blockloom.server.keys import catalogue_of


async def post_expand(request: web.Request) -> web.Response:
    """A graph in which a node is replaced by the blocks inside it.

    Beside the graph ``nodes`` has the ids of what stands in its place, ``reason`` says why nothing
    does where the node does nothing in this graph.
    """
    catalogue = await catalogue_of(request)
    body = await read_object(request)
    node_id = body.get("node")
    if not isinstance(node_id, str) or "graph" not in body:
        raise UsageError('Send {"graph": a graph file, "node": the id of one of its nodes}.')
    found = await asyncio.to_thread(_expand, body["graph"], node_id, catalogue)
    nodes: list[Json] = [*found.node_ids]
    return json_response({**graph_to_json(found.graph), "nodes": nodes, "reason": found.reason})


def _expand(graph: Json, node_id: str, types: NodeTypes) -> Expansion:
    return expand(read_graph(graph), node_id, types)


def add_routes(routes: list[web.RouteDef]) -> None:
    """Under ``/blockloom``."""
    routes.append(web.post("/blockloom/expand", post_expand))
