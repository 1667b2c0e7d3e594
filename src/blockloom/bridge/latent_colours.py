"""Latents in colour: linear maps to RGB, learned from what autoencoders decode."""

from __future__ import annotations

import math
import threading
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy
import PIL.Image
import torch

from blockloom.bridge.frames import film_facts
from blockloom.bridge.tiles import Floats, draw_pixels, enlarged
from blockloom.errors import UsageError
from blockloom.pictures import pictures_of

PREVIEW_SIDE = 256
MAX_CELLS = 256
"""Longest side of the grid that is drawn; larger latents are averaged first."""

Size: TypeAlias = tuple[int, int]
"""Width and height in pixels."""

_PAIRS_KEPT = 4
_KEYS_KEPT = 16
_CANDIDATES = 4
_FACTORS = (4, 8, 16, 32, 64)
_LEAST_FIT = 0.3
"""Pairs explained worse than this do not belong together: noise, or an empty picture."""
_RIDGE = 1e-4


@dataclass(frozen=True, slots=True)
class ColourMap:
    """RGB in 0..1 as ``latents @ weights + offset``. ``fit`` is the share of the variance of the
    pictures that it explains."""

    weights: Floats
    offset: Floats
    fit: float


@dataclass(slots=True)
class _Learned:
    """What one autoencoder has decoded: what waits to be looked at, and pairs of cells and colours
    that belong together."""

    waiting: list[tuple[list[torch.Tensor], PIL.Image.Image]] = field(default_factory=list)
    seen: int = 0
    pairs: list[tuple[Floats, Floats]] = field(default_factory=list)
    map: ColourMap | None = None


class LatentColours:
    """Draws latents. Learns colours by itself, one map for each autoencoder.

    Watching what is decoded costs next to nothing: fitting waits until somebody wants a preview.
    Safe to use from several threads.
    """

    def __init__(self) -> None:
        self._learned: OrderedDict[str, _Learned] = OrderedDict()
        self._lock = threading.Lock()

    def observe(self, key: str, tensors: Sequence[Any], written: Sequence[Any]) -> None:
        """Learn from a run of the autoencoder of that key.

        One of ``tensors`` may be what was decoded to the first picture in ``written``. Others of
        the same shape are told apart by how badly they explain the picture.
        """
        with self._lock:
            learned = self._learned.setdefault(key, _Learned())
            self._learned.move_to_end(key)
            if len(self._learned) > _KEYS_KEPT:
                self._learned.popitem(last=False)
            if learned.seen >= _PAIRS_KEPT:
                return
            picture = next(filter(None, map(first_picture, written)), None)
            if picture is None:
                return
            frames = next((facts.frames for one in written if (facts := film_facts(one))), 1)
            grids = [first_grid(tensor, picture.size, frames) for tensor in tensors]
            fitting = [grid for grid in grids if grid is not None and _may_be(grid, picture)]
            if fitting:
                learned.seen += 1
                cells = [grid.clone() for grid in fitting[:_CANDIDATES]]
                learned.waiting.append((cells, picture))

    def map_for(self, keys: Iterable[str], channels: int) -> ColourMap | None:
        """What was learned from one of these autoencoders for latents of so many channels."""
        with self._lock:
            for key in keys:
                learned = self._learned.get(key)
                if learned is None:
                    continue
                if learned.waiting:
                    _learn(learned)
                if learned.map is not None and len(learned.map.weights) == channels:
                    return learned.map
        return None

    def preview(
        self,
        latents: torch.Tensor,
        keys: Sequence[str] = (),
        size: Size | None = None,
        frames: int = 1,
    ) -> PIL.Image.Image | None:
        """The first of a batch of latents as a picture, of a film a frame from its middle; None for
        what has not their shape.

        ``keys`` name the autoencoders that may be meant. Before one of them has decoded, colours
        only tell cells apart. ``size`` and ``frames`` are those of the picture or film to be, for
        latents in one row.
        """
        # Not the first frame: that is the picture a film is made from, where there is one.
        found = first_grid(latents, size, frames, is_middle=True)
        if found is None:
            return None
        grid = _to_numpy(found)
        known = self.map_for(keys, grid.shape[0])
        cells = numpy.moveaxis(grid, 0, -1)
        if known is None:
            colours = guessed_colours(cells)
        else:
            colours = numpy.nan_to_num(cells) @ known.weights + known.offset
        return enlarged(draw_pixels(colours, cells), PREVIEW_SIDE)


def first_picture(data: Any) -> PIL.Image.Image | None:
    """The first picture in what a block wrote; None where there is none."""
    while isinstance(data, (list, tuple)) and data:
        data = data[0]
    if isinstance(data, (torch.Tensor, numpy.ndarray)):
        while data.ndim > 3 and len(data):
            data = data[0]
    try:
        return next(iter(pictures_of(data)), None)
    except UsageError:
        return None


