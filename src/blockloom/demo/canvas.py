"""A small picture being drawn with Pillow, smoothed from four times its size."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import TypeAlias

from PIL import Image, ImageDraw

from blockloom.demo.scenes import RGB

SIDE = 64
SMOOTHING = 4
COLOUR_JITTER = 6

Point: TypeAlias = tuple[float, float]


class Canvas:
    """A picture being drawn; coordinates are in pixels of the finished 64 x 64 picture."""

    def __init__(self, ground: Image.Image | RGB) -> None:
        wide = SIDE * SMOOTHING
        if isinstance(ground, Image.Image):
            self._image = ground.resize((wide, wide), Image.Resampling.BILINEAR)
        else:
            self._image = Image.new("RGB", (wide, wide), ground)
        self._pen = ImageDraw.Draw(self._image)

    def polygon(self, points: Sequence[Point], colour: RGB) -> None:
        """Fill a polygon."""
        self._pen.polygon([(x * SMOOTHING, y * SMOOTHING) for x, y in points], fill=colour)

    def disc(self, x: float, y: float, radius: float, colour: RGB) -> None:
        """Fill a circle."""
        self.oval(x, y, radius, radius, colour)

    def oval(self, x: float, y: float, half_width: float, half_height: float, colour: RGB) -> None:
        """Fill an ellipse with upright axes."""
        corners = (x - half_width, y - half_height, x + half_width, y + half_height)
        self._pen.ellipse([value * SMOOTHING for value in corners], fill=colour)

    def box(self, left: float, top: float, right: float, bottom: float, colour: RGB) -> None:
        """Fill an upright rectangle."""
        corners = (left, top, right, bottom)
        self._pen.rectangle([value * SMOOTHING for value in corners], fill=colour)

    def ring(self, x: float, y: float, radius: float, width: float, colour: RGB) -> None:
        """Draw the upper half of a circle's line."""
        corners = [value * SMOOTHING for value in (x - radius, y - radius, x + radius, y + radius)]
        self._pen.arc(corners, 180, 360, fill=colour, width=round(width * SMOOTHING))

    def finished(self) -> Image.Image:
        """The 64 x 64 picture."""
        return self._image.reduce(SMOOTHING)


def jittered(colour: RGB, random: Random) -> RGB:
    """The colour, a few levels off: little enough that its name stays certain."""
    shift = [random.randint(-COLOUR_JITTER, COLOUR_JITTER) for _ in range(3)]
    red, green, blue = (min(255, max(0, c + s)) for c, s in zip(colour, shift, strict=True))
    return red, green, blue
