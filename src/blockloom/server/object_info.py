"""Node types in the shape of ComfyUI's ``/object_info``, kept as the bytes that are sent."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from aiohttp import web

from blockloom.catalogue.catalogue import Catalogue
from blockloom.export.comfyui_sockets import (
    FILES,
    file_choices,
    number_limits,
    texts_of,
    type_name,
)
from blockloom.graph.literals import takes_literals
from blockloom.graph.model import Json
from blockloom.graph.node_types import InputSocket, Kind, NodeType
from blockloom.graph.sockets import SocketType
from blockloom.server.bodies import json_response, to_text
from blockloom.server.keys import CONFIG, catalogue_of
from blockloom.server.packed import Packed, pack, packed_response

_MAX_LISTED = 10_000


def input_config(socket: InputSocket, files: tuple[str, ...] | None = None) -> list[Json]:
    """``[TYPE, {options}]`` of an input; one that names a file has its choices among ``files``."""
    options: dict[str, Json] = {}
    if files is not None and socket.widget.look in FILES:
        return file_choices(socket, files)
    if socket.has_default and socket.default is not None:
        options["default"] = socket.default
    if socket.widget.choices:
        return [[*socket.widget.choices], {**options, **texts_of(socket)}]
    if socket.type in (SocketType.INT, SocketType.FLOAT, SocketType.SEED):
        options.update(number_limits(socket))
    if socket.type is SocketType.STRING:
        options["multiline"] = socket.widget.is_multiline
    if takes_literals(socket.type) and not socket.is_required and "default" not in options:
        # An editor of ComfyUI's always sends what a widget shows; only a socket can stay empty.
        options["forceInput"] = True
    return [type_name(socket.type), {**options, **texts_of(socket)}]


def node_info(node_type: NodeType, files: tuple[str, ...] = ()) -> dict[str, Json]:
    """A node type as ComfyUI describes one of its classes."""
    groups: dict[str, dict[str, Json]] = {"required": {}}
    for socket in node_type.inputs:
        group = groups.setdefault("required" if socket.is_required else "optional", {})
        group[socket.name] = input_config(socket, files)
    order: dict[str, Json] = {name: list(group) for name, group in groups.items()}
    outputs = node_type.outputs
    return {
        "input": dict(groups),
        "input_order": order,
        "output": [type_name(socket.type) for socket in outputs],
        "output_is_list": [False for _ in outputs],
        "output_name": [socket.title or socket.name for socket in outputs],
        "output_tooltips": [socket.description for socket in outputs],
        "name": node_type.id,
        "display_name": node_type.title or node_type.id,
        "description": node_type.description,
        "python_module": node_type.origin or "blockloom",
        "category": "/".join(node_type.category),
        "output_node": node_type.is_output,
    }


@dataclass(slots=True)
class ObjectInfo:
    """All node types as bytes; made at the first request, and again where the files changed."""

    catalogue: Catalogue
    input_folders: tuple[Path, ...]
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    _files: tuple[str, ...] = ()
    _packed: Packed | None = None

    async def answer(self, request: web.Request) -> web.Response:
        """Everything, packed where the client unpacks, or "not changed"."""
        async with self._lock:
            files = await asyncio.to_thread(input_files, self.input_folders)
            if self._packed is None or files != self._files:
                self._packed, self._files = await asyncio.to_thread(self._make, files), files
            packed = self._packed
        return packed_response(request, packed)

    def _make(self, files: tuple[str, ...]) -> Packed:
        parts = (
            f"{to_text(node_type.id)}:{to_text(node_info(node_type, files))}"
            for node_type in placeable(self.catalogue.types)
        )
        return pack(f"{{{','.join(parts)}}}".encode(), "application/json; charset=utf-8")


def placeable(types: Mapping[str, NodeType]) -> Iterator[NodeType]:
    """The node types that can stand on a canvas by themselves."""
    return (found for found in types.values() if found.kind is not Kind.LOOP_STEP)


def input_files(folders: Sequence[Path]) -> tuple[str, ...]:
    """Names of pictures, films and sounds in the input folders, in order; of huge folders only the
    first."""
    names: set[str] = set()
    for folder in folders:
        with contextlib.suppress(OSError):
            names |= {entry.name for entry in os.scandir(folder) if entry.is_file()}
    endings = tuple(suffix for _, suffixes in FILES.values() for suffix in suffixes)
    return tuple(sorted(name for name in names if name.lower().endswith(endings))[:_MAX_LISTED])


OBJECT_INFO: web.AppKey[dict[str, ObjectInfo]] = web.AppKey("object_info", dict)


async def get_all(request: web.Request) -> web.Response:
    """All node types."""
    catalogue = await catalogue_of(request)
    kept = request.app[OBJECT_INFO]
    if "all" not in kept or kept["all"].catalogue is not catalogue:
        kept["all"] = ObjectInfo(catalogue, request.app[CONFIG].folders.inputs)
    return await kept["all"].answer(request)


async def get_one(request: web.Request) -> web.Response:
    """One node type; an empty object where there is none of the name."""
    catalogue = await catalogue_of(request)
    type_id = request.match_info["type_id"]
    node_type = catalogue.get(type_id)
    if node_type is None:
        return json_response({})
    files: tuple[str, ...] = ()
    if any(socket.widget.look in FILES for socket in node_type.inputs):
        files = await asyncio.to_thread(input_files, request.app[CONFIG].folders.inputs)
    return json_response({type_id: node_info(node_type, files)})


def add_routes(routes: list[web.RouteDef]) -> None:
    """``GET /object_info`` and ``GET /object_info/TYPE``."""
    routes.append(web.get("/object_info", get_all))
    routes.append(web.get("/object_info/{type_id}", get_one))
