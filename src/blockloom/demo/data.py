"""Training data, made as it is needed: scenes, their pictures and their captions."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from blockloom.demo.captions import any_caption
from blockloom.demo.draw import draw
from blockloom.demo.scenes import Family, Scene, random_scene

EARLY_SHARES: Mapping[Family, float] = {"land": 0.38, "one": 0.30, "many": 0.10, "pair": 0.22}
LATE_SHARES: Mapping[Family, float] = {"land": 0.24, "one": 0.16, "many": 0.18, "pair": 0.42}


def as_tensor(picture: Image.Image) -> Tensor:
    """A picture as (3, h, w) in -1..1."""
    values = torch.from_numpy(np.array(picture))
    return values.permute(2, 0, 1).float() / 127.5 - 1


def random_training_scene(random: Random, progress: float) -> Scene:
    """A training scene; what is hardest comes more often as ``progress`` goes from 0 to 1."""
    shares = [EARLY_SHARES[f] + (LATE_SHARES[f] - EARLY_SHARES[f]) * progress for f in EARLY_SHARES]
    (family,) = random.choices(tuple(EARLY_SHARES), shares)
    return random_scene(random, family, held_out=False)


def random_pictures(random: Random, count: int) -> Tensor:
    """Training pictures (count, 3, 64, 64) in -1..1."""
    scenes = [random_training_scene(random, 0.0) for _ in range(count)]
    return torch.stack([as_tensor(draw(scene, random)) for scene in scenes])


def captioned_batch(random: Random, count: int, progress: float) -> tuple[Tensor, list[str]]:
    """Training pictures (count, 3, 64, 64) in -1..1 and a caption for each."""
    scenes = [random_training_scene(random, progress) for _ in range(count)]
    pictures = torch.stack([as_tensor(draw(scene, random)) for scene in scenes])
    return pictures, [any_caption(scene, random) for scene in scenes]
