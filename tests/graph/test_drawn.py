"""What is drawn beside what runs: read from a file, and written into one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from blockloom.graph.drawn import drawn_graph, effective_graph, mode_of, running_graph
from blockloom.graph.file import graph_to_json, read_graph
from blockloom.graph.model import Link, Literal
from graph.fake_types import TYPES

LOAD = {"class_type": "LoadImage", "inputs": {"image": "a.png"}}


def drawn(**nodes):
    return read_graph({"prompt": {"load": LOAD, **nodes}})


def node(class_type, mode="", **inputs):
    return {"class_type": class_type, "inputs": inputs, "_meta": {"mode": mode} if mode else {}}


BENT = drawn(
    bend=node("Reroute", value=["load", "image"]),
    again=node("Reroute", value=["bend", "value"]),
    save=node("SaveImage", images=["again", "value"]),
    off=node("SaveImage", "muted", images=["load", "image"]),
)


def test_what_runs_has_straight_links_and_no_muted_nodes():
    runs = effective_graph(BENT, TYPES)
    assert list(runs.nodes) == ["load", "save"]
    assert runs.nodes["save"].inputs == {"images": Link("load", "image")}


def test_a_file_keeps_what_is_drawn_beside_what_runs():
    file = running_graph(BENT, TYPES)
    assert list(file.nodes) == ["load", "save"]
    assert set(file.extra["drawn"]) == {"bend", "again", "save", "off"}
    read = drawn_graph(read_graph(graph_to_json(file)), TYPES)
    assert (dict(read.nodes), read.extra) == (dict(BENT.nodes), {})


def test_a_graph_drawn_as_it_runs_has_nothing_beside():
    plain = drawn(save=node("SaveImage", images=["load", 0]))
    assert running_graph(plain, TYPES) == plain
    assert drawn_graph(plain, TYPES) == plain


def test_values_are_those_that_run():
    file = running_graph(
        drawn(bend=node("Reroute", value=["load", 0]), save=node("SaveImage", images=["bend", 0])),
        TYPES,
    )
    changed = file.with_node(file.nodes["load"].with_input("image", Literal("b.png")))
    read = drawn_graph(changed, TYPES)
    assert read.nodes["load"].inputs == {"image": Literal("b.png")}
    assert "bend" in read.nodes


def test_what_was_drawn_falls_when_another_program_changes_the_links():
    file = running_graph(BENT, TYPES)
    other = file.nodes["save"].with_input("images", Link("load", "mask"))
    assert list(drawn_graph(file.with_node(other), TYPES).nodes) == ["load", "save"]
    more = file.with_node(replace(file.nodes["save"], id="more"))
    assert set(drawn_graph(more, TYPES).nodes) == {*BENT.nodes, "more"}


def test_bypassed_nodes_hand_on_what_they_are_given():
    graph = drawn(
        model=node("BlockloomLoadPipeline", model="demo"),
        text=node("TextEncoder", "bypassed", pipeline=["model", "pipeline"], prompt="x"),
        prepare=node("Prepare", pipeline=["text", "pipeline"], embeds=["text", "embeds"]),
    )
    runs = effective_graph(graph, TYPES)
    # There is no input that the embeddings could be taken from.
    assert runs.nodes["prepare"].inputs == {"pipeline": Link("model", "pipeline")}


def test_links_into_nothing_or_in_a_circle_are_left_out():
    graph = drawn(
        one=node("Reroute", value=["two", "value"]),
        two=node("Reroute", value=["one", "value"]),
        empty=node("Reroute"),
        a=node("SaveImage", images=["one", "value"]),
        b=node("SaveImage", images=["empty", "value"]),
        c=node("SaveImage", images=["nobody", "image"]),
    )
    runs = effective_graph(graph, TYPES)
    assert {id_: dict(node.links()) for id_, node in runs.nodes.items() if id_ != "load"} == {
        "a": {},
        "b": {},
        "c": {"images": Link("nobody", "image")},
    }


@pytest.mark.parametrize(("meta", "mode"), [("muted", "muted"), ("other", ""), (3, "")])
def test_modes(meta, mode):
    assert mode_of(drawn(save=node("SaveImage", meta)).nodes["save"]) == mode
