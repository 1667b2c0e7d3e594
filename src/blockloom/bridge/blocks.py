"""The library of block classes: where each node type's block comes from, and its description."""

from __future__ import annotations

import copy
import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterable, Iterator
from types import ModuleType

from diffusers.modular_pipelines.modular_pipeline import (
    MODULAR_PIPELINE_MAPPING,
    ModularPipelineBlocks,
)

from blockloom.bridge.block_kinds import BASE_CLASSES, is_abstract_loop
from blockloom.bridge.describe import Setting, describe_block, places_of
from blockloom.bridge.survey import Survey, folder_of, make_survey
from blockloom.errors import NotFoundError
from blockloom.graph.node_types import NodeType

DIFFUSERS_BLOCKS = "diffusers.modular_pipelines"

BlockClass = type[ModularPipelineBlocks]


class BlockLibrary:
    """Block classes by type id; describes them and makes fresh blocks of them.

    ``package`` is searched for classes only when something needs all of them. ``origin_of`` gives
    the module of a type id (from a catalogue on disk), so that one block can be made without that
    search.
    """

    def __init__(
        self, package: str = "", origin_of: Callable[[str], str | None] | None = None
    ) -> None:
        self._package = package
        self._origin_of = origin_of
        self._classes: dict[str, BlockClass] = {}
        self._ids: dict[BlockClass, str] = {}
        self._types: dict[str, NodeType] = {}
        self._problems: list[str] = []
        self._survey: Survey | None = None
        self._is_searched = not package

    def register(self, block_class: BlockClass, id: str | None = None) -> str:
        """Make a class known under an id (its name), without describing it; gives the id."""
        type_id = id or block_class.__name__
        self._classes[type_id] = block_class
        self._ids[block_class] = type_id
        return type_id

    def add_class(self, block_class: BlockClass, id: str | None = None) -> NodeType:
        """Make a class known and describe it, together with the places inside it."""
        self._search()
        type_id = self.register(block_class, id)
        self._types.update(self._described(block_class(), type_id))
        return self._types[type_id]

    def resolve(self, type_id: str) -> ModularPipelineBlocks:
        """A fresh block for ``Class``, ``family.Class`` or a place ``Class:path.to.block``.

        Raises NotFoundError where there is none.
        """
        class_id, _, path = type_id.partition(":")
        block = self._class_of(class_id)()
        found = _walk(block, path) if path else block
        if found is None:
            raise NotFoundError(
                f"There is no block {path!r} inside {class_id}.",
                remedy=f"Its blocks are: {', '.join(block.sub_blocks)}.",
            )
        return copy.deepcopy(found)

    def types(self) -> dict[str, NodeType]:
        """Every class and place as a node type, by id."""
        self._search()
        for type_id, block_class in self._classes.items():
            if type_id not in self._types and not _is_left_out(block_class):
                self._types.update(self._described(block_class(), type_id))
        return dict(self._types)

    def problems(self) -> tuple[str, ...]:
        """What was left out, and why."""
        self._search()
        left_out = [
            f"{type_id}: an abstract loop without steps; it is only there to be inherited from."
            for type_id, block_class in self._classes.items()
            if _is_left_out(block_class)
        ]
        return (*self._problems, *left_out)

    def setting(self) -> Setting:
        """What describing needs to know of all blocks."""
        if self._survey is None:
            self._search()
            blocks = [copy.deepcopy(c()) for c in self._classes.values() if not _is_left_out(c)]
            self._survey = make_survey(blocks, _pipeline_classes(), _preset_names())
        return Setting(self._survey, self._ids.get)

    def _class_of(self, class_id: str) -> BlockClass:
        if class_id not in self._classes:
            self._import_origin(class_id)
        if class_id not in self._classes:
            self._search()
        if class_id not in self._classes:
            raise NotFoundError(
                f"There is no block {class_id!r}.",
                remedy="Install the diffusers release or the node folder that has it.",
            )
        return self._classes[class_id]

    def _import_origin(self, class_id: str) -> None:
        module_name = self._origin_of(class_id) if self._origin_of else None
        if not module_name or not module_name.startswith(f"{self._package}."):
            return
        block_class = getattr(importlib.import_module(module_name), class_id.split(".")[-1], None)
        if inspect.isclass(block_class) and issubclass(block_class, ModularPipelineBlocks):
            self.register(block_class, class_id)

    def _search(self) -> None:
        """Import every module of the package and take in its block classes."""
        if self._is_searched:
            return
        self._is_searched = True
        found = [c for module in self._modules() for c in block_classes_in(module)]
        for type_id, block_class in unique_ids(found).items():
            self.register(block_class, type_id)

    def _modules(self) -> Iterator[ModuleType]:
        package = importlib.import_module(self._package)
        for info in pkgutil.walk_packages(package.__path__, f"{self._package}."):
            try:
                yield importlib.import_module(info.name)
            except (ImportError, RuntimeError) as error:
                self._problems.append(f"{info.name}: cannot be imported: {error}")

    def _described(self, block: ModularPipelineBlocks, type_id: str) -> dict[str, NodeType]:
        """A block and, inside it, every place whose block differs from what its class makes."""
        setting = self.setting()
        described = {type_id: describe_block(copy.deepcopy(block), type_id, setting)}
        for _, sub_id, sub_block in places_of(block, type_id, setting):
            if ":" in sub_id:
                described.update(self._described(sub_block, sub_id))
        return described


