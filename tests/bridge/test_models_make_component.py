"""Schedulers and guiders made from typed parameters."""

from __future__ import annotations

from typing import Any

import diffusers
import pytest

from blockloom.bridge.components import component_ref, state_key
from blockloom.bridge.make_component import make_component
from blockloom.errors import UsageError
from blockloom.execution.values import ComponentRef


def _made(ref: ComponentRef) -> Any:
    handle: Any = ref.handle
    return handle.take()


@pytest.fixture
def current() -> ComponentRef:
    scheduler = diffusers.EulerDiscreteScheduler(
        prediction_type="v_prediction", beta_start=0.002, timestep_spacing="trailing"
    )
    return component_ref(scheduler)


def test_a_scheduler_inherits_what_was_not_typed(current: ComponentRef) -> None:
    made = _made(make_component("DPMSolverMultistepScheduler", {"solver_order": 3}, current))
    expected = diffusers.DPMSolverMultistepScheduler.from_config(
        _made(current).config, solver_order=3
    )
    assert type(made) is diffusers.DPMSolverMultistepScheduler
    assert state_key(made) == state_key(expected)
    wanted = {"prediction_type": "v_prediction", "beta_start": 0.002, "solver_order": 3}
    assert {name: made.config[name] for name in wanted} == wanted


def test_what_was_typed_wins(current: ComponentRef) -> None:
    made = _made(make_component("DDIMScheduler", {"prediction_type": "epsilon"}, current))
    assert (made.config.prediction_type, made.config.beta_start) == ("epsilon", 0.002)


def test_run_state_of_the_current_one_is_not_inherited(current: ComponentRef) -> None:
    stepped = _made(current)
    stepped.set_timesteps(3)
    one = make_component("EulerDiscreteScheduler", {}, component_ref(stepped))
    assert _made(one).num_inference_steps is None
    assert one.key == make_component("EulerDiscreteScheduler", {}, current).key


def test_without_a_current_one_the_class_has_its_own_defaults() -> None:
    made = make_component("EulerDiscreteScheduler", {})
    assert made.key == component_ref(diffusers.EulerDiscreteScheduler()).key


def test_the_same_scheduler_again_is_the_same_value(current: ComponentRef) -> None:
    again = make_component("EulerDiscreteScheduler", {}, current)
    assert (again.key, again.config_key) == (current.key, current.config_key)


def test_a_guider_takes_its_own_defaults() -> None:
    ref = make_component("ClassifierFreeGuidance", {"guidance_scale": 3.0})
    made = _made(ref)
    assert (made.guidance_scale, made.config.guidance_rescale) == (3.0, 0.0)
    other = make_component("ClassifierFreeGuidance", {"guidance_scale": 4.0})
    assert ref.key != other.key
    assert ref.config_key != other.config_key
    assert ref.key == make_component("ClassifierFreeGuidance", {"guidance_scale": 3.0}).key


def test_a_guider_takes_layers_as_named_values() -> None:
    config = {"indices": [1], "fqn": "transformer_blocks", "skip_ff": False}
    made = _made(make_component("SkipLayerGuidance", {"skip_layer_config": config}))
    assert [layer.indices for layer in made.skip_layer_config] == [[1]]


def test_every_copy_is_its_own(current: ComponentRef) -> None:
    ref = make_component("UniPCMultistepScheduler", {}, current)
    one, two = _made(ref), _made(ref)
    one.model_outputs.append("used")
    assert two.model_outputs == _made(ref).model_outputs != one.model_outputs


@pytest.mark.parametrize(
    ("name", "params", "words"),
    [
        ("EulerDiscreteScheduler", {"beta_schedule": "wavy"}, "wavy"),
        ("SkipLayerGuidance", {}, "skip_layer"),
        ("ClassifierFreeGuidance", {"start": 2.0}, "start"),
    ],
)
def test_the_class_says_what_is_wrong(name: str, params: dict[str, Any], words: str) -> None:
    with pytest.raises(UsageError) as caught:
        make_component(name, params)
    assert caught.value.message.startswith(f"{name} does not accept these settings: ")
    assert words in caught.value.message


def test_an_unknown_setting_is_not_ignored(current: ComponentRef) -> None:
    with pytest.raises(UsageError, match='DDIMScheduler has no setting "sigma"') as caught:
        make_component("DDIMScheduler", {"sigma": 1}, current)
    assert "beta_start" in caught.value.remedy


@pytest.mark.parametrize("name", ["AutoencoderKL", "os", "_import_structure", "NoScheduler", ""])
def test_only_schedulers_and_guiders_are_made(name: str) -> None:
    with pytest.raises(UsageError, match="is not a scheduler or guider"):
        make_component(name, {})
