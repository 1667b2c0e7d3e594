"""What clients do over hours and days, against a real server with a real worker."""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
import os
import shutil
import signal
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import aiohttp
import PIL.Image
import pytest
from tests.server.server_kit import Socket, image_graph
from tests.server.server_process import Process, children_of, server_in, until

from blockloom.demo import model_folder
from blockloom.resources import examples_folder

TOYS = Path(__file__).parent.parent / "worker" / "nodes"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    """A server with toys and a second copy of the demo model; restarted by a test in between."""
    with server_in(tmp_path_factory.mktemp("flows")) as found:
        shutil.copytree(model_folder(), found.data / "models" / "copy")
        found.start("--nodes", str(TOYS))
        until(lambda: found.workers()[0]["state"] == "idle", "the worker is ready", 180)
        yield found


def demo(steps: int = 2, seed: int = 5, prompt: str = "a red circle") -> dict[str, Any]:
    """The text-to-image example, made short, that shows and saves its picture."""
    nodes = json.loads((examples_folder() / "text_to_image.json").read_text())["prompt"]
    nodes["text_encoder"]["inputs"]["prompt"] = prompt
    nodes["denoise"]["inputs"] |= {"num_inference_steps": steps, "generator": seed}
    nodes["show"] = {"class_type": "PreviewImage", "inputs": {"images": ["decode", "images"]}}
    nodes["tell"] = {"class_type": "PreviewAny", "inputs": {"source": ["text", 0]}}
    nodes["text"] = {"class_type": "PrimitiveString", "inputs": {"value": "as told"}}
    return dict(nodes)


def other_decoder(model: str) -> dict[str, Any]:
    """The picture of the example, decoded by the decoder of some model."""
    nodes = demo()
    nodes["vae"] = {
        "class_type": "BlockloomLoadComponent",
        "inputs": {"model": model, "component": "vae"},
    }
    nodes["swap"] = {
        "class_type": "BlockloomSetComponents",
        "inputs": {
            "pipeline": ["denoise", "pipeline"],
            "component": ["vae", "component"],
            "name": "vae",
        },
    }
    nodes["decode"]["inputs"]["pipeline"] = ["swap", "pipeline"]
    return nodes


def view(server: Process, file: dict[str, str]) -> bytes:
    query = urllib.parse.urlencode(file)
    with urllib.request.urlopen(f"http://127.0.0.1:{server.port}/view?{query}") as response:
        return bytes(response.read())


def status_of(server: Process, path: str) -> tuple[int, Any]:
    try:
        return 200, server_json(server, path)
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read())


def server_json(server: Process, path: str) -> Any:
    with urllib.request.urlopen(f"http://127.0.0.1:{server.port}{path}") as response:
        return json.loads(response.read())


def post(server: Process, body: dict[str, Any]) -> Any:
    return server.ask("/prompt", body)


@contextlib.asynccontextmanager
async def socket_of(server: Process, client_id: str, **flags: bool) -> AsyncIterator[Socket]:
    url = f"http://127.0.0.1:{server.port}/ws?clientId={client_id}"
    async with aiohttp.ClientSession() as session, session.ws_connect(url) as opened:
        if flags:
            await opened.send_json({"type": "feature_flags", "data": flags})
        yield Socket(opened)


async def heard(socket: Socket, kind: str) -> Any:
    while (found := await socket.next(60)).get("type") != kind:
        pass
    return found["data"]


