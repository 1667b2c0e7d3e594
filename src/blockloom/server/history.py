"""``/history`` and ``/jobs``: what ran, and what became of it."""

from __future__ import annotations

import asyncio
from typing import TypeVar

from aiohttp import web

from blockloom.errors import NotFoundError, UsageError
from blockloom.graph.model import Json
from blockloom.jobs.job_queries import JobFilter
from blockloom.jobs.model import Job, JobStatus
from blockloom.server.bodies import json_response, read_object
from blockloom.server.job_shapes import STATUS_NAMES, history_item, job_details, job_summary
from blockloom.server.keys import BACKEND, CONFIG
from blockloom.server.queue import ids_in

_MOST_LISTED = 10_000
_LARGEST = 2**53


async def get_history(request: web.Request) -> web.Response:
    """All jobs that ran, oldest first; ``max_items`` alone means the newest ones."""
    limit = number_in(request, "max_items")
    offset = number_in(request, "offset")
    has_offset = offset is not None and offset >= 0
    store = request.app[BACKEND].queue.store
    start = offset if has_offset and offset is not None else -1
    found = store.history(None if limit is None else max(0, limit), start)
    return await _history_response(request, [job for job in found if _has_run(job)])


async def get_history_of(request: web.Request) -> web.Response:
    """One job that ran; an empty object while it is not over, or where there is none."""
    job = request.app[BACKEND].find(request.match_info["job_id"])
    is_over = job is not None and job.status.is_ended and _has_run(job)
    return await _history_response(request, [job] if job is not None and is_over else [])


async def _history_response(request: web.Request, jobs: list[Job]) -> web.Response:
    folders = request.app[CONFIG].folders

    def answer() -> web.Response:
        return json_response({job.id: history_item(job, folders) for job in jobs})

    return await asyncio.to_thread(answer) if len(jobs) > 20 else answer()


def _has_run(job: Job) -> bool:
    """Whether a job ever started: what was taken out of the queue is no history of ComfyUI's."""
    return job.started > 0 or job.status is not JobStatus.CANCELLED


async def post_history(request: web.Request) -> web.Response:
    """Forget all or some of it."""
    store = request.app[BACKEND].queue.store
    body = await read_object(request)
    if body.get("clear") is True:
        store.clear_history()
    elif ids := ids_in(body, "delete"):
        store.delete_history(ids)
    return web.Response()


async def get_jobs(request: web.Request) -> web.Response:
    """Jobs of any status, newest first, page by page."""
    offset = max(0, number_in(request, "offset") or 0)
    limit = number_in(request, "limit")
    wanted = JobFilter(
        _statuses(request.query.get("status", "")),
        text=request.query.get("text", ""),
        model=request.query.get("model", ""),
        group=request.query.get("group", ""),
        workflow_id=request.query.get("workflow_id", ""),
        sort_by=_one_of(request, "sort_by", "created_at", "execution_duration"),
        sort_order=_one_of(request, "sort_order", "desc", "asc"),
        limit=min(_MOST_LISTED, max(0, _MOST_LISTED if limit is None else limit)),
        offset=offset,
    )
    page = request.app[BACKEND].queue.store.jobs(wanted)
    folders = request.app[CONFIG].folders
    pagination: dict[str, Json] = {
        "offset": offset,
        "limit": limit,
        "total": page.total,
        "has_more": offset + len(page.jobs) < page.total,
    }
    jobs: list[Json] = [job_summary(job, folders) for job in page.jobs]
    return json_response({"jobs": jobs, "pagination": pagination})


def _statuses(text: str) -> tuple[JobStatus, ...]:
    """The statuses that are meant by the names ComfyUI's frontends have for them."""
    names = {part.strip() for part in text.split(",") if part.strip()}
    unknown = names - set(STATUS_NAMES.values())
    if unknown:
        raise UsageError(f"There is no job status {min(unknown)[:100]!r}.")
    return tuple(status for status, name in STATUS_NAMES.items() if name in names)


_Choice = TypeVar("_Choice", bound=str)


def _one_of(request: web.Request, name: str, first: _Choice, other: _Choice) -> _Choice:
    return other if request.query.get(name) == other else first


async def get_job(request: web.Request) -> web.Response:
    """One job with all there is to know of it."""
    job = await _known_job(request)
    return json_response(job_details(job, request.app[CONFIG].folders))


async def cancel_job(request: web.Request) -> web.Response:
    """Cancel a job, waiting or running; one that is over stays as it is."""
    job = await _known_job(request)
    if not job.status.is_ended:
        request.app[BACKEND].cancel([job.id])
    return json_response({"id": job.id, "cancelled": not job.status.is_ended})


async def cancel_jobs(request: web.Request) -> web.Response:
    """Cancel several jobs, or none of them where one is unknown."""
    backend = request.app[BACKEND]
    ids = ids_in(await read_object(request), "job_ids")
    if not ids:
        raise UsageError('"job_ids" has to be a list of job ids.')
    jobs = [backend.find(job_id) for job_id in ids]
    open_ids: list[str] = []
    for job_id, job in zip(ids, jobs, strict=True):
        if job is None:
            raise NotFoundError(f"There is no job {job_id[:100]!r}.")
        if not job.status.is_ended:
            open_ids.append(job.id)
    if open_ids:
        backend.cancel(open_ids)
    cancelled: list[Json] = [*open_ids]
    return json_response({"cancelled": cancelled})


async def _known_job(request: web.Request) -> Job:
    job = request.app[BACKEND].find(request.match_info["job_id"])
    if job is None:
        raise NotFoundError("There is no job of this id.", remedy="GET /jobs lists all jobs.")
    return job


def number_in(request: web.Request, name: str) -> int | None:
    """A whole number in the query, None where it is not there; a huge one is made smaller."""
    text = request.query.get(name)
    if text is None:
        return None
    try:
        return max(-_LARGEST, min(_LARGEST, int(text[:20])))
    except ValueError:
        raise UsageError(f'"{name}" has to be a whole number.') from None


def is_asked_for(request: web.Request, name: str) -> bool:
    """A yes or no in the query: true or 1, false or 0; no where it is not there."""
    text = request.query.get(name, "false").lower()
    if text not in ("0", "1", "false", "true"):
        raise UsageError(f'"{name}" has to be true or false.')
    return text in ("1", "true")


def add_routes(routes: list[web.RouteDef]) -> None:
    """The history as ComfyUI has it, and jobs as its newer frontends want them."""
    routes.append(web.get("/history", get_history))
    routes.append(web.get("/history/{job_id}", get_history_of))
    routes.append(web.post("/history", post_history))
    routes.append(web.get("/jobs", get_jobs))
    routes.append(web.post("/jobs/cancel", cancel_jobs))
    routes.append(web.get("/jobs/{job_id}", get_job))
    routes.append(web.post("/jobs/{job_id}/cancel", cancel_job))
