"""The executor's Runner for diffusers' blocks."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

import torch
from diffusers.modular_pipelines.modular_pipeline import ModularPipelineBlocks
from diffusers.modular_pipelines.modular_pipeline_utils import ComponentSpec

from blockloom.bridge.blocks import BlockLibrary
from blockloom.bridge.component_types import SET_COMPONENT
from blockloom.bridge.data import describe_data, park, unpark
from blockloom.bridge.handles import Handle
from blockloom.bridge.isolate import is_unchanged, isolated, stamp
from blockloom.bridge.latent_colours import LatentColours
from blockloom.bridge.loops import LoopRecorder
from blockloom.bridge.make_component import make_component
from blockloom.bridge.model_store import ModelStore, using_store
from blockloom.bridge.run_block import BlockRun, run_block
from blockloom.bridge.running_branches import branches_in_use, components_in_use
from blockloom.errors import BlockloomError, Place
from blockloom.execution.events import StepPreview
from blockloom.execution.runner import BlockCall, BlockOutcome, Described
from blockloom.execution.values import ComponentRef, ValueRef
from blockloom.execution.wire import Wire
from blockloom.graph.block_lists import parts_of
from blockloom.graph.model import Json
from blockloom.graph.node_types import InputSocket, NodeType
from blockloom.graph.sockets import SocketType


class BlockRunner:
    """Runs blocks from a library, with the models of a store. Implements ``Runner``.

    ``colours`` draws latents, and learns how from what its blocks decode.
    """

    def __init__(
        self, library: BlockLibrary, models: ModelStore, colours: LatentColours | None = None
    ) -> None:
        self._library = library
        self._models = models
        self._blocks: dict[str, _KnownBlock] = {}
        self.colours = colours or LatentColours()

    def run_block(self, call: BlockCall) -> BlockOutcome:
        known = self._known(call.node_type.id)
        # Before a block decides its branch it looks at the triggers of branches not taken, too.
        read = set(known.triggers)
        for socket in call.resolved.inputs:
            read |= set(call.wire.bundle(socket.name)) if socket.is_bundle else {socket.name}
        fetched: list[object] = []

        def fetch(ref: ValueRef) -> object:
            data = call.fetch(ref)
            fetched.append(data)
            return data

        outcome = run_block(
            BlockRun(
                known.block,
                known.specs,
                call.wire,
                fetch,
                _components_taken(known.block, call),
                frozenset(read),
                Place(call.node_id, parts_of(call.node_type.id)[0]),
                self._recorder(call),
            )
        )
        for key in _decoders(call):
            written = [write.data for write in outcome.writes]
            self.colours.observe(key, [*written, *fetched], written)
        return outcome

    def _recorder(self, call: BlockCall) -> LoopRecorder:
        listen = call.on_preview
        if listen is None:
            return LoopRecorder(call.cancel, call.on_step, steps=call.steps)
        keys = [ref.key for ref in call.wire.components.values()]
        size = _picture_size(call)
        frames = _number(call, "num_frames") or 1

        def on_preview(done: int, total: int, latents: torch.Tensor) -> None:
            make_image = partial(self.colours.preview, latents, keys, size, frames)
            listen(StepPreview(call.node_id, done, total, make_image))

        return LoopRecorder(call.cancel, call.on_step, on_preview, call.steps)

    def branches_taken(
        self, type_id: str, wire: Wire, fetch: Callable[[ValueRef], object]
    ) -> dict[str, str | None]:
        """The branch each conditional inside a block takes on a wire, where it can be told."""
        return branches_in_use(self._known(type_id).block, wire, fetch)

    def components_used(
        self, type_id: str, wire: Wire, fetch: Callable[[ValueRef], object]
    ) -> frozenset[str]:
        """The names of the components that the blocks inside a block use on a wire."""
        return components_in_use(self._known(type_id).block, wire, fetch)

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


def _decoders(call: BlockCall) -> list[str]:
    """The keys of the models a block uses that can decode: autoencoders, whatever their kind."""
    found = []
    for need in call.resolved.components:
        ref = call.wire.components.get(need.name)
        handle: Handle | None = ref.handle if ref is not None else None  # type: ignore[assignment]
        if ref is None or handle is None or handle.carries_state:
            continue
        component = handle.look()
        if isinstance(component, torch.nn.Module) and callable(getattr(component, "decode", None)):
            found.append(ref.key)
    return found


def _components_taken(block: ModularPipelineBlocks, call: BlockCall) -> frozenset[str]:
    """The components to load: where branches were open, only those of the ones that run."""
    possible = frozenset(need.name for need in call.resolved.components)
    if call.resolved.is_certain:
        return possible
    return possible & components_in_use(block, call.wire, call.fetch)


def _picture_size(call: BlockCall) -> tuple[int, int] | None:
    """Width and height of the picture to be, where the wire says so."""
    width, height = _number(call, "width"), _number(call, "height")
    return None if width is None or height is None else (width, height)


def _number(call: BlockCall, name: str) -> int | None:
    """A whole number on the wire."""
    ref = call.wire.values.get(name)
    return ref.inline if ref is not None and isinstance(ref.inline, int) else None


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
