"""Workflows of ComfyUI's editor read as graphs, damaged ones too."""

from __future__ import annotations

import copy
import json
import random
from pathlib import Path

import pytest

from blockloom.errors import GraphError
from blockloom.export.comfyui import to_workflow
from blockloom.export.comfyui_marks import with_places
from blockloom.export.comfyui_read import read_any, read_workflow
from blockloom.graph.file import graph_to_json
from blockloom.graph.model import Link, Literal
from export.comfyui_graphs import MODEL, TYPES, draw, node
from graph.fake_types import TEXT_TO_IMAGE
from graph.fake_types import TYPES as FAKE_TYPES

SAMPLES = Path(__file__).parent / "samples"


def record(id_, type_, *inputs, values=(), **more):
    """A node of a workflow; inputs are (name, link)."""
    slots = [{"name": name, "type": "*", "link": link} for name, link in inputs]
    return {"id": id_, "type": type_, "inputs": slots, "widgets_values": [*values], **more}


def workflow(*records, links=()):
    return {"nodes": [*records], "links": [*links]}


def inputs_of(graph):
    return {node.id: dict(node.inputs) for node in graph.nodes.values()}


def test_what_we_export_comes_back():
    graph = draw(
        {
            "notes": [{"id": "note1", "text": "a", "x": 0, "y": -300, "width": 300, "height": 99}],
            "groups": [],
        },
        model=MODEL,
        crop=node(
            "Crop",
            {"position": [400, 0], "title": "Corner", "collapsed": True},
            pipeline=["model", "pipeline"],
            corner={"__value__": [1, 2]},
            generator=4,
            **{"denoiser_input_fields.on": True},
        ),
    )
    assert read_workflow(to_workflow(graph, TYPES), TYPES) == graph
    text = read_workflow(to_workflow(TEXT_TO_IMAGE, FAKE_TYPES), FAKE_TYPES)
    assert inputs_of(text) == inputs_of(TEXT_TO_IMAGE)


def test_what_was_drawn_beside_comes_back():
    drawn = {
        "bend": node("Reroute", {"position": [0, 400]}, value=["load", "image"]),
        "save": node("PreviewImage", {"position": [300, 400]}, images=["bend", "value"]),
        "off": node("PreviewImage", {"position": [300, 900], "mode": "muted"}),
    }
    graph = draw(
        {"groups": [], "notes": [], "drawn": drawn},
        load=node("LoadImage", {"position": [0, 0]}, image="a.png"),
        save=node("PreviewImage", {"position": [300, 400]}, images=["load", "image"]),
    )
    again = read_workflow(to_workflow(graph, TYPES), TYPES)
    assert inputs_of(again) == inputs_of(graph)
    assert {id_: item["inputs"] for id_, item in again.extra["drawn"].items()} == {
        id_: item["inputs"] for id_, item in drawn.items()
    }
    assert again.extra["drawn"]["off"]["_meta"]["mode"] == "muted"


def test_only_what_was_typed_is_sent():
    drawn = record(3, "Crop", values=[2.5, 7, "randomize", "x"])
    assert inputs_of(read_workflow(workflow(drawn), TYPES)) == {"3": {}}
    drawn["properties"] = {"blockloom": {"typed": ["generator", "note"]}}
    assert inputs_of(read_workflow(workflow(drawn), TYPES)) == {
        "3": {"generator": Literal(7), "note": Literal("x")}
    }


def test_newer_editors_name_their_values():
    named = {"file": "a.mp4", "seconds": 2, "upload": "image"}
    about = {"blockloom": {"typed": ["seconds"]}}
    drawn = record(1, "BlockloomLoadVideoPart", widgets_values_named=named, properties=about)
    assert inputs_of(read_workflow(workflow(drawn), TYPES)) == {
        "1": {"file": Literal("a.mp4"), "seconds": Literal(2)}
    }


def test_links_may_be_lists_or_objects_and_values_may_stand_apart():
    graph = read_workflow(
        workflow(
            record(1, "LoadImage", values=["a.png", "image"]),
            record(2, "PrimitiveNode", values=[640, "fixed"]),
            record(3, "ImageScale", ("image", 1), ("width", 2), values=["area", 1, 2, "center"]),
            record(4, "PreviewImage", ("images", 3)),
            links=[
                [1, 1, 0, 3, 0, "IMAGE"],
                {"id": 2, "origin_id": 2, "origin_slot": 0, "target_id": 3, "target_slot": 1},
                [3, 3, 0, 4, 0, "IMAGE"],
            ],
        ),
        TYPES,
    )
    assert inputs_of(graph) == {
        "1": {"image": Literal("a.png")},
        "3": {
            "image": Link("1", "image"),
            "width": Literal(640),
            "upscale_method": Literal("area"),
            "height": Literal(2),
            "crop": Literal("center"),
        },
        "4": {"images": Link("3", "image")},
    }


