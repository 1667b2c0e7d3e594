"""How much of the models stays loaded between jobs."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch
from tests.worker.conftest import open_rig
from tests.worker.test_worker_jobs import demo

from blockloom.bridge import device_memory
from blockloom.bridge.device_memory import DeviceMemory, default_model_budget


def test_models_stay_loaded_up_to_the_budget(worker_options, tmp_path):
    size = 2**20
    for rig in open_rig(tmp_path, [replace(worker_options, model_budget=size)]):
        rig.wait_for_idle()
        first, _ = rig.run(demo(seed=1, steps=1))
        assert first["outcome"] == "done"
        # A single part may exceed it; the decoder came last, and all others went.
        assert first["loaded"] == ["vae of demo"]
        again, _ = rig.run(demo(seed=2, steps=1))
        assert (again["outcome"], again["loaded"]) == ("done", ["vae of demo"])


@pytest.mark.parametrize(
    ("device", "total", "budget"),
    [("cpu", 1000, 500), ("mps", 1000, 500), ("cuda:0", 1000, 800), ("cpu", 0, None)],
)
def test_without_a_budget_models_take_most_of_the_memory(monkeypatch, device, total, budget):
    monkeypatch.setattr(device_memory, "device_memory", lambda name: DeviceMemory(total, total))
    assert default_model_budget(device) == budget
    assert torch.device(device)
