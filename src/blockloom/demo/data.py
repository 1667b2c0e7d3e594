"""Training data, made as it is needed: scenes, their pictures and their captions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from blockloom.demo.captions import any_caption
from blockloom.demo.draw import draw
from blockloom.demo.scenes import Family, Pair, Scene, random_scene


@dataclass(frozen=True, slots=True)
class Phase:
    """A stretch of a run: until which part of it (0 to 1), and what is trained how often."""

    until: float
    shares: Mapping[Family, float]
    told_forwards: float = 0.0
    """Share of "below" and "right of" that are told as "above" and "left of" instead."""

    strong: float = 0.0
    """Share of the pairs that are trained in the strongest noise, where their order is decided."""


PHASES = (
    Phase(0.55, {"land": 0.36, "one": 0.30, "many": 0.11, "pair": 0.23}),
    Phase(
        0.62,
        {"land": 0.12, "one": 0.08, "many": 0.08, "pair": 0.72},
        told_forwards=0.6,
        strong=0.8,
    ),
    Phase(1.0, {"land": 0.28, "one": 0.20, "many": 0.17, "pair": 0.35}, strong=0.15),
)
"""The short phase in the middle is for the order of pairs.

As long as both orders are equally frequent, a model that puts either shape first loses nothing by
it, and 300,000 pictures did not teach it to read the order. A few minutes of lopsided pairs in
strong noise broke the tie.
"""

FORWARDS = {"right of": "left of", "below": "above"}


def as_tensor(picture: Image.Image) -> Tensor:
    """A picture as (3, h, w) in -1..1."""
    values = torch.from_numpy(np.array(picture))
    return values.permute(2, 0, 1).float() / 127.5 - 1


def phase_at(progress: float) -> Phase:
    """The phase of a run at this part of it."""
    return next(phase for phase in PHASES if progress <= phase.until)


def random_training_scene(random: Random, phase: Phase) -> Scene:
    """A scene of the training part, as often as the phase wants it."""
    (family,) = random.choices(tuple(phase.shares), tuple(phase.shares.values()))
    scene = random_scene(random, family, held_out=False)
    if (
        isinstance(scene, Pair)
        and scene.relation in FORWARDS
        and random.random() < phase.told_forwards
    ):
        return Pair(scene.second, scene.first, FORWARDS[scene.relation], scene.background)
    return scene


def random_pictures(random: Random, count: int) -> Tensor:
    """Training pictures (count, 3, 64, 64) in -1..1."""
    scenes = [random_training_scene(random, PHASES[0]) for _ in range(count)]
    return torch.stack([as_tensor(draw(scene, random)) for scene in scenes])


def captioned_batch(random: Random, count: int, phase: Phase) -> tuple[Tensor, list[str], Tensor]:
    """Training pictures (count, 3, 64, 64) in -1..1, a caption for each, and which are pairs."""
    scenes = [random_training_scene(random, phase) for _ in range(count)]
    pictures = torch.stack([as_tensor(draw(scene, random)) for scene in scenes])
    pairs = torch.tensor([isinstance(scene, Pair) for scene in scenes])
    return pictures, [any_caption(scene, random) for scene in scenes], pairs
