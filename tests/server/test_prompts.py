"""What is said about prompts that cannot run, held against what ComfyUI says."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from tests.server.server_kit import SAMPLES, Lab, image_graph, play, shape

from blockloom.server.keys import BACKEND

RECORDED = [
    entry
    for entry in json.loads((SAMPLES / "validation_errors.json").read_text())["http"]
    if "request" in entry
]
# Where ComfyUI says nothing, or shows its own traceback, we say what is wrong instead; an input
# with a default may be left out here.
_BETTER = {7, 8, 14, 15, 16, 18}


def core(answer: Any) -> Any:
    """What clients look at: the types of the errors, node by node."""
    nodes = {
        node_id: {
            "errors": sorted(error["type"] for error in found["errors"]),
            "dependent_outputs": found["dependent_outputs"],
            "class_type": found["class_type"],
        }
        for node_id, found in answer["node_errors"].items()
    }
    return {"error": answer["error"]["type"], "nodes": nodes}


@pytest.mark.parametrize("number", sorted(set(range(len(RECORDED))) - _BETTER))
def test_errors_are_those_of_comfyui(number: int, tmp_path: Any) -> None:
    async def story(lab: Lab) -> None:
        recorded = RECORDED[number]
        status, answer = await lab.post("/prompt", recorded["request"])
        assert status == recorded["status"]
        expected = core(recorded["response"])
        if number == 5:  # the name of the file has a default here
            expected["nodes"]["2"]["errors"] = ["required_input_missing"]
        assert core(answer) == expected
        assert answer["error"].keys() == recorded["response"]["error"].keys()
        if expected["nodes"]:
            assert answer["error"]["details"]

    play(tmp_path, story)


def refused(tmp_path: Any, body: Any) -> Any:
    found: list[Any] = []

    async def story(lab: Lab) -> None:
        status, answer = await lab.post("/prompt", body)
        assert status == 400
        found.append(answer)

    play(tmp_path, story)
    return found[0]


def test_missing_links_and_cycles_are_named(tmp_path: Any) -> None:
    nodes = image_graph()
    nodes["2"]["inputs"]["images"] = ["9", 0]
    answer = refused(tmp_path, {"prompt": nodes})
    (error,) = answer["node_errors"]["2"]["errors"]
    assert error["type"] == "bad_linked_input"
    assert error["extra_info"]["input_name"] == "images"
    assert '"9"' in error["details"]
    assert '"9"' in answer["error"]["details"]

    nodes = image_graph()
    nodes["2"]["inputs"]["images"] = ["1", 7]
    (error,) = refused(tmp_path / "b", {"prompt": nodes})["node_errors"]["2"]["errors"]
    assert (error["type"], error["extra_info"]["received_value"]) == ("bad_linked_input", ["1", 7])

    inverted = {"class_type": "ImageInvert", "inputs": {"image": ["3", 0]}}
    nodes = {
        "1": inverted,
        "3": {"class_type": "ImageInvert", "inputs": {"image": ["1", 0]}},
        "2": {"class_type": "SaveImage", "inputs": {"images": ["1", 0]}},
    }
    answer = refused(tmp_path / "c", {"prompt": nodes})
    (found,) = answer["node_errors"].values()
    assert [error["type"] for error in found["errors"]] == ["dependency_cycle"]
    assert found["dependent_outputs"] == ["2"]
    assert "1 -> 3" in answer["error"]["details"] or "3 -> 1" in answer["error"]["details"]


def test_one_valid_output_is_enough(tmp_path: Any) -> None:
    async def story(lab: Lab) -> None:
        nodes = image_graph()
        nodes["3"] = {"class_type": "SaveImage", "inputs": {"filename_prefix": "x"}}
        status, answer = await lab.post("/prompt", {"prompt": nodes})
        recorded = json.loads((SAMPLES / "partly_invalid.json").read_text())["http"][0]
        assert status == 200
        told = answer["node_errors"]["3"]["errors"][0]
        expected = recorded["response"]["node_errors"]["3"]["errors"][0]
        assert {key: told[key] for key in ("type", "message", "details")} == {
            key: expected[key] for key in ("type", "message", "details")
        }
        assert told["extra_info"]["input_name"] == "images"
        entry = await lab.ended(answer["prompt_id"])
        assert list(entry["outputs"]) == ["2"]
        assert entry["prompt"][4] == ["2"]

    play(tmp_path, story)


def test_only_what_was_asked_for_runs(tmp_path: Any) -> None:
    async def story(lab: Lab) -> None:
        nodes = image_graph()
        nodes["3"] = {"class_type": "ImageInvert", "inputs": {"image": ["1", 0]}}
        nodes["4"] = {"class_type": "PreviewImage", "inputs": {"images": ["3", 0]}}
        entry = await lab.ended(await lab.prompt(nodes, partial_execution_targets=["4"]))
        assert list(entry["outputs"]) == ["4"]

    play(tmp_path, story)


def test_the_seed_of_a_run_can_be_given(tmp_path: Any) -> None:
    async def story(lab: Lab) -> None:
        for seed in (0, 2**64 - 1):
            job_id = await lab.prompt(image_graph(), seed=seed)
            job = lab.server.app[BACKEND].find(job_id)
            assert job is not None
            assert job.new.seed == seed
        for wrong in (-1, 2**64, 1.5, True, "7"):
            status, answer = await lab.post("/prompt", {"prompt": image_graph(), "seed": wrong})
            assert status == 400
            assert "seed" in answer["error"]["message"]

    play(tmp_path, story)


def test_what_is_drawn_beside_the_nodes_stays_with_the_job(tmp_path: Any) -> None:
    async def story(lab: Lab) -> None:
        extra = {"notes": [{"id": "note", "text": "Straße"}], "viewport": [0, 0, 1.5]}
        job_id = await lab.prompt(image_graph(), extra=extra)
        await lab.ended(job_id)
        assert json.loads(lab.pool.orders[-1]["graph"])["extra"] == extra
        _, job = await lab.get(f"/api/jobs/{job_id}")
        assert job["workflow"]["extra"] == extra
        body = {"prompt": image_graph(), "extra": {"large": "x" * 16 * 2**20}}
        data = io.BytesIO(json.dumps(body).encode())
        status, answer = await lab.json("POST", "/prompt", data=data)
        assert (status, answer["error"]["type"]) == (400, "invalid_prompt")

    play(tmp_path, story)


def test_what_clients_get_wrong_is_passed_over(tmp_path: Any) -> None:
    async def story(lab: Lab) -> None:
        nodes = image_graph()
        nodes["1"]["inputs"] |= {"width": "32", "height": 32.0, "no_such_input": 5}
        nodes["1"]["whatever"] = 1
        body = {"prompt": nodes, "client_id": "x", "something": {"else": 1}}
        status, answer = await lab.post("/prompt", body)
        assert status == 200
        assert [warning["socket"] for warning in answer["warnings"]] == ["no_such_input"]
        entry = await lab.ended(answer["prompt_id"])
        inputs = entry["prompt"][2]["1"]["inputs"]
        assert inputs == {"width": 32, "height": 32, "batch_size": 1, "color": 0}

    play(tmp_path, story)


@pytest.mark.parametrize("kind", [None, "text/plain", "application/x-www-form-urlencoded"])
def test_bodies_are_json_whatever_they_are_called(kind: str | None, tmp_path: Any) -> None:
    async def story(lab: Lab) -> None:
        data = json.dumps({"prompt": image_graph()}).encode()
        headers = {} if kind is None else {"Content-Type": kind}
        skip = ["Content-Type"] if kind is None else []
        async with lab.session.post(
            lab.url("/api/prompt"), data=data, headers=headers, skip_auto_headers=skip
        ) as response:
            assert response.status == 200
            answer = await response.json()
        assert shape(answer) == {"prompt_id": "str", "number": "number", "node_errors": {}}
        await lab.ended(answer["prompt_id"])

    play(tmp_path, story)


def test_ids_of_clients_are_used_and_used_again(tmp_path: Any) -> None:
    async def story(lab: Lab) -> None:
        for _ in range(2):
            assert await lab.prompt(image_graph(), prompt_id="mine") == "mine"
            await lab.ended("mine")
        assert list((await lab.get("/history"))[1]) == ["mine"]
        status, _ = await lab.post("/prompt", {"prompt": image_graph(), "prompt_id": "a\nb"})
        assert status == 400

    play(tmp_path, story)


def test_places_that_clients_choose_are_kept_as_chosen(tmp_path: Any) -> None:
    """No worker's preference for the models it has loaded moves another job past such a one."""

    async def story(lab: Lab) -> None:
        store = lab.server.app[BACKEND].queue.store
        for more, is_placed in (
            ({}, False),
            ({"front": False, "number": None}, False),
            ({"front": True}, True),
            ({"number": 3}, True),
            ({"number": 0}, True),
        ):
            assert store.get(await lab.prompt(image_graph(), **more)).new.is_placed is is_placed

    play(tmp_path, story)


