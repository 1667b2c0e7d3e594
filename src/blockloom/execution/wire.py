"""The main wire: components and state as an immutable value that is cheap to change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeAlias

from rpds import HashTrieMap

from blockloom.execution.keys import key_of
from blockloom.execution.values import ComponentRef, PipelineBase, ValueRef


class ComponentSet(Mapping[str, ComponentRef]):
    """The components of a wire, by name; immutable, so that its keys are made only once."""

    __slots__ = ("__dict__", "_components")

    def __init__(self, components: Mapping[str, ComponentRef]) -> None:
        self._components = dict(components)

    def __getitem__(self, name: str) -> ComponentRef:
        return self._components[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._components)

    def __len__(self) -> int:
        return len(self._components)

    @cached_property
    def config_key(self) -> str:
        """Key of all configs: what a block can see of components it did not declare."""
        parts = (f"{name}={ref.config_key}" for name, ref in sorted(self._components.items()))
        return key_of("configs", *parts)

    @cached_property
    def key(self) -> str:
        """Key of all components, with everything that can change what a block computes."""
        parts = (f"{name}={ref.key}" for name, ref in sorted(self._components.items()))
        return key_of("components", *parts)

    def with_component(self, name: str, ref: ComponentRef) -> ComponentSet:
        """This set with one component replaced or added."""
        return ComponentSet({**self._components, name: ref})


@dataclass(frozen=True)
class Wire:
    """Components + state, the two arguments diffusers passes to every block, all by key.

    ``bundles`` are diffusers' ``kwargs_mapping``: names by ``kwargs_type``, in writing order.
    ``key`` grows with each change and stands for the whole wire.
    """

    base: PipelineBase
    components: ComponentSet
    values: HashTrieMap[str, ValueRef]
    bundles: HashTrieMap[str, tuple[str, ...]]
    key: str

    @staticmethod
    def start(base: PipelineBase, components: Mapping[str, ComponentRef]) -> Wire:
        """A wire with an empty state."""
        parts = (f"{name}={ref.key}" for name, ref in sorted(components.items()))
        key = key_of("wire", base.key, *parts)
        return Wire(base, ComponentSet(components), HashTrieMap(), HashTrieMap(), key)

    def with_value(self, name: str, ref: ValueRef, bundle: str = "") -> Wire:
        """This wire with a value set, and tagged with its bundle as ``PipelineState.set`` does."""
        bundles = self.bundles
        if bundle:
            members = bundles.get(bundle, ())
            if name not in members:
                bundles = bundles.insert(bundle, (*members, name))
        key = key_of("set", self.key, name, ref.key, bundle)
        return replace(self, values=self.values.insert(name, ref), bundles=bundles, key=key)

    def without_value(self, name: str) -> Wire:
        """This wire without a value."""
        if name not in self.values:
            return self
        bundles = self.bundles
        for bundle, members in self.bundles.items():
            if name in members:
                bundles = bundles.insert(bundle, tuple(m for m in members if m != name))
        key = key_of("remove", self.key, name)
        return replace(self, values=self.values.remove(name), bundles=bundles, key=key)

    def with_component(self, name: str, ref: ComponentRef) -> Wire:
        """This wire with a component replaced or added."""
        key = key_of("component", self.key, name, ref.key)
        return replace(self, components=self.components.with_component(name, ref), key=key)

    def joined(self, other: Wire) -> Wire:
        """This wire with the other's components and values on top, name by name."""
        values, bundles = self.values, self.bundles
        for name, ref in other.values.items():
            values = values.insert(name, ref)
        for bundle, members in other.bundles.items():
            kept = tuple(m for m in bundles.get(bundle, ()) if m not in members)
            bundles = bundles.insert(bundle, (*kept, *members))
        components = ComponentSet({**self.components, **other.components})
        key = key_of("join", self.key, other.key)
        return Wire(other.base, components, values, bundles, key)

    def bundle(self, name: str) -> dict[str, ValueRef]:
        """The values of a bundle by name, in writing order."""
        members = self.bundles.get(name, ())
        return {member: self.values[member] for member in members if member in self.values}

    def is_present(self, name: str) -> bool:
        """Whether the state has a value of that name that is not None."""
        ref = self.values.get(name)
        return ref is not None and not ref.is_none

    def is_true(self, name: str) -> bool | None:
        """Whether that value counts as true; None where only the data itself could tell."""
        ref = self.values.get(name)
        if ref is None or ref.is_none:
            return False
        return bool(ref.inline) if isinstance(ref.inline, (bool, int, float, str)) else None


@dataclass(frozen=True, slots=True)
class SetValue:
    """A value put into the state."""

    name: str
    ref: ValueRef
    bundle: str = ""


@dataclass(frozen=True, slots=True)
class RemoveValue:
    """A value taken out of the state."""

    name: str


@dataclass(frozen=True, slots=True)
class SetComponent:
    """A component put on the wire."""

    name: str
    ref: ComponentRef


@dataclass(frozen=True, slots=True)
class JoinWire:
    """Another wire laid over this one; ``parameter`` is the input it comes in by."""

    parameter: str


@dataclass(frozen=True, slots=True)
class StartWire:
    """A new wire."""

    pipeline: PipelineBase
    components: Mapping[str, ComponentRef]


WireStep: TypeAlias = SetValue | RemoveValue | SetComponent | JoinWire | StartWire


@dataclass(frozen=True, slots=True)
class WireChange:
    """How an output wire follows from the input wire that came in by ``parameter``.

    Kept instead of the wire itself: so a kept node can be replayed on a wire that meanwhile
    carries other values beside those it read.
    """

    parameter: str
    steps: tuple[WireStep, ...] = ()

    def apply(self, wires: Mapping[str, Wire], writer: str) -> Wire:
        """The output wire; values are marked as written by node ``writer``."""
        wire = wires.get(self.parameter)
        for step in self.steps:
            wire = _apply_step(wire, step, wires, writer)
        if wire is None:
            raise LookupError(f"there is no wire at {self.parameter!r}")
        return wire


def _apply_step(
    wire: Wire | None, step: WireStep, wires: Mapping[str, Wire], writer: str
) -> Wire | None:
    if isinstance(step, StartWire):
        return Wire.start(step.pipeline, step.components)
    if wire is None:
        return None
    if isinstance(step, SetValue):
        return wire.with_value(step.name, replace(step.ref, writer=writer), step.bundle)
    if isinstance(step, RemoveValue):
        return wire.without_value(step.name)
    if isinstance(step, SetComponent):
        return wire.with_component(step.name, step.ref)
    return wire.joined(wires[step.parameter])
