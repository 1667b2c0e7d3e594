"""The ``components`` argument of blocks: real pipelines of the model's own class, made cheaply."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

import torch
from diffusers import ModularPipeline
from diffusers.modular_pipelines.modular_pipeline_utils import ComponentSpec

from blockloom.bridge.components import class_name, json_text
from blockloom.errors import UsageError
from blockloom.execution.keys import key_of
from blockloom.execution.values import PipelineBase


class PipelineHandle:
    """The main wire's pipeline class and config values, from which its pipelines are built.

    ``template`` is a pipeline of the model as diffusers makes it, without loaded components; it
    belongs to the handle afterwards and is never run.
    """

    def __init__(self, template: ModularPipeline, device: torch.device) -> None:
        self.pipeline_class: Any = template.__class__
        self.device = device
        self.specs: Mapping[str, ComponentSpec] = MappingProxyType(dict(template._component_specs))
        self.config: Mapping[str, Any] = MappingProxyType(
            {name: template.config.get(name) for name in template._config_specs}
        )
        self._class: Any = _placed_class(self.pipeline_class)
        self._attributes = dict(vars(template))
        self._attributes.update(dict.fromkeys(self.specs), _blockloom_device=device)

    def build(self, components: Mapping[str, Any]) -> ModularPipeline:
        """A pipeline that holds exactly these components; names not given are None.

        Names the model's pipeline does not know are added. It answers for its device as the fully
        loaded pipeline would, and otherwise is what diffusers makes of the model. Takes
        microseconds: configs, specs and blocks are shared, so it is for running blocks only.
        """
        specs = dict(self.specs)
        for name, component in components.items():
            if name not in specs:
                specs[name] = self._extra_spec(name, component)
        pipeline = self._class.__new__(self._class)
        vars(pipeline).update(self._attributes)
        vars(pipeline).update(components)
        vars(pipeline)["_component_specs"] = specs
        return pipeline

    def base(self) -> PipelineBase:
        """What a main wire starts from. Its key: class, config values and device."""
        name = class_name(self.pipeline_class)
        key = key_of("pipeline", name, json_text(self.config), str(self.device))
        return PipelineBase(key, self)

    def _extra_spec(self, name: str, component: Any) -> ComponentSpec:
        if hasattr(self._class, name) or name in self._attributes or not name.isidentifier():
            raise UsageError(
                f'A component cannot be called "{name}".',
                remedy=f"{self.pipeline_class.__name__} uses that name itself; choose another.",
            )
        return ComponentSpec(name=name, type_hint=type(component))


@cache
def _placed_class(pipeline_class: Any) -> Any:
    """The class itself, except that it knows its device instead of asking its first model.

    The first model may be a stand-in on the meta device, or in main memory while it is offloaded.
    """
    answer = property(lambda pipeline: vars(pipeline)["_blockloom_device"])
    body = {
        "__module__": pipeline_class.__module__,
        "__qualname__": pipeline_class.__qualname__,
        "__doc__": pipeline_class.__doc__,
        "device": answer,
        "_execution_device": answer,
    }
    return type(pipeline_class.__name__, (pipeline_class,), body)
