"""``/upload/image`` and ``/upload/mask``: here pictures, films and sounds come in, nothing else."""

from __future__ import annotations

import asyncio
import io
import json
import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import PIL.Image
from aiohttp import BodyPartReader, web
from aiohttp.http import HttpProcessingError

from blockloom.errors import UsageError, storage_error
from blockloom.media_suffixes import MEDIA_SUFFIXES
from blockloom.picture_files import open_pictures
from blockloom.server.bodies import json_response
from blockloom.server.keys import CONFIG, CROWD
from blockloom.server.media_uploads import media_suffixes
from blockloom.server.places import inside, write_whole
from blockloom.server.view import DRAWING, roots_of

_LARGEST_FIELD = 64 * 1024
_MOST_FIELDS = 16
_CHUNK = 256 * 1024
_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f<>:"|?*\\/]')
_SUFFIXES = {
    "PNG": (".png",),
    "JPEG": (".jpg", ".jpeg"),
    "MPO": (".jpg", ".jpeg"),
    "WEBP": (".webp",),
    "AVIF": (".avif",),
    "GIF": (".gif",),
    "TIFF": (".tif", ".tiff"),
    "BMP": (".bmp",),
    "TGA": (".tga",),
    "PPM": (".ppm", ".pgm", ".pbm"),
    "JPEG2000": (".jp2",),
    "QOI": (".qoi",),
}


@dataclass(frozen=True, slots=True)
class Upload:
    """A form that was sent: its texts, and the picture in a temporary file."""

    fields: Mapping[str, str]
    file_name: str
    path: Path


async def post_image(request: web.Request) -> web.Response:
    """Store a picture, a film or a sound in the input folder; the same name with other content gets
    a number."""
    with upload_drafts() as folder:
        upload = await receive_upload(request, Path(folder))
        target = _target(request, upload)
        is_replacing = upload.fields.get("overwrite", "").lower() in ("true", "1")
        async with request.app[DRAWING]:
            stored = await asyncio.to_thread(_store_checked, upload, target, is_replacing)
    return _stored_response(request, stored)


async def post_mask(request: web.Request) -> web.Response:
    """Store a copy of ``original_ref`` with the transparency of the picture that was sent."""
    with upload_drafts() as folder:
        upload = await receive_upload(request, Path(folder))
        target = _target(request, upload)
        original = _original(request, upload)
        is_replacing = upload.fields.get("overwrite", "").lower() in ("true", "1")
        async with request.app[DRAWING]:
            stored = await asyncio.to_thread(_store_masked, upload, original, target, is_replacing)
    return _stored_response(request, stored)


def upload_drafts() -> tempfile.TemporaryDirectory[str]:
    """A folder for what comes in, until it is known to be a picture."""
    try:
        return tempfile.TemporaryDirectory(prefix="blockloom-upload-")
    except OSError as error:
        # Not even where all programs put what they need for a moment.
        raise storage_error("There is no room for temporary files", error) from error


async def receive_upload(request: web.Request, folder: Path) -> Upload:
    """Read the form, within the limits of its size; raises UsageError for anything else."""
    if not request.content_type.startswith("multipart/"):
        raise UsageError("A picture is sent as a form (multipart/form-data).")
    fields: dict[str, str] = {}
    name, path = "", folder / "upload"
    try:
        async with request.app[CROWD].uploading(request):
            reader = await request.multipart()
            for _ in range(_MOST_FIELDS):
                part = await reader.next()
                if part is None:
                    break
                if not isinstance(part, BodyPartReader) or not part.name:
                    continue
                if part.name == "image" and part.filename:
                    name = part.filename
                    await _receive_file(part, path, request.app[CONFIG].max_upload)
                else:
                    fields[part.name[:100]] = await _receive_text(part)
    except (HttpProcessingError, ValueError, AssertionError, RuntimeError, LookupError) as error:
        raise UsageError("The form cannot be read.") from error
    if not name:
        raise UsageError('The form holds no picture; it belongs into the field "image".')
    return Upload(fields, name, path)


async def _receive_file(part: BodyPartReader, path: Path, limit: int) -> None:
    received = 0
    with path.open("wb") as file:
        while chunk := await part.read_chunk(_CHUNK):
            received += len(chunk)
            if received > limit:
                raise web.HTTPRequestEntityTooLarge(max_size=limit, actual_size=received)
            file.write(chunk)


