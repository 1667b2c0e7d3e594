"""``blockloom trust``, and graphs with blocks from repositories before and after."""

from __future__ import annotations

import json
import os
import pty
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import huggingface_hub
import pytest
from tests.own_code import STEP, write_block

# What diffusers passes to huggingface_hub.
pytestmark = pytest.mark.filterwarnings("ignore:The `local_dir_use_symlinks` argument:UserWarning")

COMMIT = "a" * 40


@pytest.fixture
def marker(folder: Path) -> Path:
    return folder / "was_run"


@pytest.fixture
def own(folder: Path, marker: Path) -> Path:
    """A repository in the folder with models, named "own"."""
    return write_block(folder / "data" / "models" / "own", marker)


def nodes(repository: str, **inputs: Any) -> dict[str, tuple[str, dict[str, Any]]]:
    given = {"repository": repository, "pipeline": ["model", "pipeline"], **inputs}
    return {
        "model": ("BlockloomLoadPipeline", {"model": "demo"}),
        "own": ("BlockloomLoadBlock", given),
        "show": ("PreviewAny", {"source": ["own", "total"]}),
    }


def test_nothing_runs_before_somebody_says_yes(blockloom, graph_file, own, marker) -> None:
    graph = graph_file(**nodes("own"))
    for command in (("check", graph), ("run", graph), ("nodes", "times")):
        blockloom(*command)
    answer = blockloom("check", graph)
    assert answer.code == 2
    assert 'node "own" (BlockloomLoadBlock), input "repository": "own" has code' in answer.err
    assert "which is not trusted on this machine" in answer.err
    assert "type: blockloom trust own" in answer.err
    # Nor does looking at it, or being asked where nobody can answer.
    answer = blockloom("trust", "own")
    assert answer.code == 2
    assert "block.py" in answer.out
    assert "parts/numbers.py" in answer.out
    assert "no_such_package_at_all >=1.0  not installed" in answer.out
    assert "--yes" in answer.err
    assert blockloom("trust", "--list").out == ""
    assert not marker.exists()


def test_a_trusted_block_has_its_sockets_and_runs(blockloom, graph_file, own, marker) -> None:
    assert blockloom("trust", "own", "--yes").code == 0
    assert not marker.exists()
    assert blockloom("trust", "--list").out.startswith("own  code ")
    graph = graph_file(**nodes("own", amount=7))
    answer = blockloom("check", graph)
    assert (answer.code, marker.exists()) == (0, True)
    answer = blockloom("run", graph, "--json")
    assert answer.json["texts"] == {"show": ["70"]}
    graph = graph_file(**nodes("own", nonsense=7))
    assert 'input "nonsense": The node has no input' in blockloom("check", graph).err


def test_changed_code_needs_a_new_yes(blockloom, graph_file, own, marker) -> None:
    blockloom("trust", "own", "--yes")
    (own / "parts" / "numbers.py").write_text("FACTOR = 11\n")
    graph = graph_file(**nodes("own"))
    answer = blockloom("check", graph)
    assert answer.code == 2
    assert "Its code has changed since you trusted it." in answer.err
    assert "type: blockloom trust own" in answer.err
    assert not marker.exists()
    blockloom("trust", "own", "--yes")
    assert blockloom("run", graph, "--json").json["texts"] == {"show": ["44"]}
    assert blockloom("trust", "own", "--remove").code == 0
    assert blockloom("trust", "own", "--remove").code == 2
    assert blockloom("check", graph).code == 2


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda own: (own / "block.py").write_text("def ("), "block.py, line 1: Not valid Python"),
        (lambda own: (own / "block.py").write_text("\n1 / 0"), "block.py, line 2: ZeroDivision"),
        (lambda own: (own / "block.py").write_text("import no_such_package_at_all"), "line 1"),
        (lambda own: (own / "block.py").write_text(""), 'no class "block.OwnTimes"'),
        (lambda own: (own / "block.py").write_text("OwnTimes = int"), "is no block of diffusers"),
    ],
)
def test_broken_code_is_told_with_its_line(blockloom, graph_file, own, change, told) -> None:
    change(own)
    blockloom("trust", "own", "--yes")
    answer = blockloom("check", graph_file(**nodes("own")))
    assert answer.code == 2
    assert told in answer.err
    # Everything else is there all the same.
    assert "PrimitiveInt" in blockloom("nodes", "PrimitiveInt").out


def test_a_folder_that_is_gone(blockloom, graph_file, own) -> None:
    blockloom("trust", "own", "--yes")
    shutil.rmtree(own)
    assert "is not there any more" in blockloom("check", graph_file(**nodes("own"))).err


