"""Latents in colour: linear maps to RGB, learned from what autoencoders decode."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy
import PIL.Image
import torch

from blockloom.bridge.tiles import Floats, draw_pixels, enlarged
from blockloom.errors import UsageError
from blockloom.pictures import pictures_of

PREVIEW_SIDE = 256
MAX_CELLS = 256
"""Longest side of the grid that is drawn; larger latents are averaged first."""

_PAIRS_KEPT = 4
_KEYS_KEPT = 16
_CANDIDATES = 4
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
            fitting = [tensor for tensor in tensors if factor_between(tensor, picture) > 1]
            if fitting:
                learned.seen += 1
                cells = [_first_grid(tensor).clone() for tensor in fitting[:_CANDIDATES]]
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
        self, latents: torch.Tensor, keys: Sequence[str] = (), side: int = PREVIEW_SIDE
    ) -> PIL.Image.Image | None:
        """The first of a batch of latents (channels, [frames,] height, width) as a picture.

        ``keys`` name the autoencoders that may be meant. Before one of them has decoded, colours
        only tell cells apart. None for what has not the shape of latents.
        """
        if latents.ndim not in (3, 4, 5) or latents.numel() == 0 or latents.is_meta:
            return None
        grid = _to_numpy(_first_grid(latents))
        known = self.map_for(keys, grid.shape[0])
        cells = numpy.moveaxis(grid, 0, -1)
        if known is None:
            colours = guessed_colours(cells)
        else:
            colours = numpy.nan_to_num(cells) @ known.weights + known.offset
        return enlarged(draw_pixels(colours, cells), side)


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


def factor_between(tensor: Any, picture: PIL.Image.Image) -> int:
    """How many pixels of the picture a side of one latent cell spans; 0 where that is no whole
    number, or the tensor has not the shape of latents."""
    if not isinstance(tensor, torch.Tensor) or tensor.is_meta:
        return 0
    if tensor.ndim not in (4, 5) or not tensor.is_floating_point() or tensor.shape[1] < 3:
        return 0
    height, width = tensor.shape[-2:]
    if 0 in tensor.shape or picture.width % width or picture.height % height:
        return 0
    factor = picture.width // width
    return factor if picture.height // height == factor else 0


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


def _first_grid(latents: torch.Tensor) -> torch.Tensor:
    """(channels, height, width) of the first of a batch, of frames the first."""
    grid = latents.detach()
    if grid.ndim == 5:
        return grid[0, :, 0]
    return grid[0] if grid.ndim == 4 else grid


def _to_numpy(grid: torch.Tensor) -> Floats:
    if max(grid.shape[-2:]) > MAX_CELLS:
        height, width = (min(length, MAX_CELLS) for length in grid.shape[-2:])
        grid = torch.nn.functional.adaptive_avg_pool2d(grid.float(), (height, width))
    values: Any = grid.float().cpu().numpy()
    return values.astype(numpy.float64)
