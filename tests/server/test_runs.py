"""Runs over HTTP and WebSocket, held against what was recorded from the real ComfyUI."""

from __future__ import annotations

import json
from typing import Any

from tests.server.server_kit import SAMPLES, Lab, image_graph, play, shape, slow_graph


def sample(name: str) -> Any:
    return json.loads((SAMPLES / f"{name}.json").read_text())


def texts_of(name: str) -> list[Any]:
    return [event["text"] for event in sample(name)["ws"] if "text" in event and "dir" not in event]


def answer_of(name: str, method: str, path: str) -> Any:
    found = [e for e in sample(name)["http"] if e["method"] == method and e["path"] == path]
    return found[0]["response"]


def named(value: Any, names: dict[str, str]) -> Any:
    """The value with some texts replaced, as keys too: ids and file names differ."""
    text = json.dumps(value)
    for old, new in names.items():
        text = text.replace(old, new)
    return json.loads(text)


def test_a_run_is_told_in_comfyuis_order_and_shape(tmp_path: Any) -> None:
    async def story(lab: Lab) -> None:
        async with lab.socket("me") as socket:
            await socket.next()
            extra = {"extra_pnginfo": {"workflow": {"id": "w1", "nodes": []}}}
            job_id = await lab.prompt(image_graph(), client_id="me", extra_data=extra)
            await socket.until_end(job_id)
            recorded = texts_of("run_image")
            assert [event["type"] for event in socket.heard] == [e["type"] for e in recorded]
            assert shape(socket.heard) == shape(recorded)
        _, history = await lab.get(f"/history/{job_id}")
        (entry,) = [e for e in sample("run_image")["http"] if e["path"].startswith("/history/")]
        old = next(iter(entry["response"]))
        assert shape(history) == shape(named(entry["response"], {old: job_id}))
        assert history[job_id]["outputs"] == {
            "2": {"images": [{"filename": "lab_00001_.png", "subfolder": "", "type": "output"}]}
        }
        assert history[job_id]["status"]["completed"] is True
        assert await lab.get("/queue") == (200, {"queue_running": [], "queue_pending": []})
        assert await lab.get("/prompt") == (200, {"exec_info": {"queue_remaining": 0}})

    play(tmp_path, story)


def test_a_kept_run_shows_its_outputs_again(tmp_path: Any) -> None:
    async def story(lab: Lab) -> None:
        await lab.ended(await lab.prompt(image_graph()))
        async with lab.socket("me") as socket:
            await socket.next()
            job_id = await lab.prompt(image_graph(), client_id="me")
            await socket.until_end(job_id)
            kinds = [event["type"] for event in socket.heard]
            recorded = texts_of("run_cached")
            assert sorted(kinds) == sorted(event["type"] for event in recorded)
            by_type = {event["type"]: event["data"] for event in socket.heard}
            assert by_type["execution_cached"]["nodes"] == ["1", "2"]
            files = [{"filename": "lab_00001_.png", "subfolder": "", "type": "output"}]
            assert by_type["executed"] == {
                "node": "2",
                "display_node": "2",
                "output": {"images": files},
                "prompt_id": job_id,
            }
            assert kinds[-3:] == ["execution_success", "status", "executing"]

    play(tmp_path, story)


def test_progress_and_previews_go_to_those_who_asked(tmp_path: Any) -> None:
    async def story(lab: Lab) -> None:
        async with (
            lab.socket("sees", {"supports_preview_metadata": True}) as sees,
            lab.socket("blind") as blind,
        ):
            await sees.next()
            flags = {"supports_preview_metadata": True, "max_upload_size": 104857600}
            assert (await sees.next()) == {"type": "feature_flags", "data": flags}
            job_id = await lab.prompt(slow_graph(preview=True), client_id="sees")
            heard = await sees.until_end(job_id)
            frames = [event for event in heard if "binary" in event]
            assert {frame["binary"] for frame in frames} == {4}
            assert frames[0]["image"].startswith(b"\xff\xd8\xff")
            recorded = next(
                e["binary"]
                for e in sample("progress_previews_new")["ws"]
                if e.get("binary", {}).get("event_type") == 4
            )
            assert shape(frames[0]["metadata"]) == shape(recorded["metadata"])
            steps = [event["data"] for event in heard if event.get("type") == "progress"]
            assert [step["value"] for step in steps] == [1, 2, 3]
            assert steps[0] == {"value": 1, "max": 3, "prompt_id": job_id, "node": "1"}
            kinds = [event.get("type") for event in heard if "binary" not in event]
            recorded_kinds = [event["type"] for event in texts_of("progress_previews_new")]
            expected = [k for k in recorded_kinds if k != "lab_probe.tick"][2:]
            assert kinds == expected
            other = await lab.prompt(slow_graph(preview=True, seed=2), client_id="blind")
            assert not [event for event in await blind.until_end(other) if "binary" in event]

    play(tmp_path, story)


