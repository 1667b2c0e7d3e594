"""The model store: loaded once, accounted for, dropped least recently used first."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field

import pytest
import torch

from blockloom.bridge.model_store import (
    LoadedComponent,
    ModelStore,
    current_places,
    current_store,
    using_store,
)
from blockloom.errors import BlockloomError, ModelError
from blockloom.model_places import ModelPlaces

KILOBYTE = 1000


@dataclass
class CountingLoader:
    """Gives a module of ``kilobytes`` and counts what it is asked for."""

    label: str = "unet of tiny"
    kilobytes: int = 1
    expected_size: int = 0
    has_stand_in: bool = True
    delay: float = 0.0
    calls: list[str] = field(default_factory=list)

    def load(self) -> torch.nn.Module:
        time.sleep(self.delay)
        self.calls.append("load")
        return torch.nn.Linear(self.kilobytes * KILOBYTE // 4, 1, bias=False)

    def stand_in(self) -> object:
        self.calls.append("stand_in")
        return f"stand-in of {self.label}" if self.has_stand_in else None

    def release(self, component: object) -> None:
        self.calls.append("release")


def _keys(store: ModelStore) -> list[str]:
    return [loaded.key for loaded in store.loaded()]


def test_a_model_is_loaded_once_and_accounted_for() -> None:
    store, loader = ModelStore(), CountingLoader()
    model = store.take("a", loader)
    assert store.take("a", loader) is model
    assert loader.calls == ["load"]
    assert store.loaded() == (LoadedComponent("a", "unet of tiny", KILOBYTE, "cpu", False),)
    assert store.size == KILOBYTE


def test_many_threads_load_one_model() -> None:
    store, loader = ModelStore(), CountingLoader(delay=0.02)
    found: list[object] = []
    threads = [
        threading.Thread(target=lambda: found.append(store.take("a", loader))) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert loader.calls == ["load"]
    assert len(found) == 8
    assert len({id(model) for model in found}) == 1


def test_looking_makes_one_stand_in_until_the_model_is_there() -> None:
    store, loader = ModelStore(), CountingLoader()
    assert store.look("a", loader) == store.look("a", loader) == "stand-in of unet of tiny"
    assert store.loaded() == ()
    model = store.take("a", loader)
    assert store.look("a", loader) is model
    assert loader.calls == ["stand_in", "load"]


def test_looking_loads_what_has_no_stand_in() -> None:
    store, loader = ModelStore(), CountingLoader(has_stand_in=False)
    assert isinstance(store.look("a", loader), torch.nn.Linear)
    assert _keys(store) == ["a"]


def test_above_the_budget_the_least_recently_used_goes() -> None:
    store = ModelStore(budget=3 * KILOBYTE)
    loaders = {key: CountingLoader(key) for key in "abcd"}
    for key in "abcacd":
        store.take(key, loaders[key])
    assert _keys(store) == ["a", "c", "d"]
    assert loaders["b"].calls == ["load", "release"]


def test_room_is_made_before_loading_where_the_size_is_known() -> None:
    store = ModelStore(budget=2 * KILOBYTE)
    order: list[str] = []
    small = CountingLoader("small", calls=order)
    store.take("small", small)
    store.take("large", CountingLoader("large", 2, expected_size=2 * KILOBYTE, calls=order))
    assert order == ["load", "release", "load"]


def test_one_model_may_exceed_the_budget() -> None:
    store = ModelStore(budget=KILOBYTE)
    store.take("a", CountingLoader())
    store.take("large", CountingLoader(kilobytes=5))
    assert _keys(store) == ["large"]


def test_what_a_running_node_holds_stays() -> None:
    store = ModelStore(budget=2 * KILOBYTE)
    with using_store(store):
        for key in "abcd":
            store.take(key, CountingLoader(key))
        assert [(item.key, item.is_held) for item in store.loaded()] == [
            (key, True) for key in "abcd"
        ]
    store.take("e", CountingLoader("e"))
    assert _keys(store) == ["d", "e"]


def test_between_jobs_what_nodes_held_beyond_the_budget_goes() -> None:
    store = ModelStore(budget=2 * KILOBYTE)
    with using_store(store):
        for key in "abcda":
            store.take(key, CountingLoader(key))
        store.trim()
        assert _keys(store) == ["b", "c", "d", "a"]
    store.trim()
    assert _keys(store) == ["d", "a"]
    store.budget = 0
    store.trim()
    assert _keys(store) == ["a"]
    store.budget = None
    store.trim()
    assert _keys(store) == ["a"]


def test_a_node_in_one_thread_holds_its_own_only() -> None:
    store = ModelStore(budget=KILOBYTE)
    store.take("a", CountingLoader("a"))

    def other() -> None:
        store.take("b", CountingLoader("b"))

    with using_store(store):
        store.take("a", CountingLoader("a"))
        thread = threading.Thread(target=other)
        thread.start()
        thread.join()
        assert [(item.key, item.is_held) for item in store.loaded()] == [("a", True), ("b", False)]


def test_free_drops_everything() -> None:
    store, loader = ModelStore(), CountingLoader(kilobytes=3)
    store.take("a", loader)
    store.look("b", CountingLoader("b"))
    assert store.free() == 3 * KILOBYTE
    assert (store.loaded(), store.size, loader.calls) == ((), 0, ["load", "release"])
    store.take("a", loader)
    assert loader.calls == ["load", "release", "load"]


def test_a_failed_load_is_tried_again() -> None:
    class Failing(CountingLoader):
        def load(self) -> torch.nn.Module:
            if not self.calls:
                self.calls.append("failed")
                raise BlockloomError("no")
            return super().load()

    store, loader = ModelStore(), Failing()
    with pytest.raises(BlockloomError):
        store.take("a", loader)
    assert isinstance(store.take("a", loader), torch.nn.Linear)


class OutOfMemoryLoader(CountingLoader):
    """Fails for want of memory ``failures`` times."""

    failures = 1

    def load(self) -> torch.nn.Module:
        if len(self.calls) < self.failures:
            self.calls.append("full")
            try:
                raise torch.OutOfMemoryError("CUDA out of memory")
            except torch.OutOfMemoryError as error:
                raise ModelError("no room") from error
        return super().load()


def test_where_memory_runs_out_unused_models_make_room() -> None:
    store, unused, loader = ModelStore(), CountingLoader("unused"), OutOfMemoryLoader("new")
    store.take("unused", unused)
    with using_store(store):
        store.take("used", CountingLoader("used"))
        store.take("new", loader)
    assert loader.calls == ["full", "load"]
    assert unused.calls == ["load", "release"]
    assert _keys(store) == ["used", "new"]


def test_where_nothing_can_make_room_the_error_stays() -> None:
    store = ModelStore()
    with using_store(store):
        store.take("used", CountingLoader("used"))
        with pytest.raises(ModelError, match="no room"):
            store.take("new", OutOfMemoryLoader("new"))


def test_nodes_reach_the_store_of_their_run(tmp_path) -> None:
    store, other = ModelStore(places=ModelPlaces((tmp_path,), True)), ModelStore()
    assert current_places() == ModelPlaces()
    with using_store(store):
        assert current_store() is store
        assert current_places() == ModelPlaces((tmp_path,), True)
        with using_store(other):
            assert current_store() is other
        assert current_store() is store
    with pytest.raises(BlockloomError, match="only be opened while a node runs"):
        current_store()
