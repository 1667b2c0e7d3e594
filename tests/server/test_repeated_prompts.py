"""The same body posted again: answered as the first time, unless the world has changed."""

from __future__ import annotations

from typing import Any

from tests.server.server_kit import Lab, image_graph, play


def test_the_same_body_gets_the_same_answer_and_a_job_of_its_own(tmp_path: Any) -> None:
    async def story(lab: Lab) -> None:
        nodes = image_graph()
        nodes["1"]["inputs"] |= {"width": "32", "odd": 5}
        nodes["3"] = {"class_type": "SaveImage", "inputs": {"filename_prefix": "x"}}
        del nodes["2"]["inputs"]["filename_prefix"]
        partly = {"prompt": nodes, "extra_data": {"tag": [1]}}
        whole = {"prompt": {"1": nodes["1"], "2": nodes["2"]}, "extra_data": {"tag": [1]}}
        for body in (whole, partly):
            answers = [(await lab.post("/prompt", body))[1] for _ in range(3)]
            assert len({answer.pop("prompt_id") for answer in answers}) == 3
            assert [answer.pop("number") for answer in answers[1:]] == [
                answers[0]["number"] + 1,
                answers[0].pop("number") + 2,
            ]
            assert answers[0] == answers[1] == answers[2]
            assert [warning["socket"] for warning in answers[2]["warnings"]] == ["odd"]
            assert answers[2]["node_errors"].keys() == ({"3"} if body is partly else set())
        ids = [await lab.prompt(whole["prompt"], extra_data={"tag": [1]}) for _ in range(2)]
        first, second = [await lab.ended(job_id) for job_id in ids]
        assert first["prompt"][2:] == second["prompt"][2:]
        assert first["prompt"][2]["1"]["inputs"]["width"] == 32

    play(tmp_path, story)


def test_a_picture_that_went_away_is_missed_all_the_same(tmp_path: Any) -> None:
    async def story(lab: Lab) -> None:
        lab.folders.input.mkdir()
        picture = lab.folders.input / "there.png"
        nodes = {
            "load": {"class_type": "LoadImage", "inputs": {"image": "there.png"}},
            "show": {"class_type": "PreviewImage", "inputs": {"images": ["load", 0]}},
        }
        for is_there in (True, True, False, False, True):
            if is_there:
                picture.touch()
            else:
                picture.unlink(missing_ok=True)
            status, answer = await lab.post("/prompt", {"prompt": nodes})
            assert (status, list(answer["node_errors"])) == (
                (200, []) if is_there else (400, ["load"])
            )

    play(tmp_path, story)


def test_a_key_that_is_written_twice_is_refused_after_the_right_one(tmp_path: Any) -> None:
    async def story(lab: Lab) -> None:
        node = '{"class_type": "EmptyImage", "inputs": {"width": 8}}'
        show = '{"class_type": "PreviewImage", "inputs": {"images": ["1", 0]}}'
        once = f'{{"prompt": {{"1": {node}, "2": {show}}}}}'
        twice = once.replace('"width": 8', '"width": 8, "width": 8')
        for text, expected in ((once, 200), (once, 200), (twice, 400), (once, 200)):
            status, _ = await lab.json("POST", "/prompt", data=text.encode())
            assert status == expected

    play(tmp_path, story)
