"""Pictures from files, and plain ones."""

from __future__ import annotations

import hashlib
from typing import Annotated, Literal, NamedTuple

import PIL.Image
from PIL import ImageChops

from blockloom import Colour, Context, Image, Mask, PictureFile, Range, node
from blockloom.errors import UsageError
from blockloom.picture_files import open_pictures
from blockloom.pictures import MAX_SIDE, one_or_batch, pictures_of


class LoadedImage(NamedTuple):
    """A picture without its transparency, and the transparency as a mask."""

    image: Image
    mask: Mask


def _content(ctx: Context, image: str, channel: str = "") -> str:
    """Tells whether the file has changed, wherever it lies and whatever its date says."""
    with open(ctx.input_file(image), "rb") as file:
        return hashlib.file_digest(file, "blake2b").hexdigest()


@node(category="image", id="LoadImage", title="Load Image", fingerprint=_content)
def load_image(ctx: Context, image: Annotated[str, PictureFile]) -> LoadedImage:
    """Load a picture from a file in the input folder. The mask is white where the picture is
    transparent, and black all over where it has no transparency. An animation gives its frames.

    Args:
        image: Name of the file inside the input folder.
    """
    frames = open_pictures(ctx.input_file(image))
    return LoadedImage(
        image=one_or_batch([frame.convert("RGB") for frame in frames]),
        mask=one_or_batch([_transparency(frame) for frame in frames]),
    )


@node(category="mask", id="LoadImageMask", title="Load Image (as Mask)", fingerprint=_content)
def load_image_mask(
    ctx: Context,
    image: Annotated[str, PictureFile],
    channel: Literal["alpha", "red", "green", "blue"] = "alpha",
) -> Mask:
    """Load one channel of a picture as a mask: white is what changes.

    Args:
        image: Name of the file inside the input folder.
        channel: Of "alpha" the transparent parts become white; of a colour its bright parts do.
    """
    frames = open_pictures(ctx.input_file(image))
    if channel == "alpha":
        return one_or_batch([_transparency(frame) for frame in frames])
    return one_or_batch([frame.convert("RGB").getchannel(channel[0].upper()) for frame in frames])


@node(category="image", id="EmptyImage", title="Empty Image")
def empty_image(
    width: Annotated[int, Range(1, MAX_SIDE)] = 512,
    height: Annotated[int, Range(1, MAX_SIDE)] = 512,
    batch_size: Annotated[int, Range(1, 4096)] = 1,
    color: Annotated[int, Range(0, 0xFFFFFF), Colour] = 0,
) -> Image:
    """Make a picture of one colour.

    Args:
        batch_size: How many pictures.
        color: The colour as a number: 16711680 (0xFF0000) is red, 16777215 white.
    """
    rgb = (color >> 16 & 255, color >> 8 & 255, color & 255)
    return one_or_batch([PIL.Image.new("RGB", (width, height), rgb)] * batch_size)


@node(category="image/batch", id="ImageFromBatch", title="Image From Batch")
def image_from_batch(
    image: Image,
    batch_index: Annotated[int, Range(0, 4095)] = 0,
    length: Annotated[int, Range(1, 4096)] = 1,
) -> Image:
    """Take pictures out of a batch.

    Args:
        batch_index: Which one is taken first; the batch begins with 0.
        length: How many are taken, as far as there are so many.
    """
    pictures = pictures_of(image)
    if batch_index >= len(pictures):
        raise UsageError(
            f"The batch has {len(pictures)} picture(s), there is no number {batch_index}.",
            remedy=f"Set batch_index to {len(pictures) - 1} or less.",
        )
    return one_or_batch(pictures[batch_index : batch_index + length])


def _transparency(picture: PIL.Image.Image) -> PIL.Image.Image:
    if picture.mode != "RGBA":
        return PIL.Image.new("L", picture.size, 0)
    return ImageChops.invert(picture.getchannel("A"))
