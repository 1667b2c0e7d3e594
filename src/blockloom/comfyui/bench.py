"""Where nodes run inside ComfyUI: one at a time, as its executor calls them.

Each call is the run of a graph of one node on values that stand for what the nodes before it made.
Keys, kept values and block states are those of every other host.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from blockloom.comfyui import comfy
from blockloom.comfyui.inputs import Gathered, gather
from blockloom.comfyui.lineage import Lineage, Origin, PipelineValue
from blockloom.errors import BlockloomError, Cancelled, NodeFailed, Place
from blockloom.execution.cancel import CancelController
from blockloom.execution.events import Event, StepPreview
from blockloom.execution.fingerprints import Fingerprints
from blockloom.execution.graph_run import Engine as RunEngine
from blockloom.execution.graph_run import GraphRun
from blockloom.execution.planner import NodePlan, Planner
from blockloom.execution.session import RunReport, report_of
from blockloom.graph.block_lists import BLOCKS
from blockloom.graph.branches import BranchResolver
from blockloom.graph.model import Graph, Json, Literal, Node
from blockloom.graph.node_types import NodeType

if TYPE_CHECKING:
    from blockloom.wiring import Engine, Workshop

NO_SEED = 0
"""The seed of nodes that nobody gave one: the same again is the same picture."""
_STATES_KEPT = 2_000


@dataclass(frozen=True, slots=True)
class NodeCall:
    """A node that ComfyUI runs: its id there, its inputs, and the prompt it is part of."""

    node_id: str
    node_type: NodeType
    values: Mapping[str, Any]
    prompt: Mapping[str, Any] = field(default_factory=dict)
    notes: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NodeResult:
    """What a node gave: its outputs by name, as values on wires, and what it saved or shows."""

    run: GraphRun
    outputs: Mapping[str, PipelineValue | Origin]


@dataclass(slots=True)
class KnownRun:
    """The last run of a node, how many there were, and the one before that came to its end."""

    report: RunReport
    number: int = 1
    before: RunReport | None = None


class Bench:
    """Runs nodes for ComfyUI, and remembers the last run of each.

    ``open_engine`` is asked once, when the first node runs: it imports diffusers.
    """

    def __init__(self, workshop: Workshop, open_engine: Callable[[Workshop], Engine]) -> None:
        self.workshop = workshop
        self._open_engine = open_engine
        self._engine: Engine | None = None
        self._resolver = BranchResolver(workshop.catalogue)
        self._known: OrderedDict[str, KnownRun] = OrderedDict()
        self._lock = threading.RLock()

    @property
    def engine(self) -> Engine:
        """What runs blocks, opened at the first use."""
        if self._engine is not None:
            # Whoever looks at values while a node runs does not wait for it.
            return self._engine
        with self._lock:
            if self._engine is None:
                engine = self._open_engine(self.workshop)
                engine.models.before_loading = comfy.on_memory_needed(self._free)
                self._engine = engine
            return self._engine

    def type_for(self, node_type: NodeType, values: Mapping[str, Any]) -> NodeType:
        """The node type with the blocks that the user chose for its inside, if any."""
        chosen = values.get(BLOCKS)
        if not chosen:
            return node_type
        node = Node("", node_type.id, {BLOCKS: Literal(chosen)})
        return self.workshop.catalogue.get(node.type_id) or node_type

    # -- running

    def run(self, call: NodeCall) -> NodeResult:
        """Run a node, or keep what it did before.

        Raises NodeFailed with the node, the input and the remedy, or what ComfyUI raises where it
        was interrupted.
        """
        with self._lock, comfy.in_normal_mode():
            comfy.check_interrupted()
            gathered = gather(call.node_id, call.node_type, call.values, call.prompt)
            run, stop = self._prepare(call, gathered)
            report = report_of(run, 0.0, self._lock)
            try:
                self._check_given(run, gathered.node)
                known = self._remember(call.node_id, report)
                run.go()
            except Cancelled:
                raise (stop.reason or comfy.interruption()) from None
            finally:
                self.engine.session.store.release()
            number = known.number
            result = NodeResult(run, _outputs(run, gathered))
        comfy.tell("blockloom.block_state", {"node": call.node_id, "run": number})
        return result

    def _prepare(self, call: NodeCall, gathered: Gathered) -> tuple[GraphRun, _Stop]:
        engine, lineage = self.engine, gathered.lineage
        store = engine.session.store
        for key, data in gathered.made.items():
            if not store.has(key):
                store.put(key, data, engine.runner.describe(data).size)
        planner = Planner(
            self.workshop.catalogue,
            self._resolver,
            store,
            NO_SEED,
            outputs={name: {_VALUE: ref} for name, ref in gathered.values.items()},
            wires={name: {_VALUE: wire} for name, wire in gathered.wires.items()},
            plans={plan.primary: plan for plan in lineage.plans.values()},
            producers={key: plan.primary for key, plan in lineage.plans.items()},
            literals=dict(lineage.literals.items()),
        )
        stop = _Stop(call.node_id)
        run = GraphRun(
            RunEngine(engine.runner, self.workshop.functions, store),
            Graph({call.node_id: gathered.node}),
            (call.node_id,),
            planner,
            comfy.host(call.notes),
            NO_SEED,
            stop.controller.token,
            stop.listen,
            stop.preview,
            given=dict(lineage.given.items()),
        )
        run.graph_json["prompt"] = dict(call.prompt)
        planner.fingerprint = Fingerprints(run)
        return run, stop

    def _check_given(self, run: GraphRun, node: Node) -> None:
        """Raise NodeFailed for a required input that nobody gives a value."""
        plan = run.plan(node.id)
        if plan.resolved is None:
            return
        required = {socket.name for socket in plan.resolved.inputs if socket.is_required}
        for read in plan.reads:
            if read.ref is None and read.name in required:
                raise NodeFailed(
                    Place(node.id, node.class_type, read.name),
                    "It has no value: it is neither typed here, nor linked, and no node before "
                    "it on the main wire makes it.",
                    remedy="Type it, link it, or put a node before this one that makes it.",
                )

    # -- what is remembered

    def _remember(self, node_id: str, report: RunReport) -> KnownRun:
        before = self._known.pop(node_id, None)
        known = KnownRun(report)
        if before is not None:
            known.number = before.number + 1
            has_ended = node_id in before.report.run.records
            known.before = before.report if has_ended else before.before
        self._known[node_id] = known
        while len(self._known) > _STATES_KEPT:
            self._known.popitem(last=False)
        return known

    def known(self, node_id: str) -> KnownRun | None:
        """The last run of a node in this process."""
        return self._known.get(node_id)

    def changed(self, node_id: str) -> list[str]:
        """The names of the values that are others than in the node's run before."""
        known = self._known.get(node_id)
        if known is None or known.before is None:
            return []
        now, then = _keys(known.report, node_id), _keys(known.before, node_id)
        return sorted(name for name, key in now.items() if then.get(name) != key)

    # -- memory

    def _free(self, wanted: int, device: str, is_everything: bool) -> None:
        """Let go of models; of everything, where ComfyUI wants all memory back."""
        engine = self._engine
        if engine is None:
            return
        if is_everything:
            engine.models.free()
            # Whoever still needs a value makes it again.
            engine.session.store.clear()
            self._known.clear()
        elif device == engine.device:
            engine.models.make_room(wanted)


