"""Schedulers and guiders made from typed parameters."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any

from diffusers import SchedulerMixin

from blockloom.bridge.component_classes import class_for_making
from blockloom.bridge.components import component_ref
from blockloom.errors import UsageError
from blockloom.execution.values import ComponentRef

_FAILURES = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    ImportError,
    LookupError,
    NotImplementedError,
    TypeError,
    ValueError,
)


def make_component(
    class_name: str, params: Mapping[str, Any], current: ComponentRef | None = None
) -> ComponentRef:
    """A new scheduler or guider; equal parameters give an equal key.

    ``params`` holds only what was typed. A scheduler takes the rest from the config of
    ``current``, the one it replaces, as ``Class.from_config`` does: noise schedule and prediction
    type belong to the model. A guider takes its own defaults. Raises UsageError with the class's
    own words where it does not accept a value.
    """
    made_class = class_for_making(class_name)
    _check_names(made_class, params)
    try:
        component = _make(made_class, dict(params), current)
    except _FAILURES as error:
        reason = str(error) or type(error).__name__
        raise UsageError(
            f"{class_name} does not accept these settings: {reason}",
            remedy="Change the value it names, or clear it to use the default.",
        ) from error
    return component_ref(component)


def _make(made_class: type[Any], params: dict[str, Any], current: ComponentRef | None) -> Any:
    if not issubclass(made_class, SchedulerMixin):
        return made_class(**params)
    return made_class.from_config(_config_of(current), **params)


def _config_of(current: ComponentRef | None) -> Mapping[str, Any]:
    handle: Any = current.handle if current is not None else None
    component = handle.look() if handle is not None else None
    if not isinstance(component, SchedulerMixin):
        return {}
    config: Mapping[str, Any] = component.config
    return config


def _check_names(made_class: type[Any], params: Mapping[str, Any]) -> None:
    known = [name for name in inspect.signature(made_class.__init__).parameters if name != "self"]
    unknown = [name for name in params if name not in known]
    if unknown:
        raise UsageError(
            f'{made_class.__name__} has no setting "{unknown[0]}".',
            remedy=f"It has: {', '.join(known)}.",
        )
