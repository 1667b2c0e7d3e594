"""Runs prompts as ComfyUI's executor does with classes of the first convention."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import torch
from tests.comfyui.stand_ins import (
    ExecutingContext,
    InterruptProcessingException,
    Server,
    executing,
)
from tests.comfyui.validation import Classes, Prompt, input_config, is_link


@dataclass
class Report:
    """What a run did."""

    ran: list[str] = field(default_factory=list)
    cached: list[str] = field(default_factory=list)
    outputs: dict[str, list[list[Any]]] = field(default_factory=dict)
    ui: dict[str, dict[str, list[Any]]] = field(default_factory=dict)
    failed_node: str | None = None
    error: BaseException | None = None
    is_interrupted: bool = False

    def value(self, node: str, output: int = 0) -> Any:
        """What one output of a node gave, where it is no list."""
        (value,) = self.outputs[node][output]
        return value


class Executor:
    """Keeps what the last prompt used, by what each node's inputs are made of."""

    def __init__(self, classes: Classes, server: Server) -> None:
        self._classes, self._server = classes, server
        self._kept: dict[int, tuple[list[list[Any]], dict[str, list[Any]]]] = {}
        self._objects: dict[tuple[str, str], Any] = {}
        self._numbers: dict[Any, int] = {}

    def reset(self) -> None:
        """Forget all, as after a request to free memory."""
        self._kept.clear()
        self._objects.clear()

    async def execute(
        self, prompt: Prompt, prompt_id: str, sinks: list[str], extra: dict[str, Any]
    ) -> Report:
        """Run what the sinks need and was not kept."""
        report = Report()
        with torch.inference_mode():
            keys = self._keys(prompt)
            wanted = set(keys.values())
            self._kept = {key: kept for key, kept in self._kept.items() if key in wanted}
            used = {(node, prompt[node]["class_type"]) for node in prompt}
            self._objects = {key: made for key, made in self._objects.items() if key in used}
            report.cached = [node for node in prompt if keys[node] in self._kept]
            run = _Run(self, prompt, prompt_id, extra, keys, report)
            for sink in sinks:
                if not await run.make(sink):
                    break
        for node, key in keys.items():
            if key in self._kept:
                report.outputs[node], ui = self._kept[key]
                if ui:
                    report.ui[node] = ui
        return report

    def _keys(self, prompt: Prompt) -> dict[str, int]:
        """A number for each node: the same for the same class on the same inputs."""
        keys: dict[str, int] = {}

        def key(node: str) -> int:
            if node not in keys:
                class_type, inputs = prompt[node]["class_type"], prompt[node]["inputs"]
                class_ = self._classes[class_type]
                parts = [class_type, self._is_changed(class_, inputs)]
                hidden = class_.INPUT_TYPES().get("hidden", {}).values()
                if "UNIQUE_ID" in hidden or getattr(class_, "NOT_IDEMPOTENT", False):
                    parts.append(node)
                for name in sorted(inputs):
                    value = inputs[name]
                    is_from = is_link(value)
                    parts.append((name, (key(value[0]), value[1]) if is_from else _plain(value)))
                keys[node] = self._numbers.setdefault(tuple(parts), len(self._numbers))
            return keys[node]

        for node in prompt:
            key(node)
        return keys

    @staticmethod
    def _is_changed(class_: Any, inputs: dict[str, Any]) -> Any:
        ask = getattr(class_, "IS_CHANGED", None)
        if ask is None:
            return False
        known = class_.INPUT_TYPES()
        names = {n for group in ("required", "optional") for n in known.get(group, {})}
        given = {n: None if is_link(v) else v for n, v in inputs.items() if n in names}
        given.update(dict.fromkeys(known.get("hidden", {})))
        try:
            return _plain(ask(**given))
        except Exception:
            return object()

    def instance(self, node: str, class_type: str) -> Any:
        """A node's own object, which stays as long as the node does."""
        key = (node, class_type)
        if key not in self._objects:
            self._objects[key] = self._classes[class_type]()
        return self._objects[key]

    def class_of(self, class_type: str) -> Any:
        return self._classes[class_type]

    @property
    def kept(self) -> dict[int, tuple[list[list[Any]], dict[str, list[Any]]]]:
        return self._kept

    @property
    def server(self) -> Server:
        return self._server


def _plain(value: Any) -> Any:
    """A constant as part of a key; what differs from itself is never found again."""
    if value != value:
        return object()
    if isinstance(value, (int, float, str, bool, type(None))):
        return value
    if isinstance(value, Mapping):
        return frozenset((_plain(k), _plain(v)) for k, v in value.items())
    if isinstance(value, Sequence):
        return tuple(_plain(item) for item in value)
    return object()


