"""Running one block on a pipeline value: the one function under every host."""

from __future__ import annotations

import contextlib
import logging
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Protocol

import torch
from diffusers.modular_pipelines.modular_pipeline import (
    BlockState,
    ConditionalPipelineBlocks,
    ModularPipelineBlocks,
    PipelineState,
)
from diffusers.modular_pipelines.modular_pipeline_utils import ComponentSpec

from blockloom.bridge.component_state import state_key
from blockloom.bridge.components import component_ref
from blockloom.bridge.data import size_of
from blockloom.bridge.devices import peak_memory, start_measuring_memory
from blockloom.bridge.handles import Handle
from blockloom.bridge.loops import LoopRecorder, with_recorder
from blockloom.bridge.predictions import has_steps, watched
from blockloom.bridge.traced_values import TracedValues
from blockloom.errors import Cancelled, NodeFailed, Place
from blockloom.execution.runner import BlockOutcome, Write
from blockloom.execution.values import ComponentRef, ValueRef
from blockloom.execution.wire import Wire

_KEY_OF_NODE = "made by the node"
_BLOCKS_LOGGER = logging.getLogger("diffusers.modular_pipelines.modular_pipeline")


class PipelineMaker(Protocol):
    """What a wire's base knows: how to make the pipeline that blocks are given."""

    def build(self, components: dict[str, Any]) -> Any:
        """A ``ModularPipeline`` of the family's own class with exactly these components."""


@dataclass(frozen=True, slots=True)
class BlockRun:
    """A block about to run; ``specs`` are its expected components.

    ``declared`` names the components it uses: only these are loaded; of the others it sees class
    and config. ``read_declared`` names the state values it is known to read; ``recorder`` looks
    into its loops.
    """

    block: ModularPipelineBlocks
    specs: tuple[ComponentSpec, ...]
    wire: Wire
    fetch: Callable[[ValueRef], object]
    declared: frozenset[str]
    read_declared: frozenset[str]
    place: Place
    recorder: LoopRecorder


def run_block(run: BlockRun) -> BlockOutcome:
    """Run a block with no effect beyond the result.

    It is called as diffusers calls it, ``block(components, state)`` under ``torch.no_grad()``, on
    a state of its own whose values are isolated, with copies of the components that carry state,
    and with torch's global random state put back afterwards. Raises NodeFailed (with the innermost
    block's name and diffusers' own message) or Cancelled.
    """
    given = _components(run)
    pipeline = _pipeline(run, given)
    values = TracedValues(run.wire, run.fetch)
    bundles = {name: list(members) for name, members in run.wire.bundles.items()}
    state = PipelineState(values=values, kwargs_mapping=bundles)
    before = {name: state_key(item) for name, item in given.items() if _is_copy(run, name)}
    block = with_recorder(run.block, run.recorder)
    own = {name: given[name] for name in before if has_steps(given[name])}
    start_measuring_memory()
    recorder = run.recorder
    watch = watched(own if block is not run.block else {}, recorder.note_prediction, recorder.check)
    with _global_random_state(run, values) as random_state, _quiet():
        try:
            with torch.no_grad(), watch:
                block(pipeline, state)
        except (Cancelled, NodeFailed):
            raise
        except Exception as error:
            raise _block_failed(run, given, error) from error
        if random_state.was_drawn_from():
            values.get("generator")
    return BlockOutcome(
        writes=_writes(run, state, values),
        components=_changed_components(pipeline, before, run),
        read_also=tuple(sorted(set(values.asked) - run.read_declared)),
        steps=tuple(run.recorder.steps),
        memory=peak_memory(),
    )


# -- components


def _components(run: BlockRun) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, ref in run.wire.components.items():
        handle = _handle(ref)
        found[name] = handle.take() if name in run.declared else handle.look()
    for spec in run.specs:
        if spec.name not in found:
            is_made = spec.default_creation_method == "from_config"
            found[spec.name] = spec.create() if is_made else None
    return found


def _handle(ref: ComponentRef) -> Handle:
    return ref.handle  # type: ignore[return-value]


def _is_copy(run: BlockRun, name: str) -> bool:
    ref = run.wire.components.get(name)
    return ref is not None and name in run.declared and _handle(ref).carries_state


def _pipeline(run: BlockRun, components: dict[str, Any]) -> Any:
    maker: PipelineMaker = run.wire.base.handle  # type: ignore[assignment]
    return maker.build(components)


