"""Where a command's rooms are put together: catalogue, node functions, runner, session.

The bridge, and with it torch, is imported only by what cannot do without.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from blockloom.catalogue.catalogue import Catalogue
from blockloom.catalogue.folders import LoadedNodes, entry_point_places, load_folders
from blockloom.catalogue.store import open_catalogue
from blockloom.cli.terminal import note
from blockloom.errors import NotFoundError
from blockloom.resources import nodes_folder
from blockloom.settings import Settings, read_settings

if TYPE_CHECKING:
    from blockloom.bridge.blocks import BlockLibrary
    from blockloom.execution.session import Session


@dataclass(frozen=True, slots=True)
class Workshop:
    """What there is to work with: node types, and the functions behind some of them.

    ``library`` is there only where node files of the user define blocks of their own.
    """

    settings: Settings
    catalogue: Catalogue
    functions: Mapping[str, Callable[..., object]]
    library: BlockLibrary | None = None


def open_workshop(options: argparse.Namespace) -> Workshop:
    """Read all there is: diffusers' blocks from disk, functions from their files.

    torch is imported only where the catalogue on disk is not of the installed versions, or where a
    node file of the user needs it.
    """
    data: Path | None = options.data
    settings = read_settings(data=data.absolute() if data else None)
    catalogue = open_catalogue(settings.catalogue, _build)
    places = _places(getattr(options, "nodes_folders", []), settings)
    loaded = load_folders(places, with_torch=False)
    if loaded.deferred:
        loaded = load_folders(places)
    for problem in loaded.problems:
        note(f"warning: {problem}")
    types = list(loaded.types.values())
    library = _library_with(loaded, catalogue)
    if library is not None:
        types += [library.add_class(block_class) for block_class in loaded.block_classes]
    catalogue = catalogue.with_types(types, map(str, loaded.problems))
    return Workshop(settings, catalogue, loaded.functions, library)


def open_session(workshop: Workshop) -> Session:
    """A session that runs graphs in this process; imports torch."""
    _quiet_libraries()
    from blockloom.bridge.model_store import ModelStore
    from blockloom.bridge.runner import BlockRunner
    from blockloom.execution.session import Session
    from blockloom.execution.store import ValueStore

    _hide_loading_bars()
    library = workshop.library or _diffusers_library(workshop.catalogue)
    runner = BlockRunner(library, ModelStore(folders=(workshop.settings.models,)))
    return Session(workshop.catalogue, runner, ValueStore(runner), workshop.functions)


def _quiet_libraries() -> None:
    """Their errors reach the user as ours; their advice is for people who write scripts."""
    for name in ("TRANSFORMERS_VERBOSITY", "DIFFUSERS_VERBOSITY"):
        os.environ.setdefault(name, "error")


def _hide_loading_bars() -> None:
    """Bars for loading from disk would be drawn across ours; those of downloads stay."""
    import diffusers.utils.logging
    import transformers.utils.logging

    diffusers.utils.logging.disable_progress_bar()
    transformers.utils.logging.disable_progress_bar()


def _library_with(loaded: LoadedNodes, catalogue: Catalogue) -> BlockLibrary | None:
    return _diffusers_library(catalogue) if loaded.block_classes else None


def _diffusers_library(catalogue: Catalogue) -> BlockLibrary:
    from blockloom.bridge.blocks import diffusers_blocks

    def origin_of(type_id: str) -> str | None:
        node_type = catalogue.types.get(type_id)
        return node_type.origin if node_type is not None and node_type.is_block else None

    return diffusers_blocks(origin_of)


def _places(folders: list[Path], settings: Settings) -> list[Path]:
    """Where node files lie; of two nodes of one id the one found first stays."""
    for folder in folders:
        if not folder.exists():
            raise NotFoundError(f'There is no folder "{folder}" with node files.')
    return [nodes_folder(), *folders, settings.nodes, *entry_point_places()]


def _build() -> Catalogue:
    note("Reading the blocks of the installed diffusers; this is done once.")
    _quiet_libraries()
    from blockloom.bridge.build_catalogue import build_catalogue

    return build_catalogue()
