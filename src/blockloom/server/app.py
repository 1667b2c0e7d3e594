"""The application: its routes, its middlewares, and what lives as long as it does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable

from aiohttp import web

from blockloom.jobs.model import Job
from blockloom.server import (
    block_states,
    editor,
    examples,
    expanding,
    exporting,
    graphs,
    history,
    metrics,
    models,
    object_info,
    openapi,
    origins,
    prompts,
    queue,
    reloading,
    sockets,
    system,
    uploads,
    userdata,
    view,
    whole_catalogue,
    work,
)
from blockloom.server.backend import Backend
from blockloom.server.doors import crowd_middleware
from blockloom.server.editor import EDITOR_FILES, EditorFiles
from blockloom.server.failures import failures_middleware
from blockloom.server.keys import (
    BACKEND,
    CATALOGUE,
    CONFIG,
    CROWD,
    Config,
    CurrentCatalogue,
    ReadCatalogue,
)
from blockloom.server.limits import Crowd
from blockloom.server.object_info import OBJECT_INFO
from blockloom.server.reloading import RELOADER, Reloader
from blockloom.server.security import add_security_headers, security_middleware
from blockloom.server.sockets import ANNOUNCER, Announcer
from blockloom.server.tidying import emptying, tidying
from blockloom.server.userdata import SETTINGS_LOCK
from blockloom.server.view import limit_drawing
from blockloom.server.whole_catalogue import WHOLE_CATALOGUE, WholeCatalogue

_COMFYUI = (prompts, queue, history, object_info, uploads, view, userdata, system, sockets)
_OWN = (
    editor,
    whole_catalogue,
    graphs,
    expanding,
    exporting,
    reloading,
    examples,
    block_states,
    work,
    models,
    metrics,
    origins,
    openapi,
)


def make_app(config: Config, backend: Backend, read_catalogue: ReadCatalogue) -> web.Application:
    """The server as an application; it starts the backend and reads the catalogue as it starts."""
    app = web.Application(
        middlewares=[
            crowd_middleware,
            metrics.metrics_middleware,
            failures_middleware,
            security_middleware,
        ],
        client_max_size=config.limits.body_bytes,
    )
    app[CONFIG] = config
    app[BACKEND] = backend
    app[CROWD] = Crowd(config.limits)
    app[OBJECT_INFO] = {}
    app[EDITOR_FILES] = EditorFiles()
    app[WHOLE_CATALOGUE] = WholeCatalogue()
    app[SETTINGS_LOCK] = asyncio.Lock()
    app[RELOADER] = Reloader(read_catalogue)
    limit_drawing(app)
    prompts.remember_prompts(app)
    announcer = app[ANNOUNCER] = Announcer(backend, config.folders)
    backend.subscribe(announcer.on_news)
    backend.wants_previews = lambda job: _is_watched(announcer, job)
    app.on_response_prepare.append(add_security_headers)
    app.cleanup_ctx.append(_reading(read_catalogue))
    app.cleanup_ctx.append(emptying)
    app.cleanup_ctx.append(_working)
    app.cleanup_ctx.append(tidying)
    app.on_shutdown.append(_say_goodbye)
    metrics.add_metrics(app)
    found = routes()
    app[openapi.DOCUMENT] = openapi.describe_routes(found)
    app.add_routes(found)
    return app


def routes() -> list[web.RouteDef]:
    """Every route: ComfyUI's twice, bare and under ``/api``."""
    comfyui: list[web.RouteDef] = []
    for noun in _COMFYUI:
        noun.add_routes(comfyui)
    twice = [
        web.route(route.method, f"/api{route.path}", route.handler, **route.kwargs)
        for route in comfyui
    ]
    own: list[web.RouteDef] = []
    for noun in _OWN:
        noun.add_routes(own)
    return [*comfyui, *twice, *own]


def _is_watched(announcer: Announcer, job: Job) -> bool:
    """Whether somebody who hears of a job wants to see pictures of it."""
    if job.new.client_id:
        client = announcer.clients.get(job.new.client_id)
        return client is None or client.wants.previews
    return any(client.wants.previews for client in announcer.clients.all())


def _reading(read_catalogue: ReadCatalogue) -> Callable[[web.Application], AsyncIterator[None]]:
    async def context(app: web.Application) -> AsyncIterator[None]:
        current = CurrentCatalogue(asyncio.ensure_future(read_catalogue()))
        app[CATALOGUE] = current
        yield
        current.reading.cancel()
        await asyncio.gather(current.reading, return_exceptions=True)

    return context


async def _working(app: web.Application) -> AsyncIterator[None]:
    await app[BACKEND].start()
    yield
    await app[BACKEND].close()


async def _say_goodbye(app: web.Application) -> None:
    app[ANNOUNCER].close()
