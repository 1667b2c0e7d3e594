"""Keeping the history within its limits: old jobs and their files go, now and then.

And at the start what is in the temporary folder and no job announces any more.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator

from aiohttp import web

from blockloom.errors import BlockloomError
from blockloom.jobs.retention import apply_retention, plan_retention
from blockloom.jobs.temporary import delete_forgotten, forgotten_files
from blockloom.server.keys import BACKEND, CONFIG

_log = logging.getLogger(__name__)
_EVERY_SECONDS = 600.0


async def emptying(app: web.Application) -> AsyncIterator[None]:
    """Empty the temporary folder; looks before any job runs, and deletes while others may."""
    folder = app[CONFIG].folders.temporary
    files = forgotten_files(app[BACKEND].queue.store, folder)
    task = asyncio.create_task(asyncio.to_thread(delete_forgotten, folder, files))
    yield
    await asyncio.gather(task, return_exceptions=True)


async def tidying(app: web.Application) -> AsyncIterator[None]:
    """Tidy up for as long as the application lives, if it was given limits."""
    task = None if app[CONFIG].retention.is_off else asyncio.create_task(_tidy_again(app))
    yield
    if task is not None:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _tidy_again(app: web.Application) -> None:
    while True:
        try:
            tidy(app)
        except BlockloomError as error:
            _log.error("old jobs could not be removed: %s", error)
        await asyncio.sleep(_EVERY_SECONDS)


def tidy(app: web.Application) -> None:
    """Forget the jobs that are over the limits and delete their files."""
    store, folders = app[BACKEND].queue.store, app[CONFIG].folders.written
    plan = plan_retention(store, app[CONFIG].retention, folders)
    if not plan.job_ids:
        return
    result = apply_retention(store, plan, folders)
    _log.info("removed %d old jobs and %d files", len(result.job_ids), len(result.files))
    for problem in result.problems:
        _log.warning("%s", problem)
