"""What schedulers predict at each step, and that watching them leaves no trace."""

from __future__ import annotations

import copy
import inspect
import pickle
from pathlib import Path
from typing import Any

import diffusers
import numpy
import pytest
import torch
from tests.real_sessions import (
    first_reader,
    make_pictures,
    open_real_session,
    reference_pipeline,
    template,
    with_input,
    with_node_behind,
    without_sinks,
)

from blockloom.bridge.component_state import state_key
from blockloom.bridge.predictions import PREDICTED, has_steps, prediction_in, watched
from blockloom.errors import Cancelled
from blockloom.execution.cancel import CancelController
from blockloom.execution.events import Event
from blockloom.execution.session import RunOptions
from blockloom.graph.model import Graph, Node

STEPS = 3


def scheduler(name: str) -> Any:
    made = getattr(diffusers, name)()
    made.set_timesteps(4)
    return made


def step(made: Any, **options: Any) -> Any:
    torch.manual_seed(0)
    sample = torch.linspace(-1, 1, 64).reshape(1, 4, 4, 4)
    return made.step(sample * 0.5, made.timesteps[0], sample, **options)


@pytest.mark.parametrize("is_dict", [False, True])
@pytest.mark.parametrize(
    "name", ["EulerDiscreteScheduler", "DDIMScheduler", "LCMScheduler", "HeunDiscreteScheduler"]
)
def test_what_step_returns_beyond_the_sample_is_noted(name: str, is_dict: bool) -> None:
    expected = step(scheduler(name), return_dict=False)
    made, noted = scheduler(name), {}
    with watched({"scheduler": made}, noted.__setitem__):
        result = step(made, return_dict=is_dict)
    sample = result.prev_sample if is_dict else result[0]
    assert torch.equal(sample, expected[0])
    assert list(noted) == [PREDICTED]
    assert torch.equal(noted[PREDICTED], expected[1])


@pytest.mark.parametrize("name", ["DPMSolverMultistepScheduler", "FlowMatchEulerDiscreteScheduler"])
def test_schedulers_that_predict_nothing_note_nothing(name: str) -> None:
    made, noted = scheduler(name), {}
    with watched({"scheduler": made}, noted.__setitem__):
        step(made, return_dict=False)
    assert noted == {}


@pytest.mark.parametrize(
    "result", [None, (), (1, 2), torch.ones(2), (torch.ones(2), torch.ones(3)), {"a": 1}]
)
def test_nothing_is_read_into_odd_results(result: Any) -> None:
    assert prediction_in(result) is None


def test_further_schedulers_note_under_their_own_names() -> None:
    noted: dict[str, torch.Tensor] = {}
    own = {"audio": scheduler("DDIMScheduler"), "scheduler": scheduler("DDIMScheduler")}
    with watched(own, noted.__setitem__):
        for made in own.values():
            step(made)
    assert sorted(noted) == [PREDICTED, f"{PREDICTED}_audio"]


def test_a_watched_scheduler_looks_like_itself() -> None:
    made = scheduler("EulerDiscreteScheduler")
    signature, before, names = inspect.signature(made.step), state_key(made), set(vars(made))
    with watched({"scheduler": made}, lambda name, value: None):
        assert inspect.signature(made.step) == signature
        assert made.step.__self__ is made
        for twin in (copy.copy(made), copy.deepcopy(made), pickle.loads(pickle.dumps(made))):
            assert set(vars(twin)) == names
            assert state_key(twin) == before
            assert twin.step.__func__ is type(made).step
    assert (set(vars(made)), state_key(made)) == (names, before)


def test_a_copy_made_inside_moves_on_by_itself() -> None:
    made = scheduler("EulerDiscreteScheduler")
    with watched({"scheduler": made}, lambda name, value: None):
        twin = copy.deepcopy(made)
        step(twin)
    assert (made.step_index, twin.step_index) == (None, 1)


def test_nothing_is_left_after_an_error() -> None:
    made = scheduler("EulerDiscreteScheduler")
    names = set(vars(made))
    with pytest.raises(KeyError), watched({"scheduler": made}, lambda name, value: None):
        raise KeyError
    assert set(vars(made)) == names


def test_what_is_copied_in_a_way_of_its_own_is_left_alone() -> None:
    class Own(diffusers.DDIMScheduler):
        def __getstate__(self) -> dict[str, Any]:
            return dict(vars(self))

    made = Own()
    with watched({"scheduler": made}, lambda name, value: None):
        assert "step" not in vars(made)
    assert has_steps(made)


# -- in runs of the demo model


def graph_with(name: str) -> Graph:
    graph = without_sinks(template("text2image"))
    graph = with_node_behind(graph, "model", Node("scheduler", f"BlockloomSet{name}"))
    for given, value in (("prompt", "a red balloon"), ("num_inference_steps", STEPS)):
        graph = with_input(graph, first_reader(graph, given), given, value)
    return with_input(graph, first_reader(graph, "generator"), "generator", 4)


def schedulers_in(report: Any) -> list[Any]:
    """The scheduler as each node left it."""
    wires = [report.run.planner.wires[name]["pipeline"] for name in ("scheduler", "denoise")]
    return [wire.components["scheduler"].handle.snapshot for wire in wires]


@pytest.mark.parametrize(
    "name",
    ["EulerDiscreteScheduler", "EulerAncestralDiscreteScheduler", "DDIMScheduler"],
)
def test_loop_steps_hold_predictions_and_pixels_stay(tmp_path: Path, name: str) -> None:
    make_pictures(tmp_path)
    session = open_real_session()
    report = session.run(graph_with(name))
    steps = report.block_state("denoise").steps
    latents = report.value("denoise", "latents")
    assert len(steps) == STEPS
    for taken in steps:
        predicted = taken.values[PREDICTED]
        assert isinstance(predicted, torch.Tensor)
        assert predicted.shape == latents.shape
        assert not torch.equal(predicted, taken.values["noise_pred"])
    images = reference_pipeline(name)(
        prompt="a red balloon",
        num_inference_steps=STEPS,
        generator=torch.Generator().manual_seed(4),
        output="images",
    )
    found = report.value("decode", "images")
    assert numpy.array_equal(numpy.asarray(found[0]), numpy.asarray(images[0]))
    for kept in schedulers_in(report):
        assert not {"step", "__getstate__"} & set(vars(kept))
    assert "predicted" not in report.state("denoise")


def test_cancelling_in_the_loop_leaves_no_watch(monkeypatch: pytest.MonkeyPatch) -> None:
    session, controller = open_real_session(), CancelController()
    used: list[Any] = []
    original = diffusers.EulerDiscreteScheduler.scale_model_input

    def scale(self: Any, *args: Any, **kwargs: Any) -> Any:
        used.append((self, "step" in vars(self)))
        return original(self, *args, **kwargs)

    def cancel_at_two(event: Event) -> None:
        if event["event"] == "node_step" and event["done"] == 2:
            controller.cancel()

    monkeypatch.setattr(diffusers.EulerDiscreteScheduler, "scale_model_input", scale)
    options = RunOptions(cancel=controller.token, listen=cancel_at_two)
    with pytest.raises(Cancelled):
        session.run(graph_with("EulerDiscreteScheduler"), options)
    assert used
    assert all(was_watched for _, was_watched in used)
    assert not any("step" in vars(made) or "__getstate__" in vars(made) for made, _ in used)
