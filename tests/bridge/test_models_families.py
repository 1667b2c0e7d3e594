"""Every pipeline family of diffusers: pipelines built for blocks are what diffusers makes."""

from __future__ import annotations

from typing import Any

import diffusers
import pytest
import torch
from diffusers.modular_pipelines.modular_pipeline import MODULAR_PIPELINE_MAPPING

from blockloom.bridge.components import made_ref
from blockloom.bridge.pipelines import PipelineHandle
from blockloom.errors import UsageError

CPU = torch.device("cpu")


def _pipeline(family: str) -> Any:
    return getattr(diffusers, MODULAR_PIPELINE_MAPPING[family](None))()


def _properties(pipeline: Any, pipeline_class: type) -> dict[str, str]:
    """Every property; some cannot be asked without models, then the error is the answer."""
    found = {}
    for name in dir(pipeline_class):
        if isinstance(getattr(pipeline_class, name), property) and name not in ("blocks", "doc"):
            try:
                found[name] = repr(getattr(pipeline, name))
            except (AttributeError, TypeError, ValueError) as error:
                found[name] = repr(error)
    return found


@pytest.mark.parametrize("family", MODULAR_PIPELINE_MAPPING)
def test_a_built_pipeline_is_of_the_family_with_all_its_properties(family: str) -> None:
    expected = _pipeline(family)
    built: Any = PipelineHandle(_pipeline(family), CPU).build(expected.components)
    assert isinstance(built, type(expected))
    assert (type(built).__name__, type(built).__module__) == (
        type(expected).__name__,
        type(expected).__module__,
    )
    assert built.components == expected.components
    assert _properties(built, type(expected)) == _properties(expected, type(expected))
    assert {name: built.config[name] for name in built._config_specs} == {
        name: expected.config[name] for name in expected._config_specs
    }


@pytest.mark.parametrize("family", MODULAR_PIPELINE_MAPPING)
def test_what_is_made_without_files_has_the_same_keys_each_time(family: str) -> None:
    keys = []
    for pipeline in (_pipeline(family), _pipeline(family)):
        refs = {
            name: made_ref(getattr(pipeline, name), pipeline.get_component_spec(name).config or {})
            for name in pipeline.config_component_names
        }
        keys.append({name: (ref.key, ref.config_key) for name, ref in refs.items()})
    assert keys[0] == keys[1]


def test_two_families_start_different_wires() -> None:
    keys = {PipelineHandle(_pipeline(family), CPU).base().key for family in ("flux", "wan", "ltx")}
    assert len(keys) == 3


def test_the_device_is_part_of_the_key_and_answered() -> None:
    cuda = torch.device("cuda", 0)
    handle = PipelineHandle(_pipeline("flux"), cuda)
    built: Any = handle.build({"vae": torch.nn.Linear(1, 1)})
    assert (built.device, built._execution_device) == (cuda, cuda)
    assert handle.base().key != PipelineHandle(_pipeline("flux"), CPU).base().key


@pytest.mark.parametrize("name", ["device", "config", "_blocks", "two words", "to"])
def test_names_the_pipeline_uses_itself_are_refused(name: str) -> None:
    handle = PipelineHandle(_pipeline("flux"), CPU)
    with pytest.raises(UsageError, match=f'cannot be called "{name}"'):
        handle.build({name: None})
