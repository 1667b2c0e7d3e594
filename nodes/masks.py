"""Masks: pictures in black and white that say what changes (white) and what stays (black)."""

from __future__ import annotations

from typing import Annotated, Literal

import PIL.Image
from PIL import ImageChops

from blockloom import Colour, Image, Mask, Range, node
from blockloom.errors import UsageError
from blockloom.pictures import MAX_SIDE, map_pictures


@node(category="mask", id="ImageColorToMask", title="Image Color to Mask")
def color_to_mask(image: Image, color: Annotated[int, Range(0, 0xFFFFFF), Colour] = 0) -> Mask:
    """Make a mask that is white where the picture has exactly one colour.

    Args:
        color: The colour as a number: 16711680 (0xFF0000) is red, 16777215 white.
    """
    wanted = (color >> 16 & 255, color >> 8 & 255, color & 255)

    def is_that_color(picture: PIL.Image.Image) -> PIL.Image.Image:
        channels = picture.convert("RGB").split()
        masks = [
            channel.point([255 if value == level else 0 for value in range(256)])
            for channel, level in zip(channels, wanted, strict=True)
        ]
        return ImageChops.darker(ImageChops.darker(masks[0], masks[1]), masks[2])

    return map_pictures(image, is_that_color)


@node(category="mask", id="ImageToMask", title="Convert Image to Mask")
def image_to_mask(image: Image, channel: Literal["red", "green", "blue", "alpha"] = "red") -> Mask:
    """Take one channel of a picture as a mask; "alpha" is white where the picture is opaque."""

    def of_channel(picture: PIL.Image.Image) -> PIL.Image.Image:
        if channel != "alpha":
            return picture.convert("RGB").getchannel(channel[0].upper())
        if picture.mode != "RGBA":
            raise UsageError(
                "The picture has no transparency.",
                remedy="Take another channel, or the mask of Load Image.",
            )
        return picture.getchannel("A")

    return map_pictures(image, of_channel)


@node(category="mask", id="MaskToImage", title="Convert Mask to Image")
def mask_to_image(mask: Mask) -> Image:
    """Show a mask as a picture in grey."""
    return map_pictures(mask, lambda picture: picture.convert("L").convert("RGB"))


@node(category="mask", id="InvertMask", title="Invert Mask")
def invert_mask(mask: Mask) -> Mask:
    """Swap what changes and what stays."""
    return map_pictures(mask, lambda picture: ImageChops.invert(picture.convert("L")))


@node(category="mask", id="SolidMask", title="Solid Mask")
def solid_mask(
    value: Annotated[float, Range(0, 1, step=0.01)] = 1.0,
    width: Annotated[int, Range(1, MAX_SIDE)] = 512,
    height: Annotated[int, Range(1, MAX_SIDE)] = 512,
) -> Mask:
    """Make a mask of one grey.

    Args:
        value: 1 is white and changes everything, 0 is black and changes nothing.
    """
    return PIL.Image.new("L", (width, height), round(value * 255))
