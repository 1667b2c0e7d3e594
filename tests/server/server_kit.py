"""A real server over a real socket, with workers that only pretend."""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
import struct
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import dataclass, field, replace
from hashlib import md5
from pathlib import Path
from typing import Any, NamedTuple

import aiohttp
import PIL.Image
from aiohttp import web

from blockloom.catalogue.catalogue import Catalogue
from blockloom.catalogue.folders import load_folders
from blockloom.graph.file import read_graph
from blockloom.graph.node_types import InputSocket, Kind, NodeType, OutputSocket, Widget
from blockloom.graph.order import topological_order, upstream_of
from blockloom.graph.sockets import SocketType
from blockloom.jobs.job_store import JobStore
from blockloom.jobs.queue import JobQueue
from blockloom.jobs.workers import AnswerData, WorkerStats
from blockloom.picture_files import output_place, write_numbered
from blockloom.resources import nodes_folder
from blockloom.server.app import make_app
from blockloom.server.backend import Backend, WorkFolders
from blockloom.server.doors import open_doors
from blockloom.server.keys import Config, Folders
from blockloom.server.running import Listening, bind

SAMPLES = Path(__file__).parent / "samples"
DEVICE = WorkerStats("cpu", "cpu", "a pretended CPU", "idle", memory_total=8, memory_free=4)


def _lab(id: str, *inputs: InputSocket, is_output: bool = False) -> NodeType:
    outputs = () if is_output else (OutputSocket("image", SocketType.IMAGE),)
    return NodeType(id, id, ("lab",), Kind.FUNCTION, "", inputs, outputs, is_output=is_output)


LAB = (
    _lab(
        "LabProgress",
        InputSocket("steps", SocketType.INT, default=3, has_default=True),
        InputSocket("seconds", SocketType.FLOAT, default=0.05, has_default=True),
        InputSocket("preview", SocketType.BOOLEAN, default=False, has_default=True),
        InputSocket("seed", SocketType.SEED, default=0, has_default=True, widget=Widget(0, 2**64)),
    ),
    _lab(
        "LabFail",
        InputSocket("message", SocketType.STRING, is_required=True),
        InputSocket("image", SocketType.IMAGE),
    ),
)


def lab_catalogue() -> Catalogue:
    """The nodes that are shipped, and some that progress and fail."""
    loaded = load_folders([nodes_folder()], with_torch=False)
    return Catalogue({**loaded.types, **{node_type.id: node_type for node_type in LAB}})


class LabPool:
    """One pretended worker: announces what a real one would, and keeps what it did by content."""

    def __init__(self) -> None:
        self.kept: dict[str, tuple[list[Any], list[str]]] = {}
        self.cancelled: set[str] = set()
        self.freed: list[tuple[bool, bool]] = []
        self.orders: list[Any] = []
        self.asked: list[Any] = []
        self.answers: dict[str, AnswerData] = {}
        self.is_busy = False
        self.gate = asyncio.Event()
        self.gate.set()
        self._changed = asyncio.Event()

    def stats(self) -> tuple[WorkerStats, ...]:
        return (replace(DEVICE, state="busy" if self.is_busy else "idle"),)

    async def start(self) -> None: ...

    async def close(self) -> None: ...

    async def wait_for_change(self) -> None:
        await self._changed.wait()

    async def wait_for_idle(self) -> tuple[WorkerStats, ...]:
        while self.is_busy:
            await self._changed.wait()
        return self.stats()

    def cancel(self, job_id: str, *, hard: bool = False) -> bool:
        self.cancelled.add(job_id)
        self.gate.set()
        return self.is_busy

    def free(self, *, models: bool = True, values: bool = True) -> None:
        self.freed.append((models, values))

    async def reload(self) -> None: ...

    async def ask(
        self, what: str, job_id: str = "", arguments: Any = None, *, timeout: float = 20.0
    ) -> AnswerData:
        self.asked.append((what, arguments or {}))
        found = self.answers.get(what)
        return found or AnswerData({"what": what, "job": job_id, "arguments": arguments or {}})

    async def run(self, job: Any, listen: Callable[..., None], *, worker: str = "") -> Any:
        self._note(True)
        self.orders.append(job)
        try:
            return await _LabRun(self, job, listen).run()
        finally:
            # As real workers do: idle a moment before whoever waits for the end hears of it.
            self._note(False)
            await asyncio.sleep(0.002)

    def _note(self, is_busy: bool) -> None:
        self.is_busy = is_busy
        self._changed.set()
        self._changed = asyncio.Event()


