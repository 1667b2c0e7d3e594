"""Where the rooms are put together: catalogue, node functions, runner, models, session.

The bridge, and with it torch, is imported only by what cannot do without.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from blockloom.catalogue.catalogue import Catalogue
from blockloom.catalogue.folders import entry_point_places, load_folders
from blockloom.catalogue.store import open_catalogue
from blockloom.catalogue.trusting import trust_book
from blockloom.errors import NotFoundError
from blockloom.execution.store import DEFAULT_BUDGET
from blockloom.model_places import ModelPlaces
from blockloom.resources import nodes_folder
from blockloom.settings import Settings

if TYPE_CHECKING:
    from blockloom.bridge.blocks import BlockLibrary
    from blockloom.bridge.model_store import ModelStore
    from blockloom.bridge.runner import BlockRunner
    from blockloom.execution.session import Session
    from blockloom.graph.node_types import NodeType

Note = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Workshop:
    """What there is to work with: node types, and the functions behind some of them.

    ``own_types`` are those that node files define, the user's blocks among them; what is wrong with
    these files is in the catalogue. ``library`` is there only where the user has such blocks.
    """

    settings: Settings
    catalogue: Catalogue
    functions: Mapping[str, Callable[..., object]]
    library: BlockLibrary | None = None
    own_types: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EngineOptions:
    """Where models live and run; budgets are in bytes, without one models stay until freed.

    Where ``is_closed``, graphs may name models in ``model_folders`` and on the Hub, and no others.
    """

    device: str = "auto"
    model_folders: tuple[Path, ...] = ()
    is_closed: bool = False
    model_budget: int | None = None
    value_budget: int = DEFAULT_BUDGET


@dataclass(frozen=True, slots=True)
class Engine:
    """Everything that runs graphs on one device."""

    session: Session
    runner: BlockRunner
    models: ModelStore
    device: str


def open_workshop(settings: Settings, folders: Sequence[Path], note: Note) -> Workshop:
    """Read all there is: diffusers' blocks from disk, functions from their files.

    torch is imported only where the catalogue on disk is not of the installed versions, or where a
    node file of the user needs it. ``note`` gets lines for the user.
    """
    catalogue = open_catalogue(settings.catalogue, lambda: _build(note))
    places = _places(folders, settings)
    loaded = load_folders(places, with_torch=False)
    if loaded.deferred:
        quiet_libraries()
        loaded = load_folders(places)
    book = trust_book(settings)
    has_blocks = bool(loaded.block_classes or book.entries())
    library = _diffusers_library(catalogue) if has_blocks else None
    own: dict[str, NodeType] = {}
    broken: dict[str, str] = {}
    if library is not None:
        quiet_libraries()
        from blockloom.bridge.own_blocks import add_blocks
        from blockloom.bridge.trusted_blocks import add_trusted_blocks

        loaded = add_blocks(library, loaded)
        found = add_trusted_blocks(library, book)
        own, broken = dict(found.types), dict(found.broken)
    problems = (*map(str, loaded.problems), *broken.values())
    for problem in problems:
        note(f"warning: {problem}")
    own = {**loaded.types, **own}
    whole = catalogue.with_types(own.values(), problems, {**loaded.broken, **broken})
    whole = replace(whole, trust_command=book.command)
    return Workshop(settings, whole, loaded.functions, library, tuple(own))


def open_engine(workshop: Workshop, options: EngineOptions | None = None) -> Engine:
    """What runs graphs in this process; imports torch. Raises UsageError for a missing device."""
    options = options or EngineOptions()
    quiet_libraries()
    from blockloom.bridge.devices import choose_device
    from blockloom.bridge.model_store import ModelStore
    from blockloom.bridge.runner import BlockRunner
    from blockloom.execution.session import Session
    from blockloom.execution.store import ValueStore

    _hide_loading_bars()
    device = str(choose_device(options.device))
    folders = tuple(dict.fromkeys((*options.model_folders, workshop.settings.models)))
    places = ModelPlaces(folders, options.is_closed)
    models = ModelStore(
        budget=options.model_budget,
        places=places,
        device=device,
        trust=trust_book(workshop.settings),
    )
    runner = BlockRunner(workshop.library or _diffusers_library(workshop.catalogue), models)
    store = ValueStore(runner, options.value_budget)
    session = Session(workshop.catalogue, runner, store, workshop.functions)
    return Engine(session, runner, models, device)


def with_workshop(engine: Engine, workshop: Workshop) -> Engine:
    """The engine with other node types and functions; models and kept values stay."""
    from blockloom.bridge.runner import BlockRunner

    library = workshop.library or _diffusers_library(workshop.catalogue)
    runner = BlockRunner(library, engine.models, engine.runner.colours)
    session = engine.session.with_types(workshop.catalogue, runner, workshop.functions)
    return replace(engine, session=session, runner=runner)


def quiet_libraries() -> None:
    """Their errors reach the user as ours; their advice is for people who write scripts."""
    for name in ("TRANSFORMERS_VERBOSITY", "DIFFUSERS_VERBOSITY"):
        os.environ.setdefault(name, "error")


def _hide_loading_bars() -> None:
    """Bars for loading from disk would be drawn across ours; those of downloads stay."""
    import diffusers.utils.logging
    import transformers.utils.logging

    diffusers.utils.logging.disable_progress_bar()
    transformers.utils.logging.disable_progress_bar()


def _diffusers_library(catalogue: Catalogue) -> BlockLibrary:
    from blockloom.bridge.blocks import diffusers_blocks

    def origin_of(type_id: str) -> str | None:
        node_type = catalogue.types.get(type_id)
        return node_type.origin if node_type is not None and node_type.is_block else None

    return diffusers_blocks(origin_of)


def _places(folders: Sequence[Path], settings: Settings) -> list[Path]:
    """Where node files lie; of two nodes of one id the one found first stays."""
    for folder in folders:
        if not folder.exists():
            raise NotFoundError(f'There is no folder "{folder}" with node files.')
    return [nodes_folder(), *folders, settings.nodes, *entry_point_places()]


def _build(note: Note) -> Catalogue:
    note("Reading the blocks of the installed diffusers; this is done once.")
    quiet_libraries()
    from blockloom.bridge.build_catalogue import build_catalogue

    return build_catalogue()
