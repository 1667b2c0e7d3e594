"""How long clients may keep the server waiting, and how many of them there may be at once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass

from aiohttp import web

_LARGE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """What one server puts up with; all in seconds, or in how many at once.

    ``head_seconds`` is how long a connection may be there without a whole request head on it, new
    or between two requests. A body has to be there after ``body_seconds``, an upload after
    ``upload_seconds``. Over ``connections`` those go first that have waited longest for their
    client. Of bodies over a megabyte, which are held in memory, ``large_bodies`` are read at once.
    Who takes in nothing of an answer for ``answer_seconds`` is let go (where the system can tell).
    """

    head_seconds: float = 75.0
    body_seconds: float = 60.0
    upload_seconds: float = 600.0
    answer_seconds: float = 120.0
    connections: int = 4096
    large_bodies: int = 8
    uploads: int = 32


class Crowd:
    """The connections of a server: which of them wait for their client, and which for us."""

    def __init__(self, limits: Limits) -> None:
        self._answered: set[object] = set()
        self._body_seconds = limits.body_seconds
        self._upload_seconds = limits.upload_seconds
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
        """The body of a request. Raises TimeoutError, and HTTPRequestEntityTooLarge."""
        is_small = request.content_length is not None and request.content_length <= _LARGE
        async with self._receiving(request, self._body_seconds):
            if is_small:
                return await request.read()
            async with self._large:
                return await request.read()

    @asynccontextmanager
    async def uploading(self, request: web.Request) -> AsyncIterator[None]:
        """While an upload comes in. Raises TimeoutError where it takes too long."""
        async with self._receiving(request, self._upload_seconds), self._uploads:
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
