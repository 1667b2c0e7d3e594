"""How many samples a second the sounds have that a pipeline makes, as its models' configs say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from blockloom.execution.values import ComponentRef

# In the order they count: what comes out of a model that has another rate inside, first.
_NAMES = ("output_sampling_rate", "output_sample_rate", "sampling_rate", "sample_rate")


def sample_rate_in(components: Mapping[str, object]) -> int | None:
    """The rate that models of a main wire name in their configs; None where none does."""
    configs = [_config_of(component) for component in components.values()]
    for name in _NAMES:
        for config in configs:
            rate = config.get(name)
            if type(rate) is int and rate > 0:
                return rate
    return None


def _config_of(component: object) -> Mapping[str, Any]:
    """The config of a model that decodes; what only prepares sounds for one has another rate."""
    if not isinstance(component, ComponentRef):
        return {}
    handle: Any = component.handle
    model = handle.look() if handle is not None and not handle.carries_state else None
    config = getattr(model, "config", None)
    is_decoder = callable(getattr(model, "decode", None)) or callable(model)
    return config if isinstance(config, Mapping) and is_decoder else {}
