"""What the editor asks of a real server: the catalogue, examples that run, values of a run."""

from __future__ import annotations

import io
import json
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from typing import Any

import PIL.Image
import pytest
from tests.server.server_process import Process, server_in


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    with server_in(tmp_path_factory.mktemp("real").resolve()) as found:
        found.start()
        yield found


def shortened(graph: Any, steps: int = 2) -> Any:
    for node in graph["prompt"].values():
        if "num_inference_steps" in node["inputs"]:
            node["inputs"]["num_inference_steps"] = steps
    return graph["prompt"]


def refused(server: Process, path: str) -> tuple[int, Any]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{server.port}{path}", timeout=60):
            raise AssertionError(f"{path} is answered")
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read())["error"]


def test_the_catalogue_has_what_the_pipelines_and_examples_are_made_of(server: Process) -> None:
    found = server.ask("/blockloom/catalogue")
    types = {node_type["id"]: node_type for node_type in found["node_types"]}
    assert len(types) == len(found["node_types"]) > 500
    assert found["problems"] == []
    assert found["diffusers"]
    for pipeline in found["pipelines"]:
        assert pipeline["blocks"] in types
        assert pipeline["workflows"]
    for example in server.ask("/blockloom/examples"):
        graph = server.ask(f"/blockloom/examples/{example['name']}")
        assert {node["class_type"] for node in graph["prompt"].values()} <= types.keys()


def test_every_example_runs_as_it_is_given_out_and_so_does_what_it_is_opened_to(
    server: Process,
) -> None:
    for example in server.ask("/blockloom/examples"):
        prompt = shortened(server.ask(f"/blockloom/examples/{example['name']}"))
        entry = server.ended(server.prompt(prompt))
        assert entry["status"]["completed"] is True, example
        (saved,) = entry["outputs"]["save"]["images"]
        for node_id, node in prompt.items():
            if node["class_type"] == "StableDiffusionXLCoreDenoiseStep":
                body = {"graph": {"prompt": prompt}, "node": node_id}
                opened = server.ask("/blockloom/expand", body)
                assert len(opened["nodes"]) == 4
                entry = server.ended(server.prompt(opened["prompt"]))
                (again,) = entry["outputs"]["save"]["images"]
                assert picture(server, saved) == picture(server, again)


def picture(server: Process, place: dict[str, str]) -> bytes:
    """The pixels of a saved picture; the graph inside the file differs."""
    query = urllib.parse.urlencode({**place, "channel": "rgb"})
    url = f"http://127.0.0.1:{server.port}/view?{query}"
    with urllib.request.urlopen(url, timeout=60) as response:
        return PIL.Image.open(io.BytesIO(response.read())).tobytes()


def test_a_run_can_be_looked_into_until_the_server_is_started_anew(server: Process) -> None:
    prompt = shortened(server.ask("/blockloom/examples/text_to_image"))
    job_id = server.prompt(prompt)
    server.ended(job_id)
    states = server.ask(f"/blockloom/block_states/{job_id}")["nodes"]
    assert states.keys() == prompt.keys()
    assert states["denoise"] == server.ask(f"/blockloom/block_state/{job_id}/denoise")
    values = server.ask(f"/blockloom/state/{job_id}/denoise")["values"]
    assert {"prompt", "latents"} <= {value["name"] for value in values}
    paths = [
        f"/blockloom/block_states/{job_id}",
        f"/blockloom/block_state/{job_id}/denoise",
        f"/blockloom/state/{job_id}/denoise",
        f"/blockloom/steps/{job_id}/denoise",
        f"/blockloom/thumbnail/{job_id}/denoise/latents",
    ]
    server.stop()
    server.start()
    assert server.ended(job_id)["status"]["completed"] is True
    for path in paths:
        status, error = refused(server, path)
        assert (status, error["type"]) == (404, "not_found")
        assert error["remedy"] == "Run the graph once more."
