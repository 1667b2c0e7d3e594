"""Names for new nodes: ids that are free, titles in words."""

from __future__ import annotations

from collections.abc import Container


def unique_id(name: str, taken: Container[str]) -> str:
    """The name, with a number behind it where it is taken."""
    if name not in taken:
        return name
    number = 2
    while f"{name}_{number}" in taken:
        number += 1
    return f"{name}_{number}"


def in_words(name: str) -> str:
    """A name as a title: "set_timesteps" becomes "Set timesteps"."""
    words = name.replace("_", " ").replace("-", " ").replace(".", " ").strip()
    return words[:1].upper() + words[1:]