@dataclass
class _LabRun:
    pool: LabPool
    job: Any
    listen: Callable[..., None]
    ran: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)

    def say(self, **event: Any) -> None:
        self.listen({"type": "event", "job_id": self.job["job_id"], "event": event}, b"")

    async def run(self) -> Any:
        graph = read_graph(self.job["graph"])
        needed = upstream_of(graph, self.job["targets"])
        order = [node_id for node_id in topological_order(graph).nodes if node_id in needed]
        self.say(event="run_started", node_ids=order, seed=None)
        keys: dict[str, str] = {}
        for node_id in order:
            await self.pool.gate.wait()
            if self.job["job_id"] in self.pool.cancelled:
                return self.ended("cancelled", "The run was cancelled.", node_id, graph)
            node = graph.nodes[node_id]
            read = [
                (name, keys.get(getattr(given, "node_id", ""), repr(given)))
                for name, given in sorted(node.inputs.items())
            ]
            key = keys[node_id] = md5(repr((node.class_type, read)).encode()).hexdigest()
            if key in self.pool.kept:
                files, texts = self.pool.kept[key]
                self.kept.append(node_id)
                self.say(event="node_kept", node_id=node_id, files=files, texts=texts)
                continue
            self.say(event="node_started", node_id=node_id)
            values = {n: getattr(v, "value", None) for n, v in node.inputs.items()}
            if node.class_type == "LabFail":
                return self.ended("failed", str(values["message"]), node_id, graph, "ValueError")
            if node.class_type == "LabProgress" and not await self.progress(node_id, values):
                return self.ended("cancelled", "The run was cancelled.", node_id, graph)
            files, texts = self.show(node.class_type, values)
            self.pool.kept[key] = (files, texts)
            self.ran.append(node_id)
            self.say(
                event="node_finished",
                node_id=node_id,
                seconds=0.001,
                files=files,
                texts=texts,
                warnings=[],
            )
        return self.ended("done", "", "", graph)

    async def progress(self, node_id: str, values: dict[str, Any]) -> bool:
        total = int(values.get("steps") or 3)
        for done in range(1, total + 1):
            await asyncio.sleep(float(values.get("seconds") or 0))
            await self.pool.gate.wait()
            if self.job["job_id"] in self.pool.cancelled:
                return False
            self.say(event="node_step", node_id=node_id, done=done, total=total)
            if self.job["wants_previews"] and values.get("preview"):
                place = {"node_id": node_id, "index": done, "total": total, "has_blob": True}
                head = {"type": "preview", "job_id": self.job["job_id"]}
                self.listen({**head, **place}, picture_bytes("JPEG"))
        return True

    def show(self, class_type: str, values: dict[str, Any]) -> tuple[list[Any], list[str]]:
        if class_type == "PreviewAny":
            return [], ["a text"]
        if class_type not in ("SaveImage", "PreviewImage"):
            return [], []
        is_temporary = class_type == "PreviewImage"
        root = Path(self.job["temporary_folder" if is_temporary else "output_folder"])
        root.mkdir(parents=True, exist_ok=True)
        prefix = str(values.get("filename_prefix") or "preview")
        folder, start = output_place(root, prefix, (32, 32))
        data = picture_bytes("PNG")
        path = write_numbered(folder, start, ".png", lambda file: file.write(data) and None)
        return [{"path": str(path), "kind": "image", "is_temporary": is_temporary}], []

    def ended(
        self, outcome: str, message: str, node_id: str, graph: Any, kind: str = ""
    ) -> dict[str, Any]:
        class_type = graph.nodes[node_id].class_type if node_id else ""
        return {
            "type": "ended",
            "job_id": self.job["job_id"],
            "outcome": outcome,
            "message": message,
            "node_id": node_id,
            "class_type": class_type,
            "kind": kind,
            "details": "Traceback\n  a line\n" if kind else "",
            "ran": self.ran,
            "kept": self.kept,
            "seed": None,
            "seconds": 0.1,
            "loaded": [],
            "memory_free": 0,
        }


def picture_bytes(kind: str = "PNG", size: tuple[int, int] = (32, 32), color: Any = "red") -> bytes:
    target = io.BytesIO()
    PIL.Image.new("RGB", size, color).save(target, format=kind)
    return target.getvalue()


class Running(NamedTuple):
    """An application and where it listens."""

    app: web.Application
    port: int


@dataclass
class Lab:
    """A running server, its pretended worker, and a client session."""

    server: Running
    session: aiohttp.ClientSession
    pool: LabPool
    folders: Folders

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.server.port}{path}"

    async def json(self, method: str, path: str, **options: Any) -> tuple[int, Any]:
        async with self.session.request(method, self.url(path), **options) as response:
            text = await response.text()
            is_json = response.content_type == "application/json"
            return response.status, json.loads(text) if is_json else text

    async def post(self, path: str, body: Any) -> tuple[int, Any]:
        return await self.json("POST", path, json=body)

    async def get(self, path: str) -> tuple[int, Any]:
        return await self.json("GET", path)

    async def prompt(self, nodes: dict[str, Any], **more: Any) -> str:
        status, answer = await self.post("/prompt", {"prompt": nodes, **more})
        assert status == 200, answer
        return str(answer["prompt_id"])

    async def ended(self, job_id: str) -> Any:
        """The history entry of a job, as soon as there is one."""
        end = time.monotonic() + 20
        while time.monotonic() < end:
            _, found = await self.get(f"/history/{job_id}")
            if found:
                return found[job_id]
            await asyncio.sleep(0.005)
        raise AssertionError("the job does not end")

    @contextlib.asynccontextmanager
    async def socket(self, client_id: str = "", flags: Any = None) -> AsyncIterator[Socket]:
        query = f"?clientId={client_id}" if client_id else ""
        async with self.session.ws_connect(self.url(f"/ws{query}")) as socket:
            if flags is not None:
                await socket.send_json({"type": "feature_flags", "data": flags})
            yield Socket(socket)