def test_an_error_names_node_and_cause(tmp_path: Any) -> None:
    async def story(lab: Lab) -> None:
        nodes = image_graph()
        nodes["3"] = {"class_type": "LabFail", "inputs": {"message": "boom", "image": ["1", 0]}}
        nodes["4"] = {"class_type": "PreviewAny", "inputs": {"source": ["3", 0]}}
        async with lab.socket("me") as socket:
            job_id = await lab.prompt(nodes, client_id="me")
            heard = await socket.until_end(job_id)
        recorded = texts_of("execution_error")
        error = next(event for event in heard if event["type"] == "execution_error")
        expected = next(event for event in recorded if event["type"] == "execution_error")
        assert error["data"].keys() == expected["data"].keys()
        assert error["data"]["node_id"] == "3"
        assert error["data"]["node_type"] == "LabFail"
        assert error["data"]["exception_message"] == "boom"
        assert [e["type"] for e in heard[-3:]] == ["execution_error", "status", "executing"]
        entry = await lab.ended(job_id)
        assert entry["status"]["status_str"] == "error"
        assert entry["status"]["completed"] is False
        assert [name for name, _ in entry["status"]["messages"]][-1] == "execution_error"

    play(tmp_path, story)


def test_interrupting_stops_what_runs_and_nothing_else(tmp_path: Any) -> None:
    async def story(lab: Lab) -> None:
        async with lab.socket("me") as socket:
            job_id = await lab.prompt(slow_graph(steps=1000), client_id="me")
            while (await socket.next())["type"] != "progress":
                pass
            assert (await lab.post("/interrupt", {"prompt_id": "not-this-one"}))[0] == 200
            running = (await lab.get("/queue"))[1]["queue_running"]
            assert [item[1] for item in running] == [job_id]
            assert (await lab.post("/interrupt", {"prompt_id": job_id}))[0] == 200
            heard = await socket.until_end(job_id)
        told = [e["type"] for e in heard[-3:]]
        assert told == ["execution_interrupted", "status", "executing"]
        entry = await lab.ended(job_id)
        recorded = answer_of_history("interrupt_running")
        assert shape(entry) == shape(named(recorded, {})) | {
            "prompt": shape(entry["prompt"]),
            "status": shape(entry["status"]),
        }
        assert entry["status"]["status_str"] == "error"
        assert (await lab.get("/queue"))[1]["queue_running"] == []

    play(tmp_path, story)


def answer_of_history(name: str) -> Any:
    (entry,) = [e for e in sample(name)["http"] if e["path"].startswith("/history/")]
    return next(iter(entry["response"].values()))


def test_other_clients_hear_of_the_queue_only(tmp_path: Any) -> None:
    async def story(lab: Lab) -> None:
        async with lab.socket("one") as one, lab.socket("two") as two:
            job_id = await lab.prompt(image_graph(), client_id="one")
            await one.until_end(job_id)
            assert await two.is_quiet(0.05) is False
            while not await two.is_quiet():
                pass
            assert shape(two.heard) == shape(texts_of("two_clients"))

    play(tmp_path, story)


def test_a_job_of_nobody_progresses_for_everybody(tmp_path: Any) -> None:
    async def story(lab: Lab) -> None:
        async with lab.socket("me") as socket:
            await lab.ended(await lab.prompt(image_graph()))
            while not await socket.is_quiet():
                pass
            assert shape(socket.heard) == shape(texts_of("run_without_client_id"))

    play(tmp_path, story)


def test_temporary_files_are_told_and_shown_as_such(tmp_path: Any) -> None:
    async def story(lab: Lab) -> None:
        nodes = image_graph()
        nodes["2"] = {"class_type": "PreviewImage", "inputs": {"images": ["1", 0]}}
        entry = await lab.ended(await lab.prompt(nodes))
        (file,) = entry["outputs"]["2"]["images"]
        assert file["type"] == "temp"
        query = "&".join(f"{key}={value}" for key, value in file.items())
        async with lab.session.get(lab.url(f"/view?{query}")) as response:
            assert response.status == 200
            assert response.content_type == "image/png"

    play(tmp_path, story)


def test_a_socket_that_comes_after_the_end_hears_it(tmp_path: Any) -> None:
    async def story(lab: Lab) -> None:
        job_id = await lab.prompt(image_graph(), client_id="late")
        await lab.ended(job_id)
        async with lab.socket("late") as socket:
            heard = await socket.until_end(job_id)
            kinds = [event["type"] for event in heard]
            assert kinds[0] == "status"
            assert "executed" in kinds
            assert kinds[-2:] == ["execution_success", "executing"]
        async with lab.socket("late") as again:
            assert (await again.next())["type"] == "status"
            assert await again.is_quiet()

    play(tmp_path, story)


