"""Components of the main wire: how each kind is held until a block needs it, and its keys."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import numpy
import torch
from diffusers import ConfigMixin, SchedulerMixin
from diffusers.guiders.guider_utils import BaseGuidance

from blockloom.bridge.component_state import state_key
from blockloom.bridge.model_store import Loader, ModelStore
from blockloom.execution.keys import key_of
from blockloom.execution.values import ComponentRef

__all__ = [
    "AbsentHandle",
    "FixedHandle",
    "LoadedHandle",
    "StatefulHandle",
    "absent_ref",
    "carries_run_state",
    "class_name",
    "component_ref",
    "config_text",
    "json_text",
    "made_ref",
    "state_key",
]


@dataclass(frozen=True, slots=True, eq=False)
class StatefulHandle:
    """A scheduler or guider as it was at one moment; every node works on a copy."""

    snapshot: Any

    @property
    def carries_state(self) -> bool:
        return True

    def take(self) -> Any:
        return copy.deepcopy(self.snapshot)

    def look(self) -> Any:
        return copy.deepcopy(self.snapshot)


@dataclass(frozen=True, slots=True, eq=False)
class FixedHandle:
    """A component that is there already and that no run changes."""

    component: Any

    @property
    def carries_state(self) -> bool:
        return False

    def take(self) -> Any:
        return self.component

    def look(self) -> Any:
        return self.component


@dataclass(frozen=True, slots=True, eq=False)
class LoadedHandle:
    """A model, tokenizer or processor of a repository, loaded into ``store`` when it is needed."""

    key: str
    loader: Loader
    store: ModelStore

    @property
    def carries_state(self) -> bool:
        return False

    def take(self) -> Any:
        return self.store.take(self.key, self.loader)

    def look(self) -> Any:
        return self.store.look(self.key, self.loader)


@dataclass(frozen=True, slots=True)
class AbsentHandle:
    """A component the repository does not have; ``reason`` says so for people."""

    reason: str = ""

    @property
    def carries_state(self) -> bool:
        return False

    def take(self) -> Any:
        return None

    def look(self) -> Any:
        return None


def absent_ref(reason: str = "") -> ComponentRef:
    """The place of a component that is not there."""
    key = key_of("component", "absent")
    return ComponentRef(key, key, AbsentHandle(reason))


def component_ref(component: Any, key: str | None = None) -> ComponentRef:
    """A reference to a component that exists as an object; it is not to be changed afterwards.

    ``key`` stands for its content. Without one it is made from class, config and state, and where
    these cannot tell (models), it is a new one at each call, so that nothing is mistaken for it.
    """
    if component is None:
        return absent_ref()
    name = class_name(type(component))
    config_key = key_of("config", name, config_text(component))
    is_stateful = carries_run_state(type(component))
    if key is None:
        is_model = isinstance(component, torch.nn.Module)
        content = None if is_model else state_key(component)
        key = content or uuid4().hex
    handle = StatefulHandle(component) if is_stateful else FixedHandle(component)
    return ComponentRef(key, config_key, handle)


def made_ref(component: Any, config: Mapping[str, Any]) -> ComponentRef:
    """A reference to a component that diffusers has just made from a config, without files."""
    key = key_of("made", class_name(type(component)), json_text(config))
    return component_ref(component, state_key(component) or key)


def carries_run_state(component_class: type | None) -> bool:
    """Whether runs change components of that class: schedulers and guiders."""
    return isinstance(component_class, type) and issubclass(
        component_class, (SchedulerMixin, BaseGuidance)
    )


def config_text(component: Any) -> str:
    """The config of a component as text; "" where it has none."""
    if isinstance(component, (ConfigMixin, torch.nn.Module)):
        component = getattr(component, "config", None)
    if not isinstance(component, Mapping):
        component = component.to_dict() if hasattr(component, "to_dict") else {}
    return json_text(component)


def json_text(config: Mapping[str, Any]) -> str:
    """Config values as text, without diffusers' private bookkeeping."""
    kept = {str(name): value for name, value in config.items() if not str(name).startswith("_")}
    return json.dumps(kept, sort_keys=True, default=_plain)


def class_name(component_class: type | None) -> str:
    """The full name of a class, as a part of keys."""
    if component_class is None:
        return ""
    return f"{component_class.__module__}.{component_class.__qualname__}"


def _plain(value: object) -> object:
    return value.tolist() if isinstance(value, numpy.ndarray) else repr(value)
