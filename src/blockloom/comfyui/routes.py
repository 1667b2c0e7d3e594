"""Our routes on ComfyUI's server: block states, templates, checking, expanding, converting.

They are those of Blockloom's own server, asked of the bench instead of a worker; the job is always
``last``, the last run of a node in this process.
"""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from aiohttp import web

from blockloom.comfyui import comfy
from blockloom.comfyui.bench import Bench
from blockloom.errors import NotFoundError, UsageError
from blockloom.execution.session import RunReport
from blockloom.export.comfyui import export_to_comfyui
from blockloom.graph.file import read_graph
from blockloom.graph.model import Graph, Json, Literal
from blockloom.jobs.messages import Ask
from blockloom.jobs.workers import AnswerData
from blockloom.resources import examples_folder
from blockloom.server import block_states, expanding, graphs
from blockloom.server.bodies import json_response, read_object
from blockloom.server.failures import failures_middleware
from blockloom.server.keys import (
    BACKEND,
    CATALOGUE,
    CONFIG,
    CROWD,
    Config,
    CurrentCatalogue,
    Folders,
    catalogue_of,
)
from blockloom.server.limits import Crowd

LAST = "last"
"""The job of every question."""


class LastRuns:
    """The last run of each node, by the node's id."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench

    def get(self, job_id: str) -> RunReport:
        """The report of the node whose id takes the place of the job's. Raises NotFoundError."""
        known = self._bench.known(job_id)
        if known is None:
            raise NotFoundError(
                "This node has not run since ComfyUI was started, or its memory was freed.",
                remedy="Run the workflow.",
            )
        return known.report


class BenchBackend:
    """Answers for the bench what a server asks of its workers."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench

    async def ask(self, job_id: str, what: str, arguments: dict[str, Json]) -> AnswerData:
        """Answer a question about a node's last run, beside whatever runs."""
        node_id = arguments.get("node_id")
        if job_id != LAST or not isinstance(node_id, str):
            raise UsageError(f'Ask for the last run of a node: the job is "{LAST}".')
        return await asyncio.to_thread(self._answer, what, node_id, arguments)

    async def plan(self, graph_json: dict[str, Json], targets: list[str]) -> Json:
        """What would run is for ComfyUI to say."""
        return None

    def _answer(self, what: str, node_id: str, arguments: dict[str, Json]) -> AnswerData:
        bench = self._bench
        if bench.known(node_id) is None:
            LastRuns(bench).get(node_id)
        # It imports diffusers, which takes longer than ComfyUI should wait for at its start. Where
        # a node has run that is done: two threads that import it at once get in each other's way.
        from blockloom.worker.answers import AnswerBook, answer_question

        engine = bench.engine
        book = AnswerBook(bench.workshop, engine.session, engine.runner.colours, LastRuns(bench))
        ask: Ask = {
            "type": "ask",
            "question_id": 0,
            "what": what,
            "job_id": node_id,
            "arguments": arguments,
        }
        with comfy.in_normal_mode():
            found = answer_question(book, ask)
        content = found.content
        if what == "block_state" and isinstance(content, dict):
            known = bench.known(node_id)
            changed: list[Json] = [*bench.changed(node_id)]
            content = {**content, "changed": changed, "run": known.number if known else 0}
        return AnswerData(content, found.blob or b"", found.content_type)


def supply_pictures(graph: Graph) -> None:
    """Put pictures of our own examples into ComfyUI's input folder where a graph names them."""
    folders, examples = comfy.host({}).input_folders, examples_folder()
    named = {
        given.value
        for node in graph.nodes.values()
        for given in node.inputs.values()
        if isinstance(given, Literal) and isinstance(given.value, str)
    }
    for path in examples.glob("*.png"):
        if path.name in named and folders and not (folders[0] / path.name).exists():
            shutil.copyfile(path, folders[0] / path.name)


async def post_comfyui(request: web.Request) -> web.Response:
    """A graph as ComfyUI's workflow, with positions, and as its prompt."""
    catalogue = await catalogue_of(request)
    body = await read_object(request)
    if "graph" not in body:
        raise UsageError('Send {"graph": a graph file}.')

    def convert() -> dict[str, Json]:
        graph = read_graph(body["graph"])
        supply_pictures(graph)
        found = export_to_comfyui(graph, catalogue)
        return {"workflow": found.workflow, "prompt": found.prompt}

    return json_response(await asyncio.to_thread(convert))


def add_routes(server: Any, bench: Bench) -> None:
    """Put our routes on ComfyUI's server, ``/blockloom/…``; its own prefixes come beside."""
    app = server.app
    app[CONFIG] = Config(_folders(bench))
    app[BACKEND] = BenchBackend(bench)
    app[CROWD] = Crowd(app[CONFIG].limits)
    reading = server.loop.create_future()
    reading.set_result(bench.workshop.catalogue)
    app[CATALOGUE] = CurrentCatalogue(reading)
    for route in _ours():
        handler = partial(failures_middleware, handler=route.handler)
        server.routes.route(route.method, route.path)(_named(handler, route.path))


def _ours() -> list[web.RouteDef]:
    routes: list[web.RouteDef] = [web.post("/blockloom/comfyui", post_comfyui)]
    for add in (block_states.add_routes, graphs.add_routes, expanding.add_routes):
        add(routes)
    return routes


def _named(handler: Callable[[web.Request], Any], path: str) -> Callable[[web.Request], Any]:
    """A function of its own: aiohttp asks handlers whether they are coroutine functions."""

    async def answer(request: web.Request) -> web.StreamResponse:
        found: web.StreamResponse = await handler(request)
        return found

    answer.__name__ = path.strip("/").replace("/", "_")
    return answer


def _folders(bench: Bench) -> Folders:
    host = comfy.host({})
    inputs = host.input_folders
    return Folders(
        output=host.output_folder,
        temporary=host.previews_folder,
        input=inputs[0] if inputs else Path("input"),
        user=bench.workshop.settings.data,
        models=(*comfy.model_folders(), bench.workshop.settings.models),
    )
