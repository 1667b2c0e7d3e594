"""Measures image to image and inpainting on drawn sources: ``python -m blockloom.demo.edits``."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path
from random import Random

import numpy as np
import torch
from diffusers import ModularPipeline
from PIL import Image, ImageDraw

from blockloom.demo import model_folder
from blockloom.demo.canvas import SIDE
from blockloom.demo.captions import full_caption
from blockloom.demo.detect import Mask, Pixels, judge
from blockloom.demo.draw import draw
from blockloom.demo.painter import load_pipeline
from blockloom.demo.scenes import COLOURS, TERRAINS, Land, One, has_contrast, random_scene

STEPS = 25
STRENGTHS = (0.3, 0.5, 0.7, 0.9)
COUNT = 24
HOLE = (34, 4, 62, 48)
"""Left, top, right and bottom of the part that inpainting paints anew."""


def main() -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m blockloom.demo.edits", description=__doc__)
    parser.add_argument("--model", type=Path, default=model_folder())
    pipeline = load_pipeline(parser.parse_args().model)
    sys.stdout.write("image to image: a shape, asked for in another colour\n")
    sys.stdout.write("| strength | n | new colour | shape kept | overlap | control |\n")
    for strength in STRENGTHS:
        values = " | ".join(f"{value:.2f}" for value in recolour(pipeline, strength))
        sys.stdout.write(f"| {strength} | {COUNT} | {values} |\n")
    sys.stdout.write("inpainting: a red balloon into an empty landscape\n")
    sys.stdout.write("| n | red before | red after | balloon there | change outside, levels |\n")
    values = " | ".join(f"{value:.2f}" for value in add_balloon(pipeline))
    sys.stdout.write(f"| {COUNT} | {values} |\n")
    return 0


def recolour(pipeline: ModularPipeline, strength: float) -> tuple[float, float, float, float]:
    """Shares of new colour and of kept shape, overlap with the own and with another's source."""
    random = Random("recolour")
    sources, results, right = [], [], []
    for seed in range(COUNT):
        scene = random_scene(random, "one", held_out=False)
        assert isinstance(scene, One)
        wanted = replace(scene, colour=_other_colour(scene, random))
        source = draw(scene, random)
        result = _repaint(pipeline, full_caption(wanted), source, seed, strength=strength)
        claims = judge(wanted, result)
        right.append((claims["colour"], claims["shape"]))
        sources.append(_foreground(np.asarray(source, dtype=np.float32)))
        results.append(_foreground(result))
    own = [_overlap(a, b) for a, b in zip(sources, results, strict=True)]
    other = [_overlap(a, b) for a, b in zip(sources[1:], results[:-1], strict=True)]
    colour, shape = np.mean(right, axis=0)
    return float(colour), float(shape), float(np.mean(own)), float(np.mean(other))


def add_balloon(pipeline: ModularPipeline) -> tuple[float, float, float, float]:
    """Share of red in the hole before and after, how often it is there, change outside (levels)."""
    random = Random("balloon")
    hole = Image.new("L", (SIDE, SIDE), 0)
    ImageDraw.Draw(hole).rectangle(HOLE, fill=255)
    inside = np.asarray(hole) > 0
    rows = []
    for seed in range(COUNT):
        empty = Land(random.choice(("day", "night", "dawn")), random.choice(TERRAINS))
        wanted = replace(empty, thing="hot air balloon", colour="red", place="right")
        source = draw(empty, random)
        before = np.asarray(source, dtype=np.float32)
        after = _repaint(
            pipeline, full_caption(wanted), source, seed, mask_image=hole, strength=1.0
        )
        reds = [float(_red(picture)[inside].mean()) for picture in (before, after)]
        rows.append((*reds, reds[1] > 0.1, float(abs(after - before)[~inside].mean())))
    red_before, red_after, there, change = np.mean(rows, axis=0)
    return float(red_before), float(red_after), float(there), float(change)


def _repaint(
    pipeline: ModularPipeline, prompt: str, source: Image.Image, seed: int, **options: object
) -> Pixels:
    images = pipeline(
        prompt=prompt,
        image=source,
        num_inference_steps=STEPS,
        height=SIDE,
        width=SIDE,
        generator=torch.Generator().manual_seed(seed),
        output_type="np",
        output="images",
        **options,
    )
    return np.asarray(images[0], dtype=np.float32) * 255


def _other_colour(scene: One, random: Random) -> str:
    return random.choice(
        [name for name in COLOURS if name != scene.colour and has_contrast(name, scene.background)]
    )


def _foreground(picture: Pixels) -> Mask:
    """Where a picture differs from its own edge."""
    ground = np.median(picture[:2].reshape(-1, 3), axis=0)
    return np.asarray(np.linalg.norm(picture - ground, axis=-1) > 60)


def _overlap(one: Mask, other: Mask) -> float:
    return float((one & other).sum() / max(1, (one | other).sum()))


def _red(picture: Pixels) -> Mask:
    red, green, blue = (picture[..., index] for index in range(3))
    return np.asarray((red > 90) & (red > 1.7 * green) & (red > 1.5 * blue))


if __name__ == "__main__":
    sys.exit(main())