def first_grid(
    latents: Any, size: Size | None = None, frames: int = 1, *, is_middle: bool = False
) -> torch.Tensor | None:
    """(channels, rows, columns) of the first of a batch, of frames the first or the middle one.

    Latents are (batch, channels, [frames,] rows, columns), or (batch, cells, channels): then
    ``size`` and ``frames``, those of the decoded film, tell the rows. None for what is nothing of
    these.
    """
    if not isinstance(latents, torch.Tensor) or latents.is_meta or not latents.numel():
        return None
    found = latents.detach()
    if not found.is_floating_point() or found.layout is not torch.strided:
        return None
    if found.ndim == 5:
        return found[0, :, found.shape[2] // 2 if is_middle else 0]
    if found.ndim == 4:
        return found[0]
    if found.ndim == 3 and size is not None and frames > 1:
        return _grid_of_film(found[0], size, frames, is_middle)
    if found.ndim == 3 and size is not None:
        cells, channels = found.shape[1:]
        factor = math.isqrt(size[0] * size[1] // cells)
        columns, rows = (length // max(factor, 1) for length in size)
        is_whole = factor > 1 and (columns * factor, rows * factor) == size
        if is_whole and rows * columns == cells:
            return found[0].T.reshape(channels, rows, columns)
    return None


def _grid_of_film(
    cells: torch.Tensor, size: Size, frames: int, is_middle: bool
) -> torch.Tensor | None:
    """A frame of cells (frames * rows * columns, channels), for the smallest factor that fits."""
    for factor in _FACTORS:
        columns, rows = (length // factor for length in size)
        area = columns * rows
        is_whole = (columns * factor, rows * factor) == size and area > 0
        if is_whole and len(cells) % area == 0 and _shrinks(frames, len(cells) // area):
            place = len(cells) // area // 2 if is_middle else 0
            grid = cells[place * area : (place + 1) * area]
            return grid.T.reshape(-1, rows, columns)
    return None


def _shrinks(frames: int, kept: int) -> bool:
    """Whether a film of so many frames may be kept as fewer: the first, and 1 of 2, 4, 8 … after
    it."""
    if kept < 2:
        return kept == frames
    step, left = divmod(frames - 1, kept - 1)
    return left == 0 and step > 0 and step & (step - 1) == 0


def _may_be(grid: torch.Tensor, picture: PIL.Image.Image) -> bool:
    """Whether a picture has a whole number of pixels, more than one, for each side of a cell."""
    channels, rows, columns = grid.shape
    factor = picture.width // columns
    size = (columns * factor, rows * factor)
    return channels >= 3 and factor > 1 and size == picture.size


def guessed_colours(cells: Floats) -> Floats:
    """Colours 0..1 of latents (rows, columns, channels) of which nothing is known.

    Each channel is brought to one scale and given a hue of its own, the hues evenly around the
    circle: red, green and blue then are orthogonal to each other. One channel is grey.
    """
    channels = cells.shape[-1]
    finite = numpy.where(numpy.isfinite(cells), cells, numpy.nan)
    known = finite.reshape(-1, channels)
    known = known[~numpy.isnan(known).any(axis=1)]
    if not len(known):
        return numpy.full((*cells.shape[:-1], 3), 0.5)
    scale = known.std(axis=0)
    moved = (numpy.nan_to_num(finite) - known.mean(axis=0)) / numpy.where(scale > 0, scale, 1.0)
    hues = 2 * numpy.pi * numpy.arange(channels) / channels
    shifts = 2 * numpy.pi * numpy.arange(3) / 3
    weights = 1.0 + 2.0 * numpy.cos(hues[:, None] - shifts[None, :])
    if channels < 3:
        weights = numpy.ones((channels, 3))
    strength = numpy.linalg.norm(weights, axis=0)
    return 0.5 + moved @ (weights / strength) / 5.0


def fit_colours(pairs: Sequence[tuple[Floats, Floats]]) -> ColourMap:
    """The least-squares map from cells (n, channels) to colours (n, 3) over all pairs."""
    cells = numpy.concatenate([pair[0] for pair in pairs])
    colours = numpy.concatenate([pair[1] for pair in pairs])
    middle, mean = cells.mean(axis=0), colours.mean(axis=0)
    moved, wanted = cells - middle, colours - mean
    products = moved.T @ moved
    # A little ridge: few cells and many channels would else fit the noise.
    ridge = _RIDGE * max(float(numpy.trace(products)) / len(products), 1e-12)
    weights = numpy.linalg.solve(products + ridge * numpy.eye(len(products)), moved.T @ wanted)
    left = float(((wanted - moved @ weights) ** 2).sum())
    total = float((wanted**2).sum())
    return ColourMap(weights, mean - middle @ weights, 1.0 - left / total if total > 0 else 0.0)


def _learn(learned: _Learned) -> None:
    """Take in what waits: of each decode the tensor that explains its picture best."""
    for candidates, picture in learned.waiting:
        pairs = [_pair(grid, picture) for grid in candidates]
        sound = [pair for pair in pairs if numpy.isfinite(pair[0]).all()]
        best = max(sound, key=lambda pair: fit_colours([pair]).fit, default=None)
        if best is None or fit_colours([best]).fit < _LEAST_FIT:
            # The next decode may tell more.
            learned.seen -= 1
        elif not learned.pairs or learned.pairs[0][0].shape[1] == best[0].shape[1]:
            learned.pairs.append(best)
    learned.waiting.clear()
    if learned.pairs:
        learned.map = fit_colours(learned.pairs)


def _pair(grid: torch.Tensor, picture: PIL.Image.Image) -> tuple[Floats, Floats]:
    values = _to_numpy(grid)
    channels, height, width = values.shape
    size = (width, height)
    small = picture.convert("RGB").resize(size, PIL.Image.Resampling.BOX)
    colours = numpy.asarray(small, dtype=numpy.float64).reshape(-1, 3) / 255.0
    return values.reshape(channels, -1).T, colours


def _to_numpy(grid: torch.Tensor) -> Floats:
    if max(grid.shape[-2:]) > MAX_CELLS:
        height, width = (min(length, MAX_CELLS) for length in grid.shape[-2:])
        grid = torch.nn.functional.adaptive_avg_pool2d(grid.float(), (height, width))
    values: Any = grid.float().cpu().numpy()
    return values.astype(numpy.float64)
