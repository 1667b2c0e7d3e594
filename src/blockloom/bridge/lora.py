"""LoRAs, by diffusers' own loading: which components one changes, and laying it over each."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from diffusers.loaders.lora_base import set_adapters_for_text_encoder
from diffusers.utils import is_peft_available

from blockloom.bridge.adapter_files import AdapterFile
from blockloom.bridge.adapters import Carrier, Overlay, with_overlay
from blockloom.bridge.model_store import ModelStore
from blockloom.bridge.pipelines import PipelineHandle
from blockloom.errors import ModelError, UsageError
from blockloom.execution.keys import key_of
from blockloom.execution.values import ComponentRef

_LOADABLE = "_lora_loadable_modules"


@dataclass(frozen=True, slots=True)
class LoraOverlay:
    """One LoRA on one component. ``options`` go to diffusers' ``load_lora_weights``."""

    file: AdapterFile
    strength: float
    options: tuple[tuple[str, bool], ...] = ()

    @property
    def key(self) -> str:
        return key_of("lora", self.file.key, repr(self.strength), repr(self.options))

    @property
    def label(self) -> str:
        return f"LoRA {self.file.name}"

    @property
    def changes_config(self) -> bool:
        return False

    @property
    def adapter_name(self) -> str:
        return f"lora_{self.key[:16]}"

    def takes_up(self, earlier: Overlay) -> bool:
        return False

    def lay_over(self, component: Any, carrier: Carrier) -> None:
        if self.adapter_name in getattr(component, "peft_config", {}):
            return  # the same one, twice: their strengths add up when all are there
        pipeline = carrier.carry(component)
        with warnings.catch_warnings():
            # That there is more than one, and that a part of the file is for another component.
            warnings.simplefilter("ignore")
            pipeline.load_lora_weights(
                str(self.file.path.parent),
                weight_name=self.file.path.name,
                adapter_name=self.adapter_name,
                local_files_only=True,
                use_safetensors=True,
                **dict(self.options),
            )

    def finish(self, component: Any) -> None:
        active: dict[str, float] = dict(getattr(component, "_blockloom_loras", {}))
        active[self.adapter_name] = active.get(self.adapter_name, 0.0) + self.strength
        component._blockloom_loras = active
        names, strengths = list(active), list(active.values())
        if hasattr(component, "set_adapters"):
            component.set_adapters(names, strengths)
        else:
            set_adapters_for_text_encoder(names, component, strengths)


def apply_lora(
    components: Mapping[str, ComponentRef],
    pipeline: PipelineHandle,
    file: AdapterFile,
    strength: float,
    component: str,
    store: ModelStore,
) -> dict[str, ComponentRef]:
    """The components of a wire that a LoRA changes, with it; only ``component``, if one is named.

    Raises UsageError where the model takes no LoRA or has no such component, ModelError where the
    file has nothing for it.
    """
    pipeline_class = pipeline.pipeline_class
    loadable = [name for name in getattr(pipeline_class, _LOADABLE, ()) if name in components]
    if not loadable:
        raise UsageError(
            f"{pipeline_class.__name__} takes no LoRA.", remedy="Use another model, or no LoRA."
        )
    if component and component not in loadable:
        raise UsageError(
            f'No LoRA can be applied to "{component}" of this model.',
            remedy=f"Leave it empty, or type one of: {', '.join(loadable)}.",
        )
    if not is_peft_available():
        raise UsageError("The library peft is missing.", remedy="Run `pip install peft`.")
    named = _components_in(pipeline_class, file, components, loadable)
    options: tuple[tuple[str, bool], ...] = ()
    if component and component not in named and named:
        # Such as Wan's second transformer, whose LoRAs are written as those of the first.
        options = ((f"load_into_{component}", True),)
        wanted = [component]
    else:
        wanted = [name for name in named if component in ("", name)]
    if not wanted:
        raise ModelError(
            f"The LoRA {file.name} has nothing for {component or 'this model'}.",
            remedy=f"Use one that was made for {pipeline_class.__name__}.",
        )
    overlay = LoraOverlay(file, strength, options)
    return {name: with_overlay(components, pipeline, name, overlay, store) for name in wanted}


def _components_in(
    pipeline_class: Any,
    file: AdapterFile,
    components: Mapping[str, ComponentRef],
    loadable: list[str],
) -> list[str]:
    """The components that a file has weights for."""
    unet: Any = components["unet"].handle if "unet" in components else None
    options = {} if unet is None else {"unet_config": unet.look().config}
    try:
        found = pipeline_class.lora_state_dict(
            str(file.path.parent),
            weight_name=file.path.name,
            local_files_only=True,
            use_safetensors=True,
            **options,
        )
    except (ValueError, RuntimeError, KeyError, OSError, TypeError) as error:
        raise ModelError(
            f"The LoRA {file.name} cannot be read: {str(error).strip()[:300]}",
            remedy=f"Use a LoRA that was made for {pipeline_class.__name__}.",
        ) from error
    state = found[0] if isinstance(found, tuple) else found
    return [name for name in loadable if any(key.startswith(f"{name}.") for key in state)]
