"""The executor's Runner for diffusers' blocks."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from typing import Any

import torch

from blockloom.bridge.blocks import BlockLibrary
from blockloom.bridge.data import describe_data, park, unpark
from blockloom.bridge.isolate import stamp
from blockloom.bridge.model_store import ModelStore, using_store
from blockloom.bridge.run_block import BlockRun, run_block
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
        self._blocks: dict[str, Any] = {}

    def run_block(self, call: BlockCall) -> BlockOutcome:
        block = self._block(call.node_type.id)
        resolved = call.resolved
        read = {socket.name for socket in resolved.inputs if not socket.is_bundle}
        for socket in resolved.inputs:
            if socket.is_bundle:
                read |= set(call.wire.bundle(socket.name))
        # Before a block decides its branch it looks at the triggers of branches not taken, too.
        read |= set(self._triggers(block))
        return run_block(
            BlockRun(
                block,
                call.wire,
                call.fetch,
                frozenset(need.name for need in resolved.components),
                frozenset(read),
                Place(call.node_id, call.node_type.id),
                call.cancel,
                call.on_step,
            )
        )

    def set_component(
        self, node_type: NodeType, arguments: Mapping[str, object], current: ComponentRef | None
    ) -> ComponentRef:
        from blockloom.bridge.make_component import make_component

        class_name = node_type.origin.rpartition(".")[2]
        return make_component(class_name, dict(arguments), current)

    def literal(self, socket: InputSocket, value: Json) -> object:
        if socket.type is SocketType.SEED:
            return _generators(value)
        if socket.type is SocketType.OBJECT and isinstance(value, str):
            dtype = getattr(torch, value.removeprefix("torch."), None)
            return dtype if isinstance(dtype, torch.dtype) else value
        return value

    def describe(self, data: object) -> Described:
        return describe_data(data)

    def stamp(self, data: object) -> tuple[int, ...]:
        return stamp(data)

    def park(self, data: object) -> object:
        return park(data)

    def unpark(self, data: object) -> object:
        return unpark(data)

    @contextlib.contextmanager
    def running(self, node_id: str) -> Iterator[None]:
        with using_store(self._models), self._models.holding():
            yield

    def _block(self, type_id: str) -> Any:
        # One instance for each type: some blocks keep a model they built on themselves.
        if type_id not in self._blocks:
            self._blocks[type_id] = self._library.resolve(type_id)
        return self._blocks[type_id]

    def _triggers(self, block: Any) -> set[str]:
        found = {name for name in getattr(block, "block_trigger_inputs", ()) if name}
        for inner in block.sub_blocks.values():
            found |= self._triggers(inner)
        return found


def _generators(value: Json) -> object:
    """Seeds as generators on the CPU, so that a seed means the same noise on every device."""
    if isinstance(value, list):
        return [_generators(item) for item in value]
    if type(value) is not int:
        raise BlockloomError(f"A seed must be a whole number, not {value!r}.")
    return torch.Generator("cpu").manual_seed(value)
