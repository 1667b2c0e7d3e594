"""Models that torchao quantizes, which lies beside torchvision, give what diffusers gives."""

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
from torchao.quantization import Int8WeightOnlyConfig

from blockloom.errors import NodeFailed
from blockloom.wiring import open_engine


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_tiny_sdxl(tmp_path_factory.mktemp("sdxl"), dtype=torch.float32)


def with_quantization(model: Path, method: str, quantized: str = "") -> Any:
    graph = with_input(graph_of(model), "model", "quantization", method)
    return with_input(graph, "model", "quantized", quantized)


def test_a_name_that_is_no_model_is_told(tmp_path: Path, model: Path) -> None:
    with pytest.raises(NodeFailed, match='"scheduler" is no model of this pipeline'):
        pixels(
            open_engine(workshop()), with_quantization(model, "torchao int8", "scheduler"), tmp_path
        )


def test_torchao_gives_diffusers_pixels(tmp_path: Path, model: Path) -> None:
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
