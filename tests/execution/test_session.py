"""Sessions: what runs, what is kept, and that values are the same either way."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from tests.toys import ToyBlock, chain, gives, takes, toy_session

from blockloom.errors import Cancelled, GraphError, NodeFailed
from blockloom.execution.cancel import CancelController
from blockloom.execution.events import Event
from blockloom.execution.session import RunOptions, RunReport
from blockloom.graph.model import Graph, Link, Literal, Node


class ToyCount(ToyBlock):
    """Count the names a bundle block found."""

    reads = (takes("names", list, required=True),)
    writes = (gives("count", int),)

    def work(self, block_state: Any) -> None:
        block_state.count = len(block_state.names)


MAKE_DOUBLE = chain(("make", "ToyMake", {"number": 3}), ("double", "ToyDouble", {}))


def with_input(graph: Graph, node_id: str, name: str, value: object) -> Graph:
    return graph.with_node(graph.nodes[node_id].with_input(name, Literal(value)))


def test_a_chain_gives_its_values():
    report = toy_session().run(MAKE_DOUBLE)
    assert report.ran == ("start", "make", "double")
    assert torch.equal(report.value("double", "y"), torch.full((4,), 6.0))


def test_nothing_changed_means_nothing_runs():
    session = toy_session()
    session.run(MAKE_DOUBLE)
    report = session.run(MAKE_DOUBLE)
    assert (report.ran, report.kept) == ((), ("start", "make", "double"))
    assert torch.equal(report.value("double", "y"), torch.full((4,), 6.0))


def test_a_node_runs_again_only_if_something_it_reads_changed():
    graph = chain(
        ("noise", "ToyNoise", {"generator": 1}),
        ("make", "ToyMake", {"number": 3}),
        ("double", "ToyDouble", {}),
    )
    session = toy_session()
    session.run(graph)
    report = session.run(with_input(graph, "noise", "generator", 2))
    assert report.ran == ("noise",)
    report = session.run(with_input(graph, "make", "number", 4))
    assert report.ran == ("make", "double")


def test_a_value_written_again_the_same_stops_the_rest_from_running():
    graph = chain(
        ("noise", "ToyNoise", {"generator": 1}),
        ("read", "ToyBundleReader", {"fields": {"a": 1}}),
        ("choose", "ToyChoose", {"number": 2}),
        ("last", "ToyCount", {}),
    )
    session = toy_session(ToyCount)
    session.run(graph)
    other = with_input(graph, "read", "fields", {"a": 2})
    report = session.run(other)
    assert report.ran == ("read",)
    assert report.value("last", "count") == 1


def test_generators_move_on_along_the_wire_and_are_cloned():
    graph = chain(("one", "ToyNoise", {"generator": 5}), ("two", "ToyNoise", {}))
    session = toy_session()
    report = session.run(graph)
    generator = torch.Generator().manual_seed(5)
    expected = [torch.randn(4, generator=generator) for _ in range(2)]
    assert torch.equal(report.value("one", "noise"), expected[0])
    assert torch.equal(report.value("two", "noise"), expected[1])
    again = toy_session().run(graph)
    assert torch.equal(again.value("two", "noise"), expected[1])


def test_a_run_without_a_seed_picks_one_and_says_which():
    graph = chain(("one", "ToyNoise", {}))
    report = toy_session().run(graph)
    assert report.seed is not None
    expected = torch.randn(4, generator=torch.Generator().manual_seed(report.seed))
    assert torch.equal(report.value("one", "noise"), expected)
    again = toy_session().run(graph, RunOptions(seed=report.seed))
    assert torch.equal(again.value("one", "noise"), expected)


def test_global_random_numbers_follow_the_seed_and_leave_no_trace():
    graph = chain(("noise", "ToyNoise", {"generator": 3}), ("global", "ToyGlobalNoise", {}))
    before = torch.get_rng_state()
    session = toy_session()
    first = session.run(graph).value("global", "noise")
    assert torch.equal(torch.get_rng_state(), before)
    other = session.run(with_input(graph, "noise", "generator", 4))
    assert other.ran == ("noise", "global")
    assert not torch.equal(other.value("global", "noise"), first)
    back = session.run(graph)
    assert back.ran == ()
    assert torch.equal(back.value("global", "noise"), first)


def test_an_input_written_into_in_place_is_made_again_for_whoever_needs_it():
    graph = chain(("make", "ToyMake", {"number": 3}), ("spoil", "ToyWriteIntoInput", {}))
    graph = graph.with_node(Node("double", "ToyDouble", {"pipeline": Link("make", "pipeline")}))
    for order in (("spoil", "double"), ("double", "spoil")):
        session = toy_session()
        nodes = {k: graph.nodes[k] for k in ("start", "make", *order)}
        report = session.run(Graph(nodes))
        assert torch.equal(report.value("double", "y"), torch.full((4,), 6.0)), order
        assert torch.equal(report.value("spoil", "total"), torch.tensor(16.0)), order
        changed = with_input(Graph(nodes), "spoil", "amount", 2.0)
        report = session.run(changed)
        assert torch.equal(report.value("spoil", "total"), torch.tensor(20.0)), order
        assert torch.equal(report.value("make", "x"), torch.full((4,), 3.0)), order


def test_a_value_written_into_is_on_the_wire_as_changed():
    graph = chain(
        ("make", "ToyMake", {"number": 3}),
        ("spoil", "ToyWriteIntoInput", {}),
        ("double", "ToyDouble", {}),
    )
    report = toy_session().run(graph)
    assert torch.equal(report.value("double", "y"), torch.full((4,), 8.0))
    written = {w.name: w.change for w in report.block_state("spoil").written}
    assert written == {"x": "changed", "amount": "new", "total": "new"}


def test_a_block_that_raises_names_node_block_and_message_and_keeps_what_was_done():
    graph = chain(("make", "ToyMake", {"number": 3}), ("bad", "ToyRaise", {}))
    session = toy_session()
    events: list[Event] = []
    with pytest.raises(NodeFailed) as caught:
        session.run(graph, RunOptions(listen=events.append))
    assert str(caught.value) == 'node "bad" (ToyRaise): the toy is broken'
    assert "Traceback" in caught.value.details
    assert events[-1]["event"] == "run_finished"
    assert events[-1]["outcome"] == "failed"
    report = session.run(with_input(graph, "bad", "is_failing", False))
    assert (report.ran, report.kept) == (("bad",), ("start", "make"))


def test_nan_is_marked():
    graph = chain(("make", "ToyMake", {}), ("nan", "ToyNan", {}))
    events: list[Event] = []
    toy_session().run(graph, RunOptions(listen=events.append))
    finished = [e for e in events if e["event"] == "node_finished" and e["node_id"] == "nan"]
    assert finished[0]["warnings"] == ["y: It holds NaN (not a number)."]


def test_a_forgotten_output_is_an_error_that_names_it():
    graph = chain(("make", "ToyMake", {}), ("forget", "ToyForget", {}))
    session = toy_session()
    with pytest.raises(NodeFailed, match="'y' is missing"):
        session.run(graph)
    assert session.run(MAKE_DOUBLE).value("double", "y").sum() == 24


def test_undeclared_reads_and_writes_are_seen():
    graph = chain(("make", "ToyMake", {}), ("odd", "ToyUndeclared", {}))
    session = toy_session()
    report = session.run(graph)
    assert "mystery" in report.state("odd")
    assert session.run(graph).ran == ()


def test_bundles_carry_members_and_nones():
    graph = chain(("write", "ToyBundleWriter", {"number": 4}), ("read", "ToyBundleReader", {}))
    report = toy_session().run(graph)
    assert report.value("read", "names") == ["a"]
    fed = graph.with_node(graph.nodes["read"].with_input("fields.c", Link("write", "a")))
    report = toy_session().run(fed)
    assert report.value("read", "names") == ["a", "c"]
    assert torch.equal(report.value("read", "y"), torch.full((2,), 8.0))


def test_conditionals_take_the_branch_and_depend_on_presence_only():
    session = toy_session()
    assert session.run(chain(("c", "ToyChoose", {}))).value("c", "way") == "no x"
    graph = chain(("make", "ToyMake", {}), ("c", "ToyChoose", {"number": 2}))
    assert session.run(graph).value("c", "way") == "x and 2.0"


def test_loops_report_steps_and_cancel_within_one():
    graph = chain(("make", "ToyMake", {}), ("loop", "ToyLoop", {"num_inference_steps": 5}))
    session = toy_session()
    controller = CancelController()

    def cancel_at_three(event: Event) -> None:
        if event["event"] == "node_step" and event["done"] == 3:
            controller.cancel()

    reports: list[RunReport] = []
    options = RunOptions(cancel=controller.token, listen=cancel_at_three, on_report=reports.append)
    with pytest.raises(Cancelled):
        session.run(graph, options)
    # What was seen until then can still be looked at.
    assert [step.values["x"][0].item() for step in reports[0].steps("loop")] == [1.0, 2.0, 4.0]
    events: list[Event] = []
    report = session.run(graph, RunOptions(listen=events.append))
    assert report.kept == ("start", "make")
    steps = [(e["done"], e["total"]) for e in events if e["event"] == "node_step"]
    assert steps == [(1, 5), (2, 5), (3, 5), (4, 5), (5, 5)]
    values = [step.values["x"][0].item() for step in report.block_state("loop").steps]
    assert values == [1.0, 2.0, 4.0, 7.0, 11.0]
    assert torch.equal(report.value("loop", "x"), torch.full((4,), 11.0))


def test_block_states_say_who_wrote_what():
    graph = chain(("make", "ToyMake", {"number": 3}), ("double", "ToyDouble", {}))
    state = toy_session().run(graph).block_state("double")
    read = [(r.name, r.came_from, r.writer) for r in state.read]
    assert read == [("x", "state", "make")]
    assert [(w.name, w.change) for w in state.written] == [("y", "new")]


def test_a_bad_graph_does_not_run():
    with pytest.raises(GraphError, match='node "double"'):
        toy_session().run(chain(("double", "ToyDouble", {})))


def test_a_graph_that_was_checked_is_checked_again_for_other_targets():
    graph = chain(("make", "ToyMake", {"number": 3}), ("double", "ToyDouble", {}))
    graph = graph.with_node(Node("alone", "ToyDouble", {}))
    session = toy_session()
    to_double, to_alone = RunOptions(targets=("double",)), RunOptions(targets=("alone",))
    assert session.run(graph, to_double).ran == ("start", "make", "double")
    for _ in range(2):
        with pytest.raises(GraphError, match='node "alone"'):
            session.run(graph, to_alone)
        assert session.run(graph, to_double).kept == ("start", "make", "double")


def test_values_that_do_not_fit_the_budget_are_made_again():
    session = toy_session(budget=20)
    first = session.run(MAKE_DOUBLE)
    assert torch.equal(first.value("double", "y"), torch.full((4,), 6.0))
    graph = chain(("make", "ToyMake", {"number": 3}), ("negate", "ToyNegate", {}))
    report = session.run(graph)
    assert torch.equal(report.value("negate", "z"), torch.full((4,), -3.0))


def test_planning_says_what_would_run_without_running_it():
    session = toy_session()
    plan = session.plan(MAKE_DOUBLE)
    assert {k: v.value for k, v in plan.items()} == {
        "start": "run",
        "make": "run",
        "double": "run",
    }
    session.run(MAKE_DOUBLE)
    graph = chain(
        ("make", "ToyMake", {"number": 3}),
        ("double", "ToyDouble", {}),
        ("negate", "ToyNegate", {}),
    )
    assert {k: v.value for k, v in session.plan(graph).items()} == {
        "start": "kept",
        "make": "kept",
        "double": "kept",
        "negate": "run",
    }
