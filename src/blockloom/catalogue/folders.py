"""Load the node files of a folder by path; a broken file never stops the others."""

from __future__ import annotations

import ast
import hashlib
import importlib.util
import re
import sys
import traceback
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from importlib import metadata
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType
from typing import cast

from blockloom.catalogue.functions import describe_function, id_of_function, options_of
from blockloom.errors import NodeDefinitionError
from blockloom.graph.node_types import NodeType
from blockloom.resources import nodes_folder

ENTRY_POINTS = "blockloom.nodes"

_HEAVY = frozenset({"torch", "diffusers", "transformers", "accelerate"})
_BLOCKS = "diffusers.modular_pipelines.modular_pipeline"

NodeFunction = Callable[..., object]


@dataclass(frozen=True, slots=True)
class FileProblem:
    """What is wrong with a node file; ``line`` is 0 where it is not known.

    ``type_ids`` are the node types that are not there because of it, as far as can be told.
    """

    file: Path
    line: int
    message: str
    details: str = ""
    type_ids: tuple[str, ...] = ()

    def __str__(self) -> str:
        place = f"{self.file}, line {self.line}" if self.line else str(self.file)
        return f"{place}: {self.message}"


@dataclass(frozen=True, slots=True)
class LoadedNodes:
    """What node files gave: functions and their node types by id, block classes, and problems.

    ``deferred`` are the files that were not run because they import torch or diffusers, ``digests``
    those of the files by the name of their module.
    """

    functions: Mapping[str, NodeFunction] = field(default_factory=dict)
    types: Mapping[str, NodeType] = field(default_factory=dict)
    block_classes: tuple[type, ...] = ()
    problems: tuple[FileProblem, ...] = ()
    deferred: tuple[Path, ...] = ()
    digests: Mapping[str, str] = field(default_factory=dict)

    @property
    def broken(self) -> dict[str, str]:
        """The ids of node types that are not there, and what is wrong with their files."""
        return {type_id: str(found) for found in self.problems for type_id in found.type_ids}


def load_folders(places: Iterable[Path], with_torch: bool = True) -> LoadedNodes:
    """Load the node files of several folders, or single files, in order; the first of an id stays.

    Without ``with_torch`` files that import torch, diffusers or transformers are left for a
    process that has them.
    """
    loaded = LoadedNodes()
    for place in places:
        for path in node_files(place):
            if not with_torch and imports_torch(path):
                loaded = replace(loaded, deferred=(*loaded.deferred, path))
            else:
                loaded = _joined(loaded, load_file(path))
    return loaded


def load_folder(folder: Path, with_torch: bool = True) -> LoadedNodes:
    """Load the node files of one folder."""
    return load_folders([folder], with_torch)


def node_files(place: Path) -> list[Path]:
    """The node files of a folder, sorted; names that begin with an underscore are left out."""
    if place.is_file():
        return [place]
    return sorted(path for path in place.glob("*.py") if not path.name.startswith("_"))


def entry_point_places() -> list[Path]:
    """The folders and files that installed packages offer under ``blockloom.nodes``."""
    places = []
    for entry in metadata.entry_points(group=ENTRY_POINTS):
        spec = importlib.util.find_spec(entry.module)
        if spec is not None and spec.submodule_search_locations:
            places += [Path(folder) for folder in spec.submodule_search_locations]
        elif spec is not None and spec.origin:
            places.append(Path(spec.origin))
    return places


def imports_torch(path: Path) -> bool:
    """Whether running a file imports torch or diffusers, as far as its own top level tells."""
    try:
        tree = _parsed(path.read_bytes())
    except (OSError, SyntaxError, ValueError):
        return False
    return any(
        name.split(".")[0] in _HEAVY for statement in tree.body for name in _imported(statement)
    )


def _parsed(source: bytes) -> ast.Module:
    try:
        return ast.parse(source)
    except SystemError:
        # Python 3.11 loses count where a traceback is drawn, as of a finalizer, in between.
        return ast.parse(source)