async def _receive_text(part: BodyPartReader) -> str:
    data = bytearray()
    while chunk := await part.read_chunk(_LARGEST_FIELD):
        data += chunk
        if len(data) > _LARGEST_FIELD:
            raise UsageError(f'The field "{(part.name or "")[:100]}" is too long.')
    return data.decode("utf-8", "replace")


def _target(request: web.Request, upload: Upload) -> Path:
    """Where the picture goes, under the name it was sent with as far as that can be."""
    if upload.fields.get("type", "input") != "input":
        raise UsageError("Pictures can be sent to the input folder only.")
    root = request.app[CONFIG].folders.input
    subfolder = upload.fields.get("subfolder", "")
    try:
        folder = inside(root, subfolder)
        inside(root, subfolder, upload.file_name)
    except web.HTTPForbidden:
        raise UsageError("That name leads out of the input folder.") from None
    name = PurePosixPath(upload.file_name.replace("\\", "/")).name
    name = _FORBIDDEN.sub("_", name).strip(" .")[-120:].lstrip(" .")
    return folder / (name or "picture")


def _original(request: web.Request, upload: Upload) -> Path:
    try:
        found = json.loads(upload.fields.get("original_ref", ""))
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict) or not isinstance(found.get("filename"), str):
        raise UsageError('"original_ref" has to name the picture the mask is for.')
    roots = roots_of(str(found.get("type", "output")), request.app[CONFIG].folders)
    if not roots:
        raise UsageError('"original_ref": type has to be output, input or temp.')
    for root in roots:
        try:
            path = inside(root, str(found.get("subfolder") or ""), found["filename"])
        except web.HTTPForbidden:
            raise UsageError('"original_ref" leads out of its folder.') from None
        if path.is_file():
            return path
    raise UsageError("The picture the mask is for is not there.")


def _store_checked(upload: Upload, target: Path, is_replacing: bool) -> Path:
    """Store a picture after all of it was decoded, a film or a sound after its beginning was."""
    is_media = PurePosixPath(upload.file_name).suffix.lower() in MEDIA_SUFFIXES
    try:
        suffixes = media_suffixes(upload.path) if is_media else _picture_suffixes(upload.path)
    except UsageError as error:
        raise UsageError(error.message.replace(upload.path.name, target.name)) from error
    if target.suffix.lower() not in suffixes:
        target = target.with_name(f"{target.name}{suffixes[0]}")
    return _store(upload.path.read_bytes(), target, is_replacing)


def _picture_suffixes(path: Path) -> tuple[str, ...]:
    open_pictures(path)
    with PIL.Image.open(path) as picture:
        return _SUFFIXES.get(picture.format or "", (".png",))


def _store_masked(upload: Upload, original: Path, target: Path, is_replacing: bool) -> Path:
    mask = open_pictures(upload.path)[0].convert("RGBA").getchannel("A")
    picture = open_pictures(original)[0].convert("RGBA")
    picture.putalpha(mask.resize(picture.size))
    data = io.BytesIO()
    picture.save(data, format="PNG", compress_level=4)
    if target.suffix.lower() != ".png":
        target = target.with_name(f"{target.name}.png")
    return _store(data.getvalue(), target, is_replacing)


def _store(data: bytes, target: Path, is_replacing: bool) -> Path:
    """Write under the first free name; the same bytes under the same name are there already."""
    path, number = target, 0
    while not is_replacing and path.exists():
        is_same = path.is_file() and path.stat().st_size == len(data)
        if is_same and path.read_bytes() == data:
            return path
        number += 1
        path = target.with_name(f"{target.stem} ({number}){target.suffix}")
    try:
        write_whole(path, data)
    except OSError as error:
        raise storage_error("The picture cannot be stored", error) from error
    return path


def _stored_response(request: web.Request, stored: Path) -> web.Response:
    root = request.app[CONFIG].folders.input.resolve()
    subfolder = stored.parent.relative_to(root).as_posix()
    return json_response(
        {
            "name": stored.name,
            "subfolder": "" if subfolder == "." else subfolder,
            "type": "input",
        }
    )


def add_routes(routes: list[web.RouteDef]) -> None:
    """``POST /upload/image`` and ``POST /upload/mask``, as ComfyUI has them."""
    routes.append(web.post("/upload/image", post_image))
    routes.append(web.post("/upload/mask", post_mask))
