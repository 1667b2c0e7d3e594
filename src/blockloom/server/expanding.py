"""``/blockloom/expand`` opens a composite node of a graph into the blocks inside it, and
``/blockloom/group`` puts a chain of blocks into one node."""

from __future__ import annotations

import asyncio

from aiohttp import web

from blockloom.errors import UsageError
from blockloom.graph.expand import Expansion, expand
from blockloom.graph.file import graph_to_json, read_graph
from blockloom.graph.group import Grouping, group
from blockloom.graph.model import Json
from blockloom.graph.node_types import NodeTypes
from blockloom.server.bodies import json_response, read_object
from blockloom.server.keys import catalogue_of
from blockloom.server.queue import ids_in


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


async def post_group(request: web.Request) -> web.Response:
    """A graph in which blocks that follow each other on the main wire are one node.

    Beside the graph ``node`` has the id of that node, which has the title.
    """
    catalogue = await catalogue_of(request)
    body = await read_object(request)
    ids, title = ids_in(body, "nodes"), body.get("title", "")
    if not ids or not isinstance(title, str) or "graph" not in body:
        raise UsageError(
            'Send {"graph": a graph file, "nodes": the ids of some of its nodes, "title": a text}.'
        )
    found = await asyncio.to_thread(_group, body["graph"], tuple(ids), catalogue, title[:200])
    return json_response({**graph_to_json(found.graph), "node": found.node_id})


def _group(graph: Json, ids: tuple[str, ...], types: NodeTypes, title: str) -> Grouping:
    return group(read_graph(graph), ids, types, title)


def _expand(graph: Json, node_id: str, types: NodeTypes) -> Expansion:
    return expand(read_graph(graph), node_id, types)


def add_routes(routes: list[web.RouteDef]) -> None:
    """Under ``/blockloom``."""
    routes.append(web.post("/blockloom/expand", post_expand))
    routes.append(web.post("/blockloom/group", post_group))