def load_file(path: Path) -> LoadedNodes:
    """Run one node file and describe what it defines."""
    try:
        source = path.read_bytes()
        module = _run(path)
    except Exception as error:  # a file written by hand may raise anything; the others go on
        return LoadedNodes(problems=(_problem_of(path, error),))
    digest = "" if path.parent == nodes_folder() else hashlib.sha256(source).hexdigest()[:16]
    functions: dict[str, NodeFunction] = {}
    types: dict[str, NodeType] = {}
    problems: list[FileProblem] = []
    for function in _marked_functions(module):
        try:
            node_type = describe_function(function)
        except NodeDefinitionError as error:
            ids = (id_of_function(function.__name__),)
            problems.append(FileProblem(path, _line_of(function), str(error), "", ids))
            continue
        if node_type.id in types:
            problems.append(FileProblem(path, _line_of(function), _twice(node_type.id, path)))
            continue
        functions[node_type.id] = function
        types[node_type.id] = replace(node_type, digest=digest)
    classes = _block_classes(module)
    digests = {module.__name__: digest}
    return LoadedNodes(functions, types, classes, tuple(problems), digests=digests)


class _Fresh(SourceFileLoader):
    """Reads the file itself, each time: what Python keeps compiled is as old as a second."""

    def get_code(self, fullname: str) -> CodeType | None:
        return self.source_to_code(self.get_data(self.path), self.path)


def _run(path: Path) -> ModuleType:
    """Run a file as a module under a name of its own, so that no folder hides another."""
    digest = hashlib.sha256(str(path.resolve()).encode()).hexdigest()[:12]
    name = f"blockloom_node_file_{digest}_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path, loader=_Fresh(name, str(path)))
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} is no Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module


def _marked_functions(module: ModuleType) -> list[NodeFunction]:
    return [
        cast(NodeFunction, value)
        for value in vars(module).values()
        if options_of(value) is not None and getattr(value, "__module__", "") == module.__name__
    ]


def _block_classes(module: ModuleType) -> tuple[type, ...]:
    """The diffusers block classes a module defines; nothing is imported to find out."""
    blocks = sys.modules.get(_BLOCKS)
    base = getattr(blocks, "ModularPipelineBlocks", None)
    if not isinstance(base, type):
        return ()
    return tuple(
        value
        for value in vars(module).values()
        if isinstance(value, type)
        and issubclass(value, base)
        and value.__module__ == module.__name__
    )


def _joined(one: LoadedNodes, other: LoadedNodes) -> LoadedNodes:
    clashes = tuple(
        FileProblem(Path(found.origin), _line_of(other.functions[type_id]), message)
        for type_id, found in other.types.items()
        if type_id in one.types
        for message in [_twice(type_id, Path(one.types[type_id].origin))]
    )
    return LoadedNodes(
        functions={**other.functions, **one.functions},
        types={**other.types, **one.types},
        block_classes=(*one.block_classes, *other.block_classes),
        problems=(*one.problems, *other.problems, *clashes),
        deferred=one.deferred,
        digests={**one.digests, **other.digests},
    )


def _twice(type_id: str, other: Path) -> str:
    return f"The node {type_id} is already defined in {other}. Give one of them another id."


def _line_of(function: NodeFunction) -> int:
    code = getattr(function, "__code__", None)
    return int(getattr(code, "co_firstlineno", 0))


def _problem_of(path: Path, error: Exception) -> FileProblem:
    details = "".join(traceback.format_exception(error))
    ids = _ids_in(path)
    if isinstance(error, SyntaxError) and error.filename == str(path):
        message = f"Not valid Python: {error.msg}."
        return FileProblem(path, error.lineno or 0, message, details, ids)
    lines = [
        frame.lineno or 0
        for frame in traceback.extract_tb(error.__traceback__)
        if frame.filename == str(path)
    ]
    message = f"Could not be run: {type(error).__name__}: {error}"
    return FileProblem(path, lines[-1] if lines else 0, message, details, ids)


def _ids_in(path: Path) -> tuple[str, ...]:
    """The ids of the node types that a file seems to define, which cannot be run to find out."""
    try:
        text = path.read_text("utf-8", "replace")
    except OSError:
        return ()
    return tuple(
        dict.fromkeys(
            (
                *re.findall(r"^class +(\w+)", text, re.MULTILINE),
                *map(id_of_function, re.findall(r"^def +(\w+)", text, re.MULTILINE)),
                *re.findall(r"@node\([^)]*\bid *= *[\"']([^\"']+)", text),
            )
        )
    )


def _imported(statement: ast.stmt) -> list[str]:
    if isinstance(statement, ast.Import):
        return [alias.name for alias in statement.names]
    if isinstance(statement, ast.ImportFrom):
        return [statement.module or ""]
    if isinstance(statement, ast.Try):
        return [name for inner in statement.body for name in _imported(inner)]
    return []