def test_a_client_that_comes_back_in_mid_run_hears_what_was(tmp_path: Any) -> None:
    async def story(lab: Lab) -> None:
        nodes = slow_graph(steps=1000, seconds=0.01)
        nodes |= {f"1{key}": value for key, value in image_graph().items()}
        nodes["12"]["inputs"]["images"] = ["11", 0]
        nodes["1"]["inputs"]["seed"] = ["13", 0]
        nodes["13"] = {"class_type": "PrimitiveInt", "inputs": {"value": 1}}
        async with lab.socket("me") as socket:
            job_id = await lab.prompt(nodes, client_id="me")
            while (await socket.next())["type"] != "progress":
                pass
        async with lab.socket("me") as socket:
            kinds = []
            while not kinds or kinds[-1] != "executing":
                kinds.append((await socket.next())["type"])
            first = ["status", "execution_start", "execution_cached"]
            assert kinds[:3] == first
            assert kinds[-2:] == ["progress_state", "executing"]
            assert socket.heard[-1]["data"]["node"] == "1"
            await lab.post("/interrupt", {})
            await socket.until_end(job_id)

    play(tmp_path, story)


def test_a_slow_client_holds_nobody_up(tmp_path: Any) -> None:
    async def story(lab: Lab) -> None:
        url = lab.url("/ws?clientId=slow")
        async with lab.session.ws_connect(url), lab.socket("me") as socket:
            for number in range(30):
                job_id = await lab.prompt(image_graph(number), client_id="me")
                await socket.until_end(job_id)

    play(tmp_path, story)


def test_a_second_socket_of_the_same_client_takes_over(tmp_path: Any) -> None:
    async def story(lab: Lab) -> None:
        async with lab.session.ws_connect(lab.url("/ws?clientId=me")) as old:
            await old.receive(5)
            async with lab.socket("me") as new:
                await new.next()
                closing = await old.receive(5)
                assert closing.type.name in ("CLOSE", "CLOSING", "CLOSED")
                job_id = await lab.prompt(image_graph(), client_id="me")
                await new.until_end(job_id)

    play(tmp_path, story)


def test_block_states_are_told_to_those_who_asked(tmp_path: Any) -> None:
    async def story(lab: Lab) -> None:
        async with lab.socket("me", {"supports_block_states": True}) as socket:
            await socket.next()
            await socket.next()
            job_id = await lab.prompt(slow_graph(), client_id="me")
            heard = await socket.until_end(job_id)
        states = [event["data"] for event in heard if event["type"] == "block_state"]
        assert [state["node"] for state in states] == ["1", "2"]
        expected = {"prompt_id": job_id, "node": "1", "seconds": 0.001, "warnings": []}
        assert states[0] == expected
        steps = [event["data"] for event in heard if event["type"] == "block_state_step"]
        assert steps[0] == {"prompt_id": job_id, "node": "1", "done": 1, "total": 3}
        assert [step["done"] for step in steps] == [1, 2, 3]

    play(tmp_path, story)


def test_secrets_of_editors_are_not_kept(tmp_path: Any) -> None:
    async def story(lab: Lab) -> None:
        extra = {"auth_token_comfy_org": "s", "api_key_comfy_org": "s", "other": 1}
        entry = await lab.ended(await lab.prompt(image_graph(), extra_data=extra))
        assert entry["prompt"][3] == {"other": 1}

    play(tmp_path, story)


def test_free_reaches_the_workers(tmp_path: Any) -> None:
    async def story(lab: Lab) -> None:
        await lab.post("/free", {"unload_models": True})
        await lab.post("/free", {"free_memory": True})
        await lab.post("/free", {})
        assert lab.pool.freed == [(True, False), (True, True)]

    play(tmp_path, story)


def test_a_large_run_tells_little(tmp_path: Any) -> None:
    async def story(lab: Lab) -> None:
        nodes: dict[str, Any] = {"0": {"class_type": "PrimitiveInt", "inputs": {"value": 1}}}
        for number in range(1, 300):
            link = [str(number - 1), 0]
            nodes[str(number)] = {"class_type": "PrimitiveInt", "inputs": {"value": link}}
        nodes["end"] = {"class_type": "PreviewAny", "inputs": {"source": ["299", 0]}}
        async with lab.socket("me") as socket:
            job_id = await lab.prompt(nodes, client_id="me")
            heard = await socket.until_end(job_id)
        size = sum(len(json.dumps(event)) for event in heard)
        assert size < 300 * 1000
        states = [event["data"]["nodes"] for event in heard if event["type"] == "progress_state"]
        finished = {node_id for nodes in states for node_id in nodes}
        assert finished == set(nodes)

    play(tmp_path, story)
