"""A ComfyUI of one's own: started on the CPU, asked through its protocol, and stopped again."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import re
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

Prompt = dict[str, dict[str, Any]]
START_LIMIT = 180
RUN_LIMIT = 300


@dataclass(slots=True)
class Outcome:
    """What a prompt did: the nodes that ran and those kept, what they show, how it ended."""

    prompt_id: str = ""
    ran: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    shown: dict[str, dict[str, list[Any]]] = field(default_factory=dict)
    steps: list[int] = field(default_factory=list)
    own_events: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    previews: int = 0
    error: str = ""
    is_interrupted: bool = False
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Place:
    """Where a ComfyUI is, and the folders this one of its processes has to itself."""

    comfyui: Path
    base: Path
    stand_ins: Path
    frontend: Path | None = None

    @property
    def log(self) -> Path:
        return self.base / "log.txt"

    @property
    def packs(self) -> Path:
        return self.base / "custom_nodes"

    def prepare(self, pack: Path, name: str) -> None:
        """Make the folders, and link the pack into the one for custom nodes."""
        for folder in ("custom_nodes", "input", "output", "temp", "user", "models"):
            (self.base / folder).mkdir(parents=True, exist_ok=True)
        link = self.packs / name
        if not link.exists():
            link.symlink_to(pack, target_is_directory=True)

    def environment(self) -> dict[str, str]:
        """Ours but for our own code on the path: the pack has to find that by itself."""
        return {**os.environ, "PYTHONPATH": str(self.stand_ins), "PYTHONDONTWRITEBYTECODE": "1"}

    def command(self, *arguments: str) -> list[str]:
        """What starts it on the CPU with these folders."""
        command = [sys.executable, "main.py", "--cpu", "--disable-auto-launch"]
        command += ["--base-directory", str(self.base)]
        if "--database-url" in (self.comfyui / "comfy" / "cli_args.py").read_text():
            # Older ones have no database; newer ones keep it beside their own code.
            command += ["--database-url", f"sqlite:///{self.base / 'user' / 'comfyui.db'}"]
        if self.frontend is not None:
            command += ["--front-end-root", str(self.frontend)]
        return [*command, *arguments]


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


class Comfy:
    """A running ComfyUI."""

    def __init__(self, place: Place, address: str, session: aiohttp.ClientSession) -> None:
        self.place, self.address, self._session = place, address, session
        self._client = uuid.uuid4().hex

    async def get(self, path: str) -> bytes:
        """The body of an answer; anything but a 200 is an error."""
        async with self._session.get(self.address + path) as answer:
            body = await answer.read()
            if answer.status != 200:
                raise RuntimeError(f"GET {path}: {answer.status} {body[:500]!r}")
            return body

    async def get_json(self, path: str) -> Any:
        return json.loads(await self.get(path))

    async def post(self, path: str, body: Any) -> tuple[int, Any]:
        """Status and JSON of an answer; None where the body is empty."""
        async with self._session.post(self.address + path, json=body) as answer:
            text = await answer.text()
            return answer.status, json.loads(text) if text.startswith(("{", "[")) else None

    async def converted(self, graph: dict[str, Any]) -> Prompt:
        """A graph file as the prompt that ComfyUI takes, made by the pack."""
        status, answer = await self.post("/blockloom/comfyui", {"graph": graph})
        if status != 200:
            raise RuntimeError(f"/blockloom/comfyui: {status} {answer}")
        prompt: Prompt = answer["prompt"]
        return prompt

    async def run(
        self,
        prompt: Prompt,
        on_step: Callable[[int], Any] | None = None,
        extra: dict[str, Any] | None = None,
    ) -> Outcome:
        """Run a prompt to its end, whatever that is; ``on_step`` may await something."""
        outcome, started = Outcome(), time.perf_counter()
        url = f"{self.address}/ws?clientId={self._client}"
        async with asyncio.timeout(RUN_LIMIT), self._session.ws_connect(url, max_msg_size=0) as ws:
            hello = {"type": "feature_flags", "data": {"supports_preview_metadata": True}}
            await ws.send_json(hello)
            body = {"prompt": prompt, "client_id": self._client, "extra_data": extra or {}}
            status, answer = await self.post("/prompt", body)
            if status != 200 or answer["node_errors"]:
                raise RuntimeError(f"the prompt was refused: {json.dumps(answer)[:2000]}")
            outcome.prompt_id = answer["prompt_id"]
            async for message in ws:
                if message.type is aiohttp.WSMsgType.BINARY:
                    outcome.previews += 1
                    continue
                if message.type is not aiohttp.WSMsgType.TEXT:
                    raise RuntimeError("ComfyUI closed the connection; see its log.")
                event = json.loads(message.data)
                if _followed(outcome, event["type"], event["data"]):
                    break
                if event["type"] == "progress" and on_step is not None:
                    await on_step(event["data"]["value"])
        outcome.seconds = time.perf_counter() - started
        return outcome

    async def picture(self, place: dict[str, str]) -> bytes:
        """A file that a node saved."""
        query = "&".join(f"{name}={place[name]}" for name in ("filename", "subfolder", "type"))
        return await self.get(f"/view?{query}")


def _followed(outcome: Outcome, kind: str, data: dict[str, Any]) -> bool:
    """Write down an event; True for the last one of the prompt."""
    if kind.startswith("blockloom."):
        outcome.own_events.append((kind, data))
    if data.get("prompt_id") != outcome.prompt_id:
        return False
    if kind == "executing" and data["node"] is None:
        return True
    if kind == "executing":
        outcome.ran.append(data["node"])
    elif kind == "execution_cached":
        outcome.kept = list(data["nodes"])
    elif kind == "executed" and data["output"]:
        outcome.shown[data["node"]] = data["output"]
    elif kind == "progress":
        outcome.steps.append(data["value"])
    elif kind == "execution_error":
        outcome.error = f"node {data['node_id']}: {data['exception_message']}"
    elif kind == "execution_interrupted":
        outcome.is_interrupted = True
    return False


@contextlib.asynccontextmanager
async def running(place: Place) -> AsyncIterator[Comfy]:
    """A ComfyUI that answers, stopped at the end."""
    port = free_port()
    command = place.command("--listen", "127.0.0.1", "--port", str(port))
    with place.log.open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            *command,
            cwd=place.comfyui,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env=place.environment(),
        )
    try:
        async with aiohttp.ClientSession() as session:
            comfy = Comfy(place, f"http://127.0.0.1:{port}", session)
            await _answering(comfy, process)
            yield comfy
    finally:
        await _ended(process)


async def _ended(process: asyncio.subprocess.Process) -> None:
    if process.returncode is not None:
        return
    process.terminate()
    try:
        async with asyncio.timeout(20):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()


async def _answering(comfy: Comfy, process: asyncio.subprocess.Process) -> None:
    until = time.monotonic() + START_LIMIT
    while time.monotonic() < until:
        if process.returncode is not None:
            raise RuntimeError(f"ComfyUI ended while it started:\n{_last_lines(comfy.place.log)}")
        with contextlib.suppress(aiohttp.ClientError):
            await comfy.get("/system_stats")
            return
        await asyncio.sleep(0.3)
    raise RuntimeError(f"ComfyUI does not answer after {START_LIMIT} s; see {comfy.place.log}")


def quick_start(place: Place) -> tuple[int, str]:
    """Start it up to where it would listen; the exit status and the log."""
    with place.log.open("wb") as log:
        done = subprocess.run(
            place.command("--quick-test-for-ci"),
            cwd=place.comfyui,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            timeout=START_LIMIT,
            env=place.environment(),
            check=False,
        )
    return done.returncode, place.log.read_text(errors="replace")


def import_seconds(log: str, pack: str) -> float:
    """How long a pack took to import, from the table in ComfyUI's log; -1 where it failed."""
    line = rf"([\d.]+) seconds( \(IMPORT FAILED\))?: \S*{re.escape(pack)}\s"
    found = re.search(line, log)
    return float(found[1]) if found and not found[2] else -1.0


def _last_lines(log: Path) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-25:])
