"""The examples that come with Blockloom, over HTTP, with the pictures they load."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import yarl
from tests.server.server_kit import Lab, picture_bytes, play

from blockloom.resources import examples_folder

EXAMPLES = examples_folder()


def test_all_examples_are_listed_the_first_picture_first(tmp_path: Path) -> None:
    async def story(lab: Lab) -> None:
        _, found = await lab.get("/blockloom/examples")
        names = [item["name"] for item in found]
        assert names[0] == "text_to_image"
        assert sorted(names) == sorted(path.stem for path in EXAMPLES.glob("*.json"))
        assert len({item["title"] for item in found}) == len(found)
        for item in found:
            assert item.keys() == {"name", "title", "description"}
            assert item["title"]
            assert item["description"].endswith(".")
            _, graph = await lab.get(f"/blockloom/examples/{item['name']}")
            assert graph == json.loads((EXAMPLES / f"{item['name']}.json").read_text())

    play(tmp_path, story, examples=EXAMPLES)


@pytest.mark.parametrize("name", ["gone", "..%2Fexamples%2Finpainting", "hills.png", "%2Fetc"])
def test_there_are_no_others(name: str, tmp_path: Path) -> None:
    async def story(lab: Lab) -> None:
        url = yarl.URL(lab.url(f"/blockloom/examples/{name}"), encoded=True)
        async with lab.session.get(url) as response:
            assert response.status == 404
            assert "/blockloom/examples" in (await response.json())["error"]["remedy"]

    play(tmp_path, story, examples=EXAMPLES)


def test_their_pictures_are_seen_among_the_input_and_ones_own_come_first(tmp_path: Path) -> None:
    async def story(lab: Lab) -> None:
        asked = {"filename": "hills.png", "type": "input"}
        async with lab.session.get(lab.url("/view"), params=asked) as response:
            assert response.content_type == "image/png"
            assert await response.read() == (EXAMPLES / "hills.png").read_bytes()
        assert await choices(lab) == ["balloon.png", "hills.png", "hills_mask.png"]
        form = aiohttp.FormData()
        form.add_field("image", picture_bytes(), filename="mask.png")
        form.add_field("original_ref", json.dumps(asked))
        status, stored = await lab.json("POST", "/upload/mask", data=form)
        assert (status, stored["type"]) == (200, "input")
        mine = picture_bytes(color="blue")
        (lab.folders.input / "hills.png").write_bytes(mine)
        async with lab.session.get(lab.url("/view"), params=asked) as response:
            assert await response.read() == mine
        for kind in ("output", "temp"):
            assert (await lab.get(f"/view?filename=hills.png&type={kind}"))[0] == 404
        listed = await choices(lab)
        assert listed == sorted({"balloon.png", "hills.png", "hills_mask.png", stored["name"]})

    async def choices(lab: Lab) -> Any:
        _, found = await lab.get("/object_info/LoadImage")
        return found["LoadImage"]["input"]["required"]["image"][0]

    before = {path.name: path.read_bytes() for path in EXAMPLES.iterdir() if path.is_file()}
    play(tmp_path, story, examples=EXAMPLES)
    assert before == {p.name: p.read_bytes() for p in EXAMPLES.iterdir() if p.is_file()}
