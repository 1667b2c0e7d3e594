"""Counts what a node function reads, and names the data it makes or passes on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from blockloom.execution.keys import key_of
from blockloom.execution.runner import Runner
from blockloom.execution.store import Trace
from blockloom.execution.values import MISSING, Origin, ValueRef
from blockloom.execution.wire import SetValue, WireStep

_PENDING = "pending "


@dataclass(frozen=True, slots=True)
class _Given:
    """Data a function was given or made, and how it was then; holds on to it, so its id stays."""

    data: object
    original: object
    stamp: tuple[int, ...]
    ref: ValueRef


@dataclass(slots=True)
class FunctionLedger:
    """The ledger of one call.

    The key of what a function makes follows from everything it read, which is known only when it
    returns; until then new data has a pending key, which :meth:`final` replaces. Data that it
    merely passes on keeps the reference it came with, so nothing after it runs again in vain.
    """

    find: Callable[[ValueRef], object]
    runner: Runner
    _reads: dict[tuple[str, str], None] = field(default_factory=dict)
    _given: dict[int, _Given] = field(default_factory=dict)
    _made: dict[str, object] = field(default_factory=dict)
    _sizes: dict[str, int] = field(default_factory=dict)

    def fetch(self, ref: ValueRef) -> object:
        if ref.key in self._made:
            return self._made[ref.key]
        original = self.find(ref)
        if ref.inline is not MISSING:
            return self.runner.isolated(original)
        given = self.runner.isolated(original)
        self._given[id(given)] = _Given(given, original, self.runner.stamp(original), ref)
        return given

    def note_read(self, parameter: str, name: str) -> None:
        self._reads[(parameter, name)] = None

    def name_data(self, data: object, label: str) -> ValueRef:
        known = self._given.get(id(data))
        if known is not None and self._is_as_given(known):
            return known.ref
        described = self.runner.describe(data)
        if described.content_key:
            return ValueRef(described.content_key, data is None, inline=data)
        ref = ValueRef(f"{_PENDING}{label}", warning=described.warning)
        self._made[ref.key] = data
        self._sizes[ref.key] = described.size
        self._given[id(data)] = _Given(data, data, self.runner.stamp(data), ref)
        return ref

    def _is_as_given(self, known: _Given) -> bool:
        return self.runner.stamp(known.data) == known.stamp and self.runner.is_unchanged(
            known.original, known.data
        )

    @property
    def trace(self) -> Trace:
        """What was read of the wires, in a fixed order."""
        return tuple(sorted(self._reads))

    def final(self, ref: ValueRef, node_key: str) -> ValueRef:
        """The reference with its lasting key."""
        if not ref.key.startswith(_PENDING):
            return ref
        return replace(ref, key=_lasting(ref.key, node_key), origin=Origin.OUTPUT)

    def final_step(self, step: WireStep, node_key: str) -> WireStep:
        """The step with its reference's lasting key."""
        if isinstance(step, SetValue):
            return replace(step, ref=self.final(step.ref, node_key))
        return step

    def made(self, node_key: str) -> list[tuple[str, object, int]]:
        """Lasting key, data and size of everything the function made."""
        return [
            (_lasting(key, node_key), data, self._sizes[key]) for key, data in self._made.items()
        ]


def _lasting(pending: str, node_key: str) -> str:
    return key_of("made", node_key, pending.removeprefix(_PENDING))