def test_what_is_to_be_written_into_pictures_reaches_the_worker(tmp_path: Any) -> None:
    async def story(lab: Lab) -> None:
        workflow = {"nodes": [{"id": 1}], "links": []}
        extra = {"extra_pnginfo": {"workflow": workflow}, "other": 1}
        entry = await lab.ended(await lab.prompt(image_graph(), extra_data=extra))
        assert entry["prompt"][3] == extra
        assert lab.pool.orders[-1]["picture_notes"] == {"workflow": workflow}
        for nothing in ({}, {"extra_pnginfo": None}):
            await lab.ended(await lab.prompt(image_graph(), extra_data=nothing))
            assert lab.pool.orders[-1]["picture_notes"] == {}

    play(tmp_path, story)


@pytest.mark.parametrize(
    ("notes", "message"),
    [
        ([], "has to be an object"),
        ("workflow", "has to be an object"),
        ({"workflow": "x" * 16 * 2**20}, "16 MB are allowed"),
        ({"x" * 80: 1}, "cannot have the name"),
    ],
    ids=["list", "text", "large", "name"],
)
def test_what_cannot_be_written_into_pictures_is_refused(
    notes: Any, message: str, tmp_path: Any
) -> None:
    async def story(lab: Lab) -> None:
        body = {"prompt": image_graph(), "extra_data": {"extra_pnginfo": notes}}
        data = io.BytesIO(json.dumps(body).encode())
        status, answer = await lab.json("POST", "/prompt", data=data)
        assert (status, answer["error"]["type"]) == (400, "invalid_prompt")
        assert message in answer["error"]["message"]

    play(tmp_path, story)


