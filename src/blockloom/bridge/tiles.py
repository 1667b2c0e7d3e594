"""Drawing numbers: grids of floats as pictures, and several pictures as one sheet."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy
import PIL.Image
from numpy.typing import NDArray

SIGNAL_COLOUR = (255, 0, 255)
"""Drawn where a value is NaN or infinite."""

SHEET_TILES = 16
_GAP = 2
_BACKGROUND = (32, 32, 32)
_WAVE, _AXIS = (46, 160, 112), (80, 80, 80)

# From dark blue over teal to yellow; every step is lighter than the one before.
_HEAT = numpy.array(
    [(12, 8, 48), (38, 48, 130), (24, 110, 144), (46, 160, 112), (150, 200, 64), (252, 236, 110)],
    dtype=numpy.float64,
)

Floats = NDArray[numpy.float64]


def heat_map(grid: Floats) -> PIL.Image.Image:
    """A grid (rows, columns) of any numbers as a picture: lowest dark, highest light."""
    return draw_pixels(_heat_of(stretched(grid)), grid)


def waveform(samples: NDArray[numpy.float32], side: int) -> PIL.Image.Image:
    """A sound (channels, samples) as its outline over time, one channel below the other.

    Full height is 1, or the loudest sample where that is louder. What is not finite is drawn as a
    column in the signal colour.
    """
    channels = samples[: max(1, side // 8)]
    height = max(8, side // 2 // len(channels))
    finite = numpy.nan_to_num(channels, nan=0.0, posinf=0.0, neginf=0.0)
    loudest = max(1.0, float(numpy.abs(finite).max()))
    sheet = numpy.empty((height * len(channels), side, 3), dtype=numpy.uint8)
    sheet[:] = _BACKGROUND
    edges = numpy.linspace(0, channels.shape[1], side + 1).astype(int)
    rows = numpy.arange(height)[:, None]
    for number, channel in enumerate(finite / loudest):
        starts = numpy.minimum(edges[:-1], channels.shape[1] - 1)
        high = numpy.maximum.reduceat(channel, starts)
        low = numpy.minimum.reduceat(channel, starts)
        top = ((1 - high) / 2 * (height - 1)).round()
        bottom = ((1 - low) / 2 * (height - 1)).round()
        band = sheet[number * height : (number + 1) * height]
        band[height // 2] = _AXIS
        band[(rows >= top[None]) & (rows <= bottom[None])] = _WAVE
        broken = numpy.add.reduceat(~numpy.isfinite(channels[number]), starts) > 0
        band[:, broken] = SIGNAL_COLOUR
    return PIL.Image.fromarray(sheet)


def _heat_of(values: Floats) -> Floats:
    place = numpy.linspace(0.0, 1.0, len(_HEAT))
    bands = [numpy.interp(values, place, _HEAT[:, band]) for band in range(3)]
    return numpy.stack(bands, axis=-1) / 255.0


def stretched(values: Floats) -> Floats:
    """The values moved to 0..1, lowest to highest; 0.5 where all are the same, or not finite."""
    finite = values[numpy.isfinite(values)]
    low, high = (finite.min(), finite.max()) if finite.size else (0.0, 0.0)
    # Halved, because the distance of the largest floats is no float.
    span = high / 2 - low / 2
    if not span > 0:
        return numpy.full(values.shape, 0.5)
    moved = numpy.where(numpy.isfinite(values), values, low)
    return ((moved / 2 - low / 2) / span).clip(0.0, 1.0)


def draw_pixels(colours: Floats, values: Floats) -> PIL.Image.Image:
    """Colours 0..1 (rows, columns, 3) as a picture, with the signal colour where ``values`` (rows,
    columns[, bands]) are not finite."""
    pixels = (numpy.nan_to_num(colours).clip(0.0, 1.0) * 255.0).round().astype(numpy.uint8)
    broken = ~numpy.isfinite(values)
    pixels[broken.any(axis=-1) if broken.ndim == 3 else broken] = SIGNAL_COLOUR
    return PIL.Image.fromarray(pixels)


def enlarged(picture: PIL.Image.Image, side: int) -> PIL.Image.Image:
    """The picture with every pixel a square, as large as fits into ``side``; never smaller."""
    times = side // max(picture.size)
    if times < 2:
        return picture
    return picture.resize(
        (picture.width * times, picture.height * times), PIL.Image.Resampling.NEAREST
    )


def fitted(picture: PIL.Image.Image, side: int) -> PIL.Image.Image:
    """The picture with its longer side at most ``side``; small ones stay as they are."""
    longest = max(picture.size)
    if longest <= side:
        return picture
    width, height = (max(1, round(length * side / longest)) for length in picture.size)
    return picture.resize((width, height), PIL.Image.Resampling.BOX)


def contact_sheet(tiles: Sequence[PIL.Image.Image], side: int) -> PIL.Image.Image:
    """Several pictures as one, row by row, at most ``side`` wide and high; one stays itself."""
    if len(tiles) == 1:
        return fitted(tiles[0], side)
    columns = math.ceil(math.sqrt(len(tiles)))
    cell = max(1, (side - _GAP * (columns - 1)) // columns)
    small = [fitted(tile, cell).convert("RGB") for tile in tiles]
    width, height = max(tile.width for tile in small), max(tile.height for tile in small)
    rows = math.ceil(len(small) / columns)
    size = (columns * (width + _GAP) - _GAP, rows * (height + _GAP) - _GAP)
    sheet = PIL.Image.new("RGB", size, _BACKGROUND)
    for number, tile in enumerate(small):
        row, column = divmod(number, columns)
        sheet.paste(tile, (column * (width + _GAP), row * (height + _GAP)))
    return fitted(sheet, side)


def spread(count: int, limit: int = SHEET_TILES) -> list[int]:
    """At most ``limit`` places among ``count``, evenly spread, the first and last among them."""
    if count <= limit:
        return list(range(count))
    return [round(place * (count - 1) / (limit - 1)) for place in range(limit)]
