"""What can be told of a diffusers block by looking at it: its kind, whether it is as its class
makes it, what it writes without declaring it."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator
from types import CodeType
from typing import Any

from diffusers.modular_pipelines.modular_pipeline import (
    AutoPipelineBlocks,
    ConditionalPipelineBlocks,
    LoopSequentialPipelineBlocks,
    ModularPipelineBlocks,
    SequentialPipelineBlocks,
)

from blockloom.graph.node_types import Kind

BASE_CLASSES: tuple[type[ModularPipelineBlocks], ...] = (
    ModularPipelineBlocks,
    ConditionalPipelineBlocks,
    AutoPipelineBlocks,
    SequentialPipelineBlocks,
    LoopSequentialPipelineBlocks,
)

_NO_PART_OF_IT = ("sub_blocks", "_progress_bar_config")
"""Compared apart, and how progress is shown: presets share loops, and runs leave that on them."""
_WRITE = re.compile(r"""\bstate\.set\(\s*["'](\w+)["']""")


def kind_of(block: ModularPipelineBlocks) -> Kind:
    """How a block works inside; a composite that overrides ``__call__`` is one unit: a leaf."""
    if isinstance(block, LoopSequentialPipelineBlocks):
        return Kind.LOOP
    if is_loop_step(type(block)):
        return Kind.LOOP_STEP
    if has_own_call(block) or not block.sub_blocks:
        return Kind.LEAF
    if isinstance(block, ConditionalPipelineBlocks):
        return Kind.CONDITIONAL
    return Kind.SEQUENTIAL


def has_own_call(block: ModularPipelineBlocks) -> bool:
    """Whether a composite runs its sub-blocks in a way of its own."""
    inherited = (SequentialPipelineBlocks.__call__, ConditionalPipelineBlocks.__call__)
    return _call_of(type(block)) not in inherited


def is_loop_step(block_class: type[ModularPipelineBlocks]) -> bool:
    """Whether a block is called as ``(components, block_state, i, …)``, so only inside a loop."""
    call = _call_of(block_class)
    return call is not None and "block_state" in inspect.signature(call).parameters


def selects_by_presence(block: ModularPipelineBlocks) -> bool:
    """Whether a conditional takes the first branch whose trigger is present."""
    return (
        isinstance(block, AutoPipelineBlocks)
        and type(block).select_block is AutoPipelineBlocks.select_block
    )


def is_abstract_loop(block: ModularPipelineBlocks) -> bool:
    """Whether a loop has no steps: a class made to be inherited from."""
    return isinstance(block, LoopSequentialPipelineBlocks) and not block.sub_blocks


def is_as_made(block: ModularPipelineBlocks) -> bool:
    """Whether a block equals what its class makes without any argument."""
    required = [
        parameter
        for parameter in list(inspect.signature(type(block).__init__).parameters.values())[1:]
        if parameter.default is parameter.empty
        and parameter.kind in (parameter.POSITIONAL_ONLY, parameter.POSITIONAL_OR_KEYWORD)
    ]
    return not required and _is_same(block, type(block)())


def leaves(block: ModularPipelineBlocks) -> Iterator[ModularPipelineBlocks]:
    """The blocks that run by themselves: leaves and loops, of all branches, in order."""
    if kind_of(block) in (Kind.SEQUENTIAL, Kind.CONDITIONAL):
        for sub_block in block.sub_blocks.values():
            yield from leaves(sub_block)
    else:
        yield block


def own_writes(block: ModularPipelineBlocks) -> tuple[str, ...]:
    """The names a block's own ``__call__`` puts straight into the state, in order."""
    if kind_of(block) in (Kind.SEQUENTIAL, Kind.CONDITIONAL, Kind.LOOP_STEP):
        return ()
    call = _call_of(type(block))
    if call is None:
        return ()
    call = inspect.unwrap(call)
    if "set" not in getattr(getattr(call, "__code__", None), "co_names", ()):
        return ()  # reading the source is slow, and most blocks never call ``state.set``
    try:
        source = inspect.getsource(call)
    except (OSError, TypeError):
        return ()
    return tuple(dict.fromkeys(_WRITE.findall(source)))


def undeclared_writes(block: ModularPipelineBlocks) -> tuple[str, ...]:
    """Names that a block or a block inside it writes and nobody declares as input or output."""
    names: dict[str, None] = {}
    for leaf in leaves(block):
        declared = {*leaf.input_names, *leaf.intermediate_output_names}
        names.update(dict.fromkeys(name for name in own_writes(leaf) if name not in declared))
    return tuple(names)


def takes_latent_output(block: ModularPipelineBlocks) -> bool:
    """Whether ``output_type="latent"`` means something to a block that has that input."""
    return any(
        "output_type" in leaf.input_names and _mentions(type(leaf), "latent")
        for leaf in leaves(block)
    )


def _call_of(block_class: type) -> Callable[..., Any] | None:
    """The ``__call__`` of a class; the root of all blocks has none."""
    for base in block_class.__mro__:
        if "__call__" in vars(base):
            return vars(base)["__call__"]
    return None


def _mentions(block_class: type, text: str) -> bool:
    """Whether a text stands as a constant in one of the class's functions."""
    functions = (inspect.unwrap(value) for value in vars(block_class).values() if callable(value))
    codes = (getattr(function, "__code__", None) for function in functions)
    return any(text in _texts_in(code) for code in codes if code is not None)


def _texts_in(code: CodeType) -> set[str]:
    texts: set[str] = set()
    for constant in code.co_consts:
        if isinstance(constant, str):
            texts.add(constant)
        elif isinstance(constant, tuple):
            texts.update(item for item in constant if isinstance(item, str))
    return texts


def _is_same(one: ModularPipelineBlocks, other: ModularPipelineBlocks) -> bool:
    if one is other:
        return True
    if type(one) is not type(other) or list(one.sub_blocks) != list(other.sub_blocks):
        return False
    own, others = dict(vars(one)), dict(vars(other))
    for name in _NO_PART_OF_IT:
        own.pop(name, None)
        others.pop(name, None)
    if own != others:
        return False
    return all(_is_same(block, other.sub_blocks[name]) for name, block in one.sub_blocks.items())
