"""Graph files of ours posted to ComfyUI as they are.

In them links name outputs, and what is as it is by default is left out. ComfyUI knows neither, so
both are made good before it looks at the prompt. Prompts of others are left as they are.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from blockloom.catalogue.catalogue import Catalogue
from blockloom.comfyui import comfy

_log = logging.getLogger(__name__)


class PromptReader:
    """Reads what is posted to ``/prompt``, for ComfyUI's list of handlers."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    def __call__(self, posted: dict[str, Any]) -> dict[str, Any]:
        """What was posted, with links by number and the defaults of ComfyUI's own nodes."""
        prompt = posted.get("prompt")
        if not isinstance(prompt, Mapping) or not all(map(_is_node, prompt.values())):
            return posted
        if not any(_named_links(node) for node in prompt.values()):
            return posted
        read = {node_id: self._read(node, prompt) for node_id, node in prompt.items()}
        return {**posted, "prompt": read}

    def _read(self, node: Mapping[str, Any], prompt: Mapping[str, Any]) -> dict[str, Any]:
        inputs = {name: self._linked(value, prompt) for name, value in node["inputs"].items()}
        return {**node, "inputs": {**self._defaults(str(node.get("class_type"))), **inputs}}

    def _linked(self, value: Any, prompt: Mapping[str, Any]) -> Any:
        if not _is_named_link(value):
            return value
        source = prompt.get(value[0])
        found = self._catalogue.get(str(source.get("class_type"))) if source else None
        names = [socket.name for socket in found.outputs] if found is not None else []
        return [value[0], names.index(value[1])] if value[1] in names else value

    def _defaults(self, class_type: str) -> dict[str, Any]:
        """What ComfyUI's own node wants to be told, where ours of that name has a default."""
        found = comfy.core_class(class_type)
        if found is None or hasattr(found, "node_type") or class_type not in self._catalogue.types:
            return {}
        try:
            required = found.INPUT_TYPES().get("required", {})
        except Exception:
            _log.exception("Blockloom cannot read the inputs of %s.", class_type)
            return {}
        return {
            name: default
            for name, config in required.items()
            if (default := _default_of(config)) is not None
        }


def _default_of(config: Any) -> Any:
    """The value an input has from the start: its default, or the first of its choices."""
    if not isinstance(config, (tuple, list)) or not config:
        return None
    options = config[1] if len(config) > 1 and isinstance(config[1], Mapping) else {}
    choices = config[0] if isinstance(config[0], (list, tuple)) else options.get("options")
    first = choices[0] if isinstance(choices, (list, tuple)) and choices else None
    return options.get("default", first)


def _is_node(node: Any) -> bool:
    return isinstance(node, Mapping) and isinstance(node.get("inputs"), Mapping)


def _named_links(node: Mapping[str, Any]) -> bool:
    return any(map(_is_named_link, node["inputs"].values()))


def _is_named_link(value: Any) -> bool:
    is_pair = isinstance(value, list) and len(value) == 2
    return is_pair and isinstance(value[0], str) and isinstance(value[1], str)
