"""Blocks of the user's own: classes found in node files become node types."""

from __future__ import annotations

import inspect
from dataclasses import replace
from pathlib import Path

from blockloom.bridge.blocks import BlockClass, BlockLibrary
from blockloom.catalogue.folders import FileProblem, LoadedNodes
from blockloom.errors import NodeDefinitionError


def add_blocks(library: BlockLibrary, loaded: LoadedNodes) -> LoadedNodes:
    """Put the block classes of node files into a library, and their node types to the functions'.

    One that cannot be described becomes a problem of its file.
    """
    types, problems = dict(loaded.types), list(loaded.problems)
    for block_class in loaded.block_classes:
        digest = loaded.digests.get(block_class.__module__, "")
        try:
            node_type = library.add_class(block_class, digest=digest)
        except NodeDefinitionError as error:
            problems.append(_problem(block_class, error))
        else:
            types[node_type.id] = node_type
    return replace(loaded, types=types, problems=tuple(problems))


def _problem(block_class: BlockClass, error: NodeDefinitionError) -> FileProblem:
    try:
        file, line = inspect.getsourcefile(block_class), inspect.getsourcelines(block_class)[1]
    except (OSError, TypeError):
        file, line = None, 0
    place = Path(file or block_class.__module__)
    return FileProblem(place, line, str(error), error.details, (block_class.__name__,))
