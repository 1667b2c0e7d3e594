"""Objects that tests give to graphs: a node finds them by name, and a name means one object."""

from __future__ import annotations

import itertools

_OBJECTS: dict[str, object] = {}
_NUMBERS = itertools.count(1)


def name_for(value: object) -> str:
    """The name of an object, the same one whenever it is asked for."""
    for name, known in _OBJECTS.items():
        if known is value:
            return name
    name = f"object {next(_NUMBERS)}"
    _OBJECTS[name] = value
    return name


def look_up(name: str) -> object:
    """The object of that name."""
    return _OBJECTS[name]
