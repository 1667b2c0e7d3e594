"""The library of block classes: where each node type's block comes from, and its description."""

from __future__ import annotations

import copy
import functools
import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from types import ModuleType

from diffusers.modular_pipelines.modular_pipeline import (
    MODULAR_PIPELINE_MAPPING,
    ModularPipelineBlocks,
    SequentialPipelineBlocks,
)
from diffusers.modular_pipelines.modular_pipeline_utils import InsertableDict

from blockloom.bridge.block_kinds import BASE_CLASSES, is_abstract_loop, leaves
from blockloom.bridge.describe import Setting, describe_block, places_of
from blockloom.bridge.survey import Survey, folder_of, make_survey
from blockloom.errors import NodeDefinitionError, NotFoundError
from blockloom.graph.block_lists import SEQUENCE, ChosenBlock, parts_of
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
        self._left_out: dict[str, str] = {}
        self._problems: list[str] = []
        self._survey: Survey | None = None
        self._is_searched = not package

    def register(self, block_class: BlockClass, id: str | None = None) -> str:
        """Make a class known under an id (its name), without describing it; gives the id."""
        type_id = id or block_class.__name__
        self._classes[type_id] = block_class
        self._ids[block_class] = type_id
        return type_id

    def add_class(
        self, block_class: BlockClass, id: str | None = None, digest: str = ""
    ) -> NodeType:
        """Make a class known and describe it; ``types_of`` gives the places inside it too.

        ``digest`` is that of the code it is written in. Raises NodeDefinitionError where it cannot
        be described.
        """
        self._search()
        reason = _why_left_out(block_class)
        if reason:
            raise NodeDefinitionError(
                f"The block {block_class.__name__} cannot be a node: {reason}",
                remedy="It must be made without arguments and tell its inputs and outputs.",
            )
        type_id = self.register(block_class, id)
        described = self._described(block_class(), type_id)
        self._types.update({k: replace(found, digest=digest) for k, found in described.items()})
        return self._types[type_id]

    def types_of(self, type_id: str) -> tuple[NodeType, ...]:
        """A described class and the places inside it that have a node type of their own."""
        return tuple(
            node_type
            for known, node_type in self._types.items()
            if known == type_id or known.startswith(f"{type_id}:")
        )

    def resolve(self, type_id: str) -> ModularPipelineBlocks:
        """A fresh block for ``Class``, ``family.Class`` or a place ``Class:path.to.block``, with
        the blocks inside that were chosen in the id, if any.

        Raises NotFoundError where there is none.
        """
        outer_id, chosen = parts_of(type_id)
        if chosen is not None:
            return self._with_blocks(outer_id, chosen)
        class_id, _, path = type_id.partition(":")
        block = self._class_of(class_id)()
        found = _walk(block, path) if path else block
        if found is None:
            raise NotFoundError(
                f"There is no block {path!r} inside {class_id}.",
                remedy=f"Its blocks are: {', '.join(block.sub_blocks)}.",
            )
        return copy.deepcopy(found)

    def _with_blocks(self, outer_id: str, chosen: tuple[ChosenBlock, ...]) -> ModularPipelineBlocks:
        inner = {block.name: self.resolve(block.type_id) for block in chosen}
        if outer_id == SEQUENCE:
            return SequentialPipelineBlocks.from_blocks_dict(inner)
        loop = self.resolve(outer_id)
        loop.block_names, loop.block_classes = list(inner), [type(b) for b in inner.values()]
        loop.sub_blocks = InsertableDict(inner)
        return loop

    def types(self) -> dict[str, NodeType]:
        """Every class and place as a node type, by id."""
        self._search()
        for type_id, block_class in self._classes.items():
            if type_id not in self._types and type_id not in self._left_out:
                self._types.update(self._described(block_class(), type_id))
        return dict(self._types)

    def problems(self) -> tuple[str, ...]:
        """What was left out, and why."""
        self._search()
        return (*self._problems, *(f"{id}: {reason}" for id, reason in self._left_out.items()))

    def setting(self) -> Setting:
        """What describing needs to know of all blocks."""
        if self._survey is None and self._package:
            self._survey = _survey_of(self._package)
        elif self._survey is None:
            self._survey = _survey(self._classes.values())
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
        found = _found_in(self._package)
        for type_id, block_class in found.classes.items():
            self.register(block_class, type_id)
        self._left_out.update(found.left_out)
        self._problems += found.problems

    def _described(self, block: ModularPipelineBlocks, type_id: str) -> dict[str, NodeType]:
        """A block and, inside it, every place whose block differs from what its class makes."""
        setting = self.setting()
        described = {type_id: describe_block(copy.deepcopy(block), type_id, setting)}
        for _, sub_id, sub_block in places_of(block, type_id, setting):
            if ":" in sub_id:
                described.update(self._described(sub_block, sub_id))
        return described


@dataclass(frozen=True, slots=True)
class _Found:
    """The block classes of a package by id, which of them cannot be described, what is wrong."""

    classes: dict[str, BlockClass]
    left_out: dict[str, str]
    problems: tuple[str, ...]


@functools.cache
def _found_in(package: str) -> _Found:
    """Import every module of a package; what it has does not change while this process lives."""
    classes: list[BlockClass] = []
    problems: list[str] = []
    folder = importlib.import_module(package).__path__
    for info in pkgutil.walk_packages(folder, f"{package}."):
        try:
            classes += block_classes_in(importlib.import_module(info.name))
        except (ImportError, RuntimeError) as error:
            problems.append(f"{info.name}: cannot be imported: {error}")
    found = unique_ids(classes)
    reasons = {type_id: _why_left_out(block_class) for type_id, block_class in found.items()}
    return _Found(found, {k: why for k, why in reasons.items() if why}, tuple(problems))


@functools.cache
def _survey_of(package: str) -> Survey:
    found = _found_in(package)
    return _survey([c for type_id, c in found.classes.items() if type_id not in found.left_out])


def _survey(classes: Iterable[BlockClass]) -> Survey:
    blocks = [copy.deepcopy(block_class()) for block_class in classes]
    return make_survey(blocks, _pipeline_classes(), _preset_names())


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


def _why_left_out(block_class: BlockClass) -> str:
    """Why a class cannot be described; "" where it can."""
    try:
        block = copy.deepcopy(block_class())
        if is_abstract_loop(block):
            return "an abstract loop without steps, only there to be inherited from."
        for leaf in (block, *leaves(block)):
            _ = leaf.inputs, leaf.intermediate_outputs, leaf.expected_components
    except Exception as error:  # a class of whatever origin may raise anything; the others go on
        return f"it cannot be asked for its inputs: {type(error).__name__}: {error}"
    return ""


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
