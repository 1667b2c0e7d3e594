"""Defaults of diffusers as JSON, or as a text where they are none."""

from __future__ import annotations

import math
from typing import Any

import torch

from blockloom.graph.model import Json


def to_json(value: Any) -> tuple[Json, str]:
    """A value as JSON and "", or None and a text to show; tuples become lists."""
    if value is None or isinstance(value, (bool, int, str)):
        return value, ""
    if isinstance(value, float):
        return (value, "") if math.isfinite(value) else (None, str(value))
    if isinstance(value, (list, tuple)):
        return _list_to_json(value)
    if isinstance(value, dict):
        return _dict_to_json(value)
    if isinstance(value, torch.dtype):
        return None, str(value).removeprefix("torch.")
    return None, repr(value)


def _list_to_json(value: list[Any] | tuple[Any, ...]) -> tuple[Json, str]:
    items = [to_json(item) for item in value]
    if any(text for _, text in items):
        return None, repr(value)
    return [item for item, _ in items], ""


def _dict_to_json(value: dict[Any, Any]) -> tuple[Json, str]:
    items = {key: to_json(item) for key, item in value.items()}
    if any(not isinstance(key, str) or text for key, (_, text) in items.items()):
        return None, repr(value)
    return {key: item for key, (item, _) in items.items()}, ""
