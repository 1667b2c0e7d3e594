"""Schedulers and guiders as node types."""

from __future__ import annotations

import diffusers
import diffusers.guiders
import pytest

from blockloom.bridge.component_types import component_classes, component_types
from blockloom.graph.node_types import InputSocket, Kind, NodeType, Widget
from blockloom.graph.sockets import SocketType
from described import catalogue


def test_every_exported_scheduler_and_guider_has_a_node_type() -> None:
    types, problems = component_types()
    exported = [
        name
        for name in dir(diffusers)
        if name.endswith("Scheduler") and not name.startswith("Flax")
    ]
    schedulers = [
        name
        for name in exported
        if issubclass(getattr(diffusers, name), diffusers.SchedulerMixin)
        and getattr(diffusers, name).__name__ == name
    ]
    guiders = [
        name
        for name, value in vars(diffusers.guiders).items()
        if isinstance(value, type) and name.endswith("Guidance") and name != "BaseGuidance"
    ]

    assert problems == ()
    assert len(guiders) == 12
    assert {f"BlockloomSet{name}" for name in (*schedulers, *guiders)} == set(types)
    assert set(types) <= set(catalogue().types)
    assert {t.kind for t in types.values()} == {Kind.COMPONENT}


def test_a_guider_has_its_own_defaults() -> None:
    found = _type("BlockloomSetClassifierFreeGuidance")

    assert found.title == "Set Classifier Free Guidance"
    assert found.category == ("component", "guider")
    assert [(s.name, s.type, s.default) for s in found.inputs[2:]] == [
        ("guidance_scale", SocketType.FLOAT, 7.5),
        ("guidance_rescale", SocketType.FLOAT, 0.0),
        ("use_original_formulation", SocketType.BOOLEAN, False),
        ("start", SocketType.FLOAT, 0.0),
        ("stop", SocketType.FLOAT, 1.0),
        ("enabled", SocketType.BOOLEAN, True),
    ]
    assert all(s.has_default for s in found.inputs[1:])
    assert [s.name for s in found.outputs] == ["pipeline"]


def test_a_schedulers_parameters_stay_as_in_the_model() -> None:
    found = _type("BlockloomSetDPMSolverMultistepScheduler")
    algorithm = found.input("algorithm_type")

    assert algorithm == InputSocket(
        name="algorithm_type",
        type=SocketType.STRING,
        default_text="as in the model",
        description=algorithm.description if algorithm else "",
        widget=Widget(choices=("dpmsolver", "dpmsolver++", "sde-dpmsolver", "sde-dpmsolver++")),
    )
    assert [s.name for s in found.inputs[:3]] == ["pipeline", "component", "num_train_timesteps"]
    assert not any(s.is_required or s.has_default for s in found.inputs[2:])
    assert found.inputs[1].default == "scheduler"


@pytest.mark.parametrize("name", ["EulerDiscreteScheduler", "FlowMatchEulerDiscreteScheduler"])
def test_inputs_are_the_constructors_parameters(name: str) -> None:
    classes = {
        component_class.__name__: component_class for _, component_class in component_classes()
    }
    made = classes[name]()

    inputs = {s.name for s in _type(f"BlockloomSet{name}").inputs} - {"pipeline", "component"}
    assert inputs == {key for key in made.config if not key.startswith("_")}


def _type(type_id: str) -> NodeType:
    return component_types()[0][type_id]
