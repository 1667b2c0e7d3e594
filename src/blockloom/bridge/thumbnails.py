"""Small pictures of values, drawn when somebody looks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import numpy
import PIL.Image
import torch

from blockloom.bridge.frames import waveform_in
from blockloom.bridge.latent_colours import guessed_colours
from blockloom.bridge.tiles import (
    SHEET_TILES,
    Floats,
    contact_sheet,
    draw_pixels,
    enlarged,
    fitted,
    heat_map,
    spread,
    stretched,
    waveform,
)
from blockloom.errors import UsageError
from blockloom.films import Film
from blockloom.pictures import plain

DEFAULT_SIDE = 256
_BANDS = (1, 3, 4)
_MAX_BATCH = 4
_SLACK = 0.05
_THIN = 4

DrawLatents: TypeAlias = Callable[[torch.Tensor], PIL.Image.Image | None]
"""Draws one batch of latents, as ``LatentColours.preview`` does."""


def thumbnail(
    data: Any, side: int = DEFAULT_SIDE, draw_latents: DrawLatents | None = None
) -> PIL.Image.Image | None:
    """A picture of the value, at most ``side`` wide and high; None where there is none to make.

    Pictures are made smaller, lists of them become a sheet. Tensors and arrays are drawn as
    pictures or masks where shape and range are those of one, as latents where they have more
    channels (with ``draw_latents`` where it is given), and as heat maps else. Of a film a frame
    from its middle is shown, a sound is drawn as its waveform. Values that are not
    finite are drawn in ``SIGNAL_COLOUR``. The same value always gives the same picture.
    """
    if isinstance(data, PIL.Image.Image):
        return _of_picture(data, side)
    if isinstance(data, Film):
        # Not the first one: that is often black, or the picture the film was made from.
        return _of_picture(data.frames[len(data.frames) // 2], side) if data.frames else None
    if (wave := waveform_in(data)) is not None:
        return waveform(wave.float().cpu().numpy(), side) if wave.numel() else None
    if isinstance(data, (list, tuple)):
        return _of_list(data, side, draw_latents)
    if isinstance(data, torch.Tensor):
        return _of_tensor(data.detach(), side, draw_latents)
    if isinstance(data, numpy.ndarray) and data.dtype.kind in "biufc":
        tensor = _channels_first(data)
        return _of_tensor(tensor, side, draw_latents)
    return None


def _of_picture(picture: PIL.Image.Image, side: int) -> PIL.Image.Image | None:
    if 0 in picture.size:
        return None
    try:
        return fitted(plain(picture), side)
    except UsageError:
        # Grey values beyond what a picture may have.
        return fitted(heat_map(numpy.asarray(picture, dtype=numpy.float64)), side)


def _of_list(
    items: Sequence[Any], side: int, draw_latents: DrawLatents | None
) -> PIL.Image.Image | None:
    """A sheet of the list's pictures; of one list inside another, of the first that has any."""
    if len(items) == 1:
        return thumbnail(items[0], side, draw_latents)
    tiles = []
    for place in spread(len(items)):
        if isinstance(items[place], (PIL.Image.Image, torch.Tensor, numpy.ndarray)):
            tiles.append(thumbnail(items[place], side, draw_latents))
    if not tiles and items and isinstance(items[0], (list, tuple)):
        return _of_list(items[0], side, draw_latents)
    return _sheet(tiles, side)


def _sheet(tiles: Sequence[PIL.Image.Image | None], side: int) -> PIL.Image.Image | None:
    drawn = [tile for tile in tiles if tile is not None]
    return contact_sheet(drawn, side) if drawn else None


# -- tensors


def _of_tensor(
    tensor: torch.Tensor, side: int, draw_latents: DrawLatents | None
) -> PIL.Image.Image | None:
    if tensor.is_meta or tensor.numel() == 0 or tensor.ndim == 0 or tensor.is_quantized:
        return None
    if tensor.layout is not torch.strided:
        tensor = tensor.to_dense()
    tensor = tensor.abs() if tensor.is_complex() else tensor
    if tensor.ndim == 1:
        return _strip(tensor, side)
    if tensor.ndim == 2:
        return _of_grid(tensor, side)
    if tensor.ndim == 3:
        return _of_three(tensor, side)
    if tensor.ndim == 4:
        return _of_batch(tensor, side, draw_latents)
    if tensor.ndim == 5:
        return _of_frames(tensor, side, draw_latents)
    return thumbnail(tensor.flatten(0, -3), side, draw_latents)


