"""Models in fewer bits: diffusers' and transformers' own quantizers, as choices.

What is measured here has run on the CPU only; bitsandbytes needs a GPU.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import diffusers
import torch
import transformers
from diffusers import ModelMixin
from transformers import PreTrainedModel

from blockloom.errors import UsageError

NONE = "none"


@dataclass(frozen=True, slots=True)
class _Method:
    """A quantizer: its library as Python and as pip call it, and how its config is made."""

    module: str
    package: str
    make: Callable[[Any, torch.dtype], Any]
    """Takes diffusers or transformers, and the number format to compute in."""


def _bitsandbytes(**options: Any) -> Callable[[Any, torch.dtype], Any]:
    def make(library: Any, dtype: torch.dtype) -> Any:
        if "load_in_4bit" in options:
            return library.BitsAndBytesConfig(
                bnb_4bit_compute_dtype=dtype, bnb_4bit_quant_type="nf4", **options
            )
        return library.BitsAndBytesConfig(**options)

    return make


def _torchao(name: str) -> Callable[[Any, torch.dtype], Any]:
    def make(library: Any, dtype: torch.dtype) -> Any:
        kinds: Any = importlib.import_module("torchao.quantization")
        return library.TorchAoConfig(getattr(kinds, name)())

    return make


def _quanto(bits: str) -> Callable[[Any, torch.dtype], Any]:
    def make(library: Any, dtype: torch.dtype) -> Any:
        is_diffusers = library is diffusers
        return library.QuantoConfig(**{"weights_dtype" if is_diffusers else "weights": bits})

    return make


_METHODS: Mapping[str, _Method] = {
    "bitsandbytes 8-bit": _Method("bitsandbytes", "bitsandbytes", _bitsandbytes(load_in_8bit=True)),
    "bitsandbytes 4-bit": _Method("bitsandbytes", "bitsandbytes", _bitsandbytes(load_in_4bit=True)),
    "torchao int8": _Method("torchao", "torchao", _torchao("Int8WeightOnlyConfig")),
    "torchao float8": _Method("torchao", "torchao", _torchao("Float8WeightOnlyConfig")),
    "quanto int8": _Method("optimum.quanto", "optimum-quanto", _quanto("int8")),
    "quanto int4": _Method("optimum.quanto", "optimum-quanto", _quanto("int4")),
    "quanto float8": _Method("optimum.quanto", "optimum-quanto", _quanto("float8")),
}
CHOICES = (NONE, *_METHODS)


@dataclass(frozen=True, slots=True)
class Quantization:
    """How models are quantized, and which: all that make pictures where ``components`` is empty."""

    method: str = NONE
    components: tuple[str, ...] = ()

    def applies_to(self, name: str, model_class: type | None) -> bool:
        """Whether a component is quantized."""
        if self.method == NONE or model_class is None:
            return False
        if self.components:
            return name in self.components
        return issubclass(model_class, ModelMixin) and not hasattr(model_class, "decode")


def read_quantization(method: str, components: str) -> Quantization:
    """A choice as it is typed, ``components`` with commas. Raises UsageError where its library is
    missing."""
    if method not in CHOICES:
        raise UsageError(
            f'"{method}" is no quantization.', remedy=f"Use one of: {', '.join(CHOICES)}."
        )
    if method != NONE:
        _check_installed(method, _METHODS[method])
    names = tuple(name.strip() for name in components.split(",") if name.strip())
    return Quantization(method, names)


def quantization_config(method: str, model_class: type, dtype: torch.dtype) -> Any:
    """The config that the class's own ``from_pretrained`` takes."""
    library = transformers if issubclass(model_class, PreTrainedModel) else diffusers
    return _METHODS[method].make(library, dtype)


def gguf_config(dtype: torch.dtype) -> Any:
    """The config for a single .gguf file. Raises UsageError where the library gguf is missing."""
    if not _is_installed("gguf"):
        raise UsageError(
            "GGUF files need the library gguf, which is missing.",
            remedy="Run `pip install gguf`.",
        )
    return diffusers.GGUFQuantizationConfig(compute_dtype=dtype)


def _check_installed(method: str, found: _Method) -> None:
    if not _is_installed(found.module):
        raise UsageError(
            f'The quantization "{method}" needs the library {found.package}, which is missing.',
            remedy=f"Run `pip install {found.package}`, or choose another quantization.",
        )


def _is_installed(module: str) -> bool:
    try:
        return importlib.util.find_spec(module) is not None
    except ModuleNotFoundError:  # the package around it
        return False
