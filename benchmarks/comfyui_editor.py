"""ComfyUI's own editor, served from its package, with a Blockloom server behind it."""

from __future__ import annotations

import asyncio
import contextlib
import importlib.util
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import aiohttp
from aiohttp import web

PACKAGE = "comfyui_frontend_package"
PASSED_ON = ("Content-Type",)
# Nothing lies over the graph on the first visit.
SETTINGS = {"Comfy.TutorialCompleted": True}


def static_folder(named: str = "") -> Path | None:
    """Where the package's files lie; None where it is not installed."""
    if named:
        found = Path(named)
    else:
        spec = importlib.util.find_spec(PACKAGE)
        if spec is None or not spec.submodule_search_locations:
            return None
        found = Path(spec.submodule_search_locations[0])
    candidates = (found, found / "static", found / PACKAGE / "static")
    return next((folder for folder in candidates if (folder / "index.html").is_file()), None)


@contextlib.contextmanager
def hosted(static: Path, server: str, has_html_nodes: bool) -> Iterator[str]:
    """The address of the editor, with ``server`` behind it; it runs in a thread of its own.

    Its nodes are drawn on a canvas, or, as "Nodes 2.0", as HTML.
    """
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = int(found.getsockname()[1])
    loop = asyncio.new_event_loop()
    ready = threading.Event()
    stop = asyncio.Event()

    async def serve() -> None:
        async with aiohttp.ClientSession(server) as client:
            app = web.Application(client_max_size=1 << 26)
            settings = {**SETTINGS, "Comfy.VueNodes.Enabled": has_html_nodes}
            host = _Host(static, client, settings)
            app.router.add_get("/ws", host.socket)
            app.router.add_route("*", "/{path:.*}", host.answer)
            runner = web.AppRunner(app, access_log=None)
            await runner.setup()
            await web.TCPSite(runner, "127.0.0.1", port).start()
            ready.set()
            await stop.wait()
            await runner.cleanup()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    ready.wait()
    try:
        yield f"http://127.0.0.1:{port}/"
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join()
        loop.close()


class _Host:
    """Files from the package, everything else from the server."""

    def __init__(
        self, static: Path, client: aiohttp.ClientSession, settings: dict[str, bool]
    ) -> None:
        self.static = static
        self.client = client
        self.settings = settings

    async def answer(self, request: web.Request) -> web.StreamResponse:
        path = request.match_info["path"] or "index.html"
        file = self.static / path
        if request.method == "GET" and file.is_file():
            return web.FileResponse(file)
        if path == "api/settings":
            return web.json_response(self.settings)
        async with self.client.request(
            request.method,
            request.path_qs,
            data=await request.read() or None,
            headers={name: request.headers[name] for name in PASSED_ON if name in request.headers},
        ) as found:
            return web.Response(
                body=await found.read(), status=found.status, content_type=found.content_type
            )

    async def socket(self, request: web.Request) -> web.StreamResponse:
        page = web.WebSocketResponse()
        await page.prepare(request)
        async with self.client.ws_connect(request.path_qs) as server:
            ways = {asyncio.create_task(_pass_on(*way)) for way in ((page, server), (server, page))}
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
            for way in ways:
                way.cancel()
        return page


async def _pass_on(
    source: web.WebSocketResponse | aiohttp.ClientWebSocketResponse,
    target: web.WebSocketResponse | aiohttp.ClientWebSocketResponse,
) -> None:
    async for message in source:
        if message.type is aiohttp.WSMsgType.BINARY:
            await target.send_bytes(message.data)
        elif message.type is aiohttp.WSMsgType.TEXT:
            await target.send_str(message.data)