def _strip(tensor: torch.Tensor, side: int) -> PIL.Image.Image:
    picture = heat_map(_floats(tensor[None], side))
    return picture.resize((max(side // picture.width, 1) * picture.width, max(side // 8, 1)), 0)


def _of_grid(tensor: torch.Tensor, side: int) -> PIL.Image.Image:
    values = _floats(tensor, side)
    scale = _picture_range(tensor.dtype, values)
    if scale is None or scale[0] < 0:
        return enlarged(heat_map(values), side)
    return enlarged(_picture(values[None], scale), side)


def _of_three(tensor: torch.Tensor, side: int) -> PIL.Image.Image | None:
    """Channels of one picture, or several grids."""
    if tensor.shape[0] in _BANDS and min(tensor.shape[1:]) > 4:
        values = _floats(tensor, side)
        scale = _picture_range(tensor.dtype, values)
        if scale is not None:
            return enlarged(_picture(values, scale), side)
    if tensor.shape[2] in _BANDS and min(tensor.shape[:2]) > 4:
        values = _floats(tensor.permute(2, 0, 1), side)
        scale = _picture_range(tensor.dtype, values)
        if scale is not None:
            return enlarged(_picture(values, scale), side)
    return _sheet([_of_grid(tensor[n], side) for n in spread(len(tensor))], side)


def _of_batch(
    tensor: torch.Tensor, side: int, draw_latents: DrawLatents | None
) -> PIL.Image.Image | None:
    """A batch of pictures in either layout, or of latents."""
    if tensor.shape[1] not in _BANDS and tensor.shape[3] in _BANDS:
        tensor = tensor.permute(0, 3, 1, 2)
    batch = [tensor[n] for n in spread(len(tensor))]
    if tensor.shape[1] in _BANDS:
        values = [_floats(one, side) for one in batch]
        scale = _picture_range(tensor.dtype, *values)
        if scale is not None:
            return _sheet([enlarged(_picture(one, scale), side) for one in values], side)
    if not tensor.is_floating_point() or tensor.shape[1] < 3:
        return _sheet([_of_grid(grid, side) for one in batch for grid in one][:SHEET_TILES], side)
    return _sheet([_latents(one, side, draw_latents) for one in batch[:_MAX_BATCH]], side)


def _of_frames(
    tensor: torch.Tensor, side: int, draw_latents: DrawLatents | None
) -> PIL.Image.Image | None:
    """The frames of the first video: channels before frames, or behind them."""
    first = tensor[0]
    is_pictures = first.shape[1] in _BANDS and first.shape[0] not in _BANDS
    if not (is_pictures and _picture_range(first.dtype, _floats(first[0], side))):
        first = first.transpose(0, 1)
    frames = first[spread(len(first), SHEET_TILES // 2 + 1)]
    if frames.shape[1] in _BANDS or not frames.is_floating_point():
        return _of_batch(frames, side, draw_latents)
    return _sheet([_latents(frame, side, draw_latents) for frame in frames], side)


def _latents(
    one: torch.Tensor, side: int, draw_latents: DrawLatents | None
) -> PIL.Image.Image | None:
    if draw_latents is not None:
        return draw_latents(one[None])
    cells = numpy.moveaxis(_floats(one, side), 0, -1)
    return enlarged(draw_pixels(guessed_colours(cells), cells), side)


def channel_tiles(tensor: torch.Tensor, side: int = DEFAULT_SIDE) -> PIL.Image.Image | None:
    """The channels of the first of a batch of latents, each by itself in grey."""
    if tensor.ndim not in (3, 4, 5) or tensor.numel() == 0 or tensor.is_meta:
        return None
    first = tensor.detach() if tensor.ndim == 3 else tensor.detach()[0]
    channels = first[:, 0] if tensor.ndim == 5 else first
    grids = [_floats(channels[n], side) for n in spread(len(channels))]
    greys = [draw_pixels(_grey(stretched(grid)), grid) for grid in grids]
    return contact_sheet([enlarged(grey, side // 4) for grey in greys], side)


# -- values


def _channels_first(array: numpy.ndarray) -> torch.Tensor:
    """The array as a tensor; pictures and batches of arrays have their channels last."""
    array = numpy.array(array, dtype=array.dtype.newbyteorder("="), order="C")
    if array.dtype.itemsize > (16 if array.dtype.kind == "c" else 8):
        array = array.astype(numpy.complex128 if array.dtype.kind == "c" else numpy.float64)
    tensor = torch.from_numpy(array)
    if array.ndim >= 3 and array.shape[-1] in _BANDS and min(array.shape[-3:-1]) > 4:
        return tensor.movedim(-1, -3)
    return tensor


def _floats(tensor: torch.Tensor, side: int) -> Floats:
    """Values (…, rows, columns) as doubles, averaged on their device down to ``side``.

    A cell with a single NaN in it is NaN.
    """
    size = _size_within(tensor.shape[-2], tensor.shape[-1], side)
    if size != tuple(tensor.shape[-2:]):
        tensor = torch.nn.functional.adaptive_avg_pool2d(tensor.float()[None], size)[0]
    values: Any = tensor.cpu().double().numpy()
    return values


def _size_within(height: int, width: int, side: int) -> tuple[int, int]:
    """Rows and columns that fit: in proportion, but for matrices that would become a thin line."""
    longest = max(height, width)
    if longest <= side:
        return height, width
    if longest > _THIN * min(height, width):
        return min(height, side), min(width, side)
    return max(1, round(height * side / longest)), max(1, round(width * side / longest))


def _picture_range(dtype: torch.dtype, *values: Floats) -> tuple[float, float] | None:
    """Where black and white are, told by the range of the values; None where it is no picture's."""
    if dtype == torch.uint8:
        return 0.0, 255.0
    if dtype == torch.bool:
        return 0.0, 1.0
    finite = numpy.concatenate([part[numpy.isfinite(part)] for part in values])
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 0.0)
    if low >= -_SLACK and high <= 1 + _SLACK:
        return 0.0, 1.0
    if low >= -1 - _SLACK and high <= 1 + _SLACK:
        return -1.0, 1.0
    is_whole = bool((finite == finite.round()).all()) or not dtype.is_floating_point
    return (0.0, 255.0) if low >= 0 and high <= 255 and (high > 16 or is_whole) else None


def _picture(values: Floats, scale: tuple[float, float]) -> PIL.Image.Image:
    """(bands, rows, columns) as a picture; an alpha band is left out."""
    moved = (values[:3] - scale[0]) / (scale[1] - scale[0])
    colours = numpy.moveaxis(moved, 0, -1) if len(moved) == 3 else _grey(moved[0])
    return draw_pixels(colours, numpy.moveaxis(values, 0, -1))


def _grey(values: Floats) -> Floats:
    return numpy.repeat(values[..., None], 3, axis=-1)
