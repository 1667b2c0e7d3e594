"""Node files that change while a real server runs: read anew when somebody says so."""

from __future__ import annotations

import asyncio
import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from tests.server.server_process import Process, server_in, until

NUMBER = """
from blockloom import node


@node
def own_number(start: int = 1) -> int:
    return start + {}
"""
# One that takes a while, and says with its last step which code it was.
SLOW = """
import time

from blockloom import Context, node


@node
def own_slow(ctx: Context, go: str) -> str:
    import pathlib
    pathlib.Path(go + ".begun").touch()
    while not pathlib.Path(go).exists():
        ctx.progress(0, 1)
        time.sleep(0.02)
    return "{}"
"""
BLOCK = '''
from diffusers.modular_pipelines import InputParam, ModularPipelineBlocks, OutputParam


class OwnDouble(ModularPipelineBlocks):
    """Twice a number, or what somebody changed that into."""

    @property
    def inputs(self):
        return [InputParam("amount", type_hint=int, default=4)]

    @property
    def intermediate_outputs(self):
        return [OutputParam("total", type_hint=int)]

    def __call__(self, components, state):
        block_state = self.get_block_state(state)
        block_state.total = block_state.amount * {}
        self.set_block_state(state, block_state)
        return components, state
'''
GRAPH = {
    "model": {"class_type": "BlockloomLoadPipeline", "inputs": {"model": "demo"}},
    "number": {"class_type": "BlockloomOwnNumber", "inputs": {}},
    "block": {
        "class_type": "OwnDouble",
        "inputs": {"pipeline": ["model", "pipeline"], "amount": ["number", 0]},
    },
    "show": {"class_type": "PreviewAny", "inputs": {"source": ["block", "total"]}},
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    with server_in(tmp_path_factory.mktemp("reload")) as found:
        nodes = found.data / "nodes"
        nodes.mkdir()
        (nodes / "number.py").write_text(NUMBER.format(1))
        (nodes / "slow.py").write_text(SLOW.format("old"))
        (nodes / "double.py").write_text(BLOCK.format(2))
        found.start()
        until(lambda: found.workers()[0]["state"] == "idle", "the worker is ready", 180)
        yield found


def shown(server: Process, graph: dict[str, Any]) -> list[str]:
    ended = server.ended(server.prompt(graph))
    assert ended["status"]["status_str"] == "success", ended["status"]
    return list(ended["outputs"]["show"]["text"])


def kept(server: Process, graph: dict[str, Any]) -> set[str]:
    plan = server.ask("/blockloom/check", {"prompt": graph})["plan"]
    return {node_id for node_id, prospect in plan.items() if prospect == "kept"}


def tag_of(server: Process) -> str:
    with urllib.request.urlopen(f"{server.url}/blockloom/catalogue") as answer:
        return str(answer.headers["ETag"])


def reload(server: Process) -> Any:
    return server.ask("/blockloom/reload", {})


def test_a_changed_file_gives_the_changed_node_and_nothing_else_runs(server: Process) -> None:
    nodes = server.data / "nodes"
    assert shown(server, GRAPH) == ["4"]
    assert kept(server, GRAPH) == set(GRAPH)
    before = tag_of(server)
    assert reload(server)["problems"] == []
    assert tag_of(server) == before
    assert kept(server, GRAPH) == set(GRAPH)
    # The same length within the same second: what Python keeps compiled would look as new.
    (nodes / "double.py").write_text(BLOCK.format(3))
    assert shown(server, GRAPH) == ["4"]
    reload(server)
    assert tag_of(server) != before
    assert kept(server, GRAPH) == {"model", "number"}
    assert shown(server, GRAPH) == ["6"]
    (nodes / "number.py").write_text(NUMBER.format(2))
    reload(server)
    assert kept(server, GRAPH) == {"model"}
    assert shown(server, GRAPH) == ["9"]


def test_sockets_and_nodes_come_and_go(server: Process) -> None:
    nodes = server.data / "nodes"
    (nodes / "more.py").write_text(NUMBER.format(5).replace("own_number", "own_more"))
    (nodes / "number.py").write_text(NUMBER.format(2).replace("start", "first"))
    reload(server)
    found = server.ask("/object_info/BlockloomOwnNumber")["BlockloomOwnNumber"]
    assert list(found["input"]["optional"]) == ["first"]
    assert "BlockloomOwnMore" in server.ask("/object_info")
    (nodes / "more.py").unlink()
    (nodes / "number.py").write_text(NUMBER.format(2))
    reload(server)
    assert server.ask("/object_info/BlockloomOwnMore") == {}
    assert "BlockloomOwnMore" not in server.ask("/object_info")


@pytest.mark.parametrize(
    ("name", "text", "class_type", "line"),
    [
        ("number", NUMBER.format("(") + "\n", "BlockloomOwnNumber", 7),
        ("number", NUMBER.format("1\nraise RuntimeError('no')"), "BlockloomOwnNumber", 8),
        ("number", NUMBER.format("1").replace(": int", ""), "BlockloomOwnNumber", 5),
        ("double", BLOCK.format("2 +"), "OwnDouble", 18),
        ("double", BLOCK.format("2").replace("[Input", "[nothing, Input"), "OwnDouble", 5),
    ],
)
def test_a_broken_file_is_told_with_its_line_and_stops_no_other(
    server: Process, name: str, text: str, class_type: str, line: int
) -> None:
    file = server.data / "nodes" / f"{name}.py"
    good = file.read_text()
    before = shown(server, GRAPH)
    file.write_text(text)
    try:
        problems = reload(server)["problems"]
        assert [f"{file}, line {line}: " in problem for problem in problems] == [True], problems
        assert server.ask("/blockloom/catalogue")["problems"] == problems
        told = server.ask("/blockloom/check", {"prompt": GRAPH})["problems"]
        unknown = next(problem for problem in told if problem["code"] == "broken_type")
        assert unknown["class_type"] == class_type
        assert f"{file}, line {line}: " in unknown["message"]
        with pytest.raises(AssertionError, match=f"node {class_type} does not exist") as caught:
            server.prompt(GRAPH)
        assert f"line {line}: " in str(caught.value)
        others = {"BlockloomOwnNumber", "OwnDouble", "BlockloomOwnSlow"} - {class_type}
        assert others <= set(server.ask("/object_info"))
    finally:
        file.write_text(good)
        reload(server)
    assert shown(server, GRAPH) == before


def test_a_running_job_goes_on_as_it_began_and_everybody_hears_of_it(
    server: Process, tmp_path: Path
) -> None:
    go = tmp_path / "go"
    graph = {
        "slow": {"class_type": "BlockloomOwnSlow", "inputs": {"go": str(go)}},
        "show": {"class_type": "PreviewAny", "inputs": {"source": ["slow", 0]}},
    }
    job = server.prompt(graph)
    until((tmp_path / "go.begun").exists, "the job has begun")
    (server.data / "nodes" / "slow.py").write_text(SLOW.format("new"))
    heard = asyncio.run(_heard_while_reloading(server))
    assert heard["problems"] == []
    assert server.ask(f"/history/{job}") == {}
    go.touch()
    assert server.ended(job)["outputs"]["show"]["text"] == ["old"]
    assert shown(server, graph) == ["new"]


async def _heard_while_reloading(server: Process) -> Any:
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(f"{server.url}/ws?clientId=listener") as socket,
    ):
        async with session.post(f"{server.url}/blockloom/reload") as answer:
            assert answer.status == 200
        while True:
            found = json.loads((await socket.receive(30)).data)
            if found["type"] == "blockloom_catalogue":
                return found["data"]


def test_a_page_from_elsewhere_reloads_nothing(server: Process) -> None:
    request = urllib.request.Request(
        f"{server.url}/blockloom/reload", b"", {"Origin": "https://elsewhere.example"}
    )
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(request)
    caught.value.close()
    assert caught.value.code == 403
