"""The modules that a node pack finds in ComfyUI's process, as far as packs use them.

Written from what ComfyUI does, for tests that have no ComfyUI: folders, the server with its routes
and messages, devices and memory, progress, films.
"""

from __future__ import annotations

import asyncio
import contextvars
import io
import json
import re
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Any

import torch
from aiohttp import web

PICTURES = (".png", ".jpg", ".jpeg", ".webp", ".bmp", ".gif")


class InterruptProcessingException(Exception):
    """Raised in the middle of a node where somebody pressed the button."""


@dataclass(frozen=True, slots=True)
class ExecutingContext:
    """Which node runs; progress bars without a node id ask for it."""

    prompt_id: str
    node_id: str
    list_index: int | None


executing: contextvars.ContextVar[ExecutingContext | None] = contextvars.ContextVar(
    "executing", default=None
)


class Server:
    """What ``PromptServer.instance`` is to a pack; listening is done by ``serve``."""

    def __init__(self) -> None:
        self.routes = web.RouteTableDef()
        self.app = web.Application()
        self.loop = asyncio.new_event_loop()
        self.client_id: str | None = "client"
        self.last_node_id: str | None = None
        self.last_prompt_id: str | None = None
        self.sockets: dict[str, object] = {}
        self.sockets_metadata: dict[str, dict[str, object]] = {}
        self.on_prompt_handlers: list[Callable[[dict[str, Any]], dict[str, Any]]] = []
        self.sent: list[tuple[Any, Any]] = []
        self.listeners: list[Callable[[Any, Any], None]] = []
        self.address = ""

    def add_on_prompt_handler(self, handler: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
        self.on_prompt_handlers.append(handler)

    def send_sync(self, event: Any, data: Any, sid: str | None = None) -> None:
        """Record what is sent. What cannot be said as JSON ends ComfyUI's process, and no
        browser reads NaN: here it fails the test that sent it."""
        if isinstance(event, str):
            data = json.loads(json.dumps(data, allow_nan=False))
        self.sent.append((event, data))
        for listener in self.listeners:
            listener(event, data)

    def events(self, name: str) -> list[Any]:
        """The data of all messages of that name so far."""
        return [data for event, data in self.sent if event == name]


@contextmanager
def serve(server: Server) -> Iterator[str]:
    """Listen on a free port, in a thread, with every route of the packs twice; give the address."""
    doubled = web.RouteTableDef()
    for route in server.routes:
        if isinstance(route, web.RouteDef):
            doubled.route(route.method, "/api" + route.path)(route.handler, **route.kwargs)
    server.app.add_routes(doubled)
    server.app.add_routes(server.routes)
    thread = threading.Thread(target=server.loop.run_forever, daemon=True)
    thread.start()
    runner = web.AppRunner(server.app, access_log=None)

    async def start() -> str:
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        return f"http://127.0.0.1:{runner.addresses[0][1]}"

    def wait(work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, server.loop).result(30)

    try:
        server.address = wait(start())
        yield server.address
    finally:
        wait(runner.cleanup())
        wait(server.loop.shutdown_default_executor())
        server.loop.call_soon_threadsafe(server.loop.stop)
        thread.join(10)


class ProgressBar:
    """A node's progress; each step looks whether somebody interrupted."""

    management: ModuleType
    server: Server

    def __init__(self, total: int, node_id: str | None = None) -> None:
        self.total, self.current, self.node_id = total, 0, node_id

    def update_absolute(self, value: int, total: int | None = None, preview: Any = None) -> None:
        if total is not None:
            self.total = total
        self.current = min(value, self.total)
        self.management.throw_exception_if_processing_interrupted()
        context = executing.get()
        node = self.node_id or (context.node_id if context else self.server.last_node_id)
        progress = {"value": self.current, "max": self.total, "node": node}
        self.server.send_sync("progress", progress, self.server.client_id)
        if preview is not None:
            kind, picture, longest = preview
            picture.copy().save(io.BytesIO(), format=kind)
            self.server.send_sync(4, (kind, picture, longest, node), self.server.client_id)

    def update(self, steps: int) -> None:
        self.update_absolute(self.current + steps)


@dataclass
class VideoComponents:
    """The pictures and the sound of a film."""

    images: torch.Tensor
    frame_rate: Fraction
    audio: dict[str, Any] | None = None
    metadata: dict[str, Any] | None = None


class VideoInput:
    """What travels on a VIDEO wire."""

    def get_components(self) -> VideoComponents:
        raise NotImplementedError


class VideoFromComponents(VideoInput):
    """A film made of pictures."""

    def __init__(self, components: VideoComponents) -> None:
        self._components = components

    def get_components(self) -> VideoComponents:
        return self._components


def install(base: Path, server: Server) -> dict[str, ModuleType]:
    """Make the modules, with folders below ``base``; nothing is put into ``sys.modules`` yet."""
    management = _memory()
    ProgressBar.management, ProgressBar.server = management, server
    util = _module("comfy_api.util", VideoComponents=VideoComponents)
    impl = _module("comfy_api.input_impl", VideoFromComponents=VideoFromComponents)
    inputs = _module("comfy_api.input", VideoInput=VideoInput)
    latest = _module(
        "comfy_api.latest",
        Input=type("Input", (), {"Video": VideoInput}),
        InputImpl=type("InputImpl", (), {"VideoFromComponents": VideoFromComponents}),
        Types=type("Types", (), {"VideoComponents": VideoComponents}),
    )
    utils = _module("comfy.utils", ProgressBar=ProgressBar)
    cli = _module("comfy.cli_args", args=type("Args", (), {"cpu": True, "disable_metadata": False}))
    prompt_server = type("PromptServer", (), {"instance": server})
    modules = [
        _module("comfy", utils=utils, model_management=management, cli_args=cli),
        utils,
        management,
        cli,
        _module("comfy_api", latest=latest, util=util, input=inputs, input_impl=impl),
        latest,
        util,
        inputs,
        impl,
        _module("comfy_execution", utils=_module("comfy_execution.utils")),
        _module("comfy_execution.utils", get_executing_context=executing.get),
        _folders(base),
        _module("server", PromptServer=prompt_server),
        _module("nodes", NODE_CLASS_MAPPINGS={}, NODE_DISPLAY_NAME_MAPPINGS={}),
    ]
    return {module.__name__: module for module in modules}


@contextmanager
def in_place(modules: dict[str, ModuleType]) -> Iterator[None]:
    """Let ``import`` find the modules, and put back what was there."""
    before = {name: sys.modules.get(name) for name in modules}
    sys.modules.update(modules)
    try:
        yield
    finally:
        for name, module in before.items():
            if module is None:
                sys.modules.pop(name, None)
            else:
                sys.modules[name] = module


def _module(name: str, **content: Any) -> ModuleType:
    module = ModuleType(name)
    module.__spec__ = ModuleSpec(name, None)
    module.__dict__.update(content)
    return module


def _memory() -> ModuleType:
    flag = threading.Event()

    def throw() -> None:
        if flag.is_set():
            flag.clear()
            raise InterruptProcessingException

    def interrupt(value: bool = True) -> None:
        (flag.set if value else flag.clear)()

    management = _module(
        "comfy.model_management",
        InterruptProcessingException=InterruptProcessingException,
        OOM_EXCEPTION=torch.OutOfMemoryError,
        current_loaded_models=[],
        get_torch_device=lambda: torch.device("cpu"),
        intermediate_device=lambda: torch.device("cpu"),
        get_free_memory=lambda dev=None, torch_free_too=False: 8 * 2**30,
        get_total_memory=lambda dev=None, torch_total_too=False: 16 * 2**30,
        free_memory=lambda memory_required, device, keep_loaded=(): [],
        soft_empty_cache=lambda force=False: None,
        interrupt_current_processing=interrupt,
        processing_interrupted=flag.is_set,
        throw_exception_if_processing_interrupted=throw,
        cleanup_models_gc=lambda: None,
        load_models_gpu=lambda models, memory_required=0, **options: None,
    )
    # Looked up anew at each call: packs put a function of their own in the place of this one.
    management.__dict__["unload_all_models"] = lambda: management.free_memory(
        1e30, management.get_torch_device()
    )
    return management


def _folders(base: Path) -> ModuleType:
    folders = {name: base / name for name in ("input", "output", "temp", "user", "models")}
    for folder in folders.values():
        folder.mkdir(parents=True, exist_ok=True)

    def located(name: str, default: str | None = None) -> str:
        marked = re.fullmatch(r"(.*) \[(input|output|temp)\]", name)
        if marked:
            return str(folders[marked[2]] / marked[1])
        return str(Path(default or folders["input"]) / name)

    def directory(name: str) -> Callable[[], str]:
        return lambda: str(folders[name])

    def save_path(
        prefix: str, folder: str, width: int = 0, height: int = 0
    ) -> tuple[str, str, int, str, str]:
        inside, name = (Path(prefix).parent, Path(prefix).name)
        full = Path(folder) / inside
        full.mkdir(parents=True, exist_ok=True)
        counter = 1 + sum(1 for path in full.iterdir() if path.name.startswith(f"{name}_"))
        subfolder = "" if str(inside) == "." else str(inside)
        return str(full), name, counter, subfolder, prefix

    def of_types(files: list[str], kinds: list[str]) -> list[str]:
        return [f for f in files if "image" not in kinds or f.lower().endswith(PICTURES)]

    return _module(
        "folder_paths",
        base_path=str(base),
        models_dir=str(folders["models"]),
        folder_names_and_paths={},
        get_input_directory=directory("input"),
        get_output_directory=directory("output"),
        get_temp_directory=directory("temp"),
        get_user_directory=directory("user"),
        get_directory_by_type=lambda name: str(folders[name]) if name in folders else None,
        get_annotated_filepath=located,
        exists_annotated_filepath=lambda name: Path(located(name)).exists(),
        get_save_image_path=save_path,
        filter_files_content_types=of_types,
        get_folder_paths=lambda name: [str(folders["models"] / name)],
        add_model_folder_path=lambda *given, **options: None,
        get_filename_list=lambda name: [],
        get_full_path=lambda name, file: None,
    )
