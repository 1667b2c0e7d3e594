"""Quantized models: which ones, and refused where a library is missing."""

from __future__ import annotations

import pytest
import torch
from diffusers import UNet2DConditionModel
from tests.real_sessions import workshop

from blockloom.bridge import quantization
from blockloom.bridge.quantization import CHOICES, Quantization, read_quantization
from blockloom.errors import UsageError


def test_the_node_offers_all_there_are() -> None:
    socket = workshop().catalogue.types["BlockloomLoadPipeline"].input("quantization")
    assert socket is not None
    assert socket.widget.choices == CHOICES


@pytest.mark.parametrize("method", [name for name in CHOICES if name != "none"])
def test_a_missing_library_is_told_with_how_to_get_it(
    method: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quantization, "_is_installed", lambda module: False)
    with pytest.raises(UsageError, match="which is missing") as found:
        read_quantization(method, "")
    assert "pip install" in found.value.remedy
    with pytest.raises(UsageError, match="is no quantization"):
        read_quantization("half", "")


def test_what_is_quantized_where_nothing_is_named() -> None:
    chosen = Quantization("torchao int8")
    assert chosen.applies_to("unet", UNet2DConditionModel)
    from diffusers import AutoencoderKL, EulerDiscreteScheduler
    from transformers import CLIPTextModel

    for other in (AutoencoderKL, EulerDiscreteScheduler, CLIPTextModel, None):
        assert not chosen.applies_to("vae", other)
    assert Quantization("torchao int8", ("vae",)).applies_to("vae", AutoencoderKL)


def test_a_gguf_file_without_its_library_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quantization, "_is_installed", lambda module: False)
    with pytest.raises(UsageError, match="need the library gguf"):
        quantization.gguf_config(torch.float32)
