"""Picture files: opening what an artist has, and writing under numbered names inside one folder."""

from __future__ import annotations

import os
import re
import struct
import time
import uuid
import warnings
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import IO

import PIL.Image
import PIL.ImageOps

from blockloom.errors import UsageError, storage_error
from blockloom.pictures import MAX_PIXELS, plain

# Formats that people have pictures in. Pillow knows more, some of which start other programs.
_FORMATS = ("PNG", "JPEG", "WEBP", "AVIF", "GIF", "TIFF", "BMP", "TGA", "PPM", "JPEG2000", "QOI")
_MAX_FRAMES = 10_000
_FORBIDDEN = re.compile(r'[\x00-\x1f<>:"|?*]')


def open_pictures(path: Path) -> list[PIL.Image.Image]:
    """All frames of a picture file, upright, in mode RGB, RGBA or L.

    Only frames of the first one's size are taken (a phone's picture may carry a smaller depth map).
    Raises ``UsageError`` for a file that is no picture, is damaged or is too large.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what Pillow warns of is refused or repaired below
            with PIL.Image.open(path, formats=_FORMATS) as picture:
                return _frames(picture, path.name)
    except PIL.Image.DecompressionBombError as error:
        raise _too_large(path.name, "far more pixels than any camera makes") from error
    except PIL.UnidentifiedImageError as error:
        raise UsageError(
            f'"{path.name}" is not a picture that can be opened.',
            remedy="PNG, JPEG, WebP, AVIF, GIF, TIFF and BMP files can.",
        ) from error
    except (OSError, SyntaxError, ValueError, EOFError, struct.error) as error:
        if isinstance(error, OSError) and error.errno is not None:
            reason = error.strerror or str(error)
            raise UsageError(f'"{path.name}" cannot be read: {reason}.') from error
        raise UsageError(
            f'The picture "{path.name}" is damaged: {error}.',
            remedy="Open it in a picture editor and save it again.",
        ) from error


def _frames(picture: PIL.Image.Image, name: str) -> list[PIL.Image.Image]:
    # A MPO file is a photograph with its thumbnails and depth maps, not an animation.
    count = 1 if picture.format == "MPO" else getattr(picture, "n_frames", 1)
    width, height = picture.size
    if count > _MAX_FRAMES:
        raise UsageError(
            f'The picture "{name}" has {count} frames; {_MAX_FRAMES} are allowed.',
            remedy="Cut it into shorter ones.",
        )
    if width * height * count > MAX_PIXELS:
        raise _too_large(name, f"{width} x {height} pixels, {count} frame(s)")
    frames: list[PIL.Image.Image] = []
    for index in range(count):
        if count > 1:
            picture.seek(index)
        frame = PIL.ImageOps.exif_transpose(picture)
        if not frames or frame.size == frames[0].size:
            frames.append(_loaded(plain(frame)))
    return frames


def _loaded(picture: PIL.Image.Image) -> PIL.Image.Image:
    """A picture of its own: no open file behind it, none of the file's metadata carried along."""
    copy = picture.copy()
    copy.info = {}
    return copy


def _too_large(name: str, size: str) -> UsageError:
    return UsageError(
        f'The picture "{name}" is too large: {size}.',
        remedy=f"Make it smaller than {MAX_PIXELS // 1_000_000} million pixels.",
    )


def output_place(folder: Path, prefix: str, size: tuple[int, int]) -> tuple[Path, str]:
    """The folder and the start of the file name that a prefix stands for.

    The prefix may name subfolders, which are made, and hold ``%width%``, ``%height%``, ``%year%``,
    ``%month%``, ``%day%``, ``%hour%``, ``%minute%``, ``%second%``. Raises ``UsageError`` where it
    leads out of ``folder``, through a link too.
    """
    text = _filled_in(prefix, size).replace("\\", "/")
    parts = PurePosixPath(text).parts
    if not parts or text.endswith("/") or _FORBIDDEN.search(text):
        raise UsageError(
            f'"{prefix}" cannot be used as the start of a file name.',
            remedy='Use letters, digits, "-" and "_"; "/" for a subfolder, with a name after it.',
        )
    target = folder.joinpath(*parts[:-1])
    inside = folder.resolve()
    if ".." in parts or text.startswith("/") or not target.resolve().is_relative_to(inside):
        raise UsageError(
            f'The file name "{prefix}" leads out of the output folder.',
            remedy="Use a name, or a subfolder and a name.",
        )
    try:
        target.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise storage_error(f'The folder "{target}" cannot be made', error) from error
    return target, parts[-1]


def _filled_in(prefix: str, size: tuple[int, int]) -> str:
    now = time.localtime()
    values = {
        "width": str(size[0]),
        "height": str(size[1]),
        "year": f"{now.tm_year:04d}",
        "month": f"{now.tm_mon:02d}",
        "day": f"{now.tm_mday:02d}",
        "hour": f"{now.tm_hour:02d}",
        "minute": f"{now.tm_min:02d}",
        "second": f"{now.tm_sec:02d}",
    }
    return re.sub(r"%(\w+)%", lambda match: values.get(match[1], match[0]), prefix)


def write_numbered(
    folder: Path, start: str, suffix: str, write: Callable[[IO[bytes]], None]
) -> Path:
    """Write ``start_00001_`` + ``suffix`` with the next free number.

    The file appears whole or not at all, is on the disk when this returns, two writers never get
    the same name, and nothing is ever overwritten. Raises ``StorageError`` where it cannot be
    written.
    """
    temporary = folder / f".{uuid.uuid4().hex}.part"
    try:
        try:
            with open(temporary, "xb") as file:
                write(file)
                file.flush()
                os.fsync(file.fileno())
            return _named(temporary, folder, start, suffix)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as error:
        if error.errno is None:  # the picture's fault, not the disk's
            raise
        what = f'"{start}{suffix}" cannot be written to the folder "{folder}"'
        raise storage_error(what, error) from error


def _named(temporary: Path, folder: Path, start: str, suffix: str) -> Path:
    """The file under the next free number."""
    number = _last_number(folder, start) + 1
    while True:
        path = folder / f"{start}_{number:05d}_{suffix}"
        if _take_name(temporary, path):
            return path
        number += 1


def _take_name(temporary: Path, path: Path) -> bool:
    """Give the file its name; false where the name is taken."""
    try:
        os.link(temporary, path)
    except FileExistsError:
        return False
    except OSError:  # a file system without hard links
        if path.exists():
            return False
        temporary.rename(path)
    return True


def _last_number(folder: Path, start: str) -> int:
    pattern = re.compile(re.escape(start) + r"_(\d+)_?\.", re.IGNORECASE)
    numbers = (pattern.match(entry.name) for entry in os.scandir(folder))
    return max((int(match[1]) for match in numbers if match), default=0)
