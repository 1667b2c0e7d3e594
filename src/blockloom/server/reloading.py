"""``/blockloom/reload``: node files and trusted repositories read anew, without a restart."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, field

from aiohttp import web

from blockloom.catalogue.catalogue import Catalogue
from blockloom.graph.model import Json
from blockloom.server.bodies import json_response
from blockloom.server.keys import BACKEND, CATALOGUE, ReadCatalogue
from blockloom.server.sockets import ANNOUNCER

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Reloader:
    """Reads the catalogue again, one request after the other."""

    read_catalogue: ReadCatalogue
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


RELOADER: web.AppKey[Reloader] = web.AppKey("reloader", Reloader)


async def post_reload(request: web.Request) -> web.Response:
    """Read all node files and trusted repositories anew.

    A job that runs goes on with the nodes it began with; the next one has the new ones. Whoever is
    connected is told with the event ``blockloom_catalogue``. Where nothing can be read, everything
    stays as it was.
    """
    reloader = request.app[RELOADER]
    async with reloader.lock:
        current = request.app[CATALOGUE]
        await asyncio.wait([current.reading])
        await request.app[BACKEND].pool.reload()
        catalogue = await reloader.read_catalogue()
        done: asyncio.Future[Catalogue] = asyncio.get_running_loop().create_future()
        done.set_result(catalogue)
        current.reading = done
    _log.info("nodes were read anew: %d node types", len(catalogue.types))
    problems: list[Json] = [*catalogue.file_problems]
    told: dict[str, Json] = {"node_types": len(catalogue.types), "problems": problems}
    request.app[ANNOUNCER].tell_all("blockloom_catalogue", told)
    return json_response(told)


def add_routes(routes: list[web.RouteDef]) -> None:
    """Under ``/blockloom``."""
    routes.append(web.post("/blockloom/reload", post_reload))
