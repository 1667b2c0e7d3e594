"""Pictures changed: size, part, colours, side by side."""

from __future__ import annotations

from typing import Annotated, Literal

import PIL.Image
from PIL import ImageChops

from blockloom import Image, Range, node
from blockloom.errors import UsageError
from blockloom.pictures import MAX_SIDE, map_pictures, one_or_batch, pictures_of

_FILTERS = {
    "nearest-exact": PIL.Image.Resampling.NEAREST,
    "bilinear": PIL.Image.Resampling.BILINEAR,
    "area": PIL.Image.Resampling.BOX,
    "bicubic": PIL.Image.Resampling.BICUBIC,
    "lanczos": PIL.Image.Resampling.LANCZOS,
}


@node(category="image/upscaling", id="ImageScale", title="Upscale Image")
def scale_image(
    image: Image,
    upscale_method: Literal[
        "nearest-exact", "bilinear", "area", "bicubic", "lanczos"
    ] = "nearest-exact",
    width: Annotated[int, Range(0, MAX_SIDE)] = 512,
    height: Annotated[int, Range(0, MAX_SIDE)] = 512,
    crop: Literal["disabled", "center"] = "disabled",
) -> Image:
    """Scale a picture, up or down.

    Args:
        upscale_method: "lanczos" is sharpest, "nearest-exact" keeps hard pixels, "area" is best
            for much smaller pictures.
        width: In pixels; 0 keeps the picture's proportions.
        height: In pixels; 0 keeps the picture's proportions.
        crop: "center" cuts off what does not fit the new proportions, "disabled" stretches.
    """

    def scaled(picture: PIL.Image.Image) -> PIL.Image.Image:
        size = _target_size(picture.size, width, height)
        box = _centre_box(picture.size, size) if crop == "center" else None
        return picture.resize(size, _FILTERS[upscale_method], box=box)

    return map_pictures(image, scaled)


@node(category="image/transform", id="ImageCrop", title="Crop Image")
def crop_image(
    image: Image,
    width: Annotated[int, Range(1, MAX_SIDE)] = 512,
    height: Annotated[int, Range(1, MAX_SIDE)] = 512,
    x: Annotated[int, Range(0, MAX_SIDE)] = 0,
    y: Annotated[int, Range(0, MAX_SIDE)] = 0,
) -> Image:
    """Cut out a part of a picture; what would lie outside of the picture is left away.

    Args:
        x: Left edge of the part, in pixels.
        y: Upper edge of the part, in pixels.
    """

    def cropped(picture: PIL.Image.Image) -> PIL.Image.Image:
        left, top = min(x, picture.width - 1), min(y, picture.height - 1)
        right, bottom = min(left + width, picture.width), min(top + height, picture.height)
        return picture.crop((left, top, right, bottom))

    return map_pictures(image, cropped)


@node(category="image", id="ImageInvert", title="Invert Image")
def invert_image(image: Image) -> Image:
    """Turn light into dark and each colour into its opposite; transparency stays."""

    def inverted(picture: PIL.Image.Image) -> PIL.Image.Image:
        if picture.mode != "RGBA":
            return ImageChops.invert(picture)
        result = ImageChops.invert(picture.convert("RGB"))
        result.putalpha(picture.getchannel("A"))
        return result

    return map_pictures(image, inverted)


@node(category="image/transform", id="ImageStitch", title="Image Stitch")
def stitch_images(
    image1: Image,
    direction: Literal["right", "down", "left", "up"] = "right",
    match_image_size: bool = True,
    spacing_width: Annotated[int, Range(0, 1024, step=2)] = 0,
    spacing_color: Literal["white", "black", "red", "green", "blue"] = "white",
    image2: Image | None = None,
) -> Image:
    """Put a second picture beside the first one. Batches are joined picture by picture; the last
    picture of the shorter one is repeated.

    Args:
        direction: Where the second picture goes, seen from the first one.
        match_image_size: Scale the second picture to the first one's height (or width).
        spacing_width: Space between the two, in pixels.
    """
    first = pictures_of(image1)
    if image2 is None:
        return one_or_batch(first)
    second = pictures_of(image2)
    if not first or not second:
        raise UsageError("There is nothing to put side by side: a batch is empty.")
    joined = []
    for index in range(max(len(first), len(second))):
        one, other = first[min(index, len(first) - 1)], second[min(index, len(second) - 1)]
        if match_image_size:
            other = _fitted(other, one.size, direction)
        pair = (other, one) if direction in ("left", "up") else (one, other)
        joined.append(_side_by_side(pair, direction, spacing_width, spacing_color))
    return one_or_batch(joined)


def _target_size(size: tuple[int, int], width: int, height: int) -> tuple[int, int]:
    if width == 0 and height == 0:
        return size
    width = width or max(1, round(size[0] * height / size[1]))
    height = height or max(1, round(size[1] * width / size[0]))
    if max(width, height) > MAX_SIDE:
        raise UsageError(
            f"The picture would be {width} x {height} pixels; {MAX_SIDE} is the longest side.",
            remedy="Set a smaller width or height.",
        )
    return width, height


def _centre_box(size: tuple[int, int], target: tuple[int, int]) -> tuple[int, int, int, int]:
    """The largest part around the centre of a picture that has the target's proportions."""
    width, height = size
    ratio = target[0] / target[1]
    x = round((width - height * ratio) / 2) if width / height > ratio else 0
    y = round((height - width / ratio) / 2) if width / height < ratio else 0
    x, y = min(x, (width - 1) // 2), min(y, (height - 1) // 2)
    return x, y, width - x, height - y


def _fitted(picture: PIL.Image.Image, size: tuple[int, int], direction: str) -> PIL.Image.Image:
    """The picture as high (beside) or as wide (below, above) as the other one."""
    across = direction in ("left", "right")
    target = _target_size(picture.size, 0 if across else size[0], size[1] if across else 0)
    return picture.resize(target, PIL.Image.Resampling.LANCZOS)


def _side_by_side(
    pair: tuple[PIL.Image.Image, PIL.Image.Image], direction: str, spacing: int, color: str
) -> PIL.Image.Image:
    one, other = pair
    mode = "RGBA" if "RGBA" in (one.mode, other.mode) else "RGB"
    across = direction in ("left", "right")
    width = one.width + spacing + other.width if across else max(one.width, other.width)
    height = max(one.height, other.height) if across else one.height + spacing + other.height
    sheet = PIL.Image.new(mode, (width, height), color)
    for picture, start in ((one, 0), (other, (one.width if across else one.height) + spacing)):
        place = (
            (start, (height - picture.height) // 2)
            if across
            else ((width - picture.width) // 2, start)
        )
        sheet.paste(picture.convert(mode), place)
    return sheet
