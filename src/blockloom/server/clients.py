"""The WebSockets of all clients; a slow one loses pictures first, then its place, never others'."""

from __future__ import annotations

import asyncio
import contextlib
import json
import struct
from collections import deque
from dataclasses import dataclass, field

from aiohttp import WSCloseCode, web

from blockloom.graph.model import Json
from blockloom.server.bodies import to_text

_MOST_WAITING = 32 * 1024 * 1024
_PICTURES_UNTIL = 2 * 1024 * 1024
_CLOSE_SECONDS = 5.0


@dataclass(slots=True)
class Wants:
    """What a client said it understands: nothing, until it says so."""

    has_spoken: bool = False
    previews: bool = False
    preview_metadata: bool = False
    block_states: bool = False
    deltas: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """A preview: the picture, and what belongs to it."""

    prompt_id: str
    node_id: str
    jpeg: bytes

    def frame(self, wants: Wants) -> bytes:
        """The picture as a binary frame that the client understands."""
        if not wants.preview_metadata:
            return struct.pack(">II", 1, 1) + self.jpeg
        metadata = to_text(
            {
                "node_id": self.node_id,
                "prompt_id": self.prompt_id,
                "display_node_id": self.node_id,
                "parent_node_id": None,
                "real_node_id": self.node_id,
                "image_type": "image/jpeg",
            }
        ).encode()
        return struct.pack(">II", 4, len(metadata)) + metadata + self.jpeg


@dataclass(slots=True)
class Client:
    """One WebSocket and what waits to be sent on it."""

    id: str
    socket: web.WebSocketResponse
    wants: Wants = field(default_factory=Wants)
    _waiting: deque[str | tuple[str, str]] = field(default_factory=deque)
    _pictures: dict[tuple[str, str], Picture] = field(default_factory=dict)
    _bytes: int = 0
    _wake: asyncio.Event = field(default_factory=asyncio.Event)
    is_gone: bool = False

    def send(self, text: str) -> None:
        """Send a text, later: this never waits. A client that reads nothing at all is let go."""
        if self._bytes > _MOST_WAITING:
            self.leave()
        if not self.is_gone:
            self._bytes += len(text)
            self._waiting.append(text)
            self._wake.set()

    def show(self, picture: Picture) -> None:
        """Send a picture, unless the client is behind; a newer one takes the place of an older."""
        if not self.wants.previews or self.is_gone or self._bytes > _PICTURES_UNTIL:
            return
        place = (picture.prompt_id, picture.node_id)
        if place not in self._pictures:
            self._waiting.append(place)
        self._pictures[place] = picture
        self._wake.set()

    def leave(self) -> None:
        """Send nothing more and close."""
        self.is_gone = True
        self._wake.set()

    async def deliver(self) -> None:
        """Send what waits until the client has gone."""
        with contextlib.suppress(ConnectionError, RuntimeError):
            while not self.is_gone:
                await self._wake.wait()
                self._wake.clear()
                while self._waiting and not self.is_gone:
                    await self._deliver_one(self._waiting.popleft())
        self.is_gone = True
        self._waiting.clear()

    async def _deliver_one(self, item: str | tuple[str, str]) -> None:
        if isinstance(item, str):
            self._bytes -= len(item)
            await self.socket.send_str(item)
        else:
            await self.socket.send_bytes(self._pictures.pop(item).frame(self.wants))


class Clients:
    """All clients by their id."""

    def __init__(self) -> None:
        self._by_id: dict[str, Client] = {}

    def __len__(self) -> int:
        return len(self._by_id)

    def get(self, client_id: str) -> Client | None:
        """The client of an id, if it is connected."""
        client = self._by_id.get(client_id)
        return client if client is not None and not client.is_gone else None

    def all(self) -> list[Client]:
        """Everybody who is connected."""
        return list(self._by_id.values())

    def join(self, client: Client) -> None:
        """Take a client in; one of the same id gives way to it."""
        earlier = self._by_id.pop(client.id, None)
        if earlier is not None:
            earlier.leave()
        self._by_id[client.id] = client

    def remove(self, client: Client) -> None:
        """Forget a client, unless another has taken its place."""
        client.leave()
        if self._by_id.get(client.id) is client:
            del self._by_id[client.id]

    def leave_all(self) -> None:
        """Let everybody go."""
        for client in self.all():
            client.leave()


async def close_socket(socket: web.WebSocketResponse) -> None:
    """Say goodbye, but wait for an answer only so long."""
    with contextlib.suppress(TimeoutError, ConnectionError, RuntimeError):
        async with asyncio.timeout(_CLOSE_SECONDS):
            await socket.close(code=WSCloseCode.GOING_AWAY)


def wants_in(text: str) -> Wants | None:
    """What a client's first message announces; None where it is no announcement."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict) or found.get("type") != "feature_flags":
        return None
    flags: Json = found.get("data")
    if not isinstance(flags, dict):
        return None
    return Wants(
        has_spoken=True,
        previews=flags.get("supports_preview_metadata") is True
        or flags.get("supports_previews") is True,
        preview_metadata=flags.get("supports_preview_metadata") is True,
        block_states=flags.get("supports_block_states") is True,
        deltas=flags.get("supports_progress_deltas") is True,
    )
