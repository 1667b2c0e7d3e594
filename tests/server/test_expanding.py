"""Composite nodes opened over HTTP."""

from __future__ import annotations

from pathlib import Path

from tests.graph.fake_types import TEXT_TO_IMAGE, TYPES
from tests.server.server_kit import Lab, play

from blockloom.catalogue.catalogue import Catalogue
from blockloom.graph.expand import expand
from blockloom.graph.file import graph_to_json


async def read() -> Catalogue:
    return Catalogue(TYPES.types)


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
