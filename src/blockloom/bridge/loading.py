"""Load one component of a repository, exactly as diffusers' ``load_components`` does."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import Any

import torch
from diffusers.modular_pipelines.modular_pipeline_utils import ComponentSpec

from blockloom.bridge.components import class_name
from blockloom.bridge.devices import dtype_name
from blockloom.bridge.load_problems import explain_failure
from blockloom.bridge.offload import Offloader
from blockloom.bridge.quantization import gguf_config, quantization_config
from blockloom.bridge.repositories import Repository
from blockloom.bridge.stand_ins import make_stand_in
from blockloom.errors import ModelError
from blockloom.execution.keys import key_of


@dataclass(frozen=True, slots=True)
class Placement:
    """Where models run, and in which number format; ``offloader`` moves them, if there is one."""

    device: torch.device
    dtype: torch.dtype
    offloader: Offloader | None = None

    @property
    def text(self) -> str:
        """The placement as a part of keys: numbers depend on the device and the format."""
        return f"{self.device}/{dtype_name(self.dtype)}"


@dataclass(frozen=True, slots=True, eq=False)
class ComponentSource:
    """Where a component comes from and how it is loaded.

    ``adapters`` are the keys of what is laid over the weights; they are part of ``key`` (what a
    block computes) and not of ``weights_key`` (what is in memory). ``quantization`` is one of
    ``quantization.CHOICES``, or empty.
    """

    repository: Repository
    spec: ComponentSpec
    placement: Placement
    adapters: tuple[str, ...] = ()
    quantization: str = ""

    @property
    def label(self) -> str:
        return f"{self.spec.name} of {self.repository.name}"

    @property
    def weights_key(self) -> str:
        """Equal for all sources that give the same object in memory."""
        is_offloaded = self.placement.offloader is not None
        return key_of("weights", self._identity, "offloaded" if is_offloaded else "")

    @property
    def key(self) -> str:
        """Equal for all sources with which a block computes the same."""
        return key_of("loaded", self._identity, *self.adapters)

    @property
    def _identity(self) -> str:
        spec = self.spec
        return key_of(
            self.repository.identity,
            self.repository.stamp(spec.subfolder or ""),
            spec.subfolder or "",
            spec.variant or "",
            class_name(spec.type_hint),
            self.placement.text if is_model_class(spec.type_hint) else "",
            self.quantization,
        )

    @property
    def expected_size(self) -> int:
        return self.repository.weights_size(self.spec.subfolder or "")

    def _add_quantization(self, options: dict[str, Any]) -> None:
        dtype, model_class = self.placement.dtype, self.spec.type_hint
        if self.repository.location.endswith(".gguf"):
            options["quantization_config"] = gguf_config(dtype)
        elif self.quantization and model_class is not None:
            options["quantization_config"] = quantization_config(
                self.quantization, model_class, dtype
            )

    def load(self) -> Any:
        """The component on its device, in evaluation mode. Raises ModelError."""
        spec = copy.copy(self.spec)  # spec.load writes into it
        options: dict[str, Any] = {}
        if is_model_class(spec.type_hint):
            options["dtype"] = self.placement.dtype
            if not self.repository.is_file:
                # The other format is Python's pickle, which is never read here.
                options["use_safetensors"] = True
            self._add_quantization(options)
        if _may_run_remote_code(spec.type_hint):
            options["trust_remote_code"] = False
        try:
            component = spec.load(**options)
        except ValueError as error:  # what ``load`` makes of every error
            raise explain_failure(self.repository, spec, error) from error
        if isinstance(component, torch.nn.Module):
            self._check_complete(component)
            self._place(component)
        return component

    def stand_in(self) -> Any:
        """The same class and config on the meta device, or None for what is no model."""
        if not is_model_class(self.spec.type_hint):
            return None
        placement = self.placement
        return make_stand_in(self.repository, self.spec, placement.dtype, placement.device)

    def release(self, component: Any) -> None:
        """Take the component from the offloader."""
        if self.placement.offloader is not None and isinstance(component, torch.nn.Module):
            self.placement.offloader.remove(component)

    def _place(self, model: torch.nn.Module) -> None:
        offloader = self.placement.offloader
        if offloader is not None and offloader.accepts(model):
            offloader.add(self.spec.name or "model", model)
        elif not _is_placed_by_quantizer(model):
            try:
                model.to(self.placement.device)
            except (RuntimeError, MemoryError) as error:
                raise explain_failure(self.repository, self.spec, error) from error

    def _check_complete(self, model: torch.nn.Module) -> None:
        missing = [name for name, weight in model.named_parameters() if weight.is_meta]
        if missing:
            raise ModelError(
                f'The weights of "{self.spec.name}" in the model "{self.repository.name}" are '
                f"incomplete: {len(missing)} are missing, the first is {missing[0]}.",
                remedy="Download the model again; its config may belong to another model.",
            )


def is_model_class(component_class: type | None) -> bool:
    """Whether a component has weights; one without a known class is a model, as in diffusers."""
    if component_class is None or issubclass(component_class, torch.nn.Module):
        return True
    return component_class.__name__.startswith("AutoModel")  # of diffusers or transformers


def _may_run_remote_code(component_class: type | None) -> bool:
    return component_class is None or component_class.__name__.startswith("Auto")


def _is_placed_by_quantizer(model: torch.nn.Module) -> bool:
    """Quantized weights of bitsandbytes are on their device already and must not be moved."""
    return bool(
        getattr(model, "is_loaded_in_8bit", False) or getattr(model, "is_loaded_in_4bit", False)
    )