def test_a_reload_finds_every_output_again_and_so_does_a_restart(server: Process) -> None:
    workflow = {"id": "drawn", "nodes": [{"id": 7, "title": "Grün"}]}

    async def first_visit() -> str:
        async with socket_of(server, "me") as socket:
            await socket.next()
            extra = {"extra_pnginfo": {"workflow": workflow}}
            body = {"prompt": demo(), "client_id": "me", "extra_data": extra}
            job_id = (await asyncio.to_thread(post, server, body))["prompt_id"]
            await heard(socket, "execution_success")
            return str(job_id)

    async def second_visit(client_id: str) -> list[str]:
        async with socket_of(server, client_id) as socket:
            await socket.next()
            assert await socket.is_quiet(0.3)
            return [event["type"] for event in socket.heard]

    job_id = asyncio.run(first_visit())
    for client_id in ("me", "somebody-new"):
        # All was heard before: nothing is told twice. What is on screen comes from the history.
        assert asyncio.run(second_visit(client_id)) == ["status"]
    expected = {
        "save": {
            "images": [{"filename": "text_to_image_00001_.png", "subfolder": "", "type": "output"}]
        },
        "show": {"images": [{"filename": "preview_00001_.png", "subfolder": "", "type": "temp"}]},
        "tell": {"text": ["as told"]},
    }

    def everything_is_there() -> None:
        entry = server.ask("/history?max_items=1")[job_id]
        assert entry["outputs"] == expected
        assert entry["prompt"][3]["client_id"] == "me"
        details = server.ask(f"/api/jobs/{job_id}")
        assert details["outputs"] == expected
        for shown in (expected["save"], expected["show"]):
            (file,) = shown["images"]
            with PIL.Image.open(io.BytesIO(view(server, file))) as picture:
                picture.load()
                assert json.loads(picture.text["workflow"]) == workflow
                assert json.loads(picture.text["blockloom"])["seed"] == 5
                assert json.loads(picture.text["prompt"])["show"]["class_type"] == "PreviewImage"

    everything_is_there()
    state = server.ask(f"/blockloom/block_state/{job_id}/denoise")
    assert state["step_count"] == 2
    server.stop(signal.SIGKILL)
    server.start("--nodes", str(TOYS))
    everything_is_there()
    # The values themselves were in the memory of a worker that is gone.
    until(lambda: server.workers()[0]["state"] == "idle", "the worker is ready", 180)
    code, answer = status_of(server, f"/blockloom/block_state/{job_id}/denoise")
    assert (code, answer["error"]["remedy"]) == (404, "Run the graph once more.")


def test_a_client_that_comes_back_in_mid_run_goes_on_where_it_was(server: Process) -> None:
    nodes = demo(steps=1000, seed=11)

    async def story() -> None:
        flags = {"supports_preview_metadata": True, "supports_block_states": True}
        async with socket_of(server, "me", **flags) as socket:
            await heard(socket, "feature_flags")
            answer = await asyncio.to_thread(post, server, {"prompt": nodes, "client_id": "me"})
            job_id = answer["prompt_id"]
            assert (await heard(socket, "progress"))["node"] == "denoise"
        async with socket_of(server, "me", **flags) as socket, socket_of(server, "b") as other:
            kinds = []
            while "executing" not in kinds:
                kinds.append((await socket.next()).get("type"))
            assert kinds[:3] == ["status", "execution_start", "execution_cached"]
            assert socket.heard[-1]["data"]["node"] == "denoise"
            before = (await heard(socket, "progress"))["value"]
            while "binary" not in (frame := await socket.next()):
                pass
            assert frame["metadata"]["node_id"] == "denoise"
            # Cancelling takes effect within a step.
            last = (await heard(socket, "progress"))["value"]
            assert before < last
            cancelled = await asyncio.to_thread(server.ask, f"/api/jobs/{job_id}/cancel", {})
            assert cancelled == {"id": job_id, "cancelled": True}
            steps = [last]
            while (found := await socket.next()).get("type") != "execution_interrupted":
                if found.get("type") == "progress":
                    steps.append(found["data"]["value"])
            assert steps[-1] < 1000
            assert found["data"]["node_id"] == "denoise"
            await socket.until_end(job_id)
            while not await other.is_quiet():
                pass
            assert {event["type"] for event in other.heard} == {"status"}
        again = await asyncio.to_thread(server.ask, f"/api/jobs/{job_id}/cancel", {})
        assert again == {"id": job_id, "cancelled": False}

    asyncio.run(asyncio.wait_for(story(), 120))


