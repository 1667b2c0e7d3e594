"""How loops and the blocks inside them work together, read from their signatures and their code."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterator
from typing import Any

from diffusers.modular_pipelines.modular_pipeline import (
    LoopSequentialPipelineBlocks,
    ModularPipelineBlocks,
)

from blockloom.bridge.block_kinds import own_writes
from blockloom.graph.node_types import LoopCall

_STATE = "block_state"
_ALWAYS = ("self", "components", _STATE)


def loop_call(block: ModularPipelineBlocks) -> LoopCall:
    """What a loop gives its blocks at each step, or what a block inside a loop takes."""
    if not isinstance(block, LoopSequentialPipelineBlocks):
        arguments, takes_any = _arguments(type(block))
        reads, writes = _used(block)
        return LoopCall(arguments, takes_any, reads, writes)
    inner = [_arguments(type(step))[0] for step in block.sub_blocks.values()]
    _, writes = _used(block)
    made_inside = {p.name for step in block.sub_blocks.values() for p in step.intermediate_outputs}
    own_outputs = [p.name for p in block.intermediate_outputs if p.name not in made_inside]
    return LoopCall(
        arguments=tuple(dict.fromkeys(name for names in inner for name in names)),
        writes=writes,
        inputs=tuple(p.name or p.kwargs_type for p in block.loop_inputs if p.name or p.kwargs_type),
        outputs=tuple(
            dict.fromkeys(
                (
                    *(param.name for param in block.loop_intermediate_outputs),
                    *own_outputs,
                    *own_writes(block),
                )
            )
        ),
        components=tuple(spec.name for spec in block.loop_expected_components),
    )


def _arguments(block_class: type) -> tuple[tuple[str, ...], bool]:
    """The arguments of a step's call beside components and block state, and whether any do."""
    parameters = inspect.signature(block_class.__call__).parameters.values()
    names = tuple(
        p.name for p in parameters if p.name not in _ALWAYS and p.kind is not p.VAR_KEYWORD
    )
    return names, any(p.kind is p.VAR_KEYWORD for p in parameters)


def _used(block: ModularPipelineBlocks) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Names of the block state that a class's own code reads, and those it sets, undeclared.

    Names asked for with ``getattr`` or ``hasattr`` may be lacking, and count as neither.
    """
    declared = {param.name for param in block.inputs}
    reads: dict[str, None] = {}
    writes: dict[str, None] = {}
    for function in _functions(type(block)):
        for node in _attributes(function):
            used = writes if isinstance(node.ctx, ast.Store) else reads
            used[node.attr] = None
    own = {param.name for param in block.intermediate_outputs}
    asked = tuple(name for name in reads if name not in declared and name not in _METHODS)
    return asked, tuple(dict.fromkeys((*writes, *(name for name in own if name))))


_METHODS = frozenset(dir(dict)) | {"as_dict"}


def _functions(block_class: type) -> Iterator[Callable[..., Any]]:
    """The functions of a class and of those it inherits from, down to diffusers' own bases."""
    for base in block_class.__mro__:
        if base in (LoopSequentialPipelineBlocks, ModularPipelineBlocks):
            return
        for value in vars(base).values():
            function = (
                inspect.unwrap(getattr(value, "__func__", value)) if callable(value) else None
            )
            if inspect.isfunction(function):
                yield function


def _attributes(function: Callable[..., Any]) -> Iterator[ast.Attribute]:
    """Every ``block_state.NAME`` in a function."""
    code = function.__code__
    if _STATE not in (*code.co_varnames, *code.co_freevars, *code.co_cellvars):
        return
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    except (OSError, TypeError, SyntaxError):
        return
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(value=ast.Name(id=name)) if name == _STATE:
                yield node
