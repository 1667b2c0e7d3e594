"""Models in memory: each is loaded once per process and shared by everything that needs it."""

from __future__ import annotations

import gc
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from threading import Lock, RLock
from typing import Any, Protocol

import torch
from diffusers.utils.torch_utils import empty_device_cache

from blockloom.bridge.devices import AUTO
from blockloom.bridge.offload import Offloader
from blockloom.errors import BlockloomError, ModelError
from blockloom.model_places import ModelPlaces
from blockloom.trust import TrustBook

_OPEN = ModelPlaces()
_NOTHING = TrustBook()


class Loader(Protocol):
    """How a store gets a component and lets go of it."""

    @property
    def label(self) -> str:
        """What it is, for people."""

    @property
    def expected_size(self) -> int:
        """About how many bytes it will take; 0 where that is not known."""

    def load(self) -> Any:
        """The component, ready to run. Raises ModelError."""

    def stand_in(self) -> Any:
        """The same class and config without weights; None where that cannot be made."""

    def release(self, component: Any) -> None:
        """Undo whatever loading did besides making the component."""


@dataclass(frozen=True, slots=True)
class LoadedComponent:
    """What a store holds. ``is_held`` says that a running node uses it."""

    key: str
    label: str
    size: int
    device: str
    is_held: bool


@dataclass(slots=True)
class _Entry:
    component: Any
    loader: Loader
    size: int


@dataclass(eq=False, slots=True)
class _Hold:
    """The keys one running node took from a store."""

    store: ModelStore
    keys: set[str] = field(default_factory=set)


_RUNNING: ContextVar[_Hold | None] = ContextVar("blockloom_model_store", default=None)


class ModelStore:
    """Loaded models by key, least recently used first.

    ``budget`` is a number of bytes: above it, models that no running node holds are dropped, least
    recently used first; a single model may exceed it. ``places`` is where models may be looked
    for, ``trust`` which repositories may run code of their own. ``device`` is where models go that
    were not told where: a worker's own. ``before_loading`` is told how many bytes are about to be
    loaded, so that whoever shares the device may make room.
    Safe to use from several threads; loading is one at a time, since the libraries swap torch's
    own functions while they load.
    """

    def __init__(
        self,
        *,
        budget: int | None = None,
        places: ModelPlaces = _OPEN,
        device: str = AUTO,
        trust: TrustBook = _NOTHING,
    ) -> None:
        self.budget = budget
        self.places = places
        self.trust = trust
        self.device = device
        self.before_loading: Callable[[int], None] | None = None
        self._entries: OrderedDict[str, _Entry] = OrderedDict()
        self._stand_ins: dict[str, Any] = {}
        self._offloaders: dict[str, Offloader] = {}
        self._holds: list[_Hold] = []
        self._loading = RLock()
        self._lock = Lock()

    def take(self, key: str, loader: Loader) -> Any:
        """The component of that key, loaded if it is not here yet; held while a node runs."""
        found = self._find(key)
        if found is not None:
            return found.component
        with self._loading:
            found = self._find(key)
            if found is None:
                self._make_room(loader.expected_size)
                if self.before_loading is not None:
                    self.before_loading(loader.expected_size)
                component = self._load(loader)
                with self._lock:
                    others = [entry.component for entry in self._entries.values()]
                    found = _Entry(component, loader, _size_of(component, others))
                    self._entries[key] = found
                    self._stand_ins.pop(key, None)
                self._hold(key)
                self._make_room(0)
            return found.component

    def look(self, key: str, loader: Loader) -> Any:
        """The component of that key if it is here, else its stand-in; loads where there is none."""
        with self._lock:
            entry = self._entries.get(key)
            known = self._stand_ins.get(key) if entry is None else entry.component
        if known is not None:
            return known
        with self._loading:
            known = self._stand_ins.get(key)
            if known is None:
                known = loader.stand_in()
                if known is None:
                    return self.take(key, loader)
                with self._lock:
                    self._stand_ins[key] = known
            return known

    def offloader(self, device: torch.device) -> Offloader:
        """The one that moves models on and off ``device``. Raises UsageError if none can."""
        with self._loading:
            if str(device) not in self._offloaders:
                self._offloaders[str(device)] = Offloader(device)
            return self._offloaders[str(device)]

    @contextmanager
    def holding(self) -> Iterator[None]:
        """Hold everything that is taken inside, in this thread or task, until the end."""
        hold = _Hold(self)
        with self._lock:
            self._holds.append(hold)
        token = _RUNNING.set(hold)
        try:
            yield
        finally:
            _RUNNING.reset(token)
            with self._lock:
                self._holds.remove(hold)

    def loaded(self) -> tuple[LoadedComponent, ...]:
        """What is in memory, least recently used first."""
        with self._lock:
            held = self._held()
            return tuple(
                LoadedComponent(
                    key, entry.loader.label, entry.size, _device_of(entry.component), key in held
                )
                for key, entry in self._entries.items()
            )

    @property
    def size(self) -> int:
        """Bytes of all weights in memory."""
        with self._lock:
            return sum(entry.size for entry in self._entries.values())

    def trim(self) -> None:
        """Keep to the budget now; the model that was used last stays, however large it is.

        What a node held while it ran may have been more than the budget.
        """
        self._make_room(0)

    def make_room(self, wanted: int) -> int:
        """Let go of models no running node holds, until so many bytes are free that were not.

        Returns how many bytes were dropped.
        """
        return self._make_room_up_to(max(0, self.size - wanted))

    def free(self) -> int:
        """Let go of everything and give the memory back; returns how many bytes that were.

        A node that runs keeps what it took until it ends.
        """
        with self._lock:
            entries = list(self._entries.values())
            self._entries.clear()
            self._stand_ins.clear()
        return _drop(entries)

    def _load(self, loader: Loader) -> Any:
        """Load; where memory runs out, once more after dropping what nobody holds."""
        try:
            return loader.load()
        except ModelError as error:
            if not _is_out_of_memory(error) or not self._make_room_up_to(0):
                raise
        return loader.load()

    def _find(self, key: str) -> _Entry | None:
        with self._lock:
            entry = self._entries.get(key)
            if entry is not None:
                self._entries.move_to_end(key)
        if entry is not None:
            self._hold(key)
        return entry

    def _hold(self, key: str) -> None:
        hold = _RUNNING.get()
        if hold is not None and hold.store is self:
            hold.keys.add(key)

    def _held(self) -> set[str]:
        return {key for hold in self._holds for key in hold.keys}

    def _make_room(self, wanted: int) -> None:
        """Drop what nobody holds until ``wanted`` bytes more fit into the budget."""
        if self.budget is not None:
            with self._lock:
                newest = next(reversed(self._entries), "") if not wanted else ""
            self._make_room_up_to(self.budget - wanted, newest)

    def _make_room_up_to(self, limit: int, kept: str = "") -> int:
        """Drop models nobody holds, but for ``kept``, until all take at most ``limit`` bytes.

        Returns how many bytes were dropped.
        """
        dropped: list[_Entry] = []
        with self._lock:
            held = self._held()
            size = sum(entry.size for entry in self._entries.values())
            for key in list(self._entries):
                if size <= limit:
                    break
                if key not in held and key != kept and self._entries[key].size:
                    dropped.append(self._entries.pop(key))
                    size -= dropped[-1].size
        return _drop(dropped) if dropped else 0


