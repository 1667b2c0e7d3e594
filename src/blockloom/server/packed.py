"""Answers that stay the same for a while: kept as bytes, packed as well, and known by a tag."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass

from aiohttp import hdrs, web

_LEVEL = 6
# Below that the bytes that are saved are fewer than the header costs.
_SMALLEST = 1024


@dataclass(frozen=True, slots=True)
class Packed:
    """The bytes of an answer; ``gzipped`` is empty where packing saves nothing."""

    plain: bytes
    gzipped: bytes
    tag: str
    content_type: str


def pack(plain: bytes, content_type: str, *, is_packable: bool = True) -> Packed:
    """Bytes made ready to be sent many times; takes a while for large ones."""
    gzipped = b""
    if is_packable and len(plain) >= _SMALLEST:
        gzipped = gzip.compress(plain, compresslevel=_LEVEL, mtime=0)
    return Packed(plain, gzipped, hashlib.sha256(plain).hexdigest()[:24], content_type)


def packed_response(request: web.Request, packed: Packed) -> web.Response:
    """The answer, packed where the client unpacks, or "not changed" where it has it already."""
    headers = {hdrs.ETAG: f'"{packed.tag}"', hdrs.CACHE_CONTROL: "no-cache"}
    headers[hdrs.VARY] = hdrs.ACCEPT_ENCODING
    if packed.tag in request.headers.get(hdrs.IF_NONE_MATCH, ""):
        return web.Response(status=304, headers=headers)
    body = packed.plain
    if packed.gzipped and "gzip" in request.headers.get(hdrs.ACCEPT_ENCODING, ""):
        body, headers[hdrs.CONTENT_ENCODING] = packed.gzipped, "gzip"
    headers[hdrs.CONTENT_TYPE] = packed.content_type
    return web.Response(body=body, headers=headers)
