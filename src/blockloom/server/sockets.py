"""``/ws``: everybody hears of the queue, and of a run those it belongs to."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass

from aiohttp import WSMsgType, web

from blockloom.execution.events import Event
from blockloom.jobs.model import Job
from blockloom.server.announcements import Message, Run
from blockloom.server.backend import (
    Backend,
    JobEnded,
    JobHappened,
    JobPreviewed,
    JobStarted,
    News,
)
from blockloom.server.bodies import JsonObject, to_text
from blockloom.server.clients import Client, Clients, Picture, close_socket, wants_in
from blockloom.server.job_shapes import group_progress
from blockloom.server.keys import CONFIG, Folders
from blockloom.server.system import features

_LARGEST_MESSAGE = 64 * 1024
_HEARTBEAT = 30.0
_FLUSH_SECONDS = 0.05
_REMEMBERED = 64
_REMEMBER_SECONDS = 300.0
_LONGEST_ID = 200


@dataclass(frozen=True, slots=True)
class Missed:
    """A run whose end its client did not hear."""

    client_id: str
    messages: tuple[Message, ...]
    at: float


class Announcer:
    """Tells clients what happens; never waits for any of them."""

    def __init__(self, backend: Backend, folders: Folders) -> None:
        self.clients = Clients()
        self._backend = backend
        self._folders = folders
        self._runs: dict[str, Run] = {}
        self._missed: OrderedDict[str, Missed] = OrderedDict()
        self._flushes: dict[str, asyncio.TimerHandle] = {}

    def on_news(self, news: News) -> None:
        """Pass on what the queue and the workers say."""
        if isinstance(news, JobStarted):
            self._say_status()
            run = self._runs[news.job.id] = Run(news.job, self._folders)
            self._say(run, run.begin())
        elif isinstance(news, JobHappened):
            self._on_event(news.job_id, news.event)
        elif isinstance(news, JobPreviewed):
            picture = Picture(news.job.id, news.node_id, news.picture)
            for client in self._audience(news.job, is_public=True):
                client.show(picture)
        elif isinstance(news, JobEnded):
            self._on_end(news.job)
        else:
            self._say_status()

    def welcome(self, client: Client) -> None:
        """Take a client in and tell it where things are, and what it missed."""
        self.clients.join(client)
        status = self._status()
        client.send(_text("status", {**status, "sid": client.id}))
        for job_id, missed in list(self._missed.items()):
            is_old = time.monotonic() - missed.at > _REMEMBER_SECONDS
            if missed.client_id == client.id or is_old:
                del self._missed[job_id]
            if missed.client_id == client.id and not is_old:
                for message in missed.messages:
                    client.send(_text(*message))
        for run in self._runs.values():
            if run.job.new.client_id == client.id:
                for message in run.again():
                    client.send(_text(*message))

    def tell_all(self, kind: str, data: JsonObject) -> None:
        """Say something that is about no run to everybody."""
        text = _text(kind, data)
        for client in self.clients.all():
            client.send(text)

    def close(self) -> None:
        """Let everybody go."""
        for handle in self._flushes.values():
            handle.cancel()
        self.clients.leave_all()

    # -- single news

    def _on_event(self, job_id: str, event: Event) -> None:
        run = self._runs.get(job_id)
        if run is None:
            return
        messages = run.on_event(event)
        is_start = event["event"] == "node_started"
        is_finish = event["event"] == "node_finished"
        if is_start:
            # As ComfyUI: what was kept, then the node's state, then its name.
            self._say(run, messages[:-1])
            self._say_progress(run)
            self._say(run, messages[-1:])
        elif is_finish:
            self._say(run, messages)
            self._say_progress(run)
        else:
            self._say_progress(run)
            self._say(run, messages)
        self._say_block_state(run, event)

    def _on_end(self, job: Job) -> None:
        self._say_end(job)
        if job.new.group:
            counts = self._backend.queue.store.group(job.new.group)
            self._say_ours(job, ("group_progress", group_progress(job.new.group, counts)))

    def _say_end(self, job: Job) -> None:
        run = self._runs.pop(job.id, None)
        if run is None:
            self._say_status()
            return
        self._flush(run)
        end, last = run.end(job), run.finish()
        client_id = job.new.client_id
        if client_id and self.clients.get(client_id) is None:
            run.current = ""
            messages = (*run.again(), *end[-1:], last)
            self._missed[job.id] = Missed(client_id, messages, time.monotonic())
            while len(self._missed) > _REMEMBERED:
                self._missed.popitem(last=False)
        self._say(run, end)
        self._say_status()
        self._say(run, [last])

    # -- who hears what

    def _audience(self, job: Job, *, is_public: bool) -> Iterable[Client]:
        """The client of a job; of a job without one everybody hears what is public."""
        if job.new.client_id:
            client = self.clients.get(job.new.client_id)
            return [] if client is None else [client]
        return self.clients.all() if is_public else []

    def _say(self, run: Run, messages: list[Message]) -> None:
        for kind, data in messages:
            audience = list(self._audience(run.job, is_public=kind == "progress"))
            if audience:
                text = _text(kind, data)
                for client in audience:
                    client.send(text)

    def _say_progress(self, run: Run) -> None:
        """At once in small runs; in large ones at most every so often."""
        if not run.changed:
            return
        if not run.is_large:
            self._flush(run)
        elif run.job.id not in self._flushes:
            loop = asyncio.get_running_loop()
            self._flushes[run.job.id] = loop.call_later(_FLUSH_SECONDS, self._flush, run)

    def _flush(self, run: Run) -> None:
        handle = self._flushes.pop(run.job.id, None)
        if handle is not None:
            handle.cancel()
        audience = list(self._audience(run.job, is_public=True))
        if audience and run.changed:
            for is_full in (False, True):
                listeners = [c for c in audience if is_full is not (run.is_large or c.wants.deltas)]
                message = run.progress(is_full=is_full) if listeners else None
                text = _text(*message) if message is not None else ""
                for client in listeners:
                    client.send(text)
        run.changed.clear()

    def _say_block_state(self, run: Run, event: Event) -> None:
        """Tell those who asked for it that a node's block state can be looked at."""
        message: Message
        if event["event"] == "node_finished":
            data: JsonObject = {"prompt_id": run.job.id, "node": event["node_id"]}
            seen: JsonObject = {"seconds": event["seconds"], "warnings": [*event["warnings"]]}
            message = ("block_state", {**data, **seen})
        elif event["event"] == "node_step" and event["done"] > 0:
            data = {"prompt_id": run.job.id, "node": event["node_id"]}
            message = ("block_state_step", {**data, "done": event["done"], "total": event["total"]})
        else:
            return
        self._say_ours(run.job, message)

    def _say_ours(self, job: Job, message: Message) -> None:
        """Tell what ComfyUI has no word for to a job's client, if it asked for that."""
        for client in self._audience(job, is_public=False):
            if client.wants.block_states:
                client.send(_text(*message))

    def _say_status(self) -> None:
        text = _text("status", self._status())
        for client in self.clients.all():
            client.send(text)

    def _status(self) -> JsonObject:
        return {"status": {"exec_info": {"queue_remaining": self._backend.remaining()}}}