def test_a_batch_becomes_a_group_of_jobs(tmp_path: Any) -> None:
    async def story(lab: Lab) -> None:
        batch = {"mode": "product", "inputs": {"1.color": [1, 2, 3]}}
        status, answer = await lab.post("/prompt", {"prompt": image_graph(), "batch": batch})
        assert status == 200
        assert len(answer["prompt_ids"]) == 3
        for job_id in answer["prompt_ids"]:
            await lab.ended(job_id)
        _, group = await lab.get(f"/blockloom/groups/{answer['prompt_id']}")
        assert (group["done"], group["total"], group["jobs"]["done"]) == (3, 3, 3)
        bad = {"mode": "product", "inputs": {"9.color": [1]}}
        status, answer = await lab.post("/prompt", {"prompt": image_graph(), "batch": bad})
        assert status == 400

    play(tmp_path, story)


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"[]",
        b"\xff\xfe",
        b'{"prompt": ' + b"[" * 100_000,
        b'{"prompt": {"1": {"class_type": "PreviewAny", "inputs": {"source": NaN}}}}',
        b'{"prompt": {"1": {"class_type": "PreviewAny", "inputs": {"source": 1e999}}}}',
        b'{"prompt": {"1": {"class_type": "PreviewAny", "inputs": "x"}}}',
        b'{"prompt": {"": {"class_type": "PreviewAny", "inputs": {}}}}',
        b'{"prompt": [], "client_id": 5}',
        b'{"prompt": {"1": {"class_type": "PreviewAny", "inputs": {"source": 1}}}, "number": "x"}',
        b'{"prompt": {"1": {"class_type": "PreviewAny", "inputs": {"source": 1}}},'
        b' "extra_data": {"a": NaN}}',
    ],
)
def test_nonsense_gets_an_answer(body: bytes, tmp_path: Any) -> None:
    async def story(lab: Lab) -> None:
        status, answer = await lab.json("POST", "/prompt", data=body)
        assert status == 400
        assert {"type", "message", "details"} <= answer["error"].keys()
        assert answer["error"]["message"]

    play(tmp_path, story)


def test_a_huge_cyclic_graph_is_refused_quickly(tmp_path: Any) -> None:
    async def story(lab: Lab) -> None:
        count = 5000
        nodes: dict[str, Any] = {
            str(n): {"class_type": "ImageInvert", "inputs": {"image": [str((n + 1) % count), 0]}}
            for n in range(count)
        }
        nodes["end"] = {"class_type": "SaveImage", "inputs": {"images": ["0", 0]}}
        status, answer = await lab.post("/prompt", {"prompt": nodes})
        assert status == 400
        assert answer["node_errors"]

    play(tmp_path, story)


@pytest.mark.parametrize(
    "name", ["none.png", "../secret.png", "link.png", "", "none.png [output]", "a\0b", "x" * 5000]
)
def test_a_picture_that_is_not_there_is_an_error_of_the_node(name: str, tmp_path: Any) -> None:
    async def story(lab: Lab) -> None:
        lab.folders.input.mkdir()
        (tmp_path / "secret.png").touch()
        (lab.folders.input / "link.png").symlink_to(tmp_path / "secret.png")
        (lab.folders.input / "there.png").touch()
        nodes = {
            "load": {"class_type": "LoadImage", "inputs": {"image": name}},
            "show": {"class_type": "PreviewImage", "inputs": {"images": ["load", 0]}},
        }
        status, answer = await lab.post("/prompt", {"prompt": nodes})
        assert status == 400
        (error,) = answer["node_errors"]["load"]["errors"]
        assert error["type"] == "custom_validation_failed"
        assert error["extra_info"]["input_name"] == "image"
        assert "There is no picture" in error["details"]
        _, checked = await lab.post("/blockloom/check", {"prompt": nodes})
        assert [problem["code"] for problem in checked["problems"]] == ["missing_picture"]
        nodes["load"]["inputs"]["image"] = "there.png"
        batch = {"inputs": {"load.image": ["there.png", name]}}
        status, answer = await lab.post("/prompt", {"prompt": nodes, "batch": batch})
        assert (status, answer["node_errors"].keys()) == (400, {"load"})
        await lab.ended(await lab.prompt(nodes))
        nodes["load"]["inputs"]["image"] = "there.png [input]"
        await lab.ended(await lab.prompt(nodes))

    play(tmp_path, story)