def test_code_of_another_repository_is_never_run(blockloom, graph_file, own, marker) -> None:
    config = json.loads((own / "modular_config.json").read_text())
    config["auto_map"] = {"ModularPipelineBlocks": "somebody/else--block.OwnTimes"}
    (own / "modular_config.json").write_text(json.dumps(config))
    blockloom("trust", "own", "--yes")
    answer = blockloom("check", graph_file(**nodes("own")))
    assert "is not a class of its own code" in answer.err
    assert not marker.exists()


def test_a_block_of_the_hub_at_its_commit(
    blockloom, graph_file, folder, marker, monkeypatch
) -> None:
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_CACHE", str(folder / "hub"))
    cached = folder / "hub" / "models--somebody--times"
    write_block(cached / "snapshots" / COMMIT, marker)
    (cached / "refs").mkdir()
    (cached / "refs" / "main").write_text(COMMIT)
    graph = graph_file(**nodes("somebody/times", revision="main"))
    assert "type: blockloom trust somebody/times@main" in blockloom("check", graph).err
    assert blockloom("trust", "somebody/times@main", "--yes").code == 0
    assert f"commit {COMMIT[:12]}" in blockloom("trust", "--list").out
    assert not marker.exists()
    assert blockloom("run", graph, "--json").json["texts"] == {"show": ["40"]}
    # The branch goes on: what was looked at is what runs.
    marker.unlink()
    write_block(cached / "snapshots" / ("b" * 40), folder / "other_was_run")
    (cached / "refs" / "main").write_text("b" * 40)
    assert blockloom("run", graph, "--json").json["texts"] == {"show": ["40"]}
    assert not (folder / "other_was_run").exists()
    assert blockloom("trust", "nobody/nothing", "--yes").code == 2


def test_a_step_from_a_repository_stands_inside_a_loop(
    blockloom, graph_file, folder, marker
) -> None:
    write_block(folder / "data" / "models" / "bend", marker, STEP, "OwnStep")
    loop = "StableDiffusionXLDenoiseStep"
    given = {
        "pipeline": ["model", "pipeline"],
        "blocks": [
            {"name": "scale", "block": "StableDiffusionXLLoopBeforeDenoiser"},
            {"name": "bend", "block": "BlockloomLoadBlock@bend"},
            {"name": "denoise", "block": "StableDiffusionXLLoopDenoiser"},
            {"name": "step", "block": "StableDiffusionXLLoopAfterDenoiser"},
        ],
        "bend": 0.5,
    }
    graph = graph_file(
        model=("BlockloomLoadPipeline", {"model": "demo"}),
        loop=(loop, {**given, "blocks": {"__value__": given["blocks"]}}),
        show=("PreviewAny", {"source": ["loop", "latents"]}),
    )
    answer = blockloom("check", graph)
    assert 'The block for "bend" cannot be used' in answer.err
    assert "type: blockloom trust bend" in answer.err
    blockloom("trust", "bend", "--yes")
    answer = blockloom("check", graph)
    assert '"bend"' not in answer.err
    assert marker.exists()
    alone = graph_file(
        model=("BlockloomLoadPipeline", {"model": "demo"}),
        own=("BlockloomLoadBlock", {"pipeline": ["model", "pipeline"], "repository": "bend"}),
        show=("BlockloomGetValue", {"pipeline": ["own", "pipeline"], "name": "latents"}),
    )
    assert "only works inside a loop" in blockloom("check", alone).err


@pytest.mark.parametrize(("typed", "is_trusted"), [("y\n", True), ("\n", False), ("no\n", False)])
def test_on_a_terminal_it_asks(folder: Path, own: Path, typed: str, is_trusted: bool) -> None:
    ours, theirs = pty.openpty()
    try:
        process = subprocess.Popen(
            [sys.executable, "-m", "blockloom", "trust", "own"],
            stdin=theirs,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        os.write(ours, typed.encode())
        _, asked = process.communicate(timeout=120)
    finally:
        os.close(ours)
        os.close(theirs)
    assert b"Do you trust it? [y/N]" in asked
    assert process.returncode == (0 if is_trusted else 130)
    assert (folder / "data" / "config" / "trust.json").exists() is is_trusted


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((), "No repository is named"),
        (("nowhere/at-all/here",), "no model folder"),
        (("./nowhere",), "no model folder"),
        (("demo",), "There is no code"),
    ],
)
def test_what_cannot_be_trusted(blockloom, arguments, told) -> None:
    answer = blockloom("trust", *arguments, "--yes")
    assert answer.code == 2
    assert told in answer.err
