"""Reads a picture without knowing how it was drawn, and says which parts of a scene it shows.

Nothing here is shared with the code that draws: names of colours are ranges of hue, shapes are
silhouettes from formulas, blobs are found by flood fill. Pictures are arrays (64, 64, 3), 0..255.
"""

from __future__ import annotations

import colorsys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from blockloom.demo.scenes import Land, Many, One, Pair, Scene

Pixels: TypeAlias = NDArray[np.float32]
Mask: TypeAlias = NDArray[np.bool_]

SMALLEST_BLOB = 24
"""Pixels: anything smaller is dirt."""

VISIBLE = 70.0
"""Least RGB distance from the background of a pixel that belongs to something."""

LEAST_OVERLAP = 0.6
"""A blob that overlaps no silhouette this well has no shape."""

GRID = 48

HUES: tuple[tuple[float, str], ...] = (
    (14, "red"), (40, "orange"), (68, "yellow"), (172, "green"), (244, "blue"), (302, "purple"),
    (345, "pink"), (360, "red"),
)  # fmt: skip

DAYLIGHT: Mapping[str, tuple[float, float, float]] = {
    "day": (1.0, 1.0, 1.0),
    "dawn": (0.93, 0.86, 0.95),
    "sunset": (0.92, 0.70, 0.60),
    "night": (0.38, 0.42, 0.62),
}
"""The colour of the light by which the ground is seen."""


@dataclass(frozen=True, slots=True)
class Blob:
    """Something that stands out from a plain background; ``x`` and ``y`` are its middle."""

    colour: str
    shape: str
    x: float
    y: float


def judge(scene: Scene, picture: Pixels) -> dict[str, bool]:
    """Which claims of the scene hold in the picture, by the name of the claim."""
    match scene:
        case Land():
            return _judge_land(scene, picture)
        case One():
            return _judge_one(scene, picture)
        case Many():
            return _judge_many(scene, picture)
        case Pair():
            return _judge_pair(scene, picture)


def _judge_land(scene: Land, picture: Pixels) -> dict[str, bool]:
    time = name_time(picture)
    claims = {"time": time == scene.time, "terrain": name_terrain(picture, time) == scene.terrain}
    claims["all"] = all(claims.values())
    return claims


def _judge_one(scene: One, picture: Pixels) -> dict[str, bool]:
    background, blobs = read_blobs(picture)
    blob = blobs[0] if len(blobs) == 1 else None
    claims = {
        "background": background == scene.background,
        "colour": blob is not None and blob.colour == scene.colour,
        "shape": blob is not None and blob.shape == scene.shape,
    }
    claims["all"] = all(claims.values())
    if scene.place:
        middle = blob.x - 32 if blob else 0.0
        claims["left or right"] = (middle < -4) if scene.place == "left" else (middle > 4)
    return claims


def _judge_many(scene: Many, picture: Pixels) -> dict[str, bool]:
    background, blobs = read_blobs(picture)
    claims = {
        "background": background == scene.background,
        "count": len(blobs) == scene.count,
        "colour": bool(blobs) and all(blob.colour == scene.colour for blob in blobs),
        "shape": bool(blobs) and all(blob.shape == scene.shape for blob in blobs),
    }
    claims["all"] = all(claims.values())
    return claims


def _judge_pair(scene: Pair, picture: Pixels) -> dict[str, bool]:
    background, blobs = read_blobs(picture)
    colours = sorted(blob.colour for blob in blobs)
    wanted = (scene.first, scene.second)
    both = colours == sorted(colour for _, colour in wanted)
    seen = {(blob.shape, blob.colour) for blob in blobs}
    claims = {
        "background": background == scene.background,
        "both colours": both,
        "relation": both and _stands(scene, {blob.colour: blob for blob in blobs}),
        "both shapes bound": both and seen == set(wanted),
    }
    claims["all"] = all(claims.values())
    return claims


def _stands(scene: Pair, by_colour: Mapping[str, Blob]) -> bool:
    first, second = by_colour[scene.first[1]], by_colour[scene.second[1]]
    across, down = first.x - second.x, first.y - second.y
    return {
        "left of": across < -8 and abs(down) < 16,
        "right of": across > 8 and abs(down) < 16,
        "above": down < -8 and abs(across) < 16,
        "below": down > 8 and abs(across) < 16,
    }[scene.relation]


def read_blobs(picture: Pixels) -> tuple[str, list[Blob]]:
    """The name of a plain background, and what stands on it."""
    edge = np.concatenate([picture[:2], picture[-2:], *(picture[:, s] for s in _SIDES)], axis=None)
    ground = np.median(edge.reshape(-1, 3), axis=0)
    distance = np.linalg.norm(picture - ground, axis=-1)
    blobs = []
    for mask in _islands(distance > VISIBLE):
        core = distance >= np.quantile(distance[mask], 0.5)
        colour = np.median(picture[mask & core], axis=0)
        solid = mask & (distance > 0.5 * np.linalg.norm(colour - ground))
        rows, columns = np.nonzero(solid)
        blobs.append(Blob(name_colour(colour), name_shape(solid), columns.mean(), rows.mean()))
    return name_background(ground), blobs


_SIDES = (slice(0, 2), slice(-2, None))


