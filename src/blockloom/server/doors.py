"""Where clients come in: sockets that are listened to, and how many get in at once."""

from __future__ import annotations

import asyncio
import socket
import ssl
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress

from aiohttp import web

from blockloom.server.failures import Handler
from blockloom.server.keys import CONFIG, CROWD

if sys.platform != "win32":
    import resource

_SHUTDOWN_SECONDS = 5.0
# Who is answered before all was sent may go on sending so long, to get round to reading it.
_LINGER_SECONDS = 2.0
_LOOK_SECONDS = 0.1
_FILES = 16_384
# What is open besides connections: the database, workers, files that are read and written.
_OTHER_FILES = 512


@web.middleware
async def crowd_middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Note that a request is being answered."""
    with request.app[CROWD].answering(request):
        return await handler(request)


@asynccontextmanager
async def open_doors(
    app: web.Application, sockets: Sequence[socket.socket], context: ssl.SSLContext | None = None
) -> AsyncIterator[None]:
    """Serve on bound sockets until left; what is being answered then has a moment to end."""
    limits = app[CONFIG].limits
    runner = web.AppRunner(
        app,
        access_log=None,
        shutdown_timeout=_SHUTDOWN_SECONDS,
        handle_signals=False,
        keepalive_timeout=limits.head_seconds,
        lingering_time=_LINGER_SECONDS,
    )
    await runner.setup()
    watching = asyncio.create_task(_watch(runner, min(limits.connections, possible_connections())))
    try:
        for bound in sockets:
            _let_go_of_sleepers(bound, limits.answer_seconds)
            await web.SockSite(runner, bound, ssl_context=context).start()
        yield
    finally:
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)
        await runner.cleanup()


def _let_go_of_sleepers(listening: socket.socket, seconds: float) -> None:
    """Have the system end connections whose other end takes in nothing any more."""
    if sys.platform == "linux":
        option = socket.TCP_USER_TIMEOUT
        listening.setsockopt(socket.IPPROTO_TCP, option, int(seconds * 1000))


async def _watch(runner: web.AppRunner, most: int) -> None:
    """Make room for new connections where there are too many."""
    crowd = runner.app[CROWD]
    while True:
        await asyncio.sleep(_LOOK_SECONDS)
        if runner.server is not None:
            crowd.make_room(runner.server.connections, most)


def possible_connections() -> int:
    """How many connections the system lets this process have, after asking it for many."""
    if sys.platform == "win32":
        return _OTHER_FILES
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _FILES if hard == resource.RLIM_INFINITY else min(_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
            soft = wanted
    files = _FILES if soft == resource.RLIM_INFINITY else soft
    return max(files // 2, files - _OTHER_FILES)
