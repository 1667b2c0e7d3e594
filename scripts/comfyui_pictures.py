"""What diffusers makes of the examples by itself, and whether two pictures are the same."""

from __future__ import annotations

import io
import warnings
from pathlib import Path
from typing import Any

import PIL.Image

from blockloom.demo import model_folder
from blockloom.resources import examples_folder

GUIDANCE = 4.0


class Diffusers:
    """diffusers' own pipeline on the demo model."""

    def __init__(self) -> None:
        import torch
        from diffusers import ClassifierFreeGuidance, ModularPipeline

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self._pipeline: Any = ModularPipeline.from_pretrained(str(model_folder()))
            self._pipeline.load_components(dtype=torch.float32)
        self._pipeline.update_components(guider=ClassifierFreeGuidance(guidance_scale=GUIDANCE))
        self._scheduler = self._pipeline.scheduler
        _without_bars(self._pipeline._blocks)

    def picture(self, *, seed: int, scheduler: str = "", **given: Any) -> PIL.Image.Image:
        """The picture of a run with these inputs."""
        import diffusers
        import torch

        made = self._scheduler
        if scheduler:
            made = getattr(diffusers, scheduler).from_config(self._scheduler.config)
        self._pipeline.update_components(scheduler=made)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            generator = torch.Generator().manual_seed(seed)
            images = self._pipeline(generator=generator, output="images", **given)
        found: PIL.Image.Image = images[0]
        return found


def _without_bars(block: Any) -> None:
    for inner in block.sub_blocks.values():
        if hasattr(inner, "set_progress_bar_config"):
            inner.set_progress_bar_config(disable=True)
        _without_bars(inner)


def example_picture(name: str) -> PIL.Image.Image:
    """A picture that comes with the examples."""
    return PIL.Image.open(examples_folder() / name).convert("RGB")


def enlarged(picture: PIL.Image.Image, side: int = 384) -> PIL.Image.Image:
    """A picture as the examples' last node scales it."""
    return picture.resize((side, side), PIL.Image.Resampling.LANCZOS)


def opened(data: bytes) -> PIL.Image.Image:
    """A picture from the bytes of its file."""
    picture = PIL.Image.open(io.BytesIO(data))
    picture.load()
    return picture


def difference(found: PIL.Image.Image, expected: PIL.Image.Image) -> str:
    """Where two pictures differ, in words; empty where they are identical."""
    if found.size != expected.size:
        return f"{found.size} instead of {expected.size}"
    apart = farthest(found, expected)
    return f"differs by up to {apart} levels" if apart else ""


def farthest(found: PIL.Image.Image, expected: PIL.Image.Image) -> int:
    """By how many of 255 levels two pictures of one size differ at most."""
    import numpy

    one, other = (numpy.asarray(p.convert("RGB"), dtype=numpy.int16) for p in (found, expected))
    return int(abs(one - other).max())


def write_inputs(folder: Path) -> None:
    """Put the examples' pictures where ComfyUI loads pictures from."""
    for picture in examples_folder().glob("*.png"):
        (folder / picture.name).write_bytes(picture.read_bytes())
