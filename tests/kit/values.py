"""What the inputs of tests are made of: pictures, films and generators, the same each time."""

from __future__ import annotations

import PIL.Image
import PIL.ImageDraw
import torch


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def picture(width: int, height: int, moved: int = 0) -> PIL.Image.Image:
    """A disc on a plain ground, ``moved`` to the right."""
    made = PIL.Image.new("RGB", (width, height), (120, 180, 240))
    left, top = width // 4 + moved, height // 4
    disc = (left, top, left + width // 3, top + height // 2)
    PIL.ImageDraw.Draw(made).ellipse(disc, fill=(220, 60, 40))
    return made


def film(width: int, height: int, frames: int) -> list[PIL.Image.Image]:
    """The disc on its way to the right."""
    return [picture(width, height, moved) for moved in range(frames)]


def film_mask(width: int, height: int, frames: int) -> list[PIL.Image.Image]:
    """White on the right half, in every frame."""
    mask = PIL.Image.new("L", (width, height))
    mask.paste(255, (width // 2, 0, width, height))
    return [mask.copy() for _ in range(frames)]