@contextmanager
def using_store(store: ModelStore) -> Iterator[None]:
    """Make ``store`` the one nodes load into, and hold what they take until the end."""
    with store.holding():
        yield


def current_store() -> ModelStore:
    """The store of the node run going on in this thread or task."""
    hold = _RUNNING.get()
    if hold is None:
        raise BlockloomError(
            "Models can only be opened while a node runs.",
            details="No ModelStore is set: wrap the node run in `with using_store(store):`.",
        )
    return hold.store


def current_places() -> ModelPlaces:
    """Where that store looks for models; anywhere while no node runs."""
    hold = _RUNNING.get()
    return _OPEN if hold is None else hold.store.places


def current_trust() -> TrustBook:
    """What that store may run the code of; nothing while no node runs."""
    hold = _RUNNING.get()
    return _NOTHING if hold is None else hold.store.trust


def _drop(entries: list[_Entry]) -> int:
    size = 0
    while entries:
        entry = entries.pop()
        size += entry.size
        entry.loader.release(entry.component)
        del entry
    gc.collect()
    empty_device_cache()
    return size


def _is_out_of_memory(error: BaseException) -> bool:
    """Whether memory is what this or an error behind it is about."""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, (MemoryError, torch.OutOfMemoryError)):
            return True
        seen = seen.__cause__ or seen.__context__
    return False


def _size_of(component: object, others: Iterable[object]) -> int:
    """Bytes of weights and buffers that none of the others has; processors count as nothing."""
    known = {id(tensor) for other in others for tensor in _tensors_of(other)}
    return sum(tensor.nbytes for tensor in _tensors_of(component) if id(tensor) not in known)


def _tensors_of(component: object) -> list[torch.Tensor]:
    if not isinstance(component, torch.nn.Module):
        return []
    return [*component.parameters(), *component.buffers()]


def _device_of(component: object) -> str:
    if not isinstance(component, torch.nn.Module):
        return ""
    parameter = next(component.parameters(), None)
    return "" if parameter is None else str(parameter.device)
