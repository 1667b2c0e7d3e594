"""Echo: long films with sound that remember pictures and sounds."""

from __future__ import annotations

from pathlib import Path

from diffusers.modular_pipelines import EchoBlocks
from tests.kit.families import ltx2
from tests.kit.parts import PROMPT, picture, seed
from tests.kit.recipes import Inputs, Recipe, write_repository


def build(folder: Path) -> None:
    """The parts of LTX-2 but the scheduler: the loop knows its steps by heart."""
    parts = {name: part for name, part in ltx2.components().items() if name != "scheduler"}
    write_repository(folder, EchoBlocks, parts)


def inputs() -> Inputs:
    return {
        "prompt": PROMPT,
        "image": picture(),
        "memory_images": [picture(hue=40), picture(hue=80)],
        "height": 64,
        "width": 64,
        "num_frames": 9,
        "sigmas": [1.0, 0.6, 0.0],
        "max_sequence_length": 64,
        "generator": seed(),
    }


RECIPES = (Recipe("echo", build, {"default": inputs}, later={"sigmas": [1.0, 0.7, 0.4, 0.0]}),)
