"""Which components a block is about to use, now that the values its conditionals look at are known.

Before a run a conditional that looks at values cannot be decided, and nobody wants the weights of
all its branches loaded for the one that runs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from diffusers.modular_pipelines.modular_pipeline import (
    ConditionalPipelineBlocks,
    ModularPipelineBlocks,
)

from blockloom.bridge.block_kinds import kind_of, selects_by_presence
from blockloom.bridge.survey import outputs_of
from blockloom.execution.values import MISSING, ValueRef
from blockloom.execution.wire import Wire
from blockloom.graph.node_types import Kind

# What an output of a block inside may be: its value is made only during the run.
_SOMETHING: tuple[object, ...] = (True, False, 0, "x")


def components_in_use(
    block: ModularPipelineBlocks, wire: Wire, fetch: Callable[[ValueRef], object]
) -> frozenset[str]:
    """The names of the components that the blocks inside use which run on this wire.

    An output that a block inside declares counts as present, as in diffusers. Where a conditional
    cannot be asked, or decides by the value of such an output, all it may choose counts as used.
    """
    return frozenset(_Walk(wire, fetch).components_of(block))


def branches_in_use(
    block: ModularPipelineBlocks, wire: Wire, fetch: Callable[[ValueRef], object]
) -> dict[str, str | None]:
    """The branch that each conditional inside takes on this wire, None where it is skipped.

    By the path of the conditional, the block's own is "". Those that cannot be told are left out.
    """
    walk = _Walk(wire, fetch)
    for _ in walk.components_of(block):
        pass
    return walk.taken


class _Walk:
    """A block gone through in running order, with what its conditionals will find in the state."""

    def __init__(self, wire: Wire, fetch: Callable[[ValueRef], object]) -> None:
        self._wire = wire
        self._fetch = fetch
        self._made: set[str] = set()
        self._defaults: dict[str, object] = {}
        self.taken: dict[str, str | None] = {}

    def components_of(
        self, block: ModularPipelineBlocks, path: str = "", is_sure: bool = True
    ) -> Iterator[str]:
        kind = kind_of(block)
        if kind is Kind.SEQUENTIAL:
            for name, sub_block in block.sub_blocks.items():
                yield from self.components_of(sub_block, _below(path, name), is_sure)
        elif kind is Kind.CONDITIONAL and isinstance(block, ConditionalPipelineBlocks):
            chosen = self._chosen(block)
            is_sure = is_sure and len(chosen) == 1
            if is_sure:
                self.taken[path] = chosen[0]
            for name in filter(None, chosen):
                inner = block.sub_blocks[name]
                yield from self.components_of(inner, _below(path, name), is_sure)
        else:
            yield from (spec.name for spec in block.expected_components)
            self._run(block)

    def _run(self, block: ModularPipelineBlocks) -> None:
        """Note what a block leaves in the state: its outputs, and the defaults it fell back on."""
        for param in block.inputs:
            if param.name and param.default is not None:
                self._defaults.setdefault(param.name, param.default)
        self._made.update(outputs_of(block))

    def _chosen(self, block: ConditionalPipelineBlocks) -> list[str | None]:
        """The branches it may take; None stands for none at all."""
        triggers = [name for name in block.block_trigger_inputs if name]
        made = [name for name in triggers if name in self._made]
        try:
            known = {name: self._value(name, block) for name in triggers}
            chosen = {block.select_block(**{**known, **dict.fromkeys(made, True)})}
            for name in made:
                given = {**known, **dict.fromkeys(made, True)}
                chosen |= {block.select_block(**{**given, name: value}) for value in _SOMETHING}
        except Exception:  # whatever it raises now it raises again, with its place, when it runs
            return [*block.sub_blocks, None]
        names = {block.default_block_name if name is None else name for name in chosen}
        found = [name for name in block.sub_blocks if name in names]
        return found if len(found) == len(names) else [*found, None]

    def _value(self, name: str, block: ConditionalPipelineBlocks) -> Any:
        ref = self._wire.values.get(name)
        if ref is None or ref.is_none:
            return self._defaults.get(name)
        if ref.inline is not MISSING:
            return ref.inline
        return True if selects_by_presence(block) else self._fetch(ref)


def _below(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
