"""What this server is and has: ``/system_stats``, ``/features``, models, and honest nothings."""

from __future__ import annotations

import asyncio
import os
import platform
import sys
from importlib import metadata
from pathlib import Path

from aiohttp import web

from blockloom import __version__
from blockloom.graph.model import Json
from blockloom.server.bodies import json_response
from blockloom.server.keys import BACKEND, CONFIG

# The version of ComfyUI whose protocol this is.
PROTOCOL_VERSION = "0.3.64"
_MOST_MODELS = 10_000
_FOLDERS = ("checkpoints", "loras", "vae", "text_encoders", "diffusion_models", "embeddings")
_MODEL_SUFFIXES = frozenset({".safetensors", ".gguf"})


def features(max_upload: int) -> dict[str, Json]:
    """What clients may rely on."""
    return {"supports_preview_metadata": True, "max_upload_size": max_upload}


async def get_features(request: web.Request) -> web.Response:
    """What clients may rely on."""
    return json_response(features(request.app[CONFIG].max_upload))


async def get_system_stats(request: web.Request) -> web.Response:
    """Versions, memory and devices."""
    total, free = memory()
    devices: list[Json] = []
    known = request.app[BACKEND].pool.stats()
    for device in known:
        kind, _, index = device.device.partition(":")
        devices.append(
            {
                "name": device.device_name or device.device,
                "type": kind,
                "index": int(index) if index.isdecimal() else None,
                "vram_total": device.memory_total or total,
                "vram_free": device.memory_free or free,
                "torch_vram_total": device.memory_total or total,
                "torch_vram_free": device.memory_free or free,
            }
        )
    system: dict[str, Json] = {
        "os": os.name,
        "ram_total": total,
        "ram_free": free,
        "comfyui_version": PROTOCOL_VERSION,
        "blockloom_version": __version__,
        "required_frontend_version": "",
        "installed_templates_version": "",
        "required_templates_version": "",
        "python_version": platform.python_version(),
        "pytorch_version": next((d.torch_version for d in known if d.torch_version), _torch()),
        "embedded_python": False,
        "argv": [*request.app[CONFIG].arguments],
    }
    return json_response({"system": system, "devices": devices})


def _torch() -> str:
    try:
        return metadata.version("torch")
    except metadata.PackageNotFoundError:
        return ""


def memory() -> tuple[int, int]:
    """All and free memory of this machine in bytes, zeros where the system does not say."""
    if sys.platform == "win32":
        return 0, 0
    try:
        page = os.sysconf("SC_PAGE_SIZE")
        total = page * os.sysconf("SC_PHYS_PAGES")
        return total, page * os.sysconf("SC_AVPHYS_PAGES")
    except (ValueError, OSError):
        return 0, 0


async def get_models(request: web.Request) -> web.Response:
    """The kinds of model files there may be."""
    return json_response([*_FOLDERS])


async def get_models_of(request: web.Request) -> web.Response:
    """Model files of a kind in the models folder."""
    kind = request.match_info["folder"]
    if kind not in _FOLDERS:
        raise web.HTTPNotFound
    roots = [folder / kind for folder in request.app[CONFIG].folders.models]
    return json_response(await asyncio.to_thread(_model_files, roots))


def _model_files(roots: list[Path]) -> list[Json]:
    found: dict[str, None] = {}
    for root in roots:
        for folder, names, files in os.walk(root):
            names.sort()
            for name in sorted(files):
                if Path(name).suffix.lower() in _MODEL_SUFFIXES and len(found) < _MOST_MODELS:
                    found[(Path(folder) / name).relative_to(root).as_posix()] = None
    return [*found]


async def get_none(request: web.Request) -> web.Response:
    """An empty list: ComfyUI has these, this server does not."""
    return json_response([])


async def get_nothing(request: web.Request) -> web.Response:
    """An empty object: ComfyUI has something here, this server does not."""
    return json_response({})


def add_routes(routes: list[web.RouteDef]) -> None:
    """What there is; and empty answers where ComfyUI has something that does not exist here."""
    routes.append(web.get("/features", get_features))
    routes.append(web.get("/system_stats", get_system_stats))
    routes.append(web.get("/models", get_models))
    routes.append(web.get("/models/{folder}", get_models_of))
    for path in ("/embeddings", "/extensions", "/experiment/models"):
        routes.append(web.get(path, get_none))
    routes.append(web.get("/experiment/models/{folder}", get_none))
    for path in ("/i18n", "/workflow_templates", "/global_subgraphs"):
        routes.append(web.get(path, get_nothing))
