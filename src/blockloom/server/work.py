"""What can be done with queue and jobs beyond ComfyUI's protocol."""

from __future__ import annotations

import datetime

from aiohttp import web

from blockloom.errors import NotFoundError, UsageError
from blockloom.graph.model import Json
from blockloom.jobs.model import JobStatus
from blockloom.server.bodies import json_response, read_object
from blockloom.server.job_shapes import STATUS_NAMES, group_progress
from blockloom.server.keys import BACKEND


async def get_work(request: web.Request) -> web.Response:
    """Whether the queue is paused, how many jobs there are, and what the workers do."""
    backend = request.app[BACKEND]
    workers: list[Json] = [
        {
            "id": worker.id,
            "device": worker.device,
            "device_name": worker.device_name,
            "state": worker.state,
            "job": worker.job_id,
            "loaded": [*worker.loaded],
            "memory_total": worker.memory_total,
            "memory_free": worker.memory_free,
            "starts": worker.starts,
            "error": worker.error,
        }
        for worker in backend.pool.stats()
    ]
    counts: dict[str, Json] = {
        status.value: count for status, count in backend.queue.store.counts().items()
    }
    is_paused = backend.queue.store.is_paused
    return json_response({"is_paused": is_paused, "jobs": counts, "workers": workers})


async def post_work(request: web.Request) -> web.Response:
    """Pause the queue, or let it go on: ``{"is_paused": true}``."""
    is_paused = (await read_object(request)).get("is_paused")
    if not isinstance(is_paused, bool):
        raise UsageError('"is_paused" has to be true or false.')
    queue = request.app[BACKEND].queue
    if is_paused:
        queue.pause()
    else:
        queue.resume()
    return await get_work(request)


async def retry_job(request: web.Request) -> web.Response:
    """Queue an ended job once more, under its own id."""
    job = request.app[BACKEND].queue.retry(request.match_info["job_id"])
    return json_response({"id": job.id, "status": STATUS_NAMES[job.status]})


async def move_job(request: web.Request) -> web.Response:
    """Move a waiting job before another one (``{"before": id}``), or to the end (null)."""
    before = (await read_object(request)).get("before")
    if before is not None and not isinstance(before, str):
        raise UsageError('"before" has to be the id of a job, or null for the end.')
    request.app[BACKEND].queue.reorder(request.match_info["job_id"], before)
    return json_response({"id": request.match_info["job_id"]})


async def get_job_log(request: web.Request) -> web.Response:
    """What the worker printed and logged while a job ran, line by line."""
    store = request.app[BACKEND].queue.store
    job = store.get(request.match_info["job_id"])
    lines: list[Json] = [
        {"time": _moment(line.at), "level": line.level, "text": line.text}
        for line in store.lines(job.id)
    ]
    return json_response({"id": job.id, "lines": lines})


def _moment(seconds: float) -> str:
    found = datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc)
    return found.isoformat(timespec="milliseconds")


async def get_group(request: web.Request) -> web.Response:
    """How far a batch is: how many of its jobs have each status."""
    group = request.match_info["group"]
    store = request.app[BACKEND].queue.store
    counts = store.group(group)
    if not any(counts.values()):
        raise NotFoundError("There is no batch of that id.")
    return json_response({**group_progress(group, counts), "ids": [*store.group_ids(group)]})


async def cancel_group(request: web.Request) -> web.Response:
    """Cancel what waits and runs of a batch."""
    backend = request.app[BACKEND]
    group = request.match_info["group"]
    ids = backend.queue.store.group_ids(group, JobStatus.PENDING, JobStatus.RUNNING)
    backend.cancel(ids)
    cancelled: list[Json] = [*ids]
    return json_response({"cancelled": cancelled})


def add_routes(routes: list[web.RouteDef]) -> None:
    """Under ``/blockloom``."""
    routes.append(web.get("/blockloom/queue", get_work))
    routes.append(web.post("/blockloom/queue", post_work))
    routes.append(web.post("/blockloom/jobs/{job_id}/retry", retry_job))
    routes.append(web.post("/blockloom/jobs/{job_id}/move", move_job))
    routes.append(web.get("/blockloom/jobs/{job_id}/log", get_job_log))
    routes.append(web.get("/blockloom/groups/{group}", get_group))
    routes.append(web.post("/blockloom/groups/{group}/cancel", cancel_group))
