"""``/blockloom/catalogue``: all an editor needs to draw graphs, in one answer."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from aiohttp import web

from blockloom import __version__
from blockloom.catalogue.as_json import to_json
from blockloom.catalogue.catalogue import Catalogue
from blockloom.catalogue.pipelines import PipelineEntry
from blockloom.graph.model import Json
from blockloom.graph.sockets import ACCEPTS
from blockloom.server.bodies import to_text
from blockloom.server.keys import catalogue_of
from blockloom.server.packed import Packed, pack, packed_response


def pipeline_json(entry: PipelineEntry) -> dict[str, Json]:
    """A pipeline with its workflows, as a client sees it."""
    workflows: list[Json] = [
        {"name": workflow.name, "triggers": [*workflow.triggers]} for workflow in entry.workflows
    ]
    return {
        "pipeline": entry.name,
        "class": entry.class_name,
        "blocks": entry.preset,
        "description": entry.description,
        "workflows": workflows,
    }


def catalogue_json(catalogue: Catalogue) -> dict[str, Json]:
    """The whole catalogue.

    ``accepts`` says for each type of input what flows into it besides its own type, ``problems``
    which node files could not be read.
    """
    accepts: dict[str, Json] = {
        target.value: [*sorted(source.value for source in sources)]
        for target, sources in ACCEPTS.items()
    }
    return {
        "version": __version__,
        "diffusers": catalogue.versions.get("diffusers", ""),
        "node_types": [to_json(node_type) for node_type in catalogue.types.values()],
        "pipelines": [pipeline_json(entry) for entry in catalogue.pipelines.values()],
        "accepts": accepts,
        "problems": [*catalogue.file_problems],
    }


@dataclass(slots=True)
class WholeCatalogue:
    """The answer as it is sent; made at the first request, and again for another catalogue."""

    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    _packed: Packed | None = None
    _catalogue: Catalogue | None = None

    async def answer(self, request: web.Request) -> web.Response:
        """The catalogue, or "not changed"."""
        catalogue = await catalogue_of(request)
        async with self._lock:
            packed = self._packed
            if packed is None or self._catalogue is not catalogue:
                packed = await asyncio.to_thread(_pack, catalogue)
                self._packed, self._catalogue = packed, catalogue
        return packed_response(request, packed)


def _pack(catalogue: Catalogue) -> Packed:
    text = to_text(catalogue_json(catalogue))
    return pack(text.encode(), "application/json; charset=utf-8")


WHOLE_CATALOGUE: web.AppKey[WholeCatalogue] = web.AppKey("whole_catalogue", WholeCatalogue)


async def get_catalogue(request: web.Request) -> web.Response:
    """All node types, pipelines and rules for links; waits until they have been read."""
    return await request.app[WHOLE_CATALOGUE].answer(request)


def add_routes(routes: list[web.RouteDef]) -> None:
    """Under ``/blockloom``."""
    routes.append(web.get("/blockloom/catalogue", get_catalogue))
