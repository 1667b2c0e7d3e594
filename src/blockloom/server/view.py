"""``/view``: the files that jobs wrote and read, whole, in part, or as a small picture."""

from __future__ import annotations

import asyncio
import hashlib
import io
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import PIL.Image
from aiohttp import hdrs, web
from aiohttp.helpers import ETAG_ANY

from blockloom.errors import UsageError
from blockloom.film_files import first_frame
from blockloom.picture_files import open_pictures
from blockloom.server.keys import CONFIG, Folders
from blockloom.server.places import inside

# What a browser may take a file for. Not what the system's own table says, which differs from one
# machine to the next; and no SVG, which is a page that can hold scripts.
_TYPES = {
    **dict.fromkeys((".jpg", ".jpeg"), "image/jpeg"),
    **dict.fromkeys((".tif", ".tiff"), "image/tiff"),
    **{f".{name}": f"image/{name}" for name in ("png", "webp", "gif", "avif", "bmp")},
    **dict.fromkeys((".mp4", ".m4v"), "video/mp4"),
    ".webm": "video/webm",
    ".mkv": "video/x-matroska",
    ".mov": "video/quicktime",
    ".mp3": "audio/mpeg",
    ".m4a": "audio/mp4",
    ".opus": "audio/ogg",
    **dict.fromkeys((".ogg", ".oga"), "audio/ogg"),
    **{f".{name}": f"audio/{name}" for name in ("wav", "flac", "aac")},
    ".ogv": "video/ogg",
    ".avi": "video/x-msvideo",
    ".json": "application/json",
    ".txt": "text/plain",
}
_PREVIEW_FORMATS = {"webp": "WEBP", "jpeg": "JPEG", "png": "PNG"}
_CHANNELS = frozenset({"rgb", "a", "rgba"})
_LARGEST_SIDE = 8192
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
_AT_ONCE = 4

DRAWING: web.AppKey[asyncio.Semaphore] = web.AppKey("drawing", asyncio.Semaphore)


@dataclass(frozen=True, slots=True)
class Drawn:
    """How a picture is wanted: its format and quality, which channels, and how large at most."""

    format: str = ""
    quality: int = 90
    channel: str = "rgba"
    side: int = 0

    @property
    def is_original(self) -> bool:
        """Whether the file itself is wanted."""
        return not self.format and self.channel == "rgba" and not self.side


async def get_view(request: web.Request) -> web.StreamResponse:
    """A file from the output, input or temporary folder."""
    path = await asyncio.to_thread(_wanted_path, request)
    drawn = _drawn(request)
    headers = {
        hdrs.CONTENT_DISPOSITION: _disposition(path.name),
        hdrs.CACHE_CONTROL: "private, no-cache",
        "Content-Security-Policy": _POLICY,
    }
    if drawn.is_original:
        response = web.FileResponse(path, headers=headers)
        response.content_type = content_type_of(path)
        return response
    return await _drawn_response(request, path, drawn, headers)


def _wanted_path(request: web.Request) -> Path:
    query = request.query
    name, kind = _split_note(query.get("filename", ""))
    if not name:
        raise web.HTTPNotFound
    kind = kind or query.get("type", "output")
    roots = roots_of(kind, request.app[CONFIG].folders)
    if not roots:
        raise UsageError('"type" has to be output, input or temp.')
    if name.startswith(("/", "\\")) or ".." in name.replace("\\", "/").split("/"):
        raise UsageError("That is no file name.")
    for root in roots:
        folder = inside(root, query.get("subfolder", ""))
        path = inside(root, query.get("subfolder", ""), name)
        if not path.is_relative_to(folder):
            raise UsageError("That is no file name.")
        if path.is_file():
            return path
    raise web.HTTPNotFound


def _split_note(name: str) -> tuple[str, str]:
    """``picture.png [input]`` names file and folder at once."""
    for kind in ("output", "input", "temp"):
        if name.endswith(f" [{kind}]"):
            return name[: -len(kind) - 3], kind
    return name, ""


