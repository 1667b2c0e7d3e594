"""One run of one graph: node by node, keeping what stands and running what does not."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from blockloom.errors import (
    BlockloomError,
    Cancelled,
    NodeFailed,
    Place,
    is_disk_trouble,
    storage_error,
)
from blockloom.execution.block_state import BlockState, LoopStep
from blockloom.execution.cancel import CancelToken
from blockloom.execution.collector import resumed_collector
from blockloom.execution.events import FileEvent, Listener, PreviewListener
from blockloom.execution.functions import FunctionCall, call_function
from blockloom.execution.keys import key_of
from blockloom.execution.planner import NodePlan, Planner, component_name
from blockloom.execution.runner import BlockCall, Runner, Write
from blockloom.execution.store import Record, ValueStore
from blockloom.execution.values import MISSING, ValueRef
from blockloom.execution.views import Host, RunningContext
from blockloom.execution.wire import SetComponent, SetValue, Wire, WireChange
from blockloom.execution.written import block_outputs, values_written, warnings_of
from blockloom.graph.file import graph_to_json
from blockloom.graph.model import Graph, Json, Node
from blockloom.graph.node_types import Kind


@dataclass(frozen=True, slots=True)
class Engine:
    """What runs share: who runs blocks, the node functions, the kept values."""

    runner: Runner
    functions: Mapping[str, Callable[..., object]]
    store: ValueStore


@dataclass(slots=True)
class GraphRun:
    """The run of a graph that checks, in ``order``; lives on in its report to find values.

    ``given`` makes the data of keys that no node of the graph makes: what a host hands in.
    ``running_steps`` has the steps so far of the node that runs, until its record is there;
    ``broken_off`` where the store keeps those of the node at which the run failed or was cancelled.
    """

    engine: Engine
    graph: Graph
    order: tuple[str, ...]
    planner: Planner
    host: Host
    seed: int | None
    cancel: CancelToken
    listen: Listener
    on_preview: PreviewListener | None = None
    is_dry: bool = False
    given: Mapping[str, Callable[[], object]] = field(default_factory=dict)
    ran: dict[str, None] = field(default_factory=dict)
    kept: dict[str, None] = field(default_factory=dict)
    records: dict[str, Record] = field(default_factory=dict)
    running_steps: dict[str, list[LoopStep]] = field(default_factory=dict)
    broken_off: dict[str, str] = field(default_factory=dict)
    _untold: list[str] = field(default_factory=list)
    _graph_json: dict[str, Json] = field(default_factory=dict)

    def go(self) -> None:
        """Keep or run every node in order. Raises NodeFailed or Cancelled."""
        try:
            for node_id in self.order:
                self.cancel.check()
                plan = self.plan(node_id)
                record = plan.record
                if record is not None and files_exist(record.files):
                    self._keep(node_id, record)
                else:
                    self._make_available(_refs_of(plan))
                    record = self._run(plan)
                self.records[node_id] = record
                self.running_steps.clear()
                self.planner.settle(node_id, record)
        finally:
            self._keep_broken_off()
            self.running_steps.clear()
            self._tell_kept()

    def plan(self, node_id: str) -> NodePlan:
        """Plan a node whose sources are settled. Raises NodeFailed where its files are missing."""
        node = self.graph.nodes[node_id]
        try:
            return self.planner.plan(node)
        except NodeFailed:
            raise
        except Exception as error:
            raise _failed(node, error) from error

    @property
    def graph_json(self) -> dict[str, Json]:
        """The graph as its file's content."""
        if not self._graph_json:
            self._graph_json = graph_to_json(self.graph)
        return self._graph_json

    @property
    def used_seed(self) -> int | None:
        """The run's seed, once a node has been given one."""
        return self.seed if self.planner.has_used_seed else None

    # -- values

    def fetch(self, ref: ValueRef) -> object:
        """The data of a value; runs its writer again where the data is gone or void."""
        data = self.find(ref)
        if data is MISSING:
            self._make_available([ref])
            data = self.find(ref)
        return data

    def find(self, ref: ValueRef) -> object:
        """The data of a value, or MISSING; runs nothing."""
        if ref.inline is not MISSING:
            return ref.inline
        data = self.engine.store.get(ref.key)
        if data is MISSING and ref.key in self.planner.literals:
            socket, value = self.planner.literals[ref.key]
            data = self.engine.runner.literal(socket, value)
        elif data is MISSING and ref.key in self.given:
            data = self.given[ref.key]()
        else:
            return data
        self.engine.store.put(ref.key, data, self.engine.runner.describe(data).size)
        return data

    def is_available(self, ref: ValueRef) -> bool:
        """Whether the data of a value is here, or can be made without running a node."""
        return (
            ref.inline is not MISSING
            or ref.key in self.planner.literals
            or ref.key in self.given
            or self.engine.store.has(ref.key)
        )

    def _make_available(self, refs: Iterable[ValueRef]) -> None:
        # A stack instead of recursion: a long chain may have lost all its values.
        pending = [ref for ref in refs if not self.is_available(ref)]
        tried: set[str] = set()
        while pending:
            ref = pending[-1]
            if self.is_available(ref):
                pending.pop()
                continue
            plan = self._writer_of(ref, tried)
            missing = [other for other in _refs_of(plan) if not self.is_available(other)]
            if missing:
                pending.extend(missing)
                continue
            tried.add(ref.key)
            self._run(plan)
            self.running_steps.clear()

    def _writer_of(self, ref: ValueRef, tried: set[str]) -> NodePlan:
        node_id = self.planner.producers.get(ref.key)
        if node_id is None or ref.key in tried:
            raise BlockloomError(
                f'A value written by node "{ref.writer}" is gone and cannot be made again.',
                remedy="Run the graph once more.",
            )
        return self.planner.plans[node_id]

    # -- keeping

    def _keep(self, node_id: str, record: Record) -> None:
        """Let the earlier result stand; nodes that show nothing are told of together, later."""
        self.kept[node_id] = None
        if not record.files and not record.shown:
            self._untold.append(node_id)
            return
        self._tell_kept()
        self.listen(
            {
                "event": "node_kept",
                "node_id": node_id,
                "files": [*record.files],
                "texts": _texts(record),
            }
        )

    def _tell_kept(self) -> None:
        if self._untold:
            untold, self._untold = self._untold, []
            self.listen({"event": "nodes_kept", "node_ids": untold})

    # -- running

    def _run(self, plan: NodePlan) -> Record:
        node_id = plan.node.id
        self.cancel.check()
        self._tell_kept()
        self.listen({"event": "node_started", "node_id": node_id})
        started = time.perf_counter()
        try:
            with resumed_collector(), self.engine.runner.running(node_id):
                record = self._run_kind(plan)
        except (Cancelled, NodeFailed):
            raise
        except Exception as error:
            raise _failed(plan.node, error) from error
        seconds = time.perf_counter() - started
        state = record.block_state and replace(record.block_state, seconds=seconds)
        record = replace(record, seconds=seconds, block_state=state)
        self.engine.store.put_record(record, plan.primary)
        self.ran[node_id] = None
        self.listen(
            {
                "event": "node_finished",
                "node_id": node_id,
                "seconds": seconds,
                "files": [*record.files],
                "texts": _texts(record),
                "warnings": warnings_of(record),
            }
        )
        return record

    def _run_kind(self, plan: NodePlan) -> Record:
        if plan.node_type.is_block:
            return self._run_block(plan)
        if plan.node_type.kind is Kind.COMPONENT:
            return self._run_component(plan)
        return self._run_function(plan)

    def _run_block(self, plan: NodePlan) -> Record:
        if plan.resolved is None:
            raise LookupError("a block is planned with its branches resolved")
        wire = plan.wires["pipeline"]
        steps = self.running_steps[plan.node.id] = []
        outcome = self.engine.runner.run_block(
            BlockCall(
                plan.node.id,
                plan.node_type,
                plan.resolved,
                wire,
                self.fetch,
                self.cancel,
                lambda done, total: self._step(plan.node.id, done, total),
                self.on_preview,
                steps,
            )
        )
        trace = tuple(("pipeline", name) for name in sorted(outcome.read_also))
        key = plan.key_with(trace)
        sets = [self._name_write(write, wire, key) for write in outcome.writes]
        components = [
            SetComponent(name, ref if ref.key else replace(ref, key=key_of(key, "component", name)))
            for name, ref in outcome.components.items()
        ]
        change = WireChange("pipeline", (*sets, *components))
        self._keep_steps(key, outcome.steps)
        state = BlockState(
            plan.node.id,
            plan.node_type.id,
            plan.reads,
            values_written(plan, wire, sets),
            tuple(sorted(outcome.components)),
            memory=outcome.memory,
        )
        after = change.apply(plan.wires, "")
        return Record(
            key,
            outputs=block_outputs(plan, after),
            wires={"pipeline": change},
            block_state=state,
            trace=trace,
            size=sum(ref.size for ref in outcome.components.values()),
        )

    def _run_component(self, plan: NodePlan) -> Record:
        name = component_name(plan.node_type, plan.refs)
        current = plan.wires["pipeline"].components.get(name)
        arguments = {key: self.fetch(ref) for key, ref in plan.refs.items() if key != "component"}
        ref = self.engine.runner.set_component(plan.node_type, arguments, current)
        change = WireChange("pipeline", (SetComponent(name, ref),))
        state = BlockState(plan.node.id, plan.node_type.id, plan.reads, components=(name,))
        return Record(
            plan.key_with(()), wires={"pipeline": change}, block_state=state, size=ref.size
        )

    def _run_function(self, plan: NodePlan) -> Record:
        function = self.engine.functions[plan.node_type.id]
        context = RunningContext(
            plan.node.id,
            self.host,
            self.used_seed,
            self.graph_json,
            self.cancel,
            lambda done, total: self._step(plan.node.id, done, total),
        )
        call = FunctionCall(plan, function, context, self.fetch, self.engine.runner)
        result = call_function(call)
        for key, data, size in result.made:
            self.engine.store.put(key, data, size)
        return result.record

    # -- naming what was written

    def _name_write(self, write: Write, before: Wire, node_key: str) -> SetValue:
        known = before.values.get(write.name)
        if write.is_same and known is not None:
            return SetValue(write.name, known, write.bundle)
        described = self.engine.runner.describe(write.data)
        if described.content_key:
            is_none = write.data is None
            ref = ValueRef(described.content_key, is_none, inline=write.data)
        else:
            ref = ValueRef(key_of("written", node_key, write.name), warning=described.warning)
            self.engine.store.put(ref.key, write.data, described.size)
        return SetValue(write.name, ref, write.bundle)

    def _keep_steps(self, key: str, steps: tuple[LoopStep, ...]) -> None:
        if steps:
            size = sum(self.engine.runner.describe(dict(step.values)).size for step in steps)
            self.engine.store.put(steps_key(key), steps, size)

    def _keep_broken_off(self) -> None:
        """The steps of a node that did not come to its end: one may want to see why."""
        for node_id in [found for found, steps in self.running_steps.items() if steps]:
            key = key_of("broken off", self.planner.plans[node_id].key_with(()))
            self._keep_steps(key, tuple(self.running_steps[node_id]))
            self.broken_off[node_id] = steps_key(key)

    def _step(self, node_id: str, done: int, total: int) -> None:
        self.listen({"event": "node_step", "node_id": node_id, "done": done, "total": total})


def steps_key(node_key: str) -> str:
    """Where the store keeps the loop steps of a node."""
    return key_of("steps", node_key)


def _refs_of(plan: NodePlan) -> list[ValueRef]:
    return [value.ref for value in plan.reads if value.ref is not None]


def _texts(record: Record) -> list[str]:
    return [text for text in record.shown if isinstance(text, str)]


def files_exist(files: Iterable[FileEvent]) -> bool:
    """Whether all files that a kept result announced are still there."""
    return all(Path(file["path"]).is_file() for file in files)


def _failed(node: Node, error: Exception) -> NodeFailed:
    place = Place(node.id, node.class_type)
    details = "".join(traceback.format_exception(error))
    if isinstance(error, OSError) and is_disk_trouble(error):
        where = f' to "{error.filename}"' if error.filename else ""
        error = storage_error(f"Something could not be written{where}", error)
    if isinstance(error, BlockloomError):
        return NodeFailed(place, error.message, remedy=error.remedy, details=details)
    text = str(error).strip() or "no message"
    return NodeFailed(place, f"{type(error).__name__}: {text}", details=details)
