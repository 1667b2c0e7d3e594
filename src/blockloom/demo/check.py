"""The release gate of the demo model: ``python -m blockloom.demo.check``.

Paints combinations that training never saw, one picture per prompt, none picked, and lets the
detectors read them. Beside each share of right pictures stand two others: the same pictures read
against the prompts of other pictures (the control: what luck gives), and true drawings that only
went through the autoencoder (the ceiling: what the decoder lets through).
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random

import numpy as np
import torch
from diffusers import ModularPipeline

from blockloom.demo import model_folder
from blockloom.demo.captions import full_caption
from blockloom.demo.data import as_tensor
from blockloom.demo.detect import Pixels, judge, names_by_day
from blockloom.demo.draw import draw
from blockloom.demo.painter import GUIDANCE, STEPS, load_pipeline, paint
from blockloom.demo.scenes import PAINTED_THINGS, Family, Land, Scene, is_held_out, random_scene

SEED = 20_000
COUNTS: Mapping[str, int] = {"land": 64, "thing": 32, "one": 64, "many": 32, "pair": 48}
SMALL_COUNTS: Mapping[str, int] = {"land": 16, "thing": 8, "one": 24, "many": 8, "pair": 16}

GATE: Mapping[str, float] = {
    "land: time": 0.9,
    "land: terrain": 0.9,
    "thing: colour": 0.9,
    "one: background": 0.9,
    "one: colour": 0.9,
    "one: left or right": 0.9,
    "one: shape": 0.8,
    "many: background": 0.9,
    "many: count": 0.9,
    "many: colour": 0.9,
    "pair: background": 0.9,
    "pair: both colours": 0.9,
    "pair: relation": 0.9,
}
"""Least share of held-out prompts on which a claim must hold."""

READABLE_COLOURS = ("red", "orange", "yellow", "purple", "pink")
"""Colours of things that neither sky nor ground has by day."""

Judge = Callable[[Scene, Pixels], dict[str, bool]]


@dataclass(frozen=True, slots=True)
class Line:
    """One claim, over ``n`` pictures: shares in 0..1, and the least share that passes, if gated."""

    claim: str
    n: int
    share: float
    control: float
    ceiling: float
    least: float | None

    def passes(self) -> bool:
        """Whether the gate is open as far as this claim goes."""
        return self.least is None or self.share >= self.least


def main() -> int:
    """Run the command line; 1 when the gate is missed."""
    parser = argparse.ArgumentParser(prog="python -m blockloom.demo.check")
    parser.add_argument("--model", type=Path, default=model_folder())
    parser.add_argument("--small", action="store_true", help="a quarter of the pictures")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    parser.add_argument("--guidance", type=float, default=GUIDANCE)
    parser.add_argument("--steps", type=int, default=STEPS)
    options = parser.parse_args()
    pipeline = load_pipeline(options.model, options.guidance)
    counts = SMALL_COUNTS if options.small else COUNTS
    lines = [
        line
        for family, count in counts.items()
        for line in check_family(pipeline, family, count, options.steps)
    ]
    if options.json:
        sys.stdout.write(json.dumps([asdict(line) for line in lines], indent=2) + "\n")
    else:
        sys.stdout.write(table(lines))
    return 0 if all(line.passes() for line in lines) else 1


def check_family(
    pipeline: ModularPipeline, family: str, count: int, steps: int = STEPS
) -> list[Line]:
    """Paint and judge some held-out scenes of one family."""
    scenes = held_out_scenes(family, count)
    judged_by: Judge = judge_thing if family == "thing" else judge
    painted = paint(pipeline, [full_caption(scene) for scene in scenes], SEED, steps)
    drawn = round_trip(pipeline, scenes)
    others = scenes[1:] + scenes[:1]
    shares = _shares(judged_by, scenes, painted)
    control, ceiling = _shares(judged_by, others, painted), _shares(judged_by, scenes, drawn)
    return [
        Line(
            claim=f"{family}: {claim}",
            n=n,
            share=share,
            control=control[claim][1],
            ceiling=ceiling[claim][1],
            least=GATE.get(f"{family}: {claim}"),
        )
        for claim, (n, share) in shares.items()
    ]


def held_out_scenes(family: str, count: int) -> list[Scene]:
    """Always the same scenes for the same count; "thing" means coloured things by day."""
    random = Random(f"check {family}")
    if family == "thing":
        return [_random_thing(random) for _ in range(count)]
    known: Mapping[str, Family] = {"land": "land", "one": "one", "many": "many", "pair": "pair"}
    return [random_scene(random, known[family], held_out=True) for _ in range(count)]


def _random_thing(random: Random) -> Land:
    while True:
        scene = random_scene(random, "land", held_out=True)
        if not isinstance(scene, Land) or scene.thing not in PAINTED_THINGS:
            continue
        colour = random.choice(READABLE_COLOURS)
        by_day = Land("day", scene.terrain, scene.thing, colour, scene.place)
        if is_held_out(by_day):
            return by_day


def judge_thing(scene: Scene, picture: Pixels) -> dict[str, bool]:
    """Whether the strongest colour of a landscape by day is the colour of its thing."""
    return {"colour": isinstance(scene, Land) and names_by_day(picture)[:1] == [scene.colour]}


def round_trip(pipeline: ModularPipeline, scenes: Sequence[Scene]) -> list[Pixels]:
    """True drawings, encoded and decoded, with no diffusion in between."""
    random = Random("round trip")
    pictures = torch.stack([as_tensor(draw(scene, random)) for scene in scenes])
    with torch.no_grad():
        latents = pipeline.vae.encode(pictures).latent_dist.mode()
        decoded = pipeline.vae.decode(latents).sample.clamp(-1, 1)
    values = (decoded.permute(0, 2, 3, 1).numpy() + 1) * 127.5
    return [np.asarray(value, dtype=np.float32) for value in values]


def _shares(
    judged_by: Judge, scenes: Sequence[Scene], pictures: Sequence[Pixels]
) -> dict[str, tuple[int, float]]:
    """For each claim, over how many pictures it was judged, and in which share of them it held."""
    held: dict[str, list[bool]] = {}
    for scene, picture in zip(scenes, pictures, strict=True):
        for claim, holds in judged_by(scene, picture).items():
            held.setdefault(claim, []).append(bool(holds))
    return {claim: (len(all_), sum(all_) / len(all_)) for claim, all_ in held.items()}


def table(lines: Sequence[Line]) -> str:
    """The lines as a Markdown table."""
    rows = ["| claim | n | right | control | ceiling | gate |", "|---|---|---|---|---|---|"]
    for line in lines:
        verdict = "ok" if line.passes() else "MISSED"
        gate = "" if line.least is None else f"{line.least:.1f} {verdict}"
        rows.append(
            f"| {line.claim} | {line.n} | {line.share:.2f} | {line.control:.2f} "
            f"| {line.ceiling:.2f} | {gate} |"
        )
    return "\n".join(rows) + "\n"


if __name__ == "__main__":
    sys.exit(main())