def test_a_sweep_over_decoders_encodes_the_prompt_once(server: Process) -> None:
    batch = {"inputs": {"vae.model": ["demo", "copy"], "save.filename_prefix": ["a", "b"]}}
    nodes = other_decoder("demo")
    nodes["denoise"]["inputs"]["generator"] = 21
    answer = post(server, {"prompt": nodes, "batch": batch})
    jobs = []
    for job_id in answer["prompt_ids"]:
        assert server.ended(job_id)["status"]["completed"] is True
        jobs.append(server.ask(f"/api/jobs/{job_id}"))
    swept = [tuple(job["workflow"]["extra_data"]["batch"]["inputs"].values()) for job in jobs]
    assert swept == [("demo", "a"), ("demo", "b"), ("copy", "a"), ("copy", "b")]
    assert "denoise" in jobs[0]["ran"]
    for job in jobs[1:]:
        assert {"text_encoder", "denoise"} <= set(job["kept"])
    assert [sorted({"vae", "decode", "save"} & set(job["ran"])) for job in jobs[1:]] == [
        ["save"],
        ["decode", "save", "vae"],
        ["save"],
    ]
    group = server.ask(f"/blockloom/groups/{answer['prompt_id']}")
    assert (group["done"], group["total"], group["ids"]) == (4, 4, answer["prompt_ids"])
    assert group["jobs"]["done"] == 4
    zipped = {"mode": "zip", "inputs": {"text.value": ["x", "y"], "denoise.generator": [1, 2]}}
    answer = post(server, {"prompt": demo(steps=1), "batch": zipped})
    texts = [server.ended(job_id)["outputs"]["tell"]["text"] for job_id in answer["prompt_ids"]]
    assert texts == [["x"], ["y"]]
    seeds = [server.ask(f"/api/jobs/{job_id}")["seed"] for job_id in answer["prompt_ids"]]
    assert seeds == [1, 2]


def test_a_check_tells_branches_and_what_is_kept(server: Process) -> None:
    server.ended(server.prompt(demo(seed=31)))
    found = server.ask("/blockloom/check", {"prompt": demo(seed=31)})
    assert found["can_run"] is True
    assert set(found["plan"].values()) == {"kept"}
    assert found["nodes"]["decode"]["branches"] == {"": "non-inpaint"}
    assert found["nodes"]["denoise"]["branches"]["before_denoise"] == "text2img"
    assert found["nodes"]["denoise"]["inputs"]["prompt_embeds"] == {
        "from": "state",
        "node": "text_encoder",
        "name": "prompt_embeds",
        "is_certain": True,
    }
    plan = server.ask("/blockloom/check", {"prompt": demo(seed=32)})["plan"]
    assert {node_id for node_id, prospect in plan.items() if prospect == "kept"} == {
        *("model", "guider", "text_encoder", "text", "tell")
    }
    (file,) = server.ended(server.prompt(demo(seed=31)))["outputs"]["save"]["images"]
    (server.data / "output" / file["filename"]).unlink()
    plan = server.ask("/blockloom/check", {"prompt": demo(seed=31)})["plan"]
    assert {node_id for node_id, prospect in plan.items() if prospect != "kept"} == {"save"}


def test_memory_that_runs_out_fails_the_node_and_nothing_else(server: Process) -> None:
    server.ended(server.prompt(demo(seed=41, steps=1)))
    (worker,) = server.workers()
    assert worker["loaded"] != []
    entry = server.ended(server.prompt({"a": {"class_type": "ToyOutOfMemory", "inputs": {}}}))
    name, data = entry["status"]["messages"][-1]
    assert (name, data["node_id"], data["node_type"]) == ("execution_error", "a", "ToyOutOfMemory")
    assert data["exception_message"].startswith("Memory ran out.")
    (after,) = server.workers()
    assert (after["loaded"], after["starts"]) == ([], worker["starts"])
    assert server.ended(server.prompt(demo(seed=42, steps=1)))["status"]["completed"] is True


