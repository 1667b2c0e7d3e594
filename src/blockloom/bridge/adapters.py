"""Adapters: what is laid over models of a main wire, as data on its references to them.

A model with adapters is a second model on the same weights, so that other branches, and the same
branch without the adapter, see the model as it was.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from blockloom.bridge.handles import Handle
from blockloom.bridge.model_store import ModelStore
from blockloom.bridge.pipelines import PipelineHandle
from blockloom.bridge.shared_copies import shared_copy
from blockloom.errors import ModelError
from blockloom.execution.keys import key_of
from blockloom.execution.values import ComponentRef


class Overlay(Protocol):
    """One adapter, as it is laid over one component."""

    @property
    def key(self) -> str:
        """Stands for its weights and settings."""

    @property
    def label(self) -> str:
        """What it is, for people."""

    @property
    def changes_config(self) -> bool:
        """Whether other blocks, which see a component's config only, see another one with it."""

    def takes_up(self, earlier: Overlay) -> bool:
        """Whether an earlier overlay is a part of this one."""

    def lay_over(self, component: Any, carrier: Carrier) -> None:
        """Change the component, a copy of its own."""

    def finish(self, component: Any) -> None:
        """Called for each overlay after all of them have been laid over the component."""


@dataclass(frozen=True, slots=True, eq=False)
class Carrier:
    """Makes pipelines that carry a component while something is loaded into it.

    ``others`` are the model's other components; a pipeline sees copies of them, without weights
    where they are not loaded.
    """

    pipeline: PipelineHandle
    name: str
    others: Mapping[str, Handle]

    def carry(self, component: Any) -> Any:
        """A pipeline of the model's own class with this component."""
        seen = {name: shared_copy(handle.look()) for name, handle in self.others.items()}
        return self.pipeline.build({**seen, self.name: component})


@dataclass(frozen=True, slots=True, eq=False)
class AdaptedHandle:
    """A component with overlays; ``base`` is the one it is without them."""

    base_ref: ComponentRef
    overlays: tuple[Overlay, ...]
    carrier: Carrier
    store: ModelStore

    @property
    def carries_state(self) -> bool:
        return False

    @property
    def _base(self) -> Handle:
        return self.base_ref.handle  # type: ignore[return-value]

    @property
    def _key(self) -> str:
        return key_of("adapted", self.base_ref.key, *(overlay.key for overlay in self.overlays))

    def take(self) -> Any:
        # The weights are the base's: it must stay in the store as long as this is used.
        self._base.take()
        return self.store.take(self._key, self)

    def look(self) -> Any:
        return self.store.look(self._key, self)

    # -- what the store asks of a loader

    @property
    def label(self) -> str:
        names = ", ".join(overlay.label for overlay in self.overlays)
        return f"{self.carrier.name} with {names}"

    @property
    def expected_size(self) -> int:
        return 0

    def load(self) -> Any:
        component = shared_copy(self._base.take())
        for overlay in self.overlays:
            try:
                overlay.lay_over(component, self.carrier)
            except (ValueError, RuntimeError, KeyError, TypeError, AttributeError) as error:
                raise ModelError(
                    f"{overlay.label} does not fit {self.carrier.name}: {_first_line(error)}",
                    remedy="Use one that was made for this kind of model.",
                    details=str(error),
                ) from error
        for overlay in self.overlays:
            overlay.finish(component)
        return component

    def stand_in(self) -> Any:
        if any(overlay.changes_config for overlay in self.overlays):
            return None
        return self._base.look()

    def release(self, component: Any) -> None:
        return None


def with_overlay(
    components: Mapping[str, ComponentRef],
    pipeline: PipelineHandle,
    name: str,
    overlay: Overlay,
    store: ModelStore,
) -> ComponentRef:
    """A reference to a component of a wire with one more overlay.

    One that takes earlier ones up, because they must be loaded together, stands instead of them.
    """
    handle = components[name].handle
    earlier = handle.overlays if isinstance(handle, AdaptedHandle) else ()
    base_ref = handle.base_ref if isinstance(handle, AdaptedHandle) else components[name]
    overlays = (*(found for found in earlier if not overlay.takes_up(found)), overlay)
    loadable = getattr(pipeline.pipeline_class, "_lora_loadable_modules", ())
    others = {
        other: _unadapted(components[other])
        for other in loadable
        if other != name and other in components
    }
    adapted = AdaptedHandle(base_ref, overlays, Carrier(pipeline, name, others), store)
    key = key_of("adapted", base_ref.key, *(found.key for found in overlays))
    config_keys = [found.key for found in overlays if found.changes_config]
    config_key = key_of("adapted", base_ref.config_key, *config_keys)
    return ComponentRef(key, config_key if config_keys else base_ref.config_key, adapted)


def _unadapted(ref: ComponentRef) -> Handle:
    handle = ref.handle.base_ref.handle if isinstance(ref.handle, AdaptedHandle) else ref.handle
    return handle  # type: ignore[return-value]


def _first_line(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    return (lines[0] if lines else type(error).__name__).rstrip(".")[:300] + "."
