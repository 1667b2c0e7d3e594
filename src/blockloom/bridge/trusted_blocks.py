"""The blocks of the repositories that are trusted: each becomes the type of a Load Block."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from diffusers.modular_pipelines.modular_pipeline import ModularPipelineBlocks

from blockloom.bridge.blocks import BlockLibrary
from blockloom.bridge.repositories import Repository
from blockloom.bridge.repository_code import block_reference, class_in, trusted_code
from blockloom.bridge.socket_labels import with_labels
from blockloom.errors import BlockloomError, ModelError
from blockloom.graph.load_block import load_block_id
from blockloom.graph.load_block_type import as_load_block
from blockloom.graph.node_types import NodeType
from blockloom.trust import TrustBook, Trusted


@dataclass(frozen=True, slots=True)
class FromRepositories:
    """The types of trusted blocks, and why others are not there, by id."""

    types: Mapping[str, NodeType] = field(default_factory=dict)
    broken: Mapping[str, str] = field(default_factory=dict)


def add_trusted_blocks(library: BlockLibrary, book: TrustBook) -> FromRepositories:
    """Put the blocks of all trusted repositories into a library; a broken one stops no other."""
    types: dict[str, NodeType] = {}
    broken: dict[str, str] = {}
    for entry in book.entries():
        type_id = load_block_id(entry.repository, entry.revision)
        try:
            types.update(_types_of(entry, type_id, library, book))
        except BlockloomError as error:
            broken[type_id] = str(error)
        except Exception as error:  # asking a block of anybody for its sockets may raise anything
            broken[type_id] = f"{entry.repository}: {type(error).__name__}: {error}"
    return FromRepositories(types, broken)


def _types_of(
    entry: Trusted, type_id: str, library: BlockLibrary, book: TrustBook
) -> dict[str, NodeType]:
    repository = Repository(
        entry.repository, entry.location, entry.commit or None, is_local=not entry.commit
    )
    if repository.is_local and not Path(entry.location).is_dir():
        raise ModelError(f'The folder "{entry.location}" is not there any more.')
    code = trusted_code(repository, book)
    reference = block_reference(code)
    if not reference:
        return {}
    block_class = class_in(repository, code, reference)
    if not issubclass(block_class, ModularPipelineBlocks):
        raise ModelError(f'"{reference}" of "{entry.repository}" is no block of diffusers.')
    library.add_class(block_class, type_id, code.digest[:16])
    found = {node_type.id: node_type for node_type in library.types_of(type_id)}
    described = with_labels(found[type_id], repository)
    loaded = as_load_block(described, entry.repository, entry.revision)
    return {**found, type_id: replace(loaded, id=type_id)}