def test_a_hard_stop_replaces_the_worker_and_the_queue_goes_on(server: Process) -> None:
    (before,) = server.workers()
    stuck = server.prompt({"a": {"class_type": "ToySleep", "inputs": {"seconds": 600.0}}})
    until(lambda: bool(server.ask("/queue")["queue_running"]), "the job runs")
    waiting = server.prompt(image_graph(9))
    server.ask("/interrupt", {"prompt_id": stuck, "hard": True})
    entry = server.ended(stuck)
    assert entry["status"]["messages"][-1][0] == "execution_interrupted"
    assert server.ended(waiting)["status"]["completed"] is True
    (after,) = server.workers()
    assert after["starts"] == before["starts"] + 1


def test_an_interrupted_job_says_so_and_can_be_retried(server: Process) -> None:
    job_id = server.prompt(demo(steps=1000, seed=51))
    until(lambda: bool(server.ask("/queue")["queue_running"]), "the job runs")
    for pid in children_of(server):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    server.ended(job_id)
    (job,) = [job for job in server.ask("/api/jobs?status=failed")["jobs"] if job["id"] == job_id]
    assert job["is_interrupted"] is True
    assert "SIGKILL" in job["execution_error"]["exception_message"]
    server.ask(f"/blockloom/jobs/{job_id}/retry", {})
    until(lambda: bool(server.ask("/queue")["queue_running"]), "the job runs again")
    assert server.ask(f"/api/jobs/{job_id}")["status"] == "in_progress"
    server.ask("/interrupt", {})
    assert server.ended(job_id)["status"]["messages"][-1][0] == "execution_interrupted"


def test_the_history_is_searched_by_prompt_and_model(server: Process) -> None:
    job_id = server.prompt(demo(prompt="a Zeppelin over 北京", steps=1))
    server.ended(job_id)
    copy = demo(prompt="a boat", steps=1)
    copy["model"]["inputs"]["model"] = "copy"
    other = server.prompt(copy)
    server.ended(other)

    def found(**query: str) -> list[str]:
        jobs = server.ask(f"/api/jobs?{urllib.parse.urlencode(query)}")["jobs"]
        return [job["id"] for job in jobs]

    assert found(text="zeppelin") == found(text="OVER 北京") == [job_id]
    assert found(text="zeppelin boat") == []
    assert other in found(model="COPY")
    assert job_id not in found(model="copy")
    assert other not in found(model="demo")
    assert job_id in found(model="demo")
    assert found(text="zeppelin", model="copy") == []


def test_graphs_may_be_far_deeper_than_python(server: Process) -> None:
    nodes: dict[str, Any] = {"0": {"class_type": "PrimitiveInt", "inputs": {"value": 7}}}
    for number in range(1, 2000):
        inputs = {"value": [str(number - 1), 0]}
        nodes[str(number)] = {"class_type": "PrimitiveInt", "inputs": inputs}
    nodes["end"] = {"class_type": "PreviewAny", "inputs": {"source": ["1999", 0]}}
    assert server.ended(server.prompt(nodes))["outputs"] == {"end": {"text": ["7"]}}


def test_a_model_outside_gets_no_further_over_a_link(server: Process) -> None:
    nodes = other_decoder("demo")
    nodes["name"] = {"class_type": "PrimitiveString", "inputs": {"value": str(model_folder())}}
    nodes["vae"]["inputs"]["model"] = ["name", 0]
    name, data = server.ended(server.prompt(nodes))["status"]["messages"][-1]
    assert (name, data["node_id"]) == ("execution_error", "vae")
    assert "is not in a model folder of this server" in data["exception_message"]
