"""Running graphs one after another, with everything kept that did not change in between."""

from __future__ import annotations

import secrets
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal as OneOf

from blockloom.errors import Cancelled, NodeFailed, NotFoundError
from blockloom.execution.block_state import BlockState, LoopStep
from blockloom.execution.cancel import CancelToken, never_cancelled
from blockloom.execution.collector import paused_collector
from blockloom.execution.events import FileEvent, Listener, PreviewListener, nobody_listens
from blockloom.execution.fingerprints import Fingerprints
from blockloom.execution.graph_run import Engine, GraphRun, files_exist, steps_key
from blockloom.execution.planner import Planner, Prospect
from blockloom.execution.runner import Runner
from blockloom.execution.store import ValueStore
from blockloom.execution.values import MISSING, ValueRef
from blockloom.execution.views import Host
from blockloom.graph.branches import BranchResolver
from blockloom.graph.check import CheckReport, check_graph
from blockloom.graph.model import Graph, Literal
from blockloom.graph.node_types import NodeTypes
from blockloom.graph.sockets import SocketType

SEED_RANGE = 2**32
_REMEMBERED_CHECKS = 4


@dataclass(frozen=True, slots=True)
class RunOptions:
    """How to run a graph: up to which nodes, with which seed where none is typed, for whom.

    ``on_preview`` is called after each step of a loop; without one, previews cost nothing.
    ``on_report`` gets a report before the first node runs, whose block states and values appear as
    the run goes on, and which stays where the run fails.
    """

    targets: tuple[str, ...] = ()
    seed: int | None = None
    host: Host = field(default_factory=Host)
    cancel: CancelToken = field(default_factory=never_cancelled)
    listen: Listener = nobody_listens
    on_preview: PreviewListener | None = None
    on_report: Callable[[RunReport], None] | None = None


@dataclass(frozen=True, slots=True)
class RunReport:
    """What a run gave: files and texts by node, the seed, and which nodes ran or were kept."""

    outputs: Mapping[str, tuple[FileEvent, ...]]
    shown: Mapping[str, tuple[object, ...]]
    seed: int | None
    seconds: float
    ran: tuple[str, ...]
    kept: tuple[str, ...]
    run: GraphRun
    lock: threading.RLock

    def value(self, node_id: str, output: str) -> object:
        """The value at an output. Made again where it was not kept."""
        try:
            ref = self.run.records[node_id].outputs[output]
        except KeyError:
            raise NotFoundError(f'Node "{node_id}" has no value at output "{output}".') from None
        return self.fetch(ref)

    def state(self, node_id: str) -> Mapping[str, ValueRef]:
        """The names on the main wire behind a node."""
        wires = self.run.planner.wires.get(node_id, {})
        return dict(next(iter(wires.values())).values.items()) if wires else {}

    def fetch(self, ref: ValueRef) -> object:
        """The data of a value of this run; waits for another run of the session to end."""
        with self.lock:
            return self.run.fetch(ref)

    def peek(self, ref: ValueRef) -> object:
        """The data of a value if it is there, else MISSING; runs nothing and never waits."""
        return self.run.find(ref)

    def look(self, ref: ValueRef) -> object:
        """As :meth:`peek`, but as it is kept: large device values may wait in main memory."""
        known = ref.inline is not MISSING or ref.key in self.run.planner.literals
        return self.run.find(ref) if known else self.run.engine.store.look(ref.key)

    def block_state(self, node_id: str, *, is_only_looked_at: bool = False) -> BlockState:
        """What a node read, wrote and changed, with its loop steps where they are still kept.

        The values of steps that are only looked at are as in :meth:`look`.
        """
        record = self.run.records.get(node_id)
        if record is None or record.block_state is None:
            raise NotFoundError(f'Node "{node_id}" has no block state: it was not part of the run.')
        plan = self.run.planner.plans[node_id]
        steps = self._kept_steps(steps_key(record.key), is_only_looked_at)
        return replace(record.block_state.as_written_by(node_id, plan.reads), steps=steps)

    def steps(self, node_id: str, *, is_only_looked_at: bool = False) -> tuple[LoopStep, ...]:
        """The steps of a node's loop; while it runs or where it broke off, those so far."""
        running = self.run.running_steps.get(node_id)
        if running is not None:
            return tuple(running)
        broken_off = self.run.broken_off.get(node_id)
        if broken_off is not None:
            return self._kept_steps(broken_off, is_only_looked_at)
        return self.block_state(node_id, is_only_looked_at=is_only_looked_at).steps

    def _kept_steps(self, key: str, is_only_looked_at: bool) -> tuple[LoopStep, ...]:
        store = self.run.engine.store
        found = (store.look if is_only_looked_at else store.get)(key)
        steps = found if isinstance(found, tuple) else ()
        return tuple(step for step in steps if isinstance(step, LoopStep))


@dataclass(frozen=True, slots=True)
class _Checked:
    """A graph that checks: the nodes a run to these targets needs, and the seed typed in it."""

    graph: Graph
    targets: tuple[str, ...]
    order: tuple[str, ...]
    seed: int | None


