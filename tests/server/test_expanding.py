"""Composite nodes opened over HTTP."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import quote

from tests.graph.fake_types import TEXT_TO_IMAGE, TYPES
from tests.server.server_kit import Lab, play

from blockloom.catalogue.catalogue import Catalogue
from blockloom.graph.chosen_blocks import SEQUENCE_TYPE
from blockloom.graph.expand import expand
from blockloom.graph.file import graph_to_json


async def read() -> Catalogue:
    return Catalogue({**TYPES.types, SEQUENCE_TYPE.id: SEQUENCE_TYPE})


def test_a_graph_comes_back_with_the_node_opened(tmp_path: Path) -> None:
    async def story(lab: Lab) -> None:
        graph = graph_to_json(TEXT_TO_IMAGE)
        status, found = await lab.post("/blockloom/expand", {"graph": graph, "node": "core"})
        expected = expand(TEXT_TO_IMAGE, "core", TYPES)
        assert status == 200
        assert found == {
            **graph_to_json(expected.graph),
            "nodes": ["prepare", "denoise"],
            "reason": "",
        }
        bare = {"graph": graph["prompt"], "node": "vae"}
        status, found = await lab.post("/blockloom/expand", bare)
        assert (status, found["nodes"]) == (200, [])
        assert "vae" not in found["prompt"]
        assert "only where" in found["reason"]

    play(tmp_path, story, read=read)


def test_a_chain_comes_back_as_one_node_and_is_opened_again(tmp_path: Path) -> None:
    async def story(lab: Lab) -> None:
        _, opened = await lab.post(
            "/blockloom/expand", {"graph": graph_to_json(TEXT_TO_IMAGE), "node": "core"}
        )
        graph = {"prompt": opened["prompt"]}
        body = {"graph": graph, "nodes": opened["nodes"], "title": "My core"}
        status, made = await lab.post("/blockloom/group", body)
        assert (status, made["node"]) == (200, "my_core")
        assert made["prompt"]["my_core"]["_meta"]["title"] == "My core"
        blocks = made["prompt"]["my_core"]["inputs"]["blocks"]["__value__"]
        assert [block["name"] for block in blocks] == opened["nodes"]
        status, again = await lab.post("/blockloom/expand", {"graph": made, "node": "my_core"})
        assert (status, again["nodes"]) == (200, opened["nodes"])
        # The node's type, sockets and all, is there to be asked for.
        type_id = f"BlockloomSequence{json.dumps([[b['name'], b['block']] for b in blocks])}"
        type_id = type_id.replace(", ", ",")
        status, node_type = await lab.get(f"/blockloom/node_types/{quote(type_id, safe='')}")
        assert (status, node_type["kind"]) == (200, "sequential")
        assert len(node_type["inputs"]) > 1
        status, found = await lab.post("/blockloom/group", {"graph": graph, "nodes": ["model"]})
        assert (status, found["error"]["problems"][0]["code"]) == (400, "cannot_group")
        for wrong in ({"graph": graph}, {"graph": graph, "nodes": []}, {"nodes": ["a"]}):
            status, found = await lab.post("/blockloom/group", wrong)
            assert (status, found["error"]["type"]) == (400, "bad_request")

    play(tmp_path, story, read=read)


def test_what_cannot_be_opened_is_refused_and_the_place_named(tmp_path: Path) -> None:
    async def story(lab: Lab) -> None:
        graph = graph_to_json(TEXT_TO_IMAGE)
        status, found = await lab.post("/blockloom/expand", {"graph": graph, "node": "decode"})
        (problem,) = found["error"]["problems"]
        assert (status, problem["code"], problem["node"]) == (400, "cannot_expand", "decode")
        for body in ({}, {"graph": graph}, {"node": "core"}, {"graph": graph, "node": 3}):
            status, found = await lab.post("/blockloom/expand", body)
            assert (status, found["error"]["type"]) == (400, "bad_request")
        for wrong in (None, 5, {"prompt": {"a": 1}}):
            status, found = await lab.post("/blockloom/expand", {"graph": wrong, "node": "core"})
            assert (status, found["error"]["type"]) == (400, "graph")

    play(tmp_path, story, read=read)
