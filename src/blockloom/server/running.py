"""Starting and stopping a server: sockets, certificates, signals."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import os
import secrets
import signal
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from aiohttp import web

from blockloom.errors import UsageError
from blockloom.server.doors import open_doors
from blockloom.server.keys import Access


@dataclass(frozen=True, slots=True)
class Listening:
    """Where a server listens, and who may use it, as it was asked for."""

    host: str = "127.0.0.1"
    port: int = 8195
    token: str = ""
    hosts: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    certificate: Path | None = None
    key: Path | None = None

    @property
    def url(self) -> str:
        """The address to open in a browser."""
        scheme = "https" if self.certificate else "http"
        name = "127.0.0.1" if self.host in ("0.0.0.0", "::", "") else self.host
        shown = f"[{name}]" if ":" in name else name
        return f"{scheme}://{shown}:{self.port}/"


def access_for(listening: Listening) -> Access:
    """Who may use a server; one that listens beyond this machine gets a token in any case."""
    is_exposed = not _is_loopback(listening.host)
    token = listening.token or (secrets.token_urlsafe(24) if is_exposed else "")
    names = {listening.host, *listening.hosts}
    if is_exposed:
        names |= {socket.gethostname(), socket.getfqdn() if _is_named() else ""}
    return Access(
        hosts=frozenset(name.lower().rstrip(".") for name in names if name),
        origins=frozenset(origin.rstrip("/") for origin in listening.origins),
        token=token,
        is_exposed=is_exposed,
        is_secure=listening.certificate is not None,
    )


def _is_named() -> bool:
    """Whether asking for the full name can be quick: some systems wait for a name server."""
    return "." in socket.gethostname()


def _is_loopback(host: str) -> bool:
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def serve(app: web.Application, listening: Listening, on_ready: Callable[[], None]) -> None:
    """Serve until Ctrl-C or a request to end; a second one does not wait for anything."""
    context = tls_context(listening)
    # Before anything is started: a port that is taken ends it all without a trace.
    sockets = bind(listening)
    asyncio.run(_serve(app, sockets, context, on_ready))


async def _serve(
    app: web.Application,
    sockets: list[socket.socket],
    context: ssl.SSLContext | None,
    on_ready: Callable[[], None],
) -> None:
    stop = _Stop(asyncio.Event())
    stop.listen()
    async with open_doors(app, sockets, context):
        on_ready()
        await stop.event.wait()


def bind(listening: Listening) -> list[socket.socket]:
    """Sockets for all addresses of the host. Raises UsageError where one cannot be had."""
    found: list[socket.socket] = []
    try:
        addresses = socket.getaddrinfo(
            listening.host or None,
            listening.port,
            type=socket.SOCK_STREAM,
            flags=socket.AI_PASSIVE,
        )
        for family, kind, protocol, _, address in dict.fromkeys(addresses):
            bound = socket.socket(family, kind, protocol)
            found.append(bound)
            if os.name == "posix":
                bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family is socket.AF_INET6:
                bound.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            bound.bind(address)
    except (OSError, OverflowError) as error:
        for bound in found:
            bound.close()
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise UsageError(
            f"The server cannot listen on {listening.host}, port {listening.port}: {reason}.",
            remedy="Choose another port with --port; another Blockloom may be running.",
        ) from error
    return found


@dataclass(slots=True)
class _Stop:
    event: asyncio.Event
    is_asked: bool = field(default=False)

    def listen(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            with contextlib.suppress(NotImplementedError):  # Windows: Ctrl-C raises by itself
                loop.add_signal_handler(number, self.ask)

    def ask(self) -> None:
        if self.is_asked:
            raise KeyboardInterrupt
        self.is_asked = True
        self.event.set()


def tls_context(listening: Listening) -> ssl.SSLContext | None:
    """The certificate to serve with, if any. Raises UsageError where it cannot be used."""
    if listening.certificate is None:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    try:
        # Nobody is there to type a password at a start.
        context.load_cert_chain(listening.certificate, listening.key, password=lambda: "")
    except (OSError, ValueError) as error:
        files = " and ".join(f'"{path}"' for path in (listening.certificate, listening.key) if path)
        raise UsageError(
            f"The certificate in {files} cannot be used: {error}.",
            remedy="Give files in PEM format that belong together, the key without a password.",
        ) from error
    return context
