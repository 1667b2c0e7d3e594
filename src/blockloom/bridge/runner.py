"""The executor's Runner for diffusers' blocks."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import torch
from diffusers.modular_pipelines.modular_pipeline import ModularPipelineBlocks
from diffusers.modular_pipelines.modular_pipeline_utils import ComponentSpec

from blockloom.bridge.blocks import BlockLibrary
from blockloom.bridge.component_types import SET_COMPONENT
from blockloom.bridge.data import describe_data, park, unpark
from blockloom.bridge.isolate import is_unchanged, isolated, stamp
from blockloom.bridge.make_component import make_component
from blockloom.bridge.model_store import ModelStore, using_store
from blockloom.bridge.run_block import BlockRun, run_block
from blockloom.bridge.running_branches import components_in_use
from blockloom.errors import BlockloomError, Place
from blockloom.execution.runner import BlockCall, BlockOutcome, Described
from blockloom.execution.values import ComponentRef
from blockloom.graph.model import Json
from blockloom.graph.node_types import InputSocket, NodeType
from blockloom.graph.sockets import SocketType


class BlockRunner:
    """Runs blocks from a library, with the models of a store. Implements ``Runner``."""

    def __init__(self, library: BlockLibrary, models: ModelStore) -> None:
        self._library = library
        self._models = models
        self._blocks: dict[str, _KnownBlock] = {}

    def run_block(self, call: BlockCall) -> BlockOutcome:
        known = self._known(call.node_type.id)
        # Before a block decides its branch it looks at the triggers of branches not taken, too.
        read = set(known.triggers)
        for socket in call.resolved.inputs:
            read |= set(call.wire.bundle(socket.name)) if socket.is_bundle else {socket.name}
        return run_block(
            BlockRun(
                known.block,
                known.specs,
                call.wire,
                call.fetch,
                _components_taken(known.block, call),
                frozenset(read),
                Place(call.node_id, call.node_type.id),
                call.cancel,
                call.on_step,
            )
        )

    def set_component(
        self, node_type: NodeType, arguments: Mapping[str, object], current: ComponentRef | None
    ) -> ComponentRef:
        class_name = node_type.id.removeprefix(SET_COMPONENT)
        return make_component(class_name, dict(arguments), current)

    def literal(self, socket: InputSocket, value: Json) -> object:
        if socket.type is SocketType.SEED:
            return _generators(value)
        if socket.is_tuple and isinstance(value, list):
            return tuple(value)
        if socket.type is SocketType.OBJECT and isinstance(value, str):
            dtype = getattr(torch, value.removeprefix("torch."), None)
            return dtype if isinstance(dtype, torch.dtype) else value
        return value

    def describe(self, data: object) -> Described:
        return describe_data(data)

    def stamp(self, data: object) -> tuple[int, ...]:
        return stamp(data)

    def isolated(self, data: object) -> object:
        return isolated(data, {})

    def is_unchanged(self, original: object, given: object) -> bool:
        return is_unchanged(original, given)

    def park(self, data: object) -> object:
        return park(data)

    def unpark(self, data: object) -> object:
        return unpark(data)

    @contextlib.contextmanager
    def running(self, node_id: str) -> Iterator[None]:
        with using_store(self._models), self._models.holding():
            yield

    def _known(self, type_id: str) -> _KnownBlock:
        # One instance for each type: some blocks keep a model they built on themselves.
        if type_id not in self._blocks:
            block = self._library.resolve(type_id)
            specs = tuple(block.expected_components)
            self._blocks[type_id] = _KnownBlock(block, specs, frozenset(_triggers(block)))
        return self._blocks[type_id]


@dataclass(frozen=True, slots=True)
class _KnownBlock:
    """A block with what is slow to ask it: composites put their specs together anew each time."""

    block: ModularPipelineBlocks
    specs: tuple[ComponentSpec, ...]
    triggers: frozenset[str]


def _components_taken(block: ModularPipelineBlocks, call: BlockCall) -> frozenset[str]:
    """The components to load: where branches were open, only those of the ones that run."""
    possible = frozenset(need.name for need in call.resolved.components)
    if call.resolved.is_certain:
        return possible
    return possible & components_in_use(block, call.wire, call.fetch)


def _triggers(block: ModularPipelineBlocks) -> set[str]:
    found = {name for name in getattr(block, "block_trigger_inputs", ()) if name}
    for inner in block.sub_blocks.values():
        found |= _triggers(inner)
    return found


def _generators(value: Json) -> object:
    """Seeds as generators on the CPU, so that a seed means the same noise on every device."""
    if isinstance(value, list):
        return [_generators(item) for item in value]
    if type(value) is not int:
        raise BlockloomError(f"A seed must be a whole number, not {value!r}.")
    return torch.Generator("cpu").manual_seed(value)
