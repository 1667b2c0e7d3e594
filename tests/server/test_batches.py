"""One prompt with lists for some inputs: read as prompts are, counted together."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from tests.server.server_kit import Lab, image_graph, play


def test_values_are_read_as_those_of_a_prompt(tmp_path: Any) -> None:
    async def story(lab: Lab) -> None:
        batch = {"inputs": {"1.color": ["7", 8.0], "2.filename_prefix": [5]}}
        status, answer = await lab.post("/prompt", {"prompt": image_graph(), "batch": batch})
        assert status == 200
        graphs = [(await lab.ended(job_id))["prompt"][2] for job_id in answer["prompt_ids"]]
        assert [nodes["1"]["inputs"]["color"] for nodes in graphs] == [7, 8]
        assert {nodes["2"]["inputs"]["filename_prefix"] for nodes in graphs} == {"5"}

    play(tmp_path, story)


@pytest.mark.parametrize(
    ("target", "values", "kind", "reason"),
    [
        ("1.color", [1, "red"], "invalid_input_type", "a whole number"),
        ("1.color", [1, [2]], "invalid_input_type", "a whole number"),
        ("1.color", [0, -1], "value_smaller_than_min", "smallest allowed is 0"),
        ("1.width", [8, 10**9], "value_bigger_than_max", "too large"),
        ("2.images", [None, 1], "invalid_input_type", "have to be linked"),
    ],
)
def test_a_value_that_does_not_fit_names_node_input_and_cause(
    target: str, values: list[Any], kind: str, reason: str, tmp_path: Any
) -> None:
    async def story(lab: Lab) -> None:
        batch = {"inputs": {target: values}}
        status, answer = await lab.post("/prompt", {"prompt": image_graph(), "batch": batch})
        assert status == 400
        assert f'Value 2 of the batch input "{target}"' in answer["error"]["message"]
        node_id, name = target.split(".")
        (error,) = answer["node_errors"][node_id]["errors"]
        assert (error["type"], error["extra_info"]["input_name"]) == (kind, name)
        assert reason in str(error)
        assert (await lab.get("/prompt"))[1] == {"exec_info": {"queue_remaining": 0}}

    play(tmp_path, story)


def test_an_input_that_is_not_there_is_named(tmp_path: Any) -> None:
    async def story(lab: Lab) -> None:
        batch = {"inputs": {"1.colour": [1]}}
        status, answer = await lab.post("/prompt", {"prompt": image_graph(), "batch": batch})
        assert status == 400
        assert 'node "1" (EmptyImage) has no "colour"' in answer["error"]["message"]
        assert "color" in answer["error"]["details"]

    play(tmp_path, story)


def test_a_batch_is_told_what_will_not_run(tmp_path: Any) -> None:
    async def story(lab: Lab) -> None:
        nodes = image_graph()
        nodes["3"] = {"class_type": "SaveImage", "inputs": {}}
        nodes["1"]["inputs"]["odd"] = 1
        body = {"prompt": nodes, "batch": {"inputs": {"1.color": [1, 2]}}}
        status, answer = await lab.post("/prompt", body)
        assert (status, len(answer["prompt_ids"])) == (200, 2)
        assert answer["node_errors"].keys() == {"3"}
        assert [warning["socket"] for warning in answer["warnings"]] == ["odd"]

    play(tmp_path, story)


def test_how_far_a_batch_is_is_told_to_who_asked(tmp_path: Any) -> None:
    async def story(lab: Lab) -> None:
        batch = {"inputs": {"1.color": [1, 2, 3]}}
        body = {"prompt": image_graph(), "batch": batch, "client_id": "me"}
        async with lab.socket("me", {"supports_block_states": True}) as socket:
            await socket.next()
            await socket.next()
            _, answer = await lab.post("/prompt", body)
            told = []
            while len(told) < 3:
                event = await socket.next()
                if event["type"] == "group_progress":
                    told.append(event["data"])
        group = answer["prompt_id"]
        assert [(found["id"], found["done"], found["total"]) for found in told] == [
            (group, 1, 3),
            (group, 2, 3),
            (group, 3, 3),
        ]
        assert told[0]["jobs"]["pending"] + told[0]["jobs"]["running"] == 2
        _, found = await lab.get(f"/blockloom/groups/{group}")
        assert found == {**told[-1], "ids": answer["prompt_ids"]}
        async with lab.socket("you") as socket:
            _, answer = await lab.post("/prompt", {**body, "client_id": "you"})
            await socket.until_end(answer["prompt_ids"][-1])
            assert "group_progress" not in [event["type"] for event in socket.heard]

    play(tmp_path, story)


def test_a_batch_can_be_cancelled_as_one(tmp_path: Any) -> None:
    async def story(lab: Lab) -> None:
        lab.pool.gate.clear()
        batch = {"mode": "zip", "inputs": {"1.color": [1, 2, 3], "1.width": [8, 16, 32]}}
        _, answer = await lab.post("/prompt", {"prompt": image_graph(), "batch": batch})
        group = answer["prompt_id"]
        _, cancelled = await lab.post(f"/blockloom/groups/{group}/cancel", {})
        assert set(cancelled["cancelled"]) == set(answer["prompt_ids"])
        lab.pool.gate.set()
        for _ in range(1000):
            _, found = await lab.get(f"/blockloom/groups/{group}")
            if found["done"] == 3:
                break
            await asyncio.sleep(0.01)
        assert found["jobs"]["cancelled"] == 3
        assert (await lab.get("/blockloom/groups/nothing"))[0] == 404

    play(tmp_path, story)


def test_what_a_graph_file_has_beside_its_nodes_goes_along(tmp_path: Any) -> None:
    async def story(lab: Lab) -> None:
        extra = {"viewport": [0, 0, 1], "notes": [], "groups": []}
        await lab.ended(await lab.prompt(image_graph(), extra=extra))
        assert json.loads(lab.pool.orders[-1]["graph"])["extra"] == extra
        status, answer = await lab.post("/prompt", {"prompt": image_graph(), "extra": [1]})
        assert (status, answer["error"]["type"]) == (400, "invalid_prompt")
        assert '"extra" has to be an object' in answer["error"]["message"]

    play(tmp_path, story)
