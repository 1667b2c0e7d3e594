"""``/queue``, ``/interrupt`` and ``/free``: what waits and runs, and stopping it."""

from __future__ import annotations

from aiohttp import web

from blockloom.errors import UsageError
from blockloom.graph.model import Json
from blockloom.server.bodies import json_response, read_object
from blockloom.server.job_shapes import queue_item
from blockloom.server.keys import BACKEND


async def get_queue(request: web.Request) -> web.Response:
    """The jobs that run and the jobs that wait."""
    backend = request.app[BACKEND]
    waiting = backend.queue.store.pending()
    running = backend.queue.store.running()
    return json_response(
        {
            "queue_running": [queue_item(job) for job in running],
            "queue_pending": [queue_item(job) for job in waiting],
        }
    )


async def post_queue(request: web.Request) -> web.Response:
    """Take all or some waiting jobs out of the queue; running ones are not touched."""
    backend = request.app[BACKEND]
    body = await read_object(request)
    if body.get("clear") is True:
        backend.queue.clear_pending()
    elif ids := ids_in(body, "delete"):
        backend.queue.cancel_pending(ids)
    return web.Response()


async def post_interrupt(request: web.Request) -> web.Response:
    """Stop what runs, or only the job of an id if that one runs."""
    backend = request.app[BACKEND]
    body = await read_object(request)
    wanted = body.get("prompt_id")
    running = [job.id for job in backend.queue.store.running()]
    ids = [job_id for job_id in running if wanted is None or job_id == wanted]
    if ids:
        backend.cancel(ids, is_hard=body.get("hard") is True)
    return web.Response()


async def post_free(request: web.Request) -> web.Response:
    """Drop loaded models and kept values at the next idle moment."""
    body = await read_object(request)
    values = body.get("free_memory") is True
    models = body.get("unload_models") is True or values
    if models:
        request.app[BACKEND].pool.free(models=models, values=values)
    return web.Response()


def ids_in(body: dict[str, Json], name: str) -> list[str]:
    """The ids listed under a name; none where it is not there."""
    found = body.get(name)
    if found is None:
        return []
    if not isinstance(found, list):
        raise UsageError(f'"{name}" has to be a list of ids.')
    return [item for item in found if isinstance(item, str)]


def add_routes(routes: list[web.RouteDef]) -> None:
    """The queue, and what stops things."""
    routes.append(web.get("/queue", get_queue))
    routes.append(web.post("/queue", post_queue))
    routes.append(web.post("/interrupt", post_interrupt))
    routes.append(web.post("/free", post_free))
