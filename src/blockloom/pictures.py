"""Pictures as values: what counts as one, and how arrays and tensors become pictures.

A picture on a wire is a ``PIL.Image.Image`` of mode RGB, RGBA or L that nobody changes in place; a
batch is a list of them. Blocks may also give arrays (0 to 1, channels last) or tensors (0 to 1,
channels first), as diffusers' ``output_type`` "np" and "pt" do.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import PIL.Image

from blockloom.errors import UsageError

if TYPE_CHECKING:
    import numpy
    from numpy.typing import NDArray

MAX_SIDE = 16384
"""Longest side of a picture, in pixels; ComfyUI's limit too."""

MAX_PIXELS = 178_956_970
"""Most pixels of a picture or an animation: half a gigabyte in memory."""

_MODES = ("RGB", "RGBA", "L")
_ALPHA_MODES = ("LA", "PA", "La", "RGBa")


def pictures_of(value: object) -> list[PIL.Image.Image]:
    """The pictures in a value, in order; raises ``UsageError`` for what is no picture."""
    if isinstance(value, PIL.Image.Image):
        return [plain(value)]
    if isinstance(value, (list, tuple)):
        return [picture for item in value for picture in pictures_of(item)]
    frames = getattr(value, "frames", None)
    if isinstance(frames, tuple):  # a film
        return [picture for frame in frames for picture in pictures_of(frame)]
    array = _array_of(value)
    if array is None:
        raise UsageError(
            f"A picture was expected, but this is {_kind_of(value)}.",
            remedy="Connect an image, or a decoder that makes one.",
        )
    return [_picture_from(page) for page in array]


def map_pictures(
    value: object, change: Callable[[PIL.Image.Image], PIL.Image.Image]
) -> PIL.Image.Image | list[PIL.Image.Image]:
    """Apply ``change`` to each picture; one picture gives one picture, a batch a batch."""
    changed = [change(picture) for picture in pictures_of(value)]
    return changed[0] if isinstance(value, PIL.Image.Image) else changed


def one_or_batch(
    pictures: Sequence[PIL.Image.Image],
) -> PIL.Image.Image | list[PIL.Image.Image]:
    """A single picture as it is, several as a batch."""
    return pictures[0] if len(pictures) == 1 else list(pictures)


def plain(picture: PIL.Image.Image) -> PIL.Image.Image:
    """The picture in mode RGB, RGBA or L; 16-bit greys are scaled to 8 bits, not clipped."""
    mode = picture.mode
    if mode in _MODES:
        return picture
    if mode in _ALPHA_MODES or "transparency" in picture.info:
        return picture.convert("RGBA")
    if mode == "1":
        return picture.convert("L")
    if mode == "F" or mode.startswith("I"):
        return _deep_grey(picture)
    return picture.convert("RGB")


def _deep_grey(picture: PIL.Image.Image) -> PIL.Image.Image:
    import numpy

    values = numpy.asarray(picture).astype(numpy.float64)
    top = 1.0 if picture.mode == "F" else 65535.0
    if not numpy.isfinite(values).all() or values.min() < 0 or values.max() > top:
        raise UsageError(
            f"The picture's grey values (mode {picture.mode}) go from {values.min():g} to "
            f"{values.max():g}; 0 to {top:g} can be used.",
            remedy="Save it with 8 or 16 bits a channel.",
        )
    return PIL.Image.fromarray((values * (255.0 / top)).round().astype(numpy.uint8))


def _array_of(value: object) -> NDArray[numpy.generic] | None:
    """The value as an array of pictures, channels last; None where it is no array at all."""
    torch = sys.modules.get("torch")
    if torch is not None and isinstance(value, torch.Tensor):
        tensor = value.detach().cpu()
        tensor = tensor.float() if tensor.is_floating_point() else tensor
        return _pages(tensor.numpy(), channels_first=True)
    numpy = sys.modules.get("numpy")
    if numpy is not None and isinstance(value, numpy.ndarray):
        return _pages(value, channels_first=False)
    return None


def _pages(array: NDArray[numpy.generic], *, channels_first: bool) -> NDArray[numpy.generic]:
    """An array (n, height, width, channels) from one picture or a batch in either layout."""
    shape = array.shape
    if array.ndim == 2:
        return array[None, :, :, None]
    if array.ndim == 3:
        array = array[None]
    if array.ndim == 4:
        first, last = array.shape[1] in (1, 3, 4), array.shape[3] in (1, 3, 4)
        if first and (channels_first or not last):
            return array.transpose(0, 2, 3, 1)
        if last:
            return array
    raise UsageError(
        f"Values of the shape {tuple(shape)} are no picture.",
        remedy="A picture has 1, 3 or 4 channels; latents go through a decoder first.",
    )


def _picture_from(page: NDArray[numpy.generic]) -> PIL.Image.Image:
    import numpy

    if page.dtype != numpy.uint8:
        values = page.astype(numpy.float64)
        if not numpy.isfinite(values).all():
            raise UsageError(
                "The picture has values that are no numbers (NaN or infinite).",
                remedy="A half-precision VAE does that: load the model with dtype float32.",
            )
        if values.min(initial=0.0) < -0.01 or values.max(initial=0.0) > 1.01:
            raise UsageError(
                f"The picture's values go from {values.min():.3g} to {values.max():.3g}, "
                "not from 0 to 1.",
                remedy="Latents go through a decoder first.",
            )
        page = (values.clip(0, 1) * 255).round().astype(numpy.uint8)
    return PIL.Image.fromarray(page[:, :, 0] if page.shape[2] == 1 else page)


def _kind_of(value: object) -> str:
    if value is None:
        return "empty"
    return (
        f"a text ({value[:40]!r})" if isinstance(value, str) else f"of type {type(value).__name__}"
    )
