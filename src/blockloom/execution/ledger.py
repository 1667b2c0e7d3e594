"""Counts what a node function reads, and names the data it makes or passes on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from blockloom.execution.keys import key_of
from blockloom.execution.runner import Described
from blockloom.execution.store import Trace
from blockloom.execution.values import MISSING, Origin, ValueRef
from blockloom.execution.wire import SetValue, WireStep

_PENDING = "pending "


@dataclass(slots=True)
class FunctionLedger:
    """The ledger of one call.

    The key of what a function makes follows from everything it read, which is known only when it
    returns; until then new data has a pending key, which :meth:`final` replaces. Data that it
    merely passes on keeps the reference it came with, so nothing after it runs again in vain.
    """

    find: Callable[[ValueRef], object]
    describe: Callable[[object], Described]
    _reads: dict[tuple[str, str], None] = field(default_factory=dict)
    _passed: dict[int, tuple[object, ValueRef]] = field(default_factory=dict)
    _made: dict[str, object] = field(default_factory=dict)
    _sizes: dict[str, int] = field(default_factory=dict)

    def fetch(self, ref: ValueRef) -> object:
        if ref.key in self._made:
            return self._made[ref.key]
        data = self.find(ref)
        if ref.inline is MISSING:
            self._passed[id(data)] = (data, ref)
        return data

    def note_read(self, parameter: str, name: str) -> None:
        self._reads[(parameter, name)] = None

    def name_data(self, data: object, label: str) -> ValueRef:
        if id(data) in self._passed:
            return self._passed[id(data)][1]
        described = self.describe(data)
        if described.content_key:
            key = described.content_key
            return ValueRef(key, data is None, inline=data, warning=described.warning)
        key = f"{_PENDING}{label}"
        self._made[key] = data
        self._sizes[key] = described.size
        self._passed[id(data)] = (data, ValueRef(key, warning=described.warning))
        return self._passed[id(data)][1]

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
