"""Runs the demo model as an artist would, through Modular Diffusers, many prompts at a time."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from diffusers import ModularPipeline, ModularPipelineBlocks

from blockloom.demo.detect import Pixels

STEPS = 25
GUIDANCE = 4.0
SIDE = 64
AT_A_TIME = 16


def load_pipeline(folder: Path, guidance: float = GUIDANCE) -> ModularPipeline:
    """The model in single precision on the CPU, with this strength of guidance."""
    pipeline = ModularPipeline.from_pretrained(str(folder))
    pipeline.load_components(dtype=torch.float32)
    guider = pipeline.get_component_spec("guider")
    pipeline.update_components(guider=guider.create(guidance_scale=guidance))
    _hush(pipeline.blocks)
    return pipeline


def _hush(block: ModularPipelineBlocks) -> None:
    """Switch off the progress bars of a block and of everything in it."""
    if hasattr(block, "set_progress_bar_config"):
        block.set_progress_bar_config(disable=True)
    for part in getattr(block, "sub_blocks", {}).values():
        _hush(part)


def paint(
    pipeline: ModularPipeline, prompts: Sequence[str], seed: int, steps: int = STEPS
) -> list[Pixels]:
    """One picture for each prompt; picture number i is made from seed + i."""
    pictures: list[Pixels] = []
    for start in range(0, len(prompts), AT_A_TIME):
        part = list(prompts[start : start + AT_A_TIME])
        seeds = range(seed + start, seed + start + len(part))
        images = pipeline(
            prompt=part,
            num_inference_steps=steps,
            height=SIDE,
            width=SIDE,
            generator=[torch.Generator().manual_seed(one) for one in seeds],
            output_type="np",
            output="images",
        )
        pictures += [np.asarray(image, dtype=np.float32) * 255 for image in images]
    return pictures
