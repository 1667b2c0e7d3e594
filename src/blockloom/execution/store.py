"""Kept values: a least-recently-used store with a byte budget, and records of what nodes did."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol, TypeAlias

from blockloom.execution.block_state import BlockState
from blockloom.execution.events import FileEvent
from blockloom.execution.values import MISSING, ValueRef
from blockloom.execution.wire import WireChange

DEFAULT_BUDGET: Final = 4 * 2**30
RECORD_LIMIT: Final = 100_000
VALUE_LIMIT: Final = 200_000
TRACES_PER_NODE: Final = 8

Trace: TypeAlias = tuple[tuple[str, str], ...]
"""What a node read beyond its declared inputs: (input socket, state name) pairs; the name ``*``
stands for the whole wire."""


class DataKeeper(Protocol):
    """What the store asks of the room that knows data; a part of ``Runner``."""

    def stamp(self, data: object) -> tuple[int, ...]: ...

    def park(self, data: object) -> object: ...

    def unpark(self, data: object) -> object: ...


@dataclass(frozen=True, slots=True)
class Record:
    """What a node did when it ran with given inputs; enough to do it again without running it."""

    key: str
    outputs: Mapping[str, ValueRef] = field(default_factory=dict)
    wires: Mapping[str, WireChange] = field(default_factory=dict)
    block_state: BlockState | None = None
    files: tuple[FileEvent, ...] = ()
    shown: tuple[object, ...] = ()
    trace: Trace = ()
    seconds: float = 0.0
    size: int = 0


@dataclass(slots=True)
class _Kept:
    data: object
    size: int
    stamp: tuple[int, ...]
    is_parked: bool = False


class ValueStore:
    """Data by value key, and records by node key.

    Data that a run uses is pinned until the run ends: the budget then holds for everything else.
    There are at most ``VALUE_LIMIT`` values. Records may weigh up to an eighth of the budget (they
    hold the state of schedulers).
    A value whose stamp differs from the one it was put with was changed in place by somebody; it
    is void, and reported as missing.
    """

    def __init__(self, keeper: DataKeeper, budget: int = DEFAULT_BUDGET) -> None:
        self.budget = budget
        self._keeper = keeper
        self._values: OrderedDict[str, _Kept] = OrderedDict()
        self._records: OrderedDict[str, Record] = OrderedDict()
        self._traces: dict[str, tuple[Trace, ...]] = {}
        self._pinned: set[str] = set()
        self._size = 0
        self._records_size = 0
        self._lock = threading.RLock()

    @property
    def size(self) -> int:
        """Bytes of values held now."""
        return self._size

    def get(self, key: str) -> object:
        """The data of a value, or MISSING; reading it pins it."""
        with self._lock:
            kept = self._values.get(key)
            if kept is None:
                return MISSING
            if kept.is_parked:
                kept.data, kept.is_parked = self._keeper.unpark(kept.data), False
                kept.stamp = self._keeper.stamp(kept.data)
            elif kept.stamp != self._keeper.stamp(kept.data):
                self.drop(key)
                return MISSING
            self._values.move_to_end(key)
            self._pinned.add(key)
            return kept.data

    def look(self, key: str) -> object:
        """The data of a value as it is kept, parked as it may be, or MISSING; changes nothing."""
        with self._lock:
            kept = self._values.get(key)
            if kept is None or not (kept.is_parked or kept.stamp == self._keeper.stamp(kept.data)):
                return MISSING
            return kept.data

    def put(self, key: str, data: object, size: int) -> None:
        """Keep data under a key, pinned."""
        with self._lock:
            self.drop(key)
            self._values[key] = _Kept(data, size, self._keeper.stamp(data))
            self._size += size
            self._pinned.add(key)
            self._make_room()

    def drop(self, key: str) -> None:
        """Forget a value; whoever made it runs again when it is next needed."""
        with self._lock:
            kept = self._values.pop(key, None)
            self._pinned.discard(key)
            if kept is not None:
                self._size -= kept.size

    def has(self, key: str) -> bool:
        """Whether the data of a value is here and sound."""
        with self._lock:
            kept = self._values.get(key)
            if kept is None:
                return False
            return kept.is_parked or kept.stamp == self._keeper.stamp(kept.data)

    def record(self, key: str) -> Record | None:
        """The record of a node key."""
        with self._lock:
            found = self._records.get(key)
            if found is not None:
                self._records.move_to_end(key)
            return found

    def put_record(self, record: Record, primary: str) -> None:
        """Keep a record; ``primary`` is the node's key without what it read undeclared."""
        with self._lock:
            previous = self._records.pop(record.key, None)
            self._records_size += record.size - (previous.size if previous else 0)
            self._records[record.key] = record
            traces = self._traces.get(primary, ())
            if record.trace not in traces:
                self._traces[primary] = (record.trace, *traces)[:TRACES_PER_NODE]
            self._make_room()

    def traces(self, primary: str) -> tuple[Trace, ...]:
        """What runs with this primary key have read undeclared so far."""
        return self._traces.get(primary, ())

    def release(self) -> None:
        """End of a run: unpin everything, park large device values, keep to the budget."""
        with self._lock:
            for key in self._pinned:
                kept = self._values.get(key)
                if kept is not None and not kept.is_parked:
                    parked = self._keeper.park(kept.data)
                    kept.is_parked = parked is not kept.data
                    kept.data = parked
            self._pinned.clear()
            self._make_room()

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._values.clear()
            self._records.clear()
            self._traces.clear()
            self._pinned.clear()
            self._size = 0
            self._records_size = 0

    def _make_room(self) -> None:
        # Reading or putting a value moves it to the end, so what this run has pinned comes last.
        # Numbers and short texts weigh less than what it takes to keep them, so they are counted.
        while self._values and (self._size > self.budget or len(self._values) > VALUE_LIMIT):
            oldest = next(iter(self._values))
            if oldest in self._pinned:
                break
            self.drop(oldest)
        while self._records and (
            len(self._records) > RECORD_LIMIT or self._records_size > self.budget // 8
        ):
            _, record = self._records.popitem(last=False)
            self._records_size -= record.size
        if len(self._traces) > 2 * RECORD_LIMIT:
            self._traces.clear()