@dataclass
class _Run:
    executor: Executor
    prompt: Prompt
    prompt_id: str
    extra: dict[str, Any]
    keys: dict[str, int]
    report: Report

    async def make(self, node: str) -> bool:
        """Run a node after all it needs; False where that failed."""
        kept, server = self.executor.kept, self.executor.server
        if self.keys[node] in kept:
            return True
        for name, value in self.prompt[node]["inputs"].items():
            if is_link(value) and not self._is_lazy(node, name) and not await self.make(value[0]):
                return False
        server.last_node_id = node
        server.send_sync("executing", {"node": node}, server.client_id)
        try:
            if not await self._make_lazy(node):
                return False
            outputs, ui = await self._call_all(node)
        except InterruptProcessingException as error:
            self.report.failed_node, self.report.error = node, error
            self.report.is_interrupted = True
            return False
        except Exception as error:
            self.report.failed_node, self.report.error = node, error
            return False
        if ui:
            server.send_sync("executed", {"node": node, "output": ui}, server.client_id)
        kept[self.keys[node]] = outputs, ui
        self.report.ran.append(node)
        return True

    def _is_lazy(self, node: str, name: str) -> bool:
        class_ = self.executor.class_of(self.prompt[node]["class_type"])
        return bool(input_config(class_, name)[2].get("lazy"))

    async def _make_lazy(self, node: str) -> bool:
        instance = self.executor.instance(node, self.prompt[node]["class_type"])
        if not hasattr(instance, "check_lazy_status"):
            return True
        for given in _slices(self._inputs(node)):
            for name in instance.check_lazy_status(**given) or []:
                link = self.prompt[node]["inputs"].get(name)
                if is_link(link) and not await self.make(link[0]):
                    return False
        return True

    def _inputs(self, node: str) -> dict[str, list[Any]]:
        class_ = self.executor.class_of(self.prompt[node]["class_type"])
        found: dict[str, list[Any]] = {}
        for name, value in self.prompt[node]["inputs"].items():
            if is_link(value):
                kept = self.executor.kept.get(self.keys[value[0]])
                found[name] = [None] if kept is None else kept[0][value[1]]
            elif input_config(class_, name)[0] is not None:
                found[name] = [value]
        hidden = {
            "PROMPT": self.prompt,
            "DYNPROMPT": None,
            "EXTRA_PNGINFO": self.extra.get("extra_pnginfo"),
            "UNIQUE_ID": node,
        }
        for name, kind in class_.INPUT_TYPES().get("hidden", {}).items():
            if kind in hidden:
                found[name] = [hidden[kind]]
        return found

    async def _call_all(self, node: str) -> tuple[list[list[Any]], dict[str, list[Any]]]:
        class_type = self.prompt[node]["class_type"]
        class_ = self.executor.class_of(class_type)
        function = getattr(self.executor.instance(node, class_type), class_.FUNCTION)
        inputs = self._inputs(node)
        is_whole = getattr(class_, "INPUT_IS_LIST", False)
        results, uis = [], []
        for index, given in enumerate([inputs] if is_whole else _slices(inputs)):
            token = executing.set(ExecutingContext(self.prompt_id, node, index))
            try:
                answer = function(**given)
                answer = await answer if inspect.isawaitable(answer) else answer
            finally:
                executing.reset(token)
            if isinstance(answer, dict):
                uis += [answer["ui"]] if "ui" in answer else []
                answer = answer.get("result")
            if answer is not None:
                results.append(answer)
        ui = {key: [item for one in uis for item in one[key]] for key in uis[0]} if uis else {}
        return _merged(results, class_), ui


def _slices(inputs: dict[str, list[Any]]) -> Iterator[dict[str, Any]]:
    """One call for each element of the longest list; shorter ones repeat their last."""
    if not inputs:
        yield {}
        return
    for index in range(max(map(len, inputs.values()))):
        yield {name: given[min(index, len(given) - 1)] for name, given in inputs.items()}


def _merged(results: list[Any], class_: Any) -> list[list[Any]]:
    if not results:
        return []
    is_list = getattr(class_, "OUTPUT_IS_LIST", None) or [False] * len(results[0])
    merged: list[list[Any]] = []
    for number in range(len(results[0])):
        given = [result[number] for result in results]
        merged.append([item for one in given for item in one] if is_list[number] else given)
    return merged
