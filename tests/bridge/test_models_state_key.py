"""The key of what schedulers and guiders remember: equal exactly where nothing changed."""

from __future__ import annotations

import copy
import os
import subprocess
import sys
from typing import Any

import diffusers
import pytest
import torch

from blockloom.bridge.components import state_key

# diffusers' schedulers hand tensors to numpy in a way that numpy 2 will stop accepting.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

SCHEDULERS = (
    "EulerDiscreteScheduler",
    "EulerAncestralDiscreteScheduler",
    "DPMSolverMultistepScheduler",
    "UniPCMultistepScheduler",
    "DDIMScheduler",
    "FlowMatchEulerDiscreteScheduler",
)
GUIDERS = ("ClassifierFreeGuidance", "AdaptiveProjectedGuidance", "LTX2Guidance")


@pytest.mark.parametrize("name", SCHEDULERS + GUIDERS)
def test_two_of_the_same_and_deep_copies_have_one_key(name: str) -> None:
    component = getattr(diffusers, name)()
    key = state_key(component)
    assert key is not None
    assert {key} == {state_key(getattr(diffusers, name)()), state_key(copy.deepcopy(component))}


@pytest.mark.parametrize("name", SCHEDULERS)
def test_set_timesteps_changes_the_key(name: str) -> None:
    scheduler = getattr(diffusers, name)()
    keys = [state_key(scheduler)]
    for steps in (4, 5):
        scheduler.set_timesteps(steps)
        keys.append(state_key(scheduler))
    assert len(set(keys)) == 3


@pytest.mark.parametrize("name", [name for name in SCHEDULERS if name != "DDIMScheduler"])
def test_every_step_changes_the_key(name: str) -> None:
    scheduler = _stepped(name, 0)
    keys = {state_key(_stepped(name, count)) for count in range(3)}
    assert len(keys) == 3
    assert state_key(scheduler) in keys


def _stepped(name: str, steps: int) -> Any:
    scheduler = getattr(diffusers, name)()
    scheduler.set_timesteps(4)
    sample = torch.ones(1, 4, 8, 8)
    for timestep in scheduler.timesteps[:steps]:
        if hasattr(scheduler, "scale_model_input"):
            sample = scheduler.scale_model_input(sample, timestep)
        options = {"generator": torch.Generator().manual_seed(0)} if "Ancestral" in name else {}
        sample = scheduler.step(sample / 2, timestep, sample, **options).prev_sample
    return scheduler


def test_ddim_remembers_no_steps() -> None:
    """Its step uses nothing but its arguments, so running it again gives the same."""
    assert state_key(_stepped("DDIMScheduler", 0)) == state_key(_stepped("DDIMScheduler", 2))


@pytest.mark.parametrize("name", GUIDERS)
def test_guiders_change_with_state_and_switch(name: str) -> None:
    guider = getattr(diffusers, name)()
    keys = [state_key(guider)]
    guider.set_state(1, 4, torch.tensor(500))
    keys.append(state_key(guider))
    guider.disable()
    keys.append(state_key(guider))
    assert None not in keys
    assert len(set(keys)) == 3


def test_the_config_counts() -> None:
    one, two = (diffusers.EulerDiscreteScheduler(prediction_type=kind) for kind in _KINDS)
    assert state_key(one) != state_key(two)


_KINDS = ("epsilon", "v_prediction")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (1, 1.0),
        (1, True),
        (None, "None"),
        ([1, [2]], [[1], 2]),
        (torch.zeros(4), torch.zeros(2, 2)),
        (torch.zeros(4), torch.zeros(4, dtype=torch.int32)),
        (torch.tensor(float("nan")), torch.tensor(0.0)),
        (torch.ones(2, dtype=torch.bfloat16), torch.zeros(2, dtype=torch.bfloat16)),
        ({"a": 1}, {"a": 2}),
    ],
)
def test_values_that_differ_have_different_keys(before: object, after: object) -> None:
    keys = []
    for value in (before, after, before):
        scheduler = diffusers.EulerDiscreteScheduler()
        scheduler.remembered = value
        keys.append(state_key(scheduler))
    assert keys[0] == keys[2] != keys[1]
    assert None not in keys


@pytest.mark.parametrize(
    "value", [torch.zeros(300_000), lambda: None, torch.nn.Linear(1, 1), torch.Generator()]
)
def test_what_cannot_be_told_has_no_key(value: object) -> None:
    scheduler = diffusers.EulerDiscreteScheduler()
    scheduler.remembered = value
    assert state_key(scheduler) is None


def test_something_that_holds_itself_has_no_key() -> None:
    scheduler = diffusers.EulerDiscreteScheduler()
    scheduler.remembered = scheduler
    assert state_key(scheduler) is None


def test_the_key_is_the_same_in_another_process() -> None:
    program = (
        "import diffusers; from blockloom.bridge.components import state_key;"
        "print(state_key(diffusers.EulerDiscreteScheduler(steps_offset=1)))"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "7"}
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, env=environment, check=True
    )
    assert ran.stdout.strip() == state_key(diffusers.EulerDiscreteScheduler(steps_offset=1))
