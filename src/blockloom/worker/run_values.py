"""Values of runs by the names people see, and block states as JSON with a summary of each value."""

from __future__ import annotations

from blockloom.bridge.summaries import summarise
from blockloom.errors import NotFoundError
from blockloom.execution.block_state import BlockState, LoopStep, ReadValue, WrittenValue
from blockloom.execution.session import RunReport
from blockloom.execution.values import MISSING, ValueRef
from blockloom.graph.model import Json


def find_value(report: RunReport, node_id: str, name: str, *, side: str = "") -> object:
    """The value of a node: one it wrote, or else read ("written" or "read" for one of both only).

    Raises NotFoundError where there is none of that name, or it is not kept any more. Runs
    nothing.
    """
    ref = _ref_of(report, node_id, name, side)
    data = report.peek(ref)
    if data is MISSING:
        raise NotFoundError(
            f'The value "{name}" of node "{node_id}" is not kept any more.',
            remedy="Run the graph once more.",
        )
    return data


def find_step_value(report: RunReport, node_id: str, name: str, index: int) -> object:
    """The value of that name after one step of a node's loop. Raises NotFoundError."""
    for step in report.block_state(node_id).steps:
        if step.index == index:
            if name in step.values:
                return step.values[name]
            break
    raise NotFoundError(f'Node "{node_id}" kept no value "{name}" of step {index}.')


def component_keys(report: RunReport, node_id: str) -> list[str]:
    """The keys of the components on the main wire behind a node."""
    wires = report.run.planner.wires.get(node_id, {})
    return [ref.key for wire in wires.values() for ref in wire.components.values()]


def state_json(report: RunReport, state: BlockState) -> Json:
    """A block state; the summary of a value that is not kept any more is null."""
    return {
        "node_id": state.node_id,
        "class_type": state.type_id,
        "seconds": state.seconds,
        "memory": state.memory,
        "components": [*state.components],
        "read": [_read_json(report, value) for value in state.read],
        "written": [_written_json(report, value) for value in state.written],
        "step_count": len(state.steps),
    }


def step_json(step: LoopStep) -> Json:
    """The values that were new after a step."""
    return {
        "index": step.index,
        "total": step.total,
        "values": {name: summarise(value).to_json() for name, value in step.values.items()},
        "dropped": [*step.dropped],
    }


def _ref_of(report: RunReport, node_id: str, name: str, side: str) -> ValueRef:
    state = report.block_state(node_id)
    if side != "read":
        for written in state.written:
            if written.name == name:
                return written.ref
        output = report.run.records[node_id].outputs.get(name)
        if output is not None:
            return output
    if side != "written":
        for read in state.read:
            if read.name == name and read.ref is not None:
                return read.ref
        behind = report.state(node_id).get(name)
        if behind is not None and not side:
            return behind
    raise NotFoundError(f'Node "{node_id}" has no value "{name}".')


def _read_json(report: RunReport, value: ReadValue) -> Json:
    return {
        "name": value.name,
        "came_from": value.came_from,
        "writer": value.writer,
        "value": None if value.ref is None else _summary_json(report, value.ref),
    }


def _written_json(report: RunReport, value: WrittenValue) -> Json:
    return {
        "name": value.name,
        "change": value.change,
        "origin": value.origin.value,
        "warning": value.ref.warning,
        "value": _summary_json(report, value.ref),
    }


def _summary_json(report: RunReport, ref: ValueRef) -> Json:
    data = report.peek(ref)
    return None if data is MISSING else summarise(data).to_json()
