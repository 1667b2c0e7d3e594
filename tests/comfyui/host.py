"""A small host that loads a node pack and runs prompts as ComfyUI does, for tests without it."""

from __future__ import annotations

import asyncio
import copy
import importlib.util
import json
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

from tests.comfyui.core_nodes import core_nodes
from tests.comfyui.executor import Executor, Report
from tests.comfyui.stand_ins import Server, in_place, install, serve
from tests.comfyui.validation import Prompt, validate

ROOT = Path(__file__).parents[2]


@dataclass
class Host:
    """ComfyUI's process, as a node pack sees it."""

    base: Path
    server: Server
    modules: dict[str, ModuleType]
    classes: dict[str, Any] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)
    packs: dict[str, ModuleType] = field(default_factory=dict)
    _executor: Executor | None = None
    # Prompts run in one thread, which has an event loop of its own that is running meanwhile.
    _thread: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1))

    @property
    def input_folder(self) -> Path:
        return self.base / "input"

    @property
    def output_folder(self) -> Path:
        return self.base / "output"

    @property
    def management(self) -> ModuleType:
        """The module for devices and memory."""
        return self.modules["comfy.model_management"]

    def load_pack(self, folder: Path) -> ModuleType:
        """Import a pack as ComfyUI does: by its path, under a name made of that path."""
        name = str(folder).replace(".", "_x_")
        spec = importlib.util.spec_from_file_location(name, folder / "__init__.py")
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)
        core = set(self.classes)
        for class_type, class_ in module.NODE_CLASS_MAPPINGS.items():
            if class_type not in core:
                self.classes[class_type] = class_
                class_.RELATIVE_PYTHON_MODULE = f"custom_nodes.{folder.name}"
        self.titles.update(getattr(module, "NODE_DISPLAY_NAME_MAPPINGS", {}))
        self.packs[folder.name] = module
        return module

    def run(self, prompt: Prompt, **extra: Any) -> Report:
        """Take a prompt as the server does, and run it; raise Refused where it is not valid."""
        body: dict[str, Any] = json.loads(json.dumps({"prompt": prompt, "extra_data": extra}))
        for handler in self.server.on_prompt_handlers:
            body = handler(body)
        prompt, extra = body["prompt"], body.get("extra_data", {})
        sinks = validate(self.classes, prompt)
        prompt_id = f"prompt-{len(self.server.events('execution_start'))}"
        self.server.send_sync("execution_start", {"prompt_id": prompt_id}, None)
        self.server.last_prompt_id = prompt_id
        self.management.interrupt_current_processing(False)
        given = copy.deepcopy(prompt)
        return self._thread.submit(self._work, given, prompt_id, sinks, extra).result()

    def _work(
        self, prompt: Prompt, prompt_id: str, sinks: list[str], extra: dict[str, Any]
    ) -> Report:
        return asyncio.run(self.executor.execute(prompt, prompt_id, sinks, extra))

    @property
    def executor(self) -> Executor:
        if self._executor is None:
            self._executor = Executor(self.classes, self.server)
        return self._executor

    def free(self, *, forget: bool = True) -> None:
        """What a request to unload the models does; ``forget`` drops the kept outputs as well."""
        self._thread.submit(self.management.unload_all_models).result()
        if forget:
            self.executor.reset()

    def interrupt(self) -> None:
        """Press the button."""
        self.management.interrupt_current_processing()

    def ask(self, path: str, body: Any = None) -> tuple[int, bytes]:
        """A request to the server, of which the status and the body come back."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.server.address + path, data)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read()

    def ask_json(self, path: str, body: Any = None) -> tuple[int, Any]:
        """The same where the answer is JSON."""
        status, answer = self.ask(path, body)
        return status, json.loads(answer)

    def close(self) -> None:
        """End the thread that prompts run in."""
        self._thread.shutdown()


@contextmanager
def open_host(base: Path) -> Iterator[Host]:
    """A host without packs, in place of what was imported under the names of its modules."""
    server = Server()
    with ExitStack() as stack:
        modules = install(base, server)
        stack.enter_context(in_place(modules))
        host = Host(base, server, modules)
        stack.callback(server.loop.close)
        stack.callback(host.close)
        host.classes.update(core_nodes(modules["folder_paths"]))
        modules["nodes"].__dict__["NODE_CLASS_MAPPINGS"] = host.classes
        yield host


@contextmanager
def open_pack(base: Path, root: Path = ROOT) -> Iterator[Host]:
    """A host in which the pack is linked into the folder for packs, loaded, and served."""
    folder = base / "custom_nodes" / "blockloom"
    folder.parent.mkdir(parents=True)
    folder.symlink_to(root)
    before, path = set(sys.modules), [*sys.path]
    with open_host(base) as host:
        host.load_pack(folder)
        try:
            with serve(host.server):
                yield host
        finally:
            sys.path[:] = path
            for name in set(sys.modules) - before:
                if name.startswith((str(folder).replace(".", "_x_"), "blockloom.comfyui")):
                    del sys.modules[name]
