"""What all blocks together say: types by name, who writes which name, which names a user gives."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from diffusers.modular_pipelines.modular_pipeline import (
    ConditionalPipelineBlocks,
    ModularPipelineBlocks,
)

from blockloom.bridge.block_kinds import kind_of, undeclared_writes
from blockloom.bridge.guess_types import types_by_majority
from blockloom.graph.node_types import Kind, Role
from blockloom.graph.sockets import SocketType


@dataclass(frozen=True, slots=True)
class Survey:
    """``group``: the package folder of a block, whose blocks are made to work together.

    ``written`` and ``given`` hold names by group, ``labels`` the pipeline class of each family.
    """

    known_types: Mapping[str, SocketType] = field(default_factory=dict)
    written: Mapping[str, frozenset[str]] = field(default_factory=dict)
    given: Mapping[str, frozenset[str]] = field(default_factory=dict)
    groups: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    presets: frozenset[str] = frozenset()

    def group_of(self, block_class: type[ModularPipelineBlocks], family: str) -> str:
        """The group of a block: its folder in diffusers, else that of the same family."""
        return folder_of(block_class) or self.groups.get(family, family)

    def role_of(self, group: str, name: str, type_: SocketType, is_required: bool) -> Role:
        """Who gives an input its value.

        A name that no block of the group writes is the user's. A name that blocks write is still
        the user's if some preset of the group reads it before any of its blocks may have written
        it (``height``, ``num_inference_steps``, ``latents``); but a tensor that a block cannot do
        without was made by an earlier block.
        """
        if name not in self.written.get(group, frozenset()):
            return Role.USER
        if name not in self.given.get(group, frozenset()):
            return Role.INTERMEDIATE
        is_made = is_required and type_ in (SocketType.TENSOR, SocketType.OBJECT)
        return Role.INTERMEDIATE if is_made else Role.USER


def folder_of(block_class: type) -> str:
    """The package folder of a class of diffusers ("stable_diffusion_xl"), else ""."""
    parts = block_class.__module__.split(".")
    inside = parts[:2] == ["diffusers", "modular_pipelines"] and len(parts) > 3
    return parts[2] if inside else ""


def make_survey(
    blocks: Iterable[ModularPipelineBlocks], labels: Mapping[str, str], presets: frozenset[str]
) -> Survey:
    """Look at all blocks; ``presets`` are the class names of whole pipelines."""
    declared: list[tuple[str, Any]] = []
    written: dict[str, set[str]] = {}
    given: dict[str, set[str]] = {}
    groups: dict[str, str] = {}
    for block in blocks:
        group = folder_of(type(block)) or block.model_name or ""
        groups.setdefault(block.model_name or group, group)
        declared += [(param.name, param.type_hint) for param in block.inputs if param.name]
        declared += [(param.name, param.type_hint) for param in block.intermediate_outputs]
        written.setdefault(group, set()).update(outputs_of(block))
        if type(block).__name__ in presets:
            given.setdefault(group, set()).update(first_reads(block, set()))
    return Survey(
        known_types=types_by_majority(declared),
        written={group: frozenset(names) for group, names in written.items()},
        given={group: frozenset(names) for group, names in given.items()},
        groups=groups,
        labels=labels,
        presets=presets,
    )


def outputs_of(block: ModularPipelineBlocks) -> list[str]:
    """Every name a block writes: declared, and undeclared as far as its source tells."""
    return [*block.intermediate_output_names, *undeclared_writes(block)]


def first_reads(
    block: ModularPipelineBlocks, written: set[str], needed_only: bool = False
) -> set[str]:
    """The names a block reads that nothing inside it may have written before.

    Adds what the block may write to ``written``. With ``needed_only`` only the names without which
    the block fails whatever branch is taken.
    """
    kind = kind_of(block)
    if kind is Kind.SEQUENTIAL:
        reads: set[str] = set()
        for sub_block in block.sub_blocks.values():
            reads |= first_reads(sub_block, written, needed_only)
        return reads
    if kind is Kind.CONDITIONAL:
        return _first_reads_of_branches(block, written, needed_only)
    params = [param for param in block.inputs if param.name]
    names = {p.name for p in params if not needed_only or (p.required and p.default is None)}
    names -= written
    written.update(outputs_of(block))
    # A block writes the default it took back into the state, so later blocks find it there.
    written.update(param.name for param in params if param.default is not None)
    return names


def _first_reads_of_branches(
    block: ModularPipelineBlocks, written: set[str], needed_only: bool
) -> set[str]:
    assert isinstance(block, ConditionalPipelineBlocks)
    branches: list[set[str]] = []
    after: set[str] = set()
    for sub_block in block.sub_blocks.values():
        inside = set(written)
        branches.append(first_reads(sub_block, inside, needed_only))
        after |= inside
    written |= after
    if not needed_only:
        return set().union(*branches)
    return set.intersection(*branches) if branches and block.default_block_name else set()
