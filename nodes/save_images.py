"""Pictures into files: to keep, or only to look at."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import IO

import PIL.Image
from PIL.PngImagePlugin import PngInfo

from blockloom import Context, Image, node
from blockloom.errors import UsageError
from blockloom.export.png import png_metadata
from blockloom.picture_files import output_place, write_numbered
from blockloom.pictures import pictures_of


@node(category="image", id="SaveImage", title="Save Image", output=True)
def save_image(ctx: Context, images: Image, filename_prefix: str = "blockloom") -> None:
    """Save pictures as PNG in the output folder, under the next free number. Graph and seed are
    written into each picture, and whatever the editor that ran the graph sent along for that.

    Args:
        filename_prefix: How the name begins; it may name subfolders, and hold %width%, %height%,
            %year%, %month%, %day%, %hour%, %minute%, %second%.
    """
    for path in _save(ctx, images, ctx.output_folder, filename_prefix):
        ctx.announce(path)


@node(category="image", id="PreviewImage", title="Preview Image", output=True)
def preview_image(ctx: Context, images: Image) -> None:
    """Show pictures without keeping them among the results."""
    for path in _save(ctx, images, ctx.temporary_folder, "preview"):
        ctx.announce(path, is_temporary=True)


def _save(ctx: Context, images: Image, folder: Path, prefix: str) -> list[Path]:
    pictures = pictures_of(images)
    if not pictures:
        raise UsageError("There is no picture to save: the batch is empty.")
    place, start = output_place(folder, prefix, pictures[0].size)
    metadata = png_metadata(ctx.graph_json, ctx.seed, ctx.node_id, ctx.picture_notes)
    paths = []
    for done, picture in enumerate(pictures):
        ctx.progress(done, len(pictures))
        write = functools.partial(_write_png, picture, metadata)
        paths.append(write_numbered(place, start, ".png", write))
    return paths


def _write_png(picture: PIL.Image.Image, metadata: PngInfo, file: IO[bytes]) -> None:
    picture.save(file, format="PNG", pnginfo=metadata, compress_level=4)
