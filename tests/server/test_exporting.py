"""Graphs for ComfyUI, and what ComfyUI saved, over HTTP."""

from __future__ import annotations

from pathlib import Path

from tests.graph.fake_types import TEXT_TO_IMAGE, TYPES
from tests.server.server_kit import Lab, play

from blockloom.catalogue.catalogue import Catalogue
from blockloom.export.comfyui import export_to_comfyui
from blockloom.graph.file import graph_to_json

LOAD = {"class_type": "LoadImage", "inputs": {"image": "a.png"}}
SAVE = {"class_type": "SaveImage", "inputs": {"images": ["1", 0]}}


async def read() -> Catalogue:
    return Catalogue(dict(TYPES.types))


def test_a_graph_comes_back_in_both_of_comfyuis_formats(tmp_path: Path) -> None:
    async def story(lab: Lab) -> None:
        graph = graph_to_json(TEXT_TO_IMAGE)
        status, found = await lab.post("/blockloom/export", {"graph": graph, "to": "comfyui"})
        expected = export_to_comfyui(TEXT_TO_IMAGE, TYPES)
        assert status == 200
        assert found == {
            "workflow": expected.workflow,
            "prompt": expected.prompt,
            "problems": [],
        }
        # And back again.
        status, again = await lab.post("/blockloom/import", {"graph": found["workflow"]})
        assert status == 200
        assert {id_: node["inputs"] for id_, node in again["prompt"].items()} == {
            id_: node["inputs"] for id_, node in graph["prompt"].items()
        }

    play(tmp_path, story, read=read)


def test_what_has_no_place_in_comfyui_is_told_with_its_node(tmp_path: Path) -> None:
    async def story(lab: Lab) -> None:
        graph = {"text": {"class_type": "TextEncoder", "inputs": {"prompt": {"__value__": ["a"]}}}}
        status, found = await lab.post("/blockloom/export", {"graph": graph, "to": "comfyui"})
        (problem,) = found["error"]["problems"]
        assert (status, problem["code"], problem["node"]) == (400, "not_in_comfyui", "text")
        for body in ({"graph": graph}, {"graph": graph, "to": "python"}, {"to": "comfyui"}):
            status, found = await lab.post("/blockloom/export", body)
            assert (status, found["error"]["type"]) == (400, "bad_request")

    play(tmp_path, story, read=read)


def test_api_format_takes_its_places_from_the_workflow_beside_it(tmp_path: Path) -> None:
    async def story(lab: Lab) -> None:
        workflow = {
            "nodes": [{"id": 1, "type": "LoadImage", "pos": [10, 50], "title": "Mine"}],
            "groups": [{"title": "All", "bounding": [0, 0, 300, 200], "color": "#3f789e"}],
        }
        body = {"graph": {"1": LOAD, "2": SAVE}, "workflow": workflow}
        status, found = await lab.post("/blockloom/import", body)
        assert (status, found["prompt"]) == (
            200,
            {"1": {**LOAD, "_meta": {"position": [10, 20], "title": "Mine"}}, "2": SAVE},
        )
        (group,) = found["extra"]["groups"]
        assert (group["title"], group["colour"]) == ("All", "blue")
        status, found = await lab.post("/blockloom/import", {"graph": [1]})
        assert (status, found["error"]["type"]) == (400, "graph")
        status, found = await lab.post("/blockloom/import", {"workflow": workflow})
        assert (status, found["error"]["type"]) == (400, "bad_request")

    play(tmp_path, story, read=read)