@dataclass(slots=True)
class Session:
    """Runs graphs in this process, one at a time.

    ``functions`` are the node functions by type id. What nodes did stays in ``store``.
    """

    types: NodeTypes
    runner: Runner
    store: ValueStore
    functions: Mapping[str, Callable[..., object]] = field(default_factory=dict)
    _lock: threading.RLock = field(default_factory=threading.RLock)
    _resolver: BranchResolver | None = None
    _checked: deque[_Checked] = field(default_factory=lambda: deque(maxlen=_REMEMBERED_CHECKS))

    def run(self, graph: Graph, options: RunOptions | None = None) -> RunReport:
        """Run a graph.

        Raises GraphError if it does not check, NodeFailed where a node raises, Cancelled. What was
        finished before is kept in every case.
        """
        options = options or RunOptions()
        with self._lock, paused_collector():
            started = time.perf_counter()
            run = self._prepare(graph, options)
            listen = options.listen
            if options.on_report is not None:
                options.on_report(report_of(run, 0.0, self._lock))
            listen({"event": "run_started", "node_ids": [*run.order], "seed": run.seed})
            outcome: OneOf["done", "failed", "cancelled"] = "failed"
            try:
                run.go()
                outcome = "done"
            except Cancelled:
                outcome = "cancelled"
                raise
            except NodeFailed as error:
                listen(
                    {
                        "event": "node_failed",
                        "node_id": error.place.node_id or "",
                        "message": str(error),
                        "details": error.details,
                    }
                )
                raise
            finally:
                self.store.release()
                seconds = time.perf_counter() - started
                listen(
                    {
                        "event": "run_finished",
                        "outcome": outcome,
                        "seconds": seconds,
                        "ran": [*run.ran],
                        "kept": [*run.kept],
                    }
                )
        return report_of(run, seconds, self._lock)

    def with_types(
        self, types: NodeTypes, runner: Runner, functions: Mapping[str, Callable[..., object]]
    ) -> Session:
        """A session for other node types that goes on with the values kept here.

        It waits for runs of this one, as this one does for its runs.
        """
        return Session(types, runner, self.store, functions, self._lock)

    def check(self, graph: Graph) -> CheckReport:
        """All that is wrong with a graph, and where every input gets its value."""
        return check_graph(graph, self.types, resolver=self._branches())

    def _branches(self) -> BranchResolver:
        if self._resolver is None:
            self._resolver = BranchResolver(self.types)
        return self._resolver

    def plan(self, graph: Graph, options: RunOptions | None = None) -> dict[str, Prospect]:
        """Say of each node whether it would run or be kept, running nothing."""
        run = self._prepare(graph, options or RunOptions())
        run.is_dry = True
        prospects: dict[str, Prospect] = {}
        for node_id in run.order:
            plan = run.plan(node_id)
            prospects[node_id] = plan.prospect
            if plan.record is not None and not files_exist(plan.record.files):
                prospects[node_id] = Prospect.RUN
            if plan.record is not None:
                run.planner.settle(node_id, plan.record)
            else:
                run.planner.settle_unknown(node_id)
        return prospects

    def _check_once(self, graph: Graph, targets: tuple[str, ...]) -> _Checked:
        """Check a graph, unless this very one was among the last that did check."""
        for known in self._checked:
            if known.graph is graph and known.targets == targets:
                return known
        _look_for(targets, graph)
        report = check_graph(graph, self.types, targets, self._branches())
        report.raise_if_failed()
        seed = _typed_seed(graph, report.order, self.types)
        checked = _Checked(graph, targets, report.order, seed)
        self._checked.append(checked)
        return checked

    def _prepare(self, graph: Graph, options: RunOptions) -> GraphRun:
        checked = self._check_once(graph, options.targets)
        seed = options.seed if options.seed is not None else checked.seed
        seed = secrets.randbelow(SEED_RANGE) if seed is None else seed
        planner = Planner(self.types, self._branches(), self.store, seed)
        run = GraphRun(
            Engine(self.runner, self.functions, self.store),
            graph,
            checked.order,
            planner,
            options.host,
            seed,
            options.cancel,
            options.listen,
            options.on_preview,
        )
        planner.fingerprint = Fingerprints(run)
        return run


def _look_for(targets: Sequence[str], graph: Graph) -> None:
    for target in targets:
        if target not in graph.nodes:
            raise NotFoundError(
                f'There is no node "{target}" in the graph.',
                remedy=f"Its nodes are: {', '.join(graph.nodes) or 'none'}.",
            )


def _typed_seed(graph: Graph, order: Sequence[str], types: NodeTypes) -> int | None:
    """The first seed somebody typed, so that nodes without one draw from the same."""
    for node_id in order:
        node = graph.nodes[node_id]
        node_type = types.get(node.type_id)
        for name, given in node.inputs.items():
            socket = node_type.input(name) if node_type else None
            if socket is None or socket.type is not SocketType.SEED:
                continue
            if isinstance(given, Literal) and type(given.value) is int:
                return given.value
    return None


def report_of(run: GraphRun, seconds: float, lock: threading.RLock) -> RunReport:
    """What there is to say of a run, and to see of it as it goes on."""
    return RunReport(
        outputs={node_id: record.files for node_id, record in run.records.items() if record.files},
        shown={node_id: record.shown for node_id, record in run.records.items() if record.shown},
        seed=run.used_seed,
        seconds=seconds,
        ran=tuple(run.ran),
        kept=tuple(run.kept),
        run=run,
        lock=lock,
    )
