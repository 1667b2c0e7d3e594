"""What the demo model knows: a small grammar of scenes, and which of them training never sees."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random
from typing import Literal, TypeAlias

RGB: TypeAlias = tuple[int, int, int]
Family = Literal["land", "one", "many", "pair"]
Place = Literal["left", "middle", "right"]

COLOURS: Mapping[str, RGB] = {
    "red": (220, 40, 40),
    "orange": (245, 140, 30),
    "yellow": (250, 215, 45),
    "green": (45, 160, 70),
    "blue": (40, 95, 215),
    "purple": (140, 60, 190),
    "pink": (248, 125, 185),
    "white": (250, 250, 250),
    "black": (24, 24, 28),
}
BACKGROUNDS: Mapping[str, RGB] = {
    "white": (246, 246, 246),
    "black": (18, 18, 20),
    "gray": (128, 128, 128),
    "cream": (250, 235, 195),
    "light blue": (170, 212, 245),
    "mint": (178, 236, 204),
    "lavender": (208, 192, 242),
    "navy": (24, 38, 92),
}
SHAPES = ("circle", "square", "triangle", "star", "heart")
SIZES = ("small", "", "big")
RELATIONS = ("left of", "right of", "above", "below")
COUNTS = (2, 3)

TIMES = ("day", "dawn", "sunset", "night")
TERRAINS = ("green hills", "snowy mountains", "desert", "sea")
THING_COLOURS = ("red", "orange", "yellow", "blue", "purple", "pink", "white")
PAINTED_THINGS = ("house", "castle", "hot air balloon", "sailboat")
PLAIN_THINGS = ("tree", "pine tree", "cactus")
THINGS_ON: Mapping[str, tuple[str, ...]] = {
    "green hills": ("house", "castle", "hot air balloon", "tree", "pine tree"),
    "snowy mountains": ("house", "castle", "hot air balloon", "pine tree"),
    "desert": ("house", "castle", "hot air balloon", "cactus"),
    "sea": ("sailboat", "hot air balloon"),
}
SKY_AT: Mapping[str, tuple[str, ...]] = {
    "day": ("sun", "clouds", "rainbow"),
    "dawn": ("sun", "clouds"),
    "sunset": ("sun", "clouds"),
    "night": ("full moon", "crescent moon", "stars"),
}

MIN_CONTRAST = 110.0
"""Least RGB distance between a shape and what it stands on."""

HELD_OUT_OF_TEN = 1


@dataclass(frozen=True, slots=True)
class Land:
    """A landscape; ``thing`` stands in it, ``sky`` hangs over it, either may be missing."""

    time: str
    terrain: str
    thing: str | None = None
    colour: str | None = None
    place: Place = "middle"
    sky: str | None = None


@dataclass(frozen=True, slots=True)
class One:
    """A single shape on a plain background; ``place`` None means the middle, unsaid."""

    shape: str
    colour: str
    background: str
    size: str = ""
    place: Literal["left", "right"] | None = None


@dataclass(frozen=True, slots=True)
class Many:
    """Two or three equal shapes in a row."""

    count: int
    shape: str
    colour: str
    background: str


@dataclass(frozen=True, slots=True)
class Pair:
    """Two different shapes; ``relation`` says where the first stands, seen from the second."""

    first: tuple[str, str]
    second: tuple[str, str]
    relation: str
    background: str


Scene: TypeAlias = Land | One | Many | Pair


def has_contrast(colour: str, background: str) -> bool:
    """Whether a shape of this colour can be seen on this background."""
    return math.dist(COLOURS[colour], BACKGROUNDS[background]) >= MIN_CONTRAST


def combination(scene: Scene) -> str:
    """The part of a scene that the held-out split looks at."""
    match scene:
        case Land():
            return f"land {scene.thing} {scene.colour} {scene.terrain} {scene.time}"
        case One():
            return f"one {scene.shape} {scene.colour} {scene.background}"
        case Many():
            return f"many {scene.count} {scene.shape} {scene.colour}"
        case Pair():
            return "pair " + " ".join(map("-".join, sorted((scene.first, scene.second))))


def is_held_out(scene: Scene) -> bool:
    """Whether training never shows this combination. The same on every machine, for ever."""
    digest = hashlib.md5(combination(scene).encode(), usedforsecurity=False).digest()
    return int.from_bytes(digest[:4], "big") % 10 < HELD_OUT_OF_TEN


def random_scene(random: Random, family: Family, *, held_out: bool) -> Scene:
    """A scene of one family, from the training part of the grammar or from the held-out part."""
    while True:
        scene = _ANY[family](random)
        if is_held_out(scene) == held_out:
            return scene


def _any_land(random: Random) -> Land:
    time, terrain = random.choice(TIMES), random.choice(TERRAINS)
    thing = random.choice(THINGS_ON[terrain]) if random.random() < 0.75 else None
    colour = random.choice(THING_COLOURS) if thing in PAINTED_THINGS else None
    place: Place = random.choice(("left", "middle", "right")) if thing else "middle"
    sky = random.choice(SKY_AT[time]) if random.random() < 0.6 else None
    return Land(time, terrain, thing, colour, place, sky)


def _any_one(random: Random) -> One:
    colour, background = _colour_on_background(random)
    size = random.choice(SIZES)
    place: Literal["left", "right"] | None = None
    if size != "big" and random.random() < 0.5:
        place = random.choice(("left", "right"))
    return One(random.choice(SHAPES), colour, background, size, place)


def _any_many(random: Random) -> Many:
    colour, background = _colour_on_background(random)
    return Many(random.choice(COUNTS), random.choice(SHAPES), colour, background)


def _any_pair(random: Random) -> Pair:
    background = random.choice(tuple(BACKGROUNDS))
    seen = [colour for colour in COLOURS if has_contrast(colour, background)]
    shapes, colours = random.sample(SHAPES, 2), random.sample(seen, 2)
    first, second = zip(shapes, colours, strict=True)
    return Pair(first, second, random.choice(RELATIONS), background)


def _colour_on_background(random: Random) -> tuple[str, str]:
    while True:
        colour, background = random.choice(tuple(COLOURS)), random.choice(tuple(BACKGROUNDS))
        if has_contrast(colour, background):
            return colour, background


_ANY: Mapping[Family, Callable[[Random], Scene]] = {
    "land": _any_land,
    "one": _any_one,
    "many": _any_many,
    "pair": _any_pair,
}
