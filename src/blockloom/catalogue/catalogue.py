"""The catalogue: every node type and every pipeline there is, as plain data."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from blockloom.catalogue.pipelines import PipelineEntry
from blockloom.graph.chosen_blocks import type_with_blocks
from blockloom.graph.load_block import LOAD_BLOCK, load_block_id, not_loaded, repository_in
from blockloom.graph.node_types import Kind, NodeType
from blockloom.trust import TRUST_COMMAND, not_trusted

_MOST_CHOSEN = 1000
_WRITER_RANKS = {Kind.LEAF: 0, Kind.LOOP: 0, Kind.CONDITIONAL: 1, Kind.SEQUENTIAL: 1}


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Node types by id, pipelines by name, and what could not be described or read.

    ``types`` holds classes, functions, component setters, and those places inside blocks whose
    block differs from what its class makes; ``get`` finds every other place too. ``problems``
    are about diffusers' blocks, ``file_problems`` about node files; ``broken`` says of the ids that
    such a file seems to define what is wrong with it. ``trust_command`` is what the user types to
    trust a repository. ``versions`` says what the catalogue was made from.
    """

    types: Mapping[str, NodeType] = field(default_factory=dict)
    pipelines: Mapping[str, PipelineEntry] = field(default_factory=dict)
    problems: tuple[str, ...] = ()
    versions: Mapping[str, str] = field(default_factory=dict)
    file_problems: tuple[str, ...] = ()
    broken: Mapping[str, str] = field(default_factory=dict)
    trust_command: str = TRUST_COMMAND
    _writers: dict[str, dict[str, tuple[str, ...]]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    _places: dict[str, NodeType] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    _chosen: dict[str, NodeType] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def get(self, type_id: str) -> NodeType | None:
        """The node type of an id: ``Class``, ``family.Class`` or a place ``Class:path.to.block``,
        each with the blocks that were chosen for its inside, if any.

        It has the id that was asked for.
        """
        found = self.types.get(type_id) or not_loaded(self.types.get(LOAD_BLOCK), type_id)
        if found is not None or (":" not in type_id and "[" not in type_id):
            return found
        if "[" in type_id:
            return self._with_blocks(type_id)
        if type_id not in self._places:
            class_id, _, path = type_id.partition(":")
            parent = self.types.get(class_id)
            place = self._walk(parent, path) if parent is not None and path else None
            if place is None:
                return None
            self._places[type_id] = replace(place, id=type_id)
        return self._places[type_id]

    def _with_blocks(self, type_id: str) -> NodeType | None:
        if type_id not in self._chosen:
            found = type_with_blocks(type_id, self)
            if found is None:
                return None
            if len(self._chosen) >= _MOST_CHOSEN:
                self._chosen.pop(next(iter(self._chosen)))
            self._chosen[type_id] = found
        return self._chosen[type_id]

    def why_missing(self, type_id: str) -> str:
        """What is wrong with the file or repository that has an id; "" where there is none."""
        named = repository_in(type_id)
        if named is None:
            return self.broken.get(type_id, "")
        told = self.broken.get(load_block_id(*named))
        return told or not_trusted(*named, self.trust_command)

    def suggest(self, type_id: str) -> list[str]:
        """Ids that somebody who wrote ``type_id`` may have meant, best first."""
        folded = {known.lower(): known for known in self.types}
        close = difflib.get_close_matches(type_id.lower(), list(folded), n=3, cutoff=0.6)
        return [folded[name] for name in close]

    def writers(self, name: str, family: str) -> tuple[str, ...]:
        """Ids of the blocks of a family that write a state value, best first.

        Blocks that make the value come before those that change it, leaves before conditionals,
        and all of them before the composites that would do everything else, too.
        """
        if family not in self._writers:
            self._writers[family] = self._index_writers(family)
        return self._writers[family].get(name, ())

    def blocks(self) -> tuple[NodeType, ...]:
        """The node types behind which a diffusers block runs."""
        return tuple(node_type for node_type in self.types.values() if node_type.is_block)

    def functions(self) -> tuple[NodeType, ...]:
        """The node types made of functions."""
        return tuple(t for t in self.types.values() if t.kind is Kind.FUNCTION)

    def with_types(
        self,
        types: Iterable[NodeType],
        problems: Iterable[str] = (),
        broken: Mapping[str, str] | None = None,
    ) -> Catalogue:
        """This catalogue with node types added, and what is wrong with their files.

        One of an id that is there already replaces it; a problem is named once.
        """
        added = {node_type.id: node_type for node_type in types}
        all_problems = tuple(dict.fromkeys((*self.file_problems, *problems)))
        return replace(
            self,
            types={**self.types, **added},
            file_problems=all_problems,
            broken={**self.broken, **(broken or {})},
        )

    def _index_writers(self, family: str) -> dict[str, tuple[str, ...]]:
        found: dict[str, list[tuple[tuple[bool, bool, int, bool], str]]] = {}
        for node_type in self.types.values():
            rank = _WRITER_RANKS.get(node_type.kind)
            if rank is None or node_type.family != family:
                continue
            read = {socket.name for socket in node_type.inputs}
            for output in node_type.outputs:
                is_whole = node_type.kind is Kind.SEQUENTIAL
                place = (is_whole, output.name in read, rank, ":" in node_type.id)
                found.setdefault(output.name, []).append((place, node_type.id))
        return {name: tuple(id_ for _, id_ in sorted(ids)) for name, ids in found.items()}

    def _walk(self, parent: NodeType, path: str) -> NodeType | None:
        """The node type at a dotted path; names of sub-blocks may have dots themselves."""
        for sub_block in parent.sub_blocks:
            is_here = path == sub_block.name
            if not is_here and not path.startswith(f"{sub_block.name}."):
                continue
            found = self.types.get(sub_block.type_id)
            if found is not None and not is_here:
                found = self._walk(found, path[len(sub_block.name) + 1 :])
            if found is not None:
                return found
        return None