@dataclass
class Socket:
    """A client's end of a WebSocket, and what was heard on it."""

    socket: aiohttp.ClientWebSocketResponse
    heard: list[Any] = field(default_factory=list)

    async def next(self, seconds: float = 10.0) -> Any:
        message = await self.socket.receive(seconds)
        if message.type is aiohttp.WSMsgType.TEXT:
            self.heard.append(json.loads(message.data))
        elif message.type is aiohttp.WSMsgType.BINARY:
            self.heard.append(frame_of(message.data))
        else:
            raise AssertionError(f"the socket says {message.type}")
        return self.heard[-1]

    async def until_end(self, job_id: str) -> list[Any]:
        """All that is heard up to the end marker of a job."""
        start = len(self.heard)
        while True:
            found = await self.next()
            if found.get("type") == "executing" and found["data"] == {
                "node": None,
                "prompt_id": job_id,
            }:
                return self.heard[start:]

    async def is_quiet(self, seconds: float = 0.2) -> bool:
        with contextlib.suppress(TimeoutError):
            await self.next(seconds)
            return False
        return True


def frame_of(data: bytes) -> dict[str, Any]:
    kind, length = struct.unpack(">II", data[:8])
    if kind == 4:
        metadata = json.loads(data[8 : 8 + length])
        return {"binary": kind, "metadata": metadata, "image": data[8 + length :]}
    return {"binary": kind, "format": length, "image": data[8:]}


@contextlib.asynccontextmanager
async def lab(
    root: Path,
    *,
    read: Callable[[], Coroutine[Any, Any, Catalogue]] | None = None,
    examples: Path | None = None,
    **options: Any,
) -> AsyncIterator[Lab]:
    """A server with its things in ``root`` (a path without links), its Config with ``options``."""
    places = [root / name for name in ("output", "temp", "input", "user", "models", "more")]
    folders = Folders(*places[:4], tuple(places[4:]), examples)
    queue = JobQueue(JobStore(root / "jobs.db"))
    pool = LabPool()
    work = WorkFolders(str(folders.output), str(folders.temporary), (str(folders.input),))
    backend = Backend(queue, pool, work)
    read = read or (lambda: asyncio.to_thread(lab_catalogue))
    app = make_app(Config(folders, **options), backend, read)
    sockets = bind(Listening(port=0))
    session = aiohttp.ClientSession(
        cookie_jar=aiohttp.CookieJar(unsafe=True), timeout=aiohttp.ClientTimeout(30)
    )
    async with open_doors(app, sockets), session:
        yield Lab(Running(app, sockets[0].getsockname()[1]), session, pool, folders)


def play(folder: Path, story: Callable[[Lab], Coroutine[Any, Any, None]], **options: Any) -> None:
    """Run a test's story against a server of its own."""

    async def run() -> None:
        async with lab(folder, **options) as found:
            await story(found)

    asyncio.run(asyncio.wait_for(run(), 60))


def image_graph(color: int = 0, prefix: str = "lab") -> dict[str, Any]:
    """A picture that is made and saved, as in the recorded samples."""
    size = {"width": 32, "height": 32, "batch_size": 1, "color": color}
    return {
        "1": {"class_type": "EmptyImage", "inputs": size, "_meta": {"title": "an image"}},
        "2": {"class_type": "SaveImage", "inputs": {"images": ["1", 0], "filename_prefix": prefix}},
    }


def slow_graph(steps: int = 3, seconds: float = 0.02, seed: int = 0, **more: Any) -> dict[str, Any]:
    """A node that progresses, and one that shows its picture."""
    inputs = {"steps": steps, "seconds": seconds, "seed": seed, **more}
    return {
        "1": {"class_type": "LabProgress", "inputs": inputs},
        "2": {"class_type": "PreviewImage", "inputs": {"images": ["1", 0]}},
    }


def shape(value: Any) -> Any:
    """Keys and types of a JSON value; equal numbers of either kind have one shape."""
    if isinstance(value, dict):
        return {key: shape(item) for key, item in value.items()}
    if isinstance(value, list):
        return [shape(item) for item in value]
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, (int, float)):
        return "number"
    return type(value).__name__
