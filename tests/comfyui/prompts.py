"""Graphs of ours as prompts that ComfyUI takes: links by index, and what its core requires."""

from __future__ import annotations

import copy
import json
from typing import Any

from tests.comfyui.host import Host
from tests.comfyui.validation import Prompt

from blockloom.resources import examples_folder

_CORE_OUTPUTS = {"image": 0, "mask": 1, "images": 0}


def example(host: Host, name: str) -> Prompt:
    """One of the examples, its pictures in the input folder."""
    folder = examples_folder()
    for picture in folder.glob("*.png"):
        (host.input_folder / picture.name).write_bytes(picture.read_bytes())
    return indexed(host, json.loads((folder / f"{name}.json").read_text())["prompt"])


def indexed(host: Host, graph: dict[str, Any]) -> Prompt:
    """A graph whose links name outputs, with their numbers instead."""
    prompt = copy.deepcopy(graph)
    for node in prompt.values():
        for name, value in node["inputs"].items():
            if isinstance(value, list) and len(value) == 2 and value[0] in graph:
                node["inputs"][name] = [value[0], _number(host, graph[value[0]], value[1])]
        if node["class_type"] == "ImageScale":
            node["inputs"].setdefault("crop", "disabled")
    return prompt


def _number(host: Host, node: dict[str, Any], output: str) -> int:
    names = getattr(host.classes[node["class_type"]], "RETURN_NAMES", None)
    return _CORE_OUTPUTS[output] if names is None else names.index(output)


def typed(prompt: Prompt, node: str, /, **values: Any) -> Prompt:
    """The prompt with values typed on a node, or links given."""
    changed = copy.deepcopy(prompt)
    changed[node]["inputs"].update(values)
    return changed


def node(class_type: str, **inputs: Any) -> dict[str, Any]:
    """A node of a prompt."""
    return {"class_type": class_type, "inputs": inputs}


def with_all_widgets(host: Host, prompt: Prompt, names: list[str]) -> Prompt:
    """The prompt with the value of every widget of these nodes, touched or not.

    So do editors without our extension, and scripts that turn a workflow into a prompt.
    """
    sent = copy.deepcopy(prompt)
    for one in (sent[name] for name in names):
        groups = host.classes[one["class_type"]].INPUT_TYPES()
        inputs = {**groups.get("required", {}), **groups.get("optional", {})}
        for name, (type_, *rest) in inputs.items():
            value = _shown(type_, rest[0] if rest else {})
            if value is not None:
                one["inputs"].setdefault(name, value)
    return sent


def _shown(type_: Any, options: dict[str, Any]) -> Any:
    """What a widget shows from the start; None where an input has none."""
    if isinstance(type_, list):
        return options.get("default", type_[0] if type_ else None)
    is_widget = str(type_) in ("INT", "FLOAT", "STRING", "BOOLEAN")
    if not is_widget or options.get("forceInput"):
        return None
    return options.get("default", "" if str(type_) == "STRING" else 0)
