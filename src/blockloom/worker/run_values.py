"""Values of runs by the names people see, and block states as JSON with a summary of each value."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from blockloom.bridge.digests import digest_of
from blockloom.bridge.runner import BlockRunner
from blockloom.bridge.summaries import summarise
from blockloom.errors import NotFoundError
from blockloom.execution.block_state import LoopStep, ReadValue, WrittenValue
from blockloom.execution.session import RunReport
from blockloom.execution.values import MISSING, Origin, ValueRef
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
    for step in report.steps(node_id):
        if step.index == index:
            if name in step.values:
                return step.values[name]
            break
    raise NotFoundError(f'Node "{node_id}" kept no value "{name}" of step {index}.')


def component_keys(report: RunReport, node_id: str) -> list[str]:
    """The keys of the components on the main wire behind a node, or before it while it runs."""
    planner = report.run.planner
    plan = planner.plans.get(node_id)
    wires = planner.wires.get(node_id, {} if plan is None else plan.wires)
    return [ref.key for wire in wires.values() for ref in wire.components.values()]


@dataclass(frozen=True, slots=True)
class ToldValues:
    """What is known of a run's values, each told once however often it is read."""

    report: RunReport
    _told: dict[str, dict[str, Json]] = field(default_factory=dict)

    def json(self, ref: ValueRef | None) -> dict[str, Json]:
        """A key, and a summary while the value is kept, else null.

        Equal keys mean equal values, of whatever runs. What is small goes by its content, the rest
        by the way it was made.
        """
        if ref is None:
            return {"key": None, "value": None}
        if ref.key not in self._told:
            data = self.report.look(ref)
            digest = "" if data is MISSING else digest_of(data)
            made = (digest or ref.key).encode("utf-8", "surrogatepass")
            key = hashlib.blake2b(made, digest_size=8).hexdigest()
            summary = None if data is MISSING else summarise(data).to_json()
            self._told[ref.key] = {"key": key, "value": summary}
        return self._told[ref.key]


def block_state_json(values: ToldValues, node_id: str) -> Json:
    """A block state; the summary of a value that is not kept any more is null.

    ``components`` are those that the node changed, ``used_components`` all that it used.
    ``branches`` has the branch that each conditional inside took, null where it was skipped.
    """
    report = values.report
    state = report.block_state(node_id, is_only_looked_at=True)
    used, branches = _inner_ways(report, node_id)
    return {
        "node_id": state.node_id,
        "class_type": state.type_id,
        "was_kept": node_id in report.run.kept and node_id not in report.run.ran,
        "seconds": state.seconds,
        "memory": state.memory,
        "components": [*state.components],
        "used_components": [*used],
        "branches": {**branches},
        "read": [_read_json(values, value) for value in state.read],
        "written": [_written_json(values, value) for value in state.written],
        "step_count": len(state.steps),
    }


def block_states_json(values: ToldValues) -> Json:
    """The block states of all nodes that have run so far, or were kept."""
    records = [*values.report.run.records.items()]
    known = [node_id for node_id, record in records if record.block_state is not None]
    return {"nodes": {node_id: block_state_json(values, node_id) for node_id in known}}


def whole_state_json(told: ToldValues, node_id: str) -> Json:
    """All that is on the main wire behind a node, each value with who wrote it.

    ``is_given`` tells what was typed or linked from what blocks made; ``bundles`` are the groups
    that the value is in.
    """
    report = told.report
    if node_id not in report.run.records:
        raise NotFoundError(f'Node "{node_id}" has no state: it was not part of the run.')
    wires = report.run.planner.wires.get(node_id, {})
    wire = next(iter(wires.values()), None)
    if wire is None:
        return {"node_id": node_id, "has_wire": False, "components": [], "values": []}
    tags: dict[str, list[Json]] = {}
    for bundle, members in wire.bundles.items():
        for name in members:
            tags.setdefault(name, []).append(bundle)
    values: list[Json] = [
        {
            "name": name,
            "writer": ref.writer,
            "origin": ref.origin.value,
            "is_given": ref.origin in (Origin.TYPED, Origin.LINKED),
            "bundles": sorted(tags.get(name, []), key=str),
            **told.json(ref),
        }
        for name, ref in sorted(wire.values.items())
    ]
    return {
        "node_id": node_id,
        "has_wire": True,
        "components": [*wire.components],
        "values": values,
    }


def _inner_ways(report: RunReport, node_id: str) -> tuple[list[str], dict[str, str | None]]:
    """The components a node used, and the branches it took, as far as they can be told now."""
    plan = report.run.planner.plans[node_id]
    if plan.resolved is None:
        return [], {}
    used = [need.name for need in plan.resolved.components]
    branches = dict(plan.resolved.choices)
    runner = report.run.engine.runner
    if plan.resolved.undecided and isinstance(runner, BlockRunner):
        wire = plan.wires["pipeline"]
        taken = runner.branches_taken(plan.node_type.id, wire, report.peek)
        branches = {**taken, **branches}
        in_use = runner.components_used(plan.node_type.id, wire, report.peek)
        used = [name for name in used if name in in_use]
    return used, branches


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


def _read_json(values: ToldValues, value: ReadValue) -> Json:
    return {
        "name": value.name,
        "came_from": value.came_from,
        "writer": value.writer,
        **values.json(value.ref),
    }


def _written_json(values: ToldValues, value: WrittenValue) -> Json:
    return {
        "name": value.name,
        "change": value.change,
        "origin": value.origin.value,
        "warning": value.ref.warning,
        **values.json(value.ref),
    }