def test_nodes_of_which_nothing_is_known_are_told():
    with pytest.raises(GraphError) as caught:
        read_workflow(workflow(record(1, "LoadImage"), record(2, "KSampler", values=[3])), TYPES)
    assert [(p.code, p.place.node_id, p.place.class_type) for p in caught.value.problems] == [
        ("unknown_type", "2", "KSampler")
    ]


def test_copies_of_a_node_get_ids_of_their_own():
    about = {"blockloom": {"id": "crop"}}
    drawn = [record(number, "Crop", properties=about) for number in (1, 2)]
    other = record(3, "Crop", properties={"blockloom": {"id": "1"}})
    assert list(read_workflow(workflow(*drawn, other), TYPES).nodes) == ["crop", "2", "3"]


def test_lists_that_a_text_node_holds_are_typed():
    prompt = {
        "1": node("PrimitiveString", value="[3, 4]"),
        "2": node("Crop", corner=["1", 0]),
        "3": node("Crop", corner=["4", 0]),
        "4": node("PrimitiveString", value="no list"),
    }
    assert inputs_of(read_any(prompt, TYPES)) == {
        "2": {"corner": Literal([3, 4])},
        "3": {"corner": Link("4", 0)},
        "4": {"value": Literal("no list")},
    }
    prompt["5"] = node("PreviewAny", source=["1", 0])
    assert "1" in read_any(prompt, TYPES).nodes


@pytest.mark.parametrize(
    "damaged",
    [
        {"nodes": [None, 3, {}], "links": None},
        {"nodes": [{"id": 1, "type": 5}], "links": [[1], {}, "x"]},
        {"nodes": [{"id": 1, "type": "Crop", "inputs": 4, "widgets_values": "x"}]},
        {"nodes": [{"id": 1, "type": "Crop", "pos": ["a", 1], "flags": 3, "properties": []}]},
    ],
)
def test_damaged_workflows_are_read_as_far_as_they_go(damaged):
    assert set(read_any(damaged, TYPES).nodes) <= {"1"}


def test_no_damage_ends_otherwise_than_in_an_error_of_ours():
    """Parts of real workflows put in each other's place, in the same way at each run."""
    dice = random.Random(6)
    for name in ("1.27.10", "1.58.1"):
        sample = json.loads((SAMPLES / f"exchange_{name}.json").read_text())
        parts = [sample["workflow"], None, [], {}, "x", 1e300, -1, [[1, 2]], {"link": 1}]
        for _ in range(150):
            found = copy.deepcopy(sample["workflow"])
            for _ in range(3):
                damage(found, dice, parts)
            try:
                graph = read_any(found, TYPES)
            except GraphError:
                continue
            assert read_any(graph_to_json(graph), TYPES).nodes.keys() == graph.nodes.keys()
            with_places(copy.deepcopy({"prompt": sample["prompt"], "extra": {}}), found)


def damage(value, dice, parts):
    """Put something else in the place of a random part."""
    while True:
        keys = [*value] if isinstance(value, dict) else [*range(len(value))]
        if not keys:
            return
        key = dice.choice(keys)
        if isinstance(value[key], (dict, list)) and dice.random() < 0.8:
            value = value[key]
            continue
        value[key] = copy.deepcopy(dice.choice(parts))
        return


def test_places_are_taken_where_there_are_none():
    drawn = workflow(
        record(1, "LoadImage", pos=[10, 50], title="Mine", flags={"collapsed": True}),
        record(2, "PreviewImage", pos={"0": 400, "1": 30}),
        record(9, "Note", values=["Why"], pos=[0, 330], size=[200, 90]),
    )
    drawn["groups"] = [{"title": "All", "bounding": [0, 1, 2, 3], "color": "#444"}]
    own = node("PreviewImage", {"position": [7, 7], "title": "Own"}, images=["1", 0])
    file = {"prompt": {"1": node("LoadImage"), "2": own, "3": node("LoadImage")}, "extra": {}}
    assert with_places(file, drawn) == {
        "prompt": {
            "1": node("LoadImage", {"position": [10, 20], "title": "Mine", "collapsed": True}),
            "2": own,
            "3": node("LoadImage"),
        },
        "extra": {
            "groups": [
                {
                    "id": "group1",
                    "title": "All",
                    "colour": "grey",
                    "x": 0,
                    "y": 1,
                    "width": 2,
                    "height": 3,
                }
            ],
            "notes": [
                {"id": "note1", "text": "Why", "x": 0, "y": 300, "width": 200, "height": 120}
            ],
        },
    }
    kept = {**file, "extra": {"notes": [{"id": "n"}]}}
    assert with_places(kept, drawn)["extra"]["notes"] == [{"id": "n"}]
    assert with_places(file, ["no workflow"]) == file
