"""Nothing that comes over HTTP runs code of a repository, or says that it may."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.own_code import write_block
from tests.server.server_process import Process, server_in, until


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    """A server with a repository that has code, in its model folder."""
    with server_in(tmp_path_factory.mktemp("trusted")) as found:
        own = write_block(found.data / "models" / "own", marker_of(found))
        (own / "model_index.json").write_text('{"_class_name": "StableDiffusionXLPipeline"}')
        (own / "modular_model_index.json").write_text(
            '{"_class_name": "ModularPipeline", "_blocks_class_name": "OwnTimes"}'
        )
        found.start()
        until(lambda: found.workers()[0]["state"] == "idle", "the worker is ready", 180)
        yield found


def marker_of(server: Process) -> Path:
    return server.data.parent / "was_run"


def graph(**inputs: Any) -> dict[str, Any]:
    given = {"pipeline": ["model", "pipeline"], "repository": "own", **inputs}
    return {
        "model": {"class_type": "BlockloomLoadPipeline", "inputs": {"model": "demo"}},
        "own": {"class_type": "BlockloomLoadBlock", "inputs": given},
        "show": {"class_type": "PreviewAny", "inputs": {"source": ["own", "total"]}},
    }


def trust(server: Process, *options: str) -> None:
    command = [sys.executable, "-m", "blockloom", "trust", "own", "--data", str(server.data)]
    subprocess.run([*command, *options], check=True, capture_output=True)


def test_no_request_runs_or_trusts_code(server: Process) -> None:
    marker, book = marker_of(server), server.data / "config" / "trust.json"
    assert not marker.exists()
    opened = {
        "model": {"class_type": "BlockloomLoadPipeline", "inputs": {"model": "own"}},
        "show": {"class_type": "BlockloomGetValue", "inputs": {"pipeline": ["model", 0]}},
        "text": {"class_type": "PreviewAny", "inputs": {"source": ["show", 0]}},
    }
    opened["show"]["inputs"]["name"] = "total"  # type: ignore[index]
    told = server.ask("/blockloom/check", {"prompt": graph()})["problems"]
    found = next(problem for problem in told if problem["code"] == "not_loaded")
    assert f"blockloom trust --data {server.data} own" in found["message"]
    for body in (graph(), graph(trust_remote_code=True), graph(repository=str(server.data))):
        with pytest.raises(AssertionError):
            server.prompt(body)
    ended = server.ended(server.prompt(opened))
    assert "not trusted on this machine" in str(ended["status"])
    for path, sent in (
        ("/blockloom/reload", {"trust": "own", "yes": True}),
        ("/blockloom/trust", {"repository": "own", "yes": True}),
        ("/userdata/..%2F..%2Fconfig%2Ftrust.json", {"trusted": []}),
        ("/settings", {"trust": ["own"]}),
    ):
        with contextlib.suppress(AssertionError):
            server.ask(path, sent)
    assert "blockloom" in str(server.ask("/object_info/BlockloomLoadBlock")).lower()
    assert not marker.exists()
    assert not book.exists()


def test_a_yes_counts_once_the_nodes_are_reloaded(server: Process) -> None:
    trust(server, "--yes")
    with pytest.raises(AssertionError):
        server.prompt(graph())
    assert not marker_of(server).exists()
    server.ask("/blockloom/reload", {})
    ended = server.ended(server.prompt(graph(amount=3)))
    assert ended["outputs"]["show"]["text"] == ["30"]
    described = server.ask("/blockloom/node_types/BlockloomLoadBlock@own")
    names = [socket["name"] for socket in described["inputs"]]
    assert names == ["pipeline", "repository", "revision", "amount"]


def test_changed_code_is_refused_again_and_runs_after_a_new_yes(server: Process) -> None:
    numbers = server.data / "models" / "own" / "parts" / "numbers.py"
    trust(server, "--yes")
    server.ask("/blockloom/reload", {})
    marker_of(server).unlink(missing_ok=True)
    numbers.write_text("FACTOR = 12\n")
    problems = server.ask("/blockloom/reload", {})["problems"]
    assert any("Its code has changed since you trusted it" in problem for problem in problems)
    told = server.ask("/blockloom/check", {"prompt": graph()})["problems"]
    assert any("has changed since" in problem["message"] for problem in told)
    with pytest.raises(AssertionError, match="has changed since you trusted it"):
        server.prompt(graph(amount=3))
    assert not marker_of(server).exists()
    trust(server, "--yes")
    server.ask("/blockloom/reload", {})
    ended = server.ended(server.prompt(graph(amount=3)))
    assert ended["outputs"]["show"]["text"] == ["36"]
    trust(server, "--remove")
    server.ask("/blockloom/reload", {})
    with pytest.raises(AssertionError, match="not trusted on this machine"):
        server.prompt(graph(amount=3))
    marker_of(server).unlink()
