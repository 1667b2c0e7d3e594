"""Calling node functions: their arguments, their outputs, and the record of what they did."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from blockloom.errors import NodeDefinitionError, NodeFailed, Place
from blockloom.execution.block_state import BlockState, WrittenValue
from blockloom.execution.ledger import FunctionLedger
from blockloom.execution.planner import NodePlan
from blockloom.execution.runner import Runner
from blockloom.execution.store import Record
from blockloom.execution.values import NewPipeline, ValueRef
from blockloom.execution.views import PipelineView, RunningContext
from blockloom.execution.wire import StartWire, WireChange
from blockloom.graph.node_types import OutputSocket
from blockloom.graph.sockets import SocketType

# Looking at a function's signature takes longer than many a function.
_REMEMBERED = 1024


@dataclass(frozen=True, slots=True)
class FunctionCall:
    """A node function about to be called."""

    plan: NodePlan
    function: Callable[..., object]
    context: RunningContext
    find: Callable[[ValueRef], object]
    runner: Runner


@dataclass(frozen=True, slots=True)
class FunctionResult:
    """The record of a call, and the data it made: lasting key, data, size."""

    record: Record
    made: tuple[tuple[str, object, int], ...]


@lru_cache(maxsize=_REMEMBERED)
def context_parameter(function: Callable[..., object]) -> str:
    """The parameter that takes the context, or ""."""
    for name, parameter in inspect.signature(function).parameters.items():
        annotation = parameter.annotation
        text = annotation if isinstance(annotation, str) else getattr(annotation, "__name__", "")
        if text.rpartition(".")[2] == "Context":
            return name
    return ""


def arguments_for(
    function: Callable[..., object],
    values: Mapping[str, object],
    context: RunningContext,
) -> dict[str, object]:
    """Keyword arguments of a node function, its context among them."""
    arguments = dict(values)
    name = context_parameter(function)
    if name:
        arguments[name] = context
    return arguments


def all_arguments(
    function: Callable[..., object],
    values: Mapping[str, object],
    context: RunningContext,
) -> dict[str, object]:
    """As :func:`arguments_for`, with the function's defaults for what is not given."""
    return {**_defaults(function), **arguments_for(function, values, context)}


@lru_cache(maxsize=_REMEMBERED)
def _defaults(function: Callable[..., object]) -> Mapping[str, object]:
    return {
        name: parameter.default
        for name, parameter in inspect.signature(function).parameters.items()
        if parameter.default is not inspect.Parameter.empty
    }


def call_function(call: FunctionCall) -> FunctionResult:
    """Call a node function with its plan's values; see ``FunctionLedger`` for the keys."""
    plan = call.plan
    ledger = FunctionLedger(call.find, call.runner)
    values: dict[str, object] = {name: ledger.fetch(ref) for name, ref in plan.refs.items()}
    for name, wire in plan.wires.items():
        values[name] = PipelineView(name, wire, ledger)
    returned = call.function(**arguments_for(call.function, values, call.context))
    sockets = plan.node_type.outputs
    results = _by_socket(plan, sockets, returned)
    pending = {
        socket.name: ledger.name_data(results[socket.name], f"output {socket.name}")
        for socket in sockets
        if socket.type is not SocketType.PIPELINE
    }
    key = plan.key_with(ledger.trace)
    outputs = {name: ledger.final(ref, key) for name, ref in pending.items()}
    wires = {
        socket.name: _wire_change(plan, results[socket.name], ledger, key)
        for socket in sockets
        if socket.type is SocketType.PIPELINE
    }
    written = tuple(WrittenValue(name, ref, "new") for name, ref in outputs.items())
    state = BlockState(plan.node.id, plan.node_type.id, plan.reads, written)
    record = Record(
        key,
        outputs=outputs,
        wires=wires,
        block_state=state,
        files=tuple(call.context.files),
        shown=tuple(call.context.shown),
        trace=ledger.trace,
    )
    return FunctionResult(record, tuple(ledger.made(key)))


def _by_socket(
    plan: NodePlan, sockets: tuple[OutputSocket, ...], returned: object
) -> dict[str, object]:
    if not sockets:
        return {}
    if len(sockets) == 1 and not hasattr(returned, "_fields"):
        return {sockets[0].name: returned}
    if isinstance(returned, tuple) and len(returned) == len(sockets):
        return {socket.name: value for socket, value in zip(sockets, returned, strict=True)}
    raise NodeDefinitionError(
        f"The function returned {_described(returned)} for {len(sockets)} outputs.",
        remedy="Return one value for each field of the NamedTuple it declares.",
    )


def _described(returned: object) -> str:
    return f"{len(returned)} values" if isinstance(returned, tuple) else type(returned).__name__


def _wire_change(plan: NodePlan, result: object, ledger: FunctionLedger, key: str) -> WireChange:
    if isinstance(result, NewPipeline):
        return WireChange("", (StartWire(result.base, result.components),))
    if isinstance(result, PipelineView):
        steps = tuple(ledger.final_step(step, key) for step in result.steps)
        return WireChange(result.parameter, steps)
    raise NodeFailed(
        Place(plan.node.id, plan.node.class_type, "pipeline", "output"),
        f"the function returned {type(result).__name__} where a pipeline belongs.",
        remedy="Return the pipeline it was given, or one made from it.",
    )
