"""The catalogue as a server reads it: from disk, and what needs torch from a worker."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from blockloom.catalogue.as_json import input_from_json, node_type_from_json, output_from_json
from blockloom.catalogue.catalogue import Catalogue
from blockloom.catalogue.folders import entry_point_places, load_folders
from blockloom.catalogue.store import catalogue_file, installed_versions, read_catalogue
from blockloom.catalogue.trusting import trust_book
from blockloom.errors import NotFoundError, UsageError
from blockloom.graph.model import Json
from blockloom.graph.node_types import NodeType
from blockloom.resources import nodes_folder
from blockloom.server.backend import Pool
from blockloom.settings import Settings

_log = logging.getLogger(__name__)


async def read_whole_catalogue(
    settings: Settings, folders: Sequence[Path], pool: Pool
) -> Catalogue:
    """Everything there is, without importing torch here.

    Blocks come from the file that a worker writes where it is missing; node files that import
    torch and the blocks of trusted repositories are described by a worker. All wait until one is
    ready.
    """
    places = [nodes_folder(), *folders, settings.nodes, *entry_point_places()]
    catalogue = await asyncio.to_thread(_blocks, settings)
    loaded = await asyncio.to_thread(load_folders, places, False)
    book = trust_book(settings)
    is_asked = bool(loaded.deferred or await asyncio.to_thread(book.entries))
    if catalogue is None or is_asked:
        await _until_ready(pool)
        catalogue = await asyncio.to_thread(_blocks, settings)
    if catalogue is None:
        raise UsageError("The catalogue of blocks cannot be read.", remedy="Look into the log.")
    for problem in loaded.problems:
        _log.warning("%s", problem)
    found = catalogue.with_types(
        loaded.types.values(), map(str, loaded.problems), broken=loaded.broken
    )
    found = replace(found, trust_command=book.command)
    return await _with_deferred(found, pool) if is_asked else found


def _blocks(settings: Settings) -> Catalogue | None:
    versions = installed_versions()
    return read_catalogue(catalogue_file(settings.catalogue, versions), versions)


async def _until_ready(pool: Pool) -> None:
    """Wait for a worker; it reads all blocks as it starts, and writes down what it found."""
    while True:
        stats = pool.stats()
        if any(worker.state in ("idle", "busy") for worker in stats):
            return
        if stats and not any(worker.is_usable for worker in stats):
            raise UsageError(" ".join(worker.error for worker in stats))
        await pool.wait_for_change()


async def _with_deferred(catalogue: Catalogue, pool: Pool) -> Catalogue:
    try:
        answer = await pool.ask("own_types", timeout=120.0)
    except (NotFoundError, TimeoutError) as error:
        _log.error("node files that import torch cannot be read: %s", error)
        return catalogue
    content = answer.content if isinstance(answer.content, dict) else {}
    problems, broken = content.get("problems"), content.get("broken")
    return catalogue.with_types(
        (_node_type(item) for item in _objects(content.get("types"))),
        map(str, problems) if isinstance(problems, list) else (),
        {name: str(why) for name, why in broken.items()} if isinstance(broken, dict) else {},
    )


def _node_type(found: dict[str, Json]) -> NodeType:
    return node_type_from_json(
        found,
        tuple(input_from_json(item) for item in _objects(found.get("inputs"))),
        tuple(output_from_json(item) for item in _objects(found.get("outputs"))),
    )


def _objects(value: Json) -> list[dict[str, Json]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
