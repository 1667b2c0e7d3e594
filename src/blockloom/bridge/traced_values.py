"""The values of a ``PipelineState`` while one block runs: fetched when read, written on top."""

from __future__ import annotations

from collections.abc import Callable, Iterator, MutableMapping
from typing import Any

from blockloom.bridge.isolate import for_block, is_unchanged, isolated, stamp
from blockloom.execution.values import ValueRef
from blockloom.execution.wire import Wire


class TracedValues(MutableMapping[str, Any]):
    """Stands for ``PipelineState.values`` of one block.

    What the block reads is fetched and isolated at that moment, so a long state costs nothing;
    what it writes stays here. Afterwards :meth:`changed` says what is different.
    """

    def __init__(self, wire: Wire, fetch: Callable[[ValueRef], object]) -> None:
        self._wire = wire
        self._fetch = fetch
        self._memo: dict[int, Any] = {}
        self._originals: dict[str, Any] = {}
        self._stamps: dict[str, tuple[int, ...]] = {}
        self._given: dict[str, Any] = {}
        self._set: dict[str, Any] = {}
        self._asked: dict[str, None] = {}

    def __getitem__(self, name: str) -> Any:
        if name in self._set:
            return self._set[name]
        self._asked[name] = None
        if name not in self._given:
            ref = self._wire.values[name]
            original = self._fetch(ref)
            self._originals[name] = original
            self._stamps[name] = stamp(original)
            self._given[name] = for_block(isolated(original, self._memo))
        return self._given[name]

    def __setitem__(self, name: str, value: Any) -> None:
        self._set[name] = value

    def __delitem__(self, name: str) -> None:
        raise KeyError(f"a block removed {name!r} from the state, which diffusers never does")

    def __contains__(self, name: object) -> bool:
        return name in self._set or name in self._wire.values

    def __iter__(self) -> Iterator[str]:
        yield from self._wire.values
        yield from (name for name in self._set if name not in self._wire.values)

    def __len__(self) -> int:
        return len(set(self._set) | set(self._wire.values))

    def __deepcopy__(self, memo: dict[int, Any]) -> dict[str, Any]:
        return {name: isolated(self[name], memo) for name in self}

    @property
    def asked(self) -> tuple[str, ...]:
        """The names the block read, present or not, before it wrote them itself."""
        return tuple(self._asked)

    def get(self, name: str, default: Any = None) -> Any:
        if name not in self:
            self._asked[name] = None
            return default
        return self[name]

    def changed(self) -> dict[str, Any]:
        """Everything the block wrote or changed in place, by name, in writing order."""
        result: dict[str, Any] = {}
        for name, given in self._given.items():
            if name not in self._set and not self._is_untouched(name, given):
                result[name] = given
        for name, value in self._set.items():
            if not (name in self._given and value is self._given[name]) or not self._is_untouched(
                name, value
            ):
                result[name] = value
        return result

    def _is_untouched(self, name: str, value: Any) -> bool:
        original = self._originals[name]
        return stamp(original) == self._stamps[name] and is_unchanged(original, value)
