"""What a block wrote, by name: for its block state, and at its output sockets."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from blockloom.execution.block_state import Change, WrittenValue
from blockloom.execution.keys import content_key
from blockloom.execution.planner import NodePlan
from blockloom.execution.store import Record
from blockloom.execution.values import Origin, ValueRef
from blockloom.execution.wire import SetValue, Wire
from blockloom.graph.sockets import SocketType

_NOT_WRITTEN = "The node did not write this output."


def values_written(
    plan: NodePlan, before: Wire, sets: Iterable[SetValue]
) -> tuple[WrittenValue, ...]:
    """The values a block wrote on a wire: which are new, changed, or the same as before."""
    declared = {socket.name for socket in plan.resolved.outputs} if plan.resolved else set()
    written = []
    for step in sets:
        found = before.values.get(step.name)
        change: Change = "new" if found is None or found.is_none else "changed"
        if found is not None and found.key == step.ref.key:
            change = "same"
        origin = Origin.OUTPUT if step.name in declared else Origin.CHANGED
        ref = replace(step.ref, origin=origin)
        written.append(WrittenValue(step.name, ref, change, origin))
    return tuple(written)


def block_outputs(plan: NodePlan, after: Wire) -> dict[str, ValueRef]:
    """The values at the block's output sockets: what the state holds under these names now."""
    missing = ValueRef(content_key(None), True, inline=None, warning=_NOT_WRITTEN)
    return {
        socket.name: after.values.get(socket.name, missing)
        for socket in plan.node_type.outputs
        if socket.type is not SocketType.PIPELINE
    }


def warnings_of(record: Record) -> list[str]:
    """What is wrong with the values a node wrote."""
    found = {f"{name}: {ref.warning}" for name, ref in record.outputs.items() if ref.warning}
    if record.block_state is not None:
        found |= {
            f"{value.name}: {value.ref.warning}"
            for value in record.block_state.written
            if value.ref.warning
        }
    return sorted(warning for warning in found if _NOT_WRITTEN not in warning)