def diffusers_blocks(origin_of: Callable[[str], str | None] | None = None) -> BlockLibrary:
    """The blocks of the installed diffusers."""
    return BlockLibrary(DIFFUSERS_BLOCKS, origin_of)


def block_classes_in(module: ModuleType) -> list[BlockClass]:
    """The block classes that a module defines, in its order."""
    return [
        value
        for value in vars(module).values()
        if inspect.isclass(value)
        and issubclass(value, ModularPipelineBlocks)
        and value.__module__ == module.__name__
        and value not in BASE_CLASSES
    ]


def unique_ids(classes: Iterable[BlockClass]) -> dict[str, BlockClass]:
    """An id for each class: its name; where several share it, with the folder before it, or, within
    one folder, with the module (``wan22_i2v.WanImage2VideoVaeEncoderStep``)."""
    by_name: dict[str, list[BlockClass]] = {}
    for block_class in classes:
        by_name.setdefault(block_class.__name__, []).append(block_class)
    ids: dict[str, BlockClass] = {}
    for name, sharing in by_name.items():
        folders = [folder_of(block_class) for block_class in sharing]
        for block_class, folder in zip(sharing, folders, strict=True):
            module = block_class.__module__.rsplit(".", 1)[-1].removeprefix("modular_blocks_")
            prefix = folder if folders.count(folder) == 1 else module
            ids[name if len(sharing) == 1 else f"{prefix}.{name}"] = block_class
    return ids


def _is_left_out(block_class: BlockClass) -> bool:
    return is_abstract_loop(block_class())


def _walk(block: ModularPipelineBlocks, path: str) -> ModularPipelineBlocks | None:
    """The block at a dotted path; names of sub-blocks may have dots themselves."""
    for name, sub_block in block.sub_blocks.items():
        if path == name:
            return sub_block
        if path.startswith(f"{name}."):
            found = _walk(sub_block, path[len(name) + 1 :])
            if found is not None:
                return found
    return None


def _pipeline_classes() -> dict[str, str]:
    return {family: name_of() for family, name_of in MODULAR_PIPELINE_MAPPING.items()}


def _preset_names() -> frozenset[str]:
    """The class names of the blocks that are whole pipelines."""
    import diffusers

    importlib.import_module(DIFFUSERS_BLOCKS)
    exported = [name for name in dir(diffusers) if name.endswith("ModularPipeline")]
    names = [getattr(getattr(diffusers, name), "default_blocks_name", None) for name in exported]
    return frozenset(name for name in names if name)
