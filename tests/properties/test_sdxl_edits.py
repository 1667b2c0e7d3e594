"""Edits of a real pipeline, with everything kept that can be, give the values of a clean run."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings
from tests.properties.test_toy_edits import is_equal
from tests.real_sessions import (
    make_pictures,
    open_real_session,
    run,
    template,
    with_input,
    with_node_behind,
    without_sinks,
)

from blockloom.errors import Cancelled
from blockloom.execution.cancel import CancelController
from blockloom.execution.events import Event
from blockloom.execution.session import RunReport, Session
from blockloom.graph.model import Graph, Link, Node

PROMPTS = ["a castle on green hills", "a red balloon at night", ""]
SCHEDULERS = [
    "EulerAncestralDiscreteScheduler",
    "DPMSolverMultistepScheduler",
    "UniPCMultistepScheduler",
    "EulerDiscreteScheduler",
]
VALUES: dict[tuple[str, str], list[Any]] = {
    ("text_encoder", "prompt"): PROMPTS,
    ("text_encoder", "negative_prompt"): [*PROMPTS, None],
    ("vae_encoder", "generator"): [0, 1],
    ("denoise", "num_inference_steps"): [3, 4, 5],
    ("denoise", "strength"): [0.6, 0.9],
    ("denoise", "num_images_per_prompt"): [1, 2, None],
    ("decode", "output_type"): ["pil", "np", "pt", None],
}


def starting_graph() -> Graph:
    """Image to image, few steps, with a scheduler of its own."""
    graph = without_sinks(template("image2image"))
    graph = with_node_behind(graph, "model", Node("scheduler", f"BlockloomSet{SCHEDULERS[0]}"))
    graph = with_input(graph, "text_encoder", "prompt", PROMPTS[0])
    graph = with_input(graph, "vae_encoder", "generator", 0)
    graph = with_input(graph, "denoise", "strength", 0.9)
    return with_input(graph, "denoise", "num_inference_steps", 4)


@st.composite
def edited(draw: st.DrawFn, graph: Graph, undo: list[Graph]) -> Graph:
    """One edit of the kinds an artist makes."""
    kind = draw(st.sampled_from(["value", "value", "value", "scheduler", "branch", "undo"]))
    if kind == "undo":
        return draw(st.sampled_from(undo))
    if kind == "scheduler":
        node = replace(graph.nodes["scheduler"], class_type="")
        return graph.with_node(
            replace(node, class_type=f"BlockloomSet{draw(st.sampled_from(SCHEDULERS))}")
        )
    if kind == "branch":
        return with_branch(graph, draw(st.sampled_from(SCHEDULERS)))
    node_id, name = draw(st.sampled_from(list(VALUES)))
    value = draw(st.sampled_from(VALUES[node_id, name]))
    if value is None:
        return graph.with_node(graph.nodes[node_id].with_input(name, None))
    return with_input(graph, node_id, name, value)


def with_branch(graph: Graph, scheduler: str) -> Graph:
    """The graph with a second denoiser behind the same encoders, or without it again."""
    if "denoise_2" in graph.nodes:
        for node_id in ("scheduler_2", "denoise_2", "decode_2"):
            graph = graph.without_node(node_id)
        return graph
    setter = Node(
        "scheduler_2", f"BlockloomSet{scheduler}", {"pipeline": Link("vae_encoder", "pipeline")}
    )
    denoise = replace(graph.nodes["denoise"], id="denoise_2")
    decode = replace(graph.nodes["decode"], id="decode_2")
    return (
        graph.with_node(setter)
        .with_node(denoise.with_input("pipeline", Link("scheduler_2", "pipeline")))
        .with_node(decode.with_input("pipeline", Link("denoise_2", "pipeline")))
    )


def cancel_half_way(session: Session, graph: Graph, folder: Any, step: int) -> None:
    """Start the run and cancel it at a denoise step."""
    controller = CancelController()

    def listen(event: Event) -> None:
        if event["event"] == "node_step" and event["done"] >= step:
            controller.cancel()

    with contextlib.suppress(Cancelled):
        run(session, graph, folder, cancel=controller.token, listen=listen)


def assert_same(report: RunReport, clean: RunReport) -> None:
    for node_id in clean.run.order:
        found, expected = report.state(node_id), clean.state(node_id)
        assert set(found) == set(expected), node_id
        for name, ref in expected.items():
            one, other = report.fetch(found[name]), clean.fetch(ref)
            assert is_equal(one, other), f"{node_id}: {name}"


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("pictures")


@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_edits_give_the_values_of_a_clean_run(pictures: Path, data: st.DataObject) -> None:
    host = make_pictures(pictures)
    session, fresh = open_real_session(), open_real_session()
    graph = starting_graph()
    undo = [graph]
    run(session, graph, host)
    for _ in range(data.draw(st.integers(3, 6))):
        graph = data.draw(edited(graph, undo))
        undo.append(graph)
        if data.draw(st.integers(0, 3)) == 0:
            cancel_half_way(session, graph, host, data.draw(st.integers(1, 3)))
        report = run(session, graph, host)
        fresh.store.clear()
        assert_same(report, run(fresh, graph, host))
