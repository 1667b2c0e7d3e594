"""Draws a scene with Pillow: 64 x 64 pixels, smoothed from four times that."""

from __future__ import annotations

import math
from collections.abc import Callable
from random import Random

from PIL import Image

from blockloom.demo.canvas import Canvas, Point, jittered
from blockloom.demo.landscape import draw_land
from blockloom.demo.scenes import BACKGROUNDS, COLOURS, Many, One, Pair, Scene

SINGLE_RADIUS = {"small": 12.0, "": 16.5, "big": 23.5}
PLACE_X = {"left": 20.0, None: 32.0, "right": 44.0}
ROW = {
    2: (12.5, ((17.0, 0.0), (47.0, 0.0))),
    3: (10.0, ((12.5, -12.0), (32.0, 12.0), (51.5, -12.0))),
}
"""Radius and places of two or three; three stand in a zigzag, so that each can be bigger."""
PAIR_RADIUS = 12.5


def draw(scene: Scene, random: Random) -> Image.Image:
    """Draw a scene; ``random`` moves everything about a little, so no two pictures are equal."""
    match scene:
        case One():
            canvas = Canvas(jittered(BACKGROUNDS[scene.background], random))
            radius = SINGLE_RADIUS[scene.size] + random.uniform(-1, 1)
            x = PLACE_X[scene.place] + random.uniform(-1.5, 1.5)
            _shape(
                canvas, scene.shape, scene.colour, (x, 32 + random.uniform(-3, 3)), radius, random
            )
        case Many():
            canvas = Canvas(jittered(BACKGROUNDS[scene.background], random))
            radius, places = ROW[scene.count]
            radius += random.uniform(-0.7, 0.3)
            middle = 32 + random.uniform(-4, 4)
            for x, y in places:
                at = (x + random.uniform(-0.7, 0.7), middle + y + random.uniform(-0.6, 0.6))
                _shape(canvas, scene.shape, scene.colour, at, radius, random)
        case Pair():
            canvas = Canvas(jittered(BACKGROUNDS[scene.background], random))
            for (shape, colour), at in zip(
                (scene.first, scene.second), _pair_places(scene.relation, random), strict=True
            ):
                _shape(canvas, shape, colour, at, PAIR_RADIUS + random.uniform(-1, 0.7), random)
        case _:
            return draw_land(scene, random)
    return canvas.finished()


def _pair_places(relation: str, random: Random) -> tuple[Point, Point]:
    across = 32 + random.uniform(-5, 5)
    near, far = 16.5 + random.uniform(-1, 1.5), 47.5 + random.uniform(-1.5, 1)
    if relation in ("left of", "right of"):
        places = ((near, across), (far, across))
    else:
        places = ((across, near), (across, far))
    return places if relation in ("left of", "above") else (places[1], places[0])


def _shape(
    canvas: Canvas, shape: str, colour: str, at: Point, radius: float, random: Random
) -> None:
    paint = jittered(COLOURS[colour], random)
    if shape == "circle":
        canvas.disc(*at, radius, paint)
    else:
        outline = _OUTLINES[shape]
        canvas.polygon([(at[0] + radius * x, at[1] + radius * y) for x, y in outline], paint)


def _square() -> list[Point]:
    return [(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)]


def _triangle() -> list[Point]:
    return [(0.0, -1.0), (1.08, 0.88), (-1.08, 0.88)]


def _star() -> list[Point]:
    radii = (1.12, 0.46)
    turns = [(radii[i % 2], math.pi * i / 5) for i in range(10)]
    return [(r * math.sin(a), 0.08 - r * math.cos(a)) for r, a in turns]


def _heart() -> list[Point]:
    turns = [2 * math.pi * i / 48 for i in range(48)]
    return [
        (
            math.sin(a) ** 3 * 1.06,
            -(13 * math.cos(a) - 5 * math.cos(2 * a) - 2 * math.cos(3 * a) - math.cos(4 * a)) / 14.5
            - 0.1,
        )
        for a in turns
    ]


_MAKERS: dict[str, Callable[[], list[Point]]] = {
    "square": _square,
    "triangle": _triangle,
    "star": _star,
    "heart": _heart,
}
_OUTLINES = {name: make() for name, make in _MAKERS.items()}
