"""One prompt with lists for some inputs: read as prompts are, counted together."""

from __future__ import annotations

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


def test_what_a_graph_file_has_beside_its_nodes_goes_along(tmp_path: Any) -> None:
    async def story(lab: Lab) -> None:
        extra = {"viewport": [0, 0, 1], "notes": [], "groups": []}
        await lab.ended(await lab.prompt(image_graph(), extra=extra))
        assert lab.pool.orders[-1]["graph"]["extra"] == extra
        status, answer = await lab.post("/prompt", {"prompt": image_graph(), "extra": [1]})
        assert (status, answer["error"]["type"]) == (400, "invalid_prompt")
        assert '"extra" has to be an object' in answer["error"]["message"]

    play(tmp_path, story)
