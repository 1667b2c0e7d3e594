"""The value store: budget, pins, void values, parking, records."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from blockloom.execution import store
from blockloom.execution.store import TRACES_PER_NODE, Record, ValueStore
from blockloom.execution.values import MISSING


@dataclass
class Box:
    """Data that can be written into, and parked."""

    content: int
    is_parked: bool = False


@dataclass
class BoxKeeper:
    parked: list[Box] = field(default_factory=list)

    def stamp(self, data: Any) -> tuple[int, ...]:
        return (data.content,)

    def park(self, data: Any) -> Any:
        if data.content < 100:
            return data
        return Box(data.content, is_parked=True)

    def unpark(self, data: Any) -> Any:
        return Box(data.content)


def store_of(budget: int) -> ValueStore:
    return ValueStore(BoxKeeper(), budget)


def test_values_are_kept_up_to_the_budget_least_recently_used_going_first() -> None:
    store = store_of(25)
    for number in range(3):
        store.put(str(number), Box(number), 10)
        store.release()
        store.get("0")
        store.release()
    assert [store.has(str(number)) for number in range(3)] == [True, False, True]
    assert store.size == 20


def test_of_values_that_weigh_nothing_so_many_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "VALUE_LIMIT", 3)
    kept = store_of(1000)
    for key in "abcde":
        kept.put(key, Box(1), 0)
        kept.release()
    assert [key for key in "abcde" if kept.has(key)] == ["c", "d", "e"]


def test_what_a_run_uses_stays_until_the_run_ends() -> None:
    store = store_of(25)
    for number in range(5):
        store.put(str(number), Box(number), 10)
    assert all(store.has(str(number)) for number in range(5))
    store.release()
    assert [store.has(str(number)) for number in range(5)] == [False, False, False, True, True]


def test_a_value_somebody_wrote_into_is_void() -> None:
    store = store_of(100)
    box = Box(1)
    store.put("a", box, 10)
    box.content = 2
    assert not store.has("a")
    assert store.get("a") is MISSING
    assert store.size == 0


def test_putting_again_replaces() -> None:
    store = store_of(100)
    store.put("a", Box(1), 10)
    store.put("a", Box(2), 30)
    assert (store.get("a"), store.size) == (Box(2), 30)


def test_large_values_are_parked_between_runs() -> None:
    store = store_of(1000)
    store.put("large", Box(200), 10)
    store.put("small", Box(2), 10)
    store.release()
    assert store.has("large")
    assert store.get("large") == Box(200)
    assert store.get("small") == Box(2)


def test_records_weigh_at_most_an_eighth() -> None:
    store = store_of(800)
    for number in range(4):
        store.put_record(Record(str(number), size=40), primary=f"p{number}")
    assert [store.record(str(number)) is not None for number in range(4)] == [
        False,
        False,
        True,
        True,
    ]


def test_the_latest_traces_are_tried_first_and_few_are_kept() -> None:
    store = store_of(800)
    for number in range(TRACES_PER_NODE + 2):
        trace = (("pipeline", f"name {number}"),)
        store.put_record(Record(str(number), trace=trace), primary="p")
    traces = store.traces("p")
    assert len(traces) == TRACES_PER_NODE
    assert traces[0] == (("pipeline", f"name {TRACES_PER_NODE + 1}"),)


def test_clear_forgets_everything() -> None:
    store = store_of(100)
    store.put("a", Box(1), 10)
    store.put_record(Record("k"), primary="p")
    store.clear()
    assert (store.has("a"), store.record("k"), store.traces("p"), store.size) == (
        False,
        None,
        (),
        0,
    )


def test_looking_at_a_value_leaves_it_parked_and_unpinned() -> None:
    store = store_of(1000)
    store.put("large", Box(500), 500)
    store.release()
    assert store.look("large") == Box(500, is_parked=True)
    assert store.look("large") == Box(500, is_parked=True)
    small = Box(1)
    store.put("small", small, 1)
    assert store.look("small") is small
    small.content = 2
    assert store.look("small") is MISSING
    assert store.look("gone") is MISSING
    store.release()
    # It was not used by being looked at: it goes before what was used since.
    store.put("other", Box(3), 600)
    assert store.look("large") is MISSING
