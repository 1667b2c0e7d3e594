"""Values typed once and used in many places, and values looked at."""

from __future__ import annotations

import json
from typing import Annotated

import PIL.Image

from blockloom import AnyValue, Context, Multiline, Range, Seed, node

_MAX_INT = 2**63 - 1
_MAX_TEXT = 20_000


@node(category="value", id="PrimitiveInt", title="Int")
def integer(value: Annotated[int, Range(-_MAX_INT, _MAX_INT, step=1)] = 0) -> int:
    """A whole number."""
    return value


@node(category="value", id="PrimitiveFloat", title="Float")
def number(value: Annotated[float, Range(-_MAX_INT, _MAX_INT, step=0.1)] = 0.0) -> float:
    """A number."""
    return value


@node(category="value", id="PrimitiveString", title="String")
def text(value: str = "") -> str:
    """A text of one line."""
    return value


@node(category="value", id="PrimitiveStringMultiline", title="String (Multiline)")
def long_text(value: Annotated[str, Multiline()] = "") -> str:
    """A text of many lines."""
    return value


@node(category="value", id="PrimitiveBoolean", title="Boolean")
def boolean(value: bool = False) -> bool:
    """Yes or no."""
    return value


@node(category="value", id="BlockloomSeed", title="Seed")
def seed(seed: Annotated[Seed, Range(0, 2**64 - 1, step=1)] = 0) -> Seed:
    """A seed: the same one gives the same picture again."""
    return seed


@node(category="value", id="BlockloomSwitch", title="Switch")
def switch(condition: bool, if_true: AnyValue = None, if_false: AnyValue = None) -> AnyValue:
    """Pass on one of two values. Both are made; the condition only chooses."""
    return if_true if condition else if_false


@node(category="value", id="PreviewAny", title="Preview as Text", output=True)
def preview_any(ctx: Context, source: AnyValue) -> str:
    """Show any value as a text."""
    shown = _as_text(source)
    if len(shown) > _MAX_TEXT:
        shown = f"{shown[:_MAX_TEXT]}… ({len(shown)} characters)"
    ctx.show(shown)
    return shown


def _as_text(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, PIL.Image.Image):
        return f"picture, {value.width} x {value.height} pixels, {value.mode}"
    shape = getattr(value, "shape", None)
    if shape is not None:
        sides = " x ".join(str(side) for side in shape) or "a single value"
        return f"{type(value).__name__}, {sides}, {getattr(value, 'dtype', '')}\n{value}"
    try:
        return json.dumps(value, indent=2, ensure_ascii=False)
    except (TypeError, ValueError):
        pass
    if isinstance(value, (list, tuple)):
        return "\n".join(f"{index}: {_as_text(item)}" for index, item in enumerate(value))
    if isinstance(value, dict):
        return "\n".join(f"{name}: {_as_text(item)}" for name, item in value.items())
    return str(value)