def _islands(mask: Mask) -> list[Mask]:
    """The connected parts of a mask (four neighbours) that are big enough to count."""
    left, islands = mask.copy(), []
    height, width = mask.shape
    while left.any():
        start = np.unravel_index(int(left.argmax()), left.shape)
        island, waiting = np.zeros_like(mask), [(int(start[0]), int(start[1]))]
        left[waiting[0]] = False
        while waiting:
            row, column = waiting.pop()
            island[row, column] = True
            for r, c in (
                (row - 1, column),
                (row + 1, column),
                (row, column - 1),
                (row, column + 1),
            ):
                if 0 <= r < height and 0 <= c < width and left[r, c]:
                    left[r, c] = False
                    waiting.append((r, c))
        if island.sum() >= SMALLEST_BLOB:
            islands.append(island)
    return islands


def name_colour(colour: Pixels) -> str:
    """The everyday name of a strong colour."""
    if colour.min() > 205:
        return "white"
    if colour.max() < 75:
        return "black"
    hue, saturation, _ = _hsv(colour)
    if saturation < 0.25:
        return "gray"
    return next(name for end, name in HUES if hue <= end)


def name_background(colour: Pixels) -> str:
    """The name of a background: pale, dark or neutral, so ranges of their own."""
    hue, saturation, value = _hsv(colour)
    if value < 0.2:
        return "black"
    if saturation < 0.09:
        return "white" if value > 0.85 else "gray"
    if value < 0.55:
        return "navy" if 200 <= hue <= 250 else "dark"
    for low, high, name in (
        (25, 60, "cream"),
        (125, 175, "mint"),
        (185, 226, "light blue"),
        (240, 285, "lavender"),
    ):
        if low <= hue <= high and saturation < 0.5:
            return name
    return "other"


def name_shape(mask: Mask) -> str:
    """The silhouette that overlaps best once the blob is stretched to a fixed square."""
    rows, columns = np.nonzero(mask)
    box = mask[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    height, width = box.shape
    if not 0.6 < height / width < 1.67:
        return "none"
    steps = (np.arange(GRID) + 0.5) / GRID
    stretched = box[(steps * height).astype(int)][:, (steps * width).astype(int)]
    overlaps = {
        name: float((stretched & shape).sum() / (stretched | shape).sum())
        for name, shape in SILHOUETTES.items()
    }
    best = max(overlaps, key=overlaps.__getitem__)
    return best if overlaps[best] >= LEAST_OVERLAP else "none"


def name_time(picture: Pixels) -> str:
    """The time of day, by the top of the sky."""
    red, green, blue = np.median(picture[:4].reshape(-1, 3), axis=0)
    if max(red, green, blue) < 110:
        return "night"
    if red > blue + 50:
        return "sunset"
    return "dawn" if red > green - 20 else "day"


def name_terrain(picture: Pixels, time: str) -> str:
    """The terrain, by the colour of the foreground in white light."""
    ground = np.median(picture[-6:].reshape(-1, 3), axis=0)
    red, green, blue = ground / np.array(DAYLIGHT[time])
    if min(red, green, blue) > 0.75 * max(red, green, blue):
        return "snowy mountains"
    if green > red + 20 and green > blue + 20:
        return "green hills"
    return "desert" if red > blue else "sea"


def names_by_day(picture: Pixels) -> list[str]:
    """The strong colours of what stands in a landscape without sun or rainbow, by day."""
    found: dict[str, int] = {}
    for colour in picture[8:58].reshape(-1, 3):
        hue, saturation, value = _hsv(colour)
        name = next(name for end, name in HUES if hue <= end)
        limit = 0.42 if name == "pink" else 0.62
        if name not in ("green", "blue") and saturation > limit and value > 0.62:
            found[name] = found.get(name, 0) + 1
    return sorted(
        (name for name, count in found.items() if count >= SMALLEST_BLOB),
        key=lambda name: -found[name],
    )


def _hsv(colour: Pixels) -> tuple[float, float, float]:
    """Hue in degrees, saturation and value in 0..1."""
    red, green, blue = (float(part) / 255 for part in colour)
    hue, saturation, value = colorsys.rgb_to_hsv(red, green, blue)
    return hue * 360, saturation, value


def _silhouette(inside: Callable[[Pixels, Pixels], Mask]) -> Mask:
    """A formula over -1..1, cut to what it fills and stretched to the grid."""
    line = np.linspace(-1.4, 1.4, 281, dtype=np.float32)
    mask = inside(line[None, :], line[:, None])
    rows, columns = np.nonzero(mask)
    box = mask[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    steps = (np.arange(GRID) + 0.5) / GRID
    return box[(steps * box.shape[0]).astype(int)][:, (steps * box.shape[1]).astype(int)]


def _in_star(x: Pixels, y: Pixels) -> Mask:
    """Five points: a point is inside when at least four of the pentagram's five lines have it."""
    sides = np.zeros(np.broadcast_shapes(x.shape, y.shape), dtype=int)
    for turn in range(5):
        angle = 2 * np.pi * turn / 5
        sides += (x * np.sin(angle) - y * np.cos(angle)) <= 0.34
    return sides >= 4


SILHOUETTES: Mapping[str, Mask] = {
    "circle": _silhouette(lambda x, y: x**2 + y**2 <= 1),
    "square": _silhouette(lambda x, y: np.maximum(abs(x), abs(y)) <= 1),
    "triangle": _silhouette(lambda x, y: (abs(y) <= 1) & (2 * abs(x) <= 1 + y)),
    "star": _silhouette(_in_star),
    "heart": _silhouette(lambda x, y: (x**2 + y**2 - 1) ** 3 + x**2 * y**3 <= 0),
}
