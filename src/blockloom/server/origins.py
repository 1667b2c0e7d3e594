"""``/blockloom/origin``: the graph that a picture, a film or a sound was made with."""

from __future__ import annotations

import asyncio
from pathlib import Path, PurePosixPath

from aiohttp import web

from blockloom.errors import NotFoundError, UsageError
from blockloom.export.media import read_media_origin
from blockloom.export.png import PictureOrigin
from blockloom.server.bodies import json_response
from blockloom.server.uploads import Upload, receive_upload, upload_drafts
from blockloom.server.view import DRAWING


async def post_origin(request: web.Request) -> web.Response:
    """The graph and the seed inside a picture, film or sound; the file is not kept."""
    with upload_drafts() as folder:
        upload = await receive_upload(request, Path(folder))
        async with request.app[DRAWING]:
            origin = await asyncio.to_thread(_read, upload)
    return json_response({**origin.graph_json, "seed": origin.seed, "node": origin.node_id})


def _read(upload: Upload) -> PictureOrigin:
    try:
        return read_media_origin(upload.path)
    except (NotFoundError, UsageError) as error:
        # It is told by the name it was sent with.
        name = PurePosixPath(upload.file_name.replace("\\", "/")).name
        message = error.message.replace(upload.path.name, name)
        raise type(error)(message, remedy=error.remedy) from error


def add_routes(routes: list[web.RouteDef]) -> None:
    """Under ``/blockloom``."""
    routes.append(web.post("/blockloom/origin", post_origin))
