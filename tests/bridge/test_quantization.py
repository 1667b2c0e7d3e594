"""Quantized models: the same as diffusers loads them, refused where a library is missing."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import numpy
import pytest
import torch
from diffusers import ModularPipeline, TorchAoConfig, UNet2DConditionModel
from tests.pixels.test_adapters import GIVEN, graph_of, pixels
from tests.real_sessions import with_input, workshop
from tests.tiny_models import build_tiny_sdxl

from blockloom.bridge import quantization
from blockloom.bridge.quantization import CHOICES, Quantization, read_quantization
from blockloom.errors import NodeFailed, UsageError
from blockloom.wiring import open_engine


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_tiny_sdxl(tmp_path_factory.mktemp("sdxl"), dtype=torch.float32)


def with_quantization(model: Path, method: str, quantized: str = "") -> Any:
    graph = with_input(graph_of(model), "model", "quantization", method)
    return with_input(graph, "model", "quantized", quantized)


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


def test_a_name_that_is_no_model_is_told(tmp_path: Path, model: Path) -> None:
    pytest.importorskip("torchao")
    with pytest.raises(NodeFailed, match='"scheduler" is no model of this pipeline'):
        pixels(
            open_engine(workshop()), with_quantization(model, "torchao int8", "scheduler"), tmp_path
        )


def test_torchao_gives_diffusers_pixels(tmp_path: Path, model: Path) -> None:
    pytest.importorskip("torchao")
    from torchao.quantization import Int8WeightOnlyConfig

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pipeline = ModularPipeline.from_pretrained(str(model))
        pipeline.load_components(dtype=torch.float32)
        unet = UNet2DConditionModel.from_pretrained(
            model,
            subfolder="unet",
            quantization_config=TorchAoConfig(Int8WeightOnlyConfig()),
            dtype=torch.float32,
        )
        pipeline.update_components(unet=unet)
        images = pipeline(generator=torch.Generator().manual_seed(0), output="images", **GIVEN)
        engine = open_engine(workshop())
        plain = pixels(engine, graph_of(model), tmp_path)
        found = pixels(engine, with_quantization(model, "torchao int8"), tmp_path)
    assert numpy.array_equal(found, numpy.asarray(images[0]))
    assert not numpy.array_equal(found, plain)
