"""Looking into diffusers' loops: progress, cancelling and the values at each step.

Two blocks of ours stand in a copy of the loop, before and after the loop's own blocks, and are
called at every step. Nothing in diffusers is patched, and all that knows how its loops call their
blocks is in this file.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from functools import partial
from typing import Any

import torch
from diffusers.modular_pipelines.modular_pipeline import (
    LoopSequentialPipelineBlocks,
    ModularPipelineBlocks,
)
from diffusers.modular_pipelines.modular_pipeline_utils import InsertableDict

from blockloom.bridge.data import size_of
from blockloom.bridge.predictions import PREDICTED
from blockloom.execution.block_state import LoopStep
from blockloom.execution.cancel import CancelToken

STEP_BUDGET = 256 * 2**20
"""Bytes of step values kept for one node; later values are only named."""
_FIRST, _LAST = "blockloom_first", "blockloom_last"


class LoopRecorder:
    """Collects the steps of one node's loops: which tensors were new after each of them.

    ``on_preview``, where somebody wants previews, gets each step's number, the total and what there
    is to look at: the scheduler's prediction, or else the latents. ``steps`` is where the steps go.
    """

    def __init__(
        self,
        cancel: CancelToken,
        on_step: Callable[[int, int], None],
        on_preview: Callable[[int, int, torch.Tensor], None] | None = None,
        steps: list[LoopStep] | None = None,
    ) -> None:
        self.steps: list[LoopStep] = [] if steps is None else steps
        self._cancel = cancel
        self._on_step = on_step
        self._on_preview = on_preview
        self._marks: dict[str, tuple[int, int]] = {}
        self._alive: list[torch.Tensor] = []
        self._predicted: dict[str, torch.Tensor] = {}
        self._size = 0

    def begin_step(self, block_state: Any) -> None:
        """Before the loop's own blocks: what is there already is none of the loop's doing."""
        if not self._marks:
            self._marks = {name: _mark(value) for name, value in _tensors(block_state)}

    def note_prediction(self, name: str, value: torch.Tensor) -> None:
        """Remember what a scheduler predicted in this step."""
        self._predicted[name] = value

    def check(self) -> None:
        """Raises Cancelled once the run was cancelled."""
        self._cancel.check()

    def end_step(self, block_state: Any, total: int) -> None:
        """After the loop's own blocks. Raises Cancelled once the run was cancelled."""
        index = len(self.steps)
        predicted, self._predicted = self._predicted, {}
        values: dict[str, object] = {}
        dropped: list[str] = []
        for name, value in _tensors(block_state):
            mark, before = _mark(value), self._marks.get(name)
            if mark == before:
                continue
            self._marks[name] = mark
            if not self._has_room(value):
                dropped.append(name)
                continue
            is_written_into = before is not None and before[0] == mark[0]
            values[name] = value.clone() if is_written_into else value
            # An id marks a tensor only for as long as the tensor lives.
            self._alive.append(value)
        for name, value in predicted.items():
            if name in values or not self._has_room(value):
                dropped.append(name)
            else:
                values[name] = value
        self.steps.append(LoopStep(index, total, values, tuple(dropped)))
        total = max(total, index + 1)
        self._on_step(index + 1, total)
        if self._on_preview is not None:
            latents = values.get("latents", getattr(block_state, "latents", None))
            shown = predicted.get(PREDICTED, latents)
            if isinstance(shown, torch.Tensor):
                self._on_preview(index + 1, total, shown)
        self._cancel.check()

    def _has_room(self, value: torch.Tensor) -> bool:
        size = size_of(value)
        if self._size + size > STEP_BUDGET:
            return False
        self._size += size
        return True


class _Reporter(ModularPipelineBlocks):
    """A loop's first or last block: tells the recorder, and changes nothing.

    ``read`` are the inputs of the loop itself.
    """

    def __init__(self, report: Callable[[Any, int], None], read: tuple[str, ...]) -> None:
        super().__init__()
        self._report = report
        self._read = read

    @property
    def description(self) -> str:
        return "Reports the steps of a loop to Blockloom."

    def __call__(self, components: Any, block_state: Any, **step: Any) -> tuple[Any, Any]:
        is_over_time = "t" in step or len(self._read) != 1
        total = _total_steps if is_over_time else partial(_total_rounds, name=self._read[0])
        self._report(block_state, total(block_state))
        return components, block_state


def _tensors(block_state: Any) -> list[tuple[str, torch.Tensor]]:
    found = vars(block_state).items()
    return [(name, value) for name, value in found if isinstance(value, torch.Tensor)]


def _mark(tensor: torch.Tensor) -> tuple[int, int]:
    return id(tensor), -1 if tensor.is_inference() else tensor._version


def _total_steps(block_state: Any) -> int:
    timesteps = getattr(block_state, "timesteps", None)
    if isinstance(timesteps, (torch.Tensor, list, tuple)):
        return len(timesteps)
    steps = getattr(block_state, "num_inference_steps", None)
    return steps if isinstance(steps, int) else 0


def _total_rounds(block_state: Any, name: str) -> int:
    """How often a loop goes round that is not over timesteps: its only input tells."""
    found = getattr(block_state, name, None)
    if isinstance(found, int):
        return found
    ends = int(name == "sigmas")  # the last noise level is where the last step arrives
    return len(found) - ends if isinstance(found, (torch.Tensor, list, tuple)) else 0


def with_recorder(block: Any, recorder: LoopRecorder) -> Any:
    """The block with a recorder in each of its loops; the block itself stays as it is.

    Only the path down to the loops is copied, and shallowly: leaf blocks are shared.
    """
    if isinstance(block, LoopSequentialPipelineBlocks):
        observed = copy.copy(block)
        read = tuple(param.name for param in block.loop_inputs)
        first = {_FIRST: _Reporter(lambda state, _: recorder.begin_step(state), read)}
        last = {_LAST: _Reporter(recorder.end_step, read)}
        observed.sub_blocks = InsertableDict({**first, **block.sub_blocks, **last})
        observed.set_progress_bar_config(disable=True)
        return observed
    if not block.sub_blocks:
        return block
    replaced = {name: with_recorder(sub, recorder) for name, sub in block.sub_blocks.items()}
    if all(replaced[name] is sub for name, sub in block.sub_blocks.items()):
        return block
    observed = copy.copy(block)
    observed.sub_blocks = InsertableDict(replaced)
    return observed
