"""The queue, the history and the jobs over HTTP."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from typing import Any

import pytest
from tests.server import server_kit
from tests.server.server_kit import SAMPLES, Lab, image_graph, play, shape, slow_graph

from blockloom.graph.model import Json
from blockloom.jobs.model import JobStatus, NewJob
from blockloom.server.keys import BACKEND


def test_the_queue_keeps_its_order_and_lets_go(tmp_path: Any) -> None:
    async def story(lab: Lab) -> None:
        lab.pool.gate.clear()
        first = await lab.prompt(slow_graph(seed=1))
        await asyncio.sleep(0.05)
        ids = [await lab.prompt(slow_graph(seed=seed)) for seed in (2, 3)]
        _, front = await lab.post("/prompt", {"prompt": slow_graph(seed=4), "front": True})
        _, placed = await lab.post("/prompt", {"prompt": slow_graph(seed=5), "number": -100})
        assert front["number"] < 0
        assert placed["number"] == -100.0
        _, queue = await lab.get("/queue")
        recorded = recorded_queue()
        assert shape(queue["queue_pending"][0][:2]) == shape(recorded["queue_pending"][0][:2])
        assert [item[1] for item in queue["queue_running"]] == [first]
        waiting = [placed["prompt_id"], front["prompt_id"], *ids]
        assert [item[1] for item in queue["queue_pending"]] == waiting
        assert queue["queue_pending"][0][4] == ["2"]
        await lab.post("/queue", {"delete": [ids[0], "not-there", first]})
        assert await lab.get("/prompt") == (200, {"exec_info": {"queue_remaining": 4}})
        await lab.post("/queue", {"clear": True})
        assert await lab.get("/prompt") == (200, {"exec_info": {"queue_remaining": 1}})
        lab.pool.gate.set()
        await lab.ended(first)
        _, history = await lab.get("/history")
        assert list(history) == [first]
        _, jobs = await lab.get("/api/jobs?status=cancelled&limit=2")
        assert jobs["pagination"] == {"offset": 0, "limit": 2, "total": 4, "has_more": True}

    play(tmp_path, story)


def test_jobs_whose_models_are_loaded_go_first_but_not_before_placed_ones(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    warm = replace(server_kit.DEVICE, loaded=("unet of warm", "vae of warm"))
    monkeypatch.setattr(server_kit, "DEVICE", warm)

    def graph(model: str) -> dict[str, Any]:
        nodes = slow_graph(steps=1, seconds=0)
        nodes["3"] = {"class_type": "BlockloomLoadPipeline", "inputs": {"model": model}}
        return nodes

    async def story(lab: Lab) -> None:
        for more, expected in (
            ({}, ["first", "w1", "w2", "c1"]),
            ({"front": True}, ["first", "c1", "w1", "w2"]),
        ):
            lab.pool.gate.clear()
            await lab.prompt(graph("cold"), prompt_id="first")
            await asyncio.sleep(0.05)
            await lab.prompt(graph("cold"), prompt_id="c1", **more)
            for name in ("w1", "w2"):
                await lab.prompt(graph("warm"), prompt_id=name)
            lab.pool.gate.set()
            for name in expected:
                await lab.ended(name)
            assert list((await lab.get("/history"))[1]) == expected
            await lab.post("/history", {"clear": True})

    play(tmp_path, story)


def test_history_pages_and_forgets(tmp_path: Any) -> None:
    async def story(lab: Lab) -> None:
        ids = []
        for number in range(3):
            ids.append(await lab.prompt(image_graph(number)))
            await lab.ended(ids[-1])
        assert list((await lab.get("/history"))[1]) == ids
        assert list((await lab.get("/history?max_items=2"))[1]) == ids[1:]
        assert list((await lab.get("/history?max_items=1&offset=0"))[1]) == ids[:1]
        assert await lab.get("/history/nope") == (200, {})
        await lab.post("/history", {"delete": ids[:1]})
        assert list((await lab.get("/history"))[1]) == ids[1:]
        await lab.post("/history", {"clear": True})
        assert await lab.get("/history") == (200, {})

    play(tmp_path, story)


def test_jobs_are_listed_shown_and_cancelled(tmp_path: Any) -> None:
    async def story(lab: Lab) -> None:
        done = await lab.prompt(image_graph())
        await lab.ended(done)
        _, job = await lab.get(f"/api/jobs/{done}")
        assert job["status"] == "completed"
        assert job["preview_output"] == {
            "filename": "lab_00001_.png",
            "subfolder": "",
            "type": "output",
            "nodeId": "2",
            "mediaType": "images",
        }
        assert job["workflow"]["prompt"] == image_graph()
        running = await lab.prompt(slow_graph(steps=1000))
        status, answer = await lab.post("/api/jobs/cancel", {"job_ids": [running, "nope"]})
        assert (status, answer["error"]["type"]) == (404, "not_found")
        assert (await lab.post(f"/api/jobs/{running}/cancel", {}))[0] == 200
        await lab.ended(running)
        assert (await lab.post(f"/api/jobs/{running}/cancel", {}))[0] == 200
        assert (await lab.get(f"/api/jobs/{running}"))[1]["status"] == "cancelled"
        assert (await lab.get("/api/jobs/nope"))[0] == 404

    play(tmp_path, story)


def recorded_queue() -> Any:
    found = json.loads((SAMPLES / "queue_handling.json").read_text())["http"]
    return next(e["response"] for e in found if (e["method"], e["path"]) == ("GET", "/queue"))


@pytest.mark.parametrize("turns", range(8))
def test_a_job_can_be_cancelled_at_every_moment(turns: int, tmp_path: Any) -> None:
    async def story(lab: Lab) -> None:
        assert lab.server.app is not None
        backend = lab.server.app[BACKEND]
        graph: dict[str, Json] = {"prompt": slow_graph(steps=1000)}
        backend.submit(NewJob("mine", graph, ("2",)))
        for _ in range(turns):
            await asyncio.sleep(0)
        backend.cancel(["mine"])
        while (await lab.get("/prompt"))[1]["exec_info"]["queue_remaining"]:
            pass
        job = backend.find("mine")
        assert job is not None
        assert job.status is JobStatus.CANCELLED
        await lab.ended(await lab.prompt(image_graph()))

    play(tmp_path, story)