def _text(kind: str, data: object) -> str:
    return to_text({"type": kind, "data": data})


ANNOUNCER: web.AppKey[Announcer] = web.AppKey("announcer", Announcer)


async def get_ws(request: web.Request) -> web.WebSocketResponse:
    """A client's WebSocket, for as long as it stays."""
    announcer = request.app[ANNOUNCER]
    socket = web.WebSocketResponse(
        heartbeat=_HEARTBEAT, max_msg_size=_LARGEST_MESSAGE, compress=False
    )
    await socket.prepare(request)
    client = Client(_client_id(request), socket)
    announcer.welcome(client)
    sending = asyncio.create_task(client.deliver())
    receiving = asyncio.create_task(_receive(client, request.app[CONFIG].max_upload))
    try:
        await asyncio.wait((sending, receiving), return_when=asyncio.FIRST_COMPLETED)
    finally:
        announcer.clients.remove(client)
        await close_socket(socket)
        for task in (sending, receiving):
            task.cancel()
        await asyncio.gather(sending, receiving, return_exceptions=True)
    return socket


def _client_id(request: web.Request) -> str:
    given = request.query.get("clientId", "")
    is_usable = 0 < len(given) <= _LONGEST_ID and given.isprintable()
    return given if is_usable else uuid.uuid4().hex


async def _receive(client: Client, max_upload: int) -> None:
    """Only a client's first message means something: what it understands."""
    is_first = True
    async for message in client.socket:
        if message.type is WSMsgType.TEXT and is_first:
            wants = wants_in(message.data)
            if wants is not None:
                client.wants = wants
                client.send(_text("feature_flags", features(max_upload)))
        is_first = False


def add_routes(routes: list[web.RouteDef]) -> None:
    """``GET /ws``."""
    routes.append(web.get("/ws", get_ws))
