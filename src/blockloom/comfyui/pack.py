"""The pack: what ComfyUI's loader looks for in a folder of custom nodes."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from blockloom.catalogue.catalogue import Catalogue
from blockloom.comfyui import comfy
from blockloom.comfyui.bench import Bench
from blockloom.comfyui.node_classes import node_class
from blockloom.comfyui.prompts import PromptReader
from blockloom.graph.node_types import Kind, NodeType
from blockloom.resources import comfyui_folder
from blockloom.settings import read_settings
from blockloom.wiring import Engine, EngineOptions, Workshop, open_engine, open_workshop

_log = logging.getLogger(__name__)
# Whoever has this one has all the others.
_ALWAYS_THERE = "BlockloomLoadPipeline"


@dataclass(frozen=True, slots=True)
class Pack:
    """Classes and titles by node type, and the folder of the extension for the browser."""

    classes: dict[str, type] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)
    web_folder: Path | None = None


def make_pack() -> Pack:
    """Everything there is, from the catalogue on disk. Whatever fails is logged, never raised.

    Empty where another copy of the pack is loaded already: two would answer for each other.
    """
    started = time.perf_counter()
    if comfy.core_class(_ALWAYS_THERE) is not None:
        _log.warning("Blockloom lies in custom_nodes more than once; the first copy is used.")
        return Pack()
    try:
        pack = _make_pack()
    except Exception:
        _log.exception("Blockloom cannot start; ComfyUI goes on without its nodes.")
        return Pack()
    seconds = time.perf_counter() - started
    _log.info("Blockloom: %d node types in %.2f s.", len(pack.classes), seconds)
    return pack


def _make_pack() -> Pack:
    workshop = open_workshop(read_settings(), [], _note)
    bench = Bench(workshop, _open_engine)
    pack = Pack(web_folder=comfyui_folder())
    for node_type in _placeable(workshop.catalogue):
        try:
            pack.classes[node_type.id] = node_class(node_type, bench)
            pack.titles[node_type.id] = node_type.title or node_type.id
        except Exception:
            _log.exception("Blockloom leaves out the node %s.", node_type.id)
    _guarded("routes", lambda: _add_routes(bench))
    return pack


def _placeable(catalogue: Catalogue) -> Iterator[NodeType]:
    """What can stand on a canvas by itself, and is not a node of ComfyUI's own."""
    return (
        found
        for found in catalogue.types.values()
        if found.kind is not Kind.LOOP_STEP and not comfy.is_cores(found.id)
    )


def _open_engine(workshop: Workshop) -> Engine:
    # Prompts come from whoever may talk to ComfyUI: they name models in its folders, and no others.
    folders = comfy.model_folders()
    options = EngineOptions(device=comfy.device(), model_folders=folders, is_closed=True)
    return open_engine(workshop, options)


def _add_routes(bench: Bench) -> None:
    from blockloom.comfyui.routes import add_routes

    server = comfy.server()
    if server is not None:
        server.add_on_prompt_handler(PromptReader(bench.workshop.catalogue))
        add_routes(server, bench)


def _guarded(what: str, do: Callable[[], None]) -> None:
    try:
        do()
    except Exception:
        _log.exception("Blockloom goes without its %s.", what)


def _note(line: str) -> None:
    _log.info("Blockloom: %s", line)
