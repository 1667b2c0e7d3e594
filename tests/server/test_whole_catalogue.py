"""All that an editor draws graphs with, in one answer."""

from __future__ import annotations

import asyncio
import gzip
import json
from typing import Any

from tests.server.server_kit import Lab, lab_catalogue, play

from blockloom import __version__
from blockloom.catalogue.as_json import to_json
from blockloom.catalogue.catalogue import Catalogue
from blockloom.catalogue.pipelines import PipelineEntry, Workflow
from blockloom.graph.sockets import SocketType, may_link

PIPELINE = PipelineEntry("toy", "ToyPipeline", "ToyBlocks", (Workflow("default", ("prompt",)),))


def catalogue() -> Catalogue:
    types = lab_catalogue().types
    found = Catalogue(types, {"toy": PIPELINE}, ("a block",), {"diffusers": "1.2.3"})
    return found.with_types([], ["broken.py, line 3: Not valid Python."])


async def read() -> Catalogue:
    return catalogue()


def test_everything_is_in_one_answer(tmp_path: Any) -> None:
    async def story(lab: Lab) -> None:
        status, found = await lab.get("/blockloom/catalogue")
        assert status == 200
        accepts = found.pop("accepts")
        assert found == {
            "version": __version__,
            "diffusers": "1.2.3",
            "node_types": [to_json(node_type) for node_type in catalogue().types.values()],
            "pipelines": (await lab.get("/blockloom/templates"))[1]["templates"],
            "problems": ["broken.py, line 3: Not valid Python."],
        }
        assert found["pipelines"][0]["workflows"] == [{"name": "default", "triggers": ["prompt"]}]
        for target in SocketType:
            others = set(SocketType) - {target, SocketType.ANY}
            fitting = {source.value for source in others if may_link(source, target).is_valid}
            if target is not SocketType.ANY:
                assert set(accepts.get(target.value, [])) == fitting

    play(tmp_path, story, read=read)


def test_it_is_sent_packed_and_once(tmp_path: Any) -> None:
    async def story(lab: Lab) -> None:
        url = lab.url("/blockloom/catalogue")
        async with lab.session.get(url, headers={"Accept-Encoding": "identity"}) as response:
            plain = await response.read()
            assert "Content-Encoding" not in response.headers
            assert response.headers["Cache-Control"] == "no-cache"
            assert response.content_type == "application/json"
            tag = response.headers["ETag"]
        async with lab.session.get(url, auto_decompress=False) as response:
            assert response.headers["Content-Encoding"] == "gzip"
            assert response.headers["Vary"] == "Accept-Encoding"
            packed = await response.read()
        assert gzip.decompress(packed) == plain
        assert len(packed) < len(plain) / 4
        async with lab.session.get(url, headers={"If-None-Match": tag}) as response:
            assert (response.status, await response.read()) == (304, b"")

    play(tmp_path, story)


def test_it_waits_for_the_catalogue_and_holds_up_nothing_else(tmp_path: Any) -> None:
    gate = asyncio.Event()

    async def read_late() -> Catalogue:
        await gate.wait()
        return catalogue()

    async def story(lab: Lab) -> None:
        asked = asyncio.create_task(lab.get("/blockloom/catalogue"))
        assert (await lab.get("/queue"))[0] == 200
        assert (await lab.get("/blockloom/queue"))[0] == 200
        assert not asked.done()
        gate.set()
        status, found = await asked
        assert status == 200
        assert json.dumps(found["pipelines"]) != "[]"

    play(tmp_path, story, read=read_late)
