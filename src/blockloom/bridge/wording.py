"""Texts about values: names, lengths and counts that can always be written down."""

from __future__ import annotations

from typing import Any

MAX_TEXT = 400


def type_name(data: Any) -> str:
    """The name of a value's class, whatever the class does about its name."""
    return clean(type.__dict__["__name__"].__get__(type(data)))


def clean(text: str) -> str:
    """The text with what cannot be written as UTF-8 spelled out."""
    return str.__str__(text).encode("utf-8", "backslashreplace").decode("utf-8")


def cut(text: str) -> str:
    """The text, shortened to :data:`MAX_TEXT` characters with the count of what is left out."""
    if len(text) > MAX_TEXT:
        text = f"{text[:MAX_TEXT]}… and {len(text) - MAX_TEXT} characters more"
    return clean(text)


def counted(number: int, noun: str) -> str:
    """A number of things, in words."""
    return f"{number} {noun}{'' if number == 1 else 's'}"
