"""Offloading by diffusers' own means, on a CPU that is said to know its free memory."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from diffusers import UNet2DConditionModel
from diffusers.modular_pipelines.modular_pipeline_utils import ComponentSpec
from diffusers.utils.torch_utils import TorchDeviceBackend
from tests.tiny_models import build_tiny_sdxl

from blockloom.bridge.loading import ComponentSource, Placement
from blockloom.bridge.model_store import ModelStore
from blockloom.bridge.repositories import find_repository
from blockloom.errors import UsageError

CPU = torch.device("cpu")


def _source(folder: Path, store: ModelStore | None) -> ComponentSource:
    spec = ComponentSpec("unet", UNet2DConditionModel, subfolder="unet")
    spec.pretrained_model_name_or_path = str(folder)
    offloader = store.offloader(CPU) if store is not None else None
    return ComponentSource(
        find_repository(str(folder)), spec, Placement(CPU, torch.float32, offloader)
    )


def _prediction(unet: Any) -> torch.Tensor:
    conditions = {"text_embeds": torch.ones(1, 8), "time_ids": torch.ones(1, 6)}
    found = unet(torch.ones(1, 4, 8, 8), 5, torch.ones(1, 16, 16), added_cond_kwargs=conditions)
    return found.sample


def test_an_offloaded_model_is_hooked_until_it_is_released(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(TorchDeviceBackend, "mem_get_info", lambda self: (10**9, 10**9))
    folder, store = build_tiny_sdxl(tmp_path), ModelStore()
    plain, moved = _source(folder, None), _source(folder, store)
    assert plain.key == moved.key
    assert plain.weights_key != moved.weights_key
    unet = store.take(moved.weights_key, moved)
    assert hasattr(unet, "_hf_hook")
    with torch.no_grad():
        assert torch.equal(_prediction(unet), _prediction(plain.load()))
    store.free()
    assert not hasattr(unet, "_hf_hook")


def test_one_offloader_serves_a_device(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(TorchDeviceBackend, "mem_get_info", lambda self: (10**9, 10**9))
    store = ModelStore()
    assert store.offloader(CPU) is store.offloader(CPU)


def test_a_device_that_does_not_know_its_free_memory_says_so() -> None:
    with pytest.raises(UsageError, match='on and off "cpu"') as caught:
        ModelStore().offloader(CPU)
    assert caught.value.remedy == "Set offload to none."