def _changed_components(
    pipeline: Any, before: dict[str, str | None], run: BlockRun
) -> dict[str, ComponentRef]:
    changed: dict[str, ComponentRef] = {}
    for name, key_before in before.items():
        component = getattr(pipeline, name)
        key = state_key(component)
        if key is None or key != key_before:
            ref = component_ref(component, key or _KEY_OF_NODE)
            changed[name] = replace(ref, key=key or "", size=size_of(vars(component)))
    return changed


# -- values


def _writes(run: BlockRun, state: PipelineState, values: TracedValues) -> tuple[Write, ...]:
    before = run.wire.bundles
    tagged: dict[str, list[str]] = {}
    for bundle, members in state.kwargs_mapping.items():
        # A name is added each time it is written, also where it was there already; the same result
        # may be used again on a wire where it was not.
        for name in dict.fromkeys(members[len(before.get(bundle, ())) :]):
            tagged.setdefault(name, []).append(bundle)
    writes = []
    for name, data in values.changed().items():
        for bundle in tagged.pop(name, [""]):
            writes.append(Write(name, data, bundle))
    for name, bundles in tagged.items():
        writes.extend(Write(name, values[name], bundle, is_same=True) for bundle in bundles)
    return tuple(writes)


# -- what surrounds a block


class _RandomState:
    """torch's global random state on the CPU, seeded for one block."""

    def __init__(self) -> None:
        self.seeded = torch.get_rng_state()

    def was_drawn_from(self) -> bool:
        return not torch.equal(torch.get_rng_state(), self.seeded)


@contextlib.contextmanager
def _global_random_state(run: BlockRun, values: TracedValues) -> Iterator[_RandomState]:
    """Seed torch's global generator as the state's own generator was, and restore it after.

    Some blocks draw from it, or seed it themselves. A block that drew from it is noted to have
    read ``generator``, so that it runs again when the seed changes.
    """
    ref = run.wire.values.get("generator")
    generator = run.fetch(ref) if ref is not None and not ref.is_none else None
    seed = generator.initial_seed() if isinstance(generator, torch.Generator) else 0
    devices = [torch.cuda.current_device()] if torch.cuda.is_initialized() else []
    with torch.random.fork_rng(devices):
        # torch.manual_seed would queue a call for each device that is not in use, every time.
        torch.default_generator.manual_seed(seed)
        if devices:
            torch.cuda.manual_seed(seed)
        yield _RandomState()


class _DropErrors(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        return record.levelno < logging.ERROR


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Keep diffusers from logging every error once per enclosing block: it is raised anyway."""
    drop = _DropErrors()
    _BLOCKS_LOGGER.addFilter(drop)
    try:
        yield
    finally:
        _BLOCKS_LOGGER.removeFilter(drop)


# -- errors


def _block_failed(run: BlockRun, given: dict[str, Any], error: Exception) -> NodeFailed:
    failing = _innermost_block(error)
    block = type(failing).__name__ if failing is not None else ""
    message, remedy = str(error).strip() or "no message", getattr(error, "remedy", "")
    is_plain = isinstance(error, (ValueError, RuntimeError))
    if isinstance(error, AttributeError) and isinstance(error.obj, BlockState):
        message = f'Nothing before it in the loop makes "{error.name}", which it needs.'
        remedy, is_plain = "Put the block that makes it before this one.", True
    remedy = remedy or _what_lacks(failing, given)
    name = "" if is_plain else f"{type(error).__name__}: "
    details = "".join(traceback.format_exception(error))
    is_own = block == type(run.block).__name__
    return NodeFailed(
        run.place,
        f"{name}{message}",
        block="" if is_own else block,
        remedy=remedy,
        details=details,
    )


def _what_lacks(block: ModularPipelineBlocks | None, given: dict[str, Any]) -> str:
    """What to do where the block that failed declares components that the model does not have."""
    declared = [spec.name for spec in block.expected_components] if block is not None else []
    absent = [name for name in dict.fromkeys(declared) if name in given and given[name] is None]
    if not absent:
        return ""
    names = ", ".join(f'"{name}"' for name in absent)
    node = "Load ControlNet" if "controlnet" in absent else "Load Component and Set Components"
    return f"The model has no {names}, which this block uses: add it with {node}."


def _innermost_block(error: BaseException) -> ModularPipelineBlocks | None:
    """The block that was running when ``error`` was raised."""
    found = None
    for frame, _ in traceback.walk_tb(error.__traceback__):
        owner = frame.f_locals.get("self")
        is_block = isinstance(owner, ModularPipelineBlocks)
        if is_block and not isinstance(owner, ConditionalPipelineBlocks):
            found = owner
    return found
