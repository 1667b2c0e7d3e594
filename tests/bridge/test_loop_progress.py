"""Loops of every kind say how far they are, and end when they are told to."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from diffusers import ModularPipeline
from diffusers.modular_pipelines import LoopSequentialPipelineBlocks, ModularPipelineBlocks
from diffusers.modular_pipelines.modular_pipeline import BlockState, PipelineState
from diffusers.modular_pipelines.modular_pipeline_utils import InputParam

from blockloom.bridge.loops import LoopRecorder, with_recorder
from blockloom.bridge.predictions import watched
from blockloom.errors import Cancelled
from blockloom.execution.cancel import CancelController, never_cancelled


class Add(ModularPipelineBlocks):
    """A step of any loop."""

    def __call__(self, components: Any, block_state: BlockState, **step: Any) -> Any:
        block_state.latents = block_state.latents + 1
        return components, block_state


class Rounds(LoopSequentialPipelineBlocks):
    """A loop over chunks of a film, each of which has all the timesteps."""

    block_classes = (Add,)
    block_names = ("add",)

    @property
    def loop_inputs(self) -> list[InputParam]:
        return [InputParam("num_chunks")]

    def __call__(self, components: Any, state: PipelineState) -> Any:
        block_state = BlockState(**state.values)
        for k in range(block_state.num_chunks):
            components, block_state = self.loop_step(components, block_state, k=k)
        return components, state


class Noise(LoopSequentialPipelineBlocks):
    """A loop over levels of noise: from each one to the next."""

    block_classes = (Add,)
    block_names = ("add",)

    @property
    def loop_inputs(self) -> list[InputParam]:
        return [InputParam("sigmas")]

    def __call__(self, components: Any, state: PipelineState) -> Any:
        block_state = BlockState(**state.values)
        for i, sigma in enumerate(block_state.sigmas[:-1]):
            components, block_state = self.loop_step(components, block_state, i=i, sigma=sigma)
        return components, state


class Times(Noise):
    """A loop over timesteps."""

    @property
    def loop_inputs(self) -> list[InputParam]:
        return [InputParam("timesteps")]

    def __call__(self, components: Any, state: PipelineState) -> Any:
        block_state = BlockState(**state.values)
        for i, t in enumerate(block_state.timesteps):
            components, block_state = self.loop_step(components, block_state, i=i, t=t)
        return components, state


@pytest.mark.parametrize("loop", [Rounds, Noise, Times])
def test_a_loop_knows_how_often_it_goes_round(loop: type[LoopSequentialPipelineBlocks]) -> None:
    seen: list[tuple[int, int]] = []
    recorder = LoopRecorder(never_cancelled(), lambda done, total: seen.append((done, total)))
    values = {
        "latents": torch.zeros(1),
        "num_chunks": 2,
        "sigmas": [1.0, 0.5, 0.0],
        "timesteps": torch.tensor([900, 500] if loop is Times else [900, 700, 500, 300, 100]),
        "num_inference_steps": 50,
    }
    with_recorder(loop(), recorder)(ModularPipeline(loop()), PipelineState(values))

    assert seen == [(1, 2), (2, 2)]


class Scheduler:
    steps = 0

    def step(self, sample: int) -> tuple[int]:
        self.steps += 1
        return (sample,)


def test_a_cancelled_run_ends_at_the_next_step_of_a_scheduler() -> None:
    """Also within the rounds of a loop, which may take minutes."""
    owner, scheduler = CancelController(), Scheduler()
    recorder = LoopRecorder(owner.token, lambda done, total: None)
    with watched({"scheduler": scheduler}, recorder.note_prediction, recorder.check):
        scheduler.step(1)
        owner.cancel()
        with pytest.raises(Cancelled):
            scheduler.step(2)

    assert scheduler.steps == 1
    assert scheduler.step(3) == (3,)
