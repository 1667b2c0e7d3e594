"""Adapters on a main wire in the hands of a node function."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from blockloom.bridge.adapter_files import AdapterFile, find_adapter_file
from blockloom.bridge.ip_adapters import apply_ip_adapter_file
from blockloom.bridge.lora import apply_lora as lora_on
from blockloom.bridge.model_store import current_places, current_store
from blockloom.bridge.pipelines import PipelineHandle
from blockloom.bridge.textual_inversions import apply_word
from blockloom.errors import NotFoundError
from blockloom.execution.values import ComponentRef
from blockloom.execution.views import PipelineView


def apply_lora(
    pipeline: Any, model: str, weight_name: str, revision: str, strength: float, component: str
) -> PipelineView:
    """The wire with a LoRA on the models it was made for; as it is where the strength is 0."""
    view, base, components = _opened(pipeline)
    if not strength:
        return view
    file = _file(model, weight_name, revision)
    store = current_store()
    return _with(view, lora_on(components, base, file, strength, component.strip(), store))


def apply_ip_adapter(
    pipeline: Any, model: str, weight_name: str, revision: str, scale: float
) -> PipelineView:
    """The wire with an IP-Adapter on the model that makes the picture."""
    view, base, components = _opened(pipeline)
    file = _file(model, weight_name, revision)
    return _with(view, apply_ip_adapter_file(components, base, file, scale, current_store()))


def apply_textual_inversion(
    pipeline: Any, model: str, weight_name: str, revision: str, token: str, text_encoder: str
) -> PipelineView:
    """The wire with a word that its text encoders did not know."""
    view, base, components = _opened(pipeline)
    file = _file(model, weight_name, revision)
    found = apply_word(components, base, file, token, text_encoder.strip(), current_store())
    return _with(view, found)


def _opened(
    pipeline: PipelineView,
) -> tuple[PipelineView, PipelineHandle, Mapping[str, ComponentRef]]:
    """The view, noted to have been asked for components, what builds its pipelines, and these."""
    pipeline.component_names()
    base: Any = pipeline.wire.base.handle
    return pipeline, base, pipeline.wire.components


def _file(model: str, weight_name: str, revision: str) -> AdapterFile:
    if not model.strip():
        raise NotFoundError(
            "No adapter was named.", remedy="Type a folder, a file, or a name on the Hub."
        )
    return find_adapter_file(model.strip(), weight_name.strip(), revision.strip(), current_places())


def _with(view: PipelineView, changed: Mapping[str, ComponentRef]) -> PipelineView:
    for name, ref in changed.items():
        view = view.with_component(name, ref)
    return view