def roots_of(kind: str, folders: Folders) -> tuple[Path, ...]:
    """The folders that ComfyUI's clients call by a name, in the order they are looked into."""
    return {
        "output": (folders.output,),
        "input": folders.inputs,
        "temp": (folders.temporary,),
    }.get(kind, ())


def content_type_of(path: Path) -> str:
    """What a browser may take a file for: pictures, films and sounds; the rest is only bytes."""
    return _TYPES.get(path.suffix.lower(), "application/octet-stream")


def _disposition(name: str) -> str:
    plain = "".join(char if " " <= char <= "~" and char not in '"\\' else "_" for char in name)
    exact = "" if plain == name else f"; filename*=UTF-8''{quote(name, safe='')}"
    return f'filename="{plain}"{exact}'


def _drawn(request: web.Request) -> Drawn:
    format_, quality, side = "", 90, 0
    if preview := request.query.get("preview", ""):
        name, _, given = preview.partition(";")
        # As ComfyUI: a format it does not know is drawn as webp.
        format_ = _PREVIEW_FORMATS.get(name, "WEBP")
        quality = min(100, max(1, int(given))) if given.isdecimal() and len(given) < 4 else 90
    if size := request.query.get("size", ""):
        if not size.isdecimal() or len(size) > 5 or not 0 < int(size) <= _LARGEST_SIDE:
            raise UsageError(f'"size" has to be a number of pixels from 1 to {_LARGEST_SIDE}.')
        side = int(size)
    channel = request.query.get("channel", "rgba")
    return Drawn(format_, quality, channel if channel in _CHANNELS else "rgba", side)


async def _drawn_response(
    request: web.Request, path: Path, drawn: Drawn, headers: dict[str, str]
) -> web.Response:
    stat = await asyncio.to_thread(path.stat)
    known = f"{path}|{stat.st_mtime_ns}|{stat.st_size}|{drawn}"
    tag = hashlib.sha256(known.encode("utf-8", "surrogateescape")).hexdigest()[:24]
    if _is_known(request, tag, stat.st_mtime):
        response = web.Response(status=304, headers=headers)
    else:
        async with request.app[DRAWING]:
            body, kind = await asyncio.to_thread(draw, path, drawn)
        response = web.Response(body=body, content_type=f"image/{kind.lower()}", headers=headers)
    response.etag = tag
    response.last_modified = stat.st_mtime
    return response


def _is_known(request: web.Request, tag: str, changed: float) -> bool:
    """Whether the client has it already, as it says: by its tag, else by its date."""
    tags = request.if_none_match
    if tags is not None:
        return any(known.value in (tag, ETAG_ANY) for known in tags)
    since = request.if_modified_since
    return since is not None and int(changed) <= since.timestamp()


def draw(path: Path, drawn: Drawn) -> tuple[bytes, str]:
    """A picture file drawn anew, of a film its first frame; raises UsageError where it is neither,
    or far too large."""
    is_film = content_type_of(path).startswith("video/")
    picture = first_frame(path) if is_film else open_pictures(path)[0]
    if drawn.side:
        picture.thumbnail((drawn.side, drawn.side), PIL.Image.Resampling.LANCZOS)
    kind = drawn.format or "PNG"
    if drawn.channel == "a":
        alpha = picture.convert("RGBA").getchannel("A")
        picture = PIL.Image.new("RGBA", alpha.size)
        picture.putalpha(alpha)
        kind = "PNG"
    elif drawn.channel == "rgb" or kind == "JPEG":
        picture = picture.convert("RGB")
    target = io.BytesIO()
    options = {} if kind == "PNG" else {"quality": drawn.quality}
    try:
        picture.save(target, format=kind, **options)
    except (OSError, ValueError) as error:
        raise UsageError(
            f"The picture is too large for {kind}: {picture.width} x {picture.height} pixels.",
            remedy="Ask for a smaller one, with size=512.",
        ) from error
    return target.getvalue(), kind


def limit_drawing(app: web.Application) -> None:
    """Only a few pictures are drawn at once: each of them may be large."""
    app[DRAWING] = asyncio.Semaphore(_AT_ONCE)


def add_routes(routes: list[web.RouteDef]) -> None:
    """``GET /view``."""
    routes.append(web.get("/view", get_view))