class _Stop:
    """Follows one node's run for ComfyUI: its progress bar, and its button to interrupt."""

    def __init__(self, node_id: str) -> None:
        self.controller = CancelController()
        self.reason: BaseException | None = None
        self._node_id = node_id
        self._bar = comfy.ProgressBar(node_id)

    def listen(self, event: Event) -> None:
        if event["event"] != "node_step":
            return
        done, total = event["done"], event["total"]
        self._guarded(lambda: self._bar.show(done, total))
        comfy.tell("blockloom.step", {"node": self._node_id, "done": done, "total": total})

    def preview(self, preview: StepPreview) -> None:
        picture = preview.make_image()
        if picture is not None:
            self._guarded(lambda: self._bar.show(preview.done, preview.total, picture))

    def _guarded(self, show: Callable[[], None]) -> None:
        """Turn ComfyUI's interruption into ours, which every room below lets through."""
        try:
            show()
        except BaseException as error:
            if not comfy.is_interruption(error):
                raise
            self.reason = error
            self.controller.cancel()
            self.controller.token.check()


_VALUE = "value"


def _outputs(run: GraphRun, gathered: Gathered) -> dict[str, PipelineValue | Origin]:
    node_id = gathered.node.id
    plan = run.planner.plans[node_id]
    lineage = _lineage_after(run, plan, gathered)
    found: dict[str, PipelineValue | Origin] = {
        name: PipelineValue(wire, lineage) for name, wire in run.planner.wires[node_id].items()
    }
    for name, ref in run.planner.outputs[node_id].items():
        found[name] = Origin(ref, lineage)
    return found


def _lineage_after(run: GraphRun, plan: NodePlan, gathered: Gathered) -> Lineage:
    plans = gathered.lineage.plans
    for key, producer in run.planner.producers.items():
        if producer == plan.node.id:
            plans = plans.insert(key, plan)
    literals = gathered.lineage.literals
    for key, literal in run.planner.literals.items():
        if key not in literals:
            literals = literals.insert(key, literal)
    return Lineage(plans, literals, gathered.lineage.given)


def _keys(report: RunReport, node_id: str) -> dict[str, Json]:
    """The keys of what a node read and wrote: of small values by their content."""
    from blockloom.worker.run_values import ToldValues

    try:
        state = report.block_state(node_id, is_only_looked_at=True)
    except BlockloomError:
        return {}
    told = ToldValues(report)
    read = {value.name: told.json(value.ref)["key"] for value in state.read if value.ref}
    return {**read, **{value.name: told.json(value.ref)["key"] for value in state.written}}
