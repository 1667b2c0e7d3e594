"""Where the nodes stand that take the place of a composite."""

from __future__ import annotations

from dataclasses import replace

from tests.graph.fake_types import TEXT_TO_IMAGE, TYPES

from blockloom.graph.expand import expand


def test_the_chain_begins_where_the_node_stood_and_the_rest_makes_room() -> None:
    places = {
        "model": (0, 0),
        "text": (370, 0),
        "vae": (740, 0),
        "core": (1110, 0),
        "decode": (1480, 0),
        "save": (1850, 12.5),
    }
    graph = TEXT_TO_IMAGE
    for node_id, (x, y) in places.items():
        graph = graph.with_node(replace(graph.nodes[node_id], meta={"position": [x, y]}))
    extra = {
        "groups": [
            {"title": "around", "x": 1000, "y": -50, "width": 400, "height": 300},
            {"title": "elsewhere", "x": 1000, "y": 900, "width": 400, "height": 300},
            {"title": "right", "x": 1400, "y": 0, "width": 10, "height": 10},
        ],
        "notes": [
            {"text": "left", "x": 0, "y": 0, "width": 2000, "height": 9},
            {"text": "right", "x": 1500, "y": 0},
            "no note",
        ],
        "viewport": [0, 0, 1],
    }
    found = expand(replace(graph, extra=extra), "core", TYPES).graph
    assert {node_id: tuple(node.meta["position"]) for node_id, node in found.nodes.items()} == {
        "model": (0, 0),
        "text": (370, 0),
        "vae": (740, 0),
        "prepare": (1110, 0),
        "denoise": (1480, 0),
        "decode": (1850, 0),
        "save": (2220, 12.5),
    }
    assert found.extra == {
        "groups": [
            {"title": "around", "x": 1000, "y": -50, "width": 770, "height": 300},
            {"title": "elsewhere", "x": 1000, "y": 900, "width": 400, "height": 300},
            {"title": "right", "x": 1770, "y": 0, "width": 10, "height": 10},
        ],
        "notes": [
            {"text": "left", "x": 0, "y": 0, "width": 2000, "height": 9},
            {"text": "right", "x": 1870, "y": 0},
            "no note",
        ],
        "viewport": [0, 0, 1],
    }


def test_a_graph_without_positions_stays_without() -> None:
    found = expand(TEXT_TO_IMAGE, "core", TYPES).graph
    assert not [node for node in found.nodes.values() if "position" in node.meta]
