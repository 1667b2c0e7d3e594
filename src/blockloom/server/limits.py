"""How long clients may keep the server waiting, and how many of them there may be at once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass

from aiohttp import web

_LARGE = 256 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """What one server puts up with; all in seconds, or in how many at once.

    ``head_seconds`` is how long a connection may be there without a whole request head on it, new
    or between two requests. A body has to be there after ``body_seconds``, an upload after
    ``upload_seconds``. Over ``connections`` those go first that have waited longest for their
    client. Bodies are held in memory: of those that have come to 256 kB, ``large_bodies`` are read
    on at once, up to ``body_bytes``. Who takes in nothing of an answer for ``answer_seconds`` is
    let go (where the system can tell).
    """

    head_seconds: float = 75.0
    body_seconds: float = 60.0
    upload_seconds: float = 600.0
    answer_seconds: float = 120.0
    body_bytes: int = 64 * 1024 * 1024
    connections: int = 4096
    large_bodies: int = 8
    uploads: int = 32


class Crowd:
    """The connections of a server: which of them wait for their client, and which for us."""

    def __init__(self, limits: Limits) -> None:
        self._answered: set[object] = set()
        self._limits = limits
        self._large = asyncio.Semaphore(limits.large_bodies)
        self._uploads = asyncio.Semaphore(limits.uploads)

    @contextmanager
    def answering(self, request: web.Request) -> Iterator[None]:
        """While a request is being answered, its connection is left alone."""
        self._answered.add(request.protocol)
        try:
            yield
        finally:
            self._answered.discard(request.protocol)

    async def body(self, request: web.Request) -> bytes:
        """The body of a request, once. Raises TimeoutError, and HTTPRequestEntityTooLarge."""
        data = bytearray()
        async with self._receiving(request, self._limits.body_seconds), AsyncExitStack() as stack:
            is_large = False
            # In small pieces: a packed body may be far larger than its length says.
            async for chunk in request.content.iter_any():
                data += chunk
                if len(data) > self._limits.body_bytes:
                    raise web.HTTPRequestEntityTooLarge(self._limits.body_bytes, len(data))
                if len(data) > _LARGE and not is_large:
                    is_large = True
                    await stack.enter_async_context(self._large)
        return bytes(data)

    @asynccontextmanager
    async def uploading(self, request: web.Request) -> AsyncIterator[None]:
        """While an upload comes in. Raises TimeoutError where it takes too long."""
        async with self._receiving(request, self._limits.upload_seconds), self._uploads:
            yield

    def make_room(self, connections: Sequence[web.RequestHandler], most: int) -> None:
        """Close what is too many of these connections, the oldest first."""
        excess = max(0, len(connections) - most)
        waiting = (found for found in connections if found not in self._answered)
        for _, connection in zip(range(excess), waiting, strict=False):
            connection.force_close()

    @asynccontextmanager
    async def _receiving(self, request: web.Request, seconds: float) -> AsyncIterator[None]:
        self._answered.discard(request.protocol)
        try:
            async with asyncio.timeout(seconds):
                yield
        finally:
            self._answered.add(request.protocol)
