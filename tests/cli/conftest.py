"""Commands run in this process, or as a user runs them; one catalogue for all of them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from blockloom.cli import main


@dataclass(frozen=True)
class Answer:
    """What a command ended with."""

    code: int
    out: str
    err: str

    @property
    def json(self):
        return json.loads(self.out)


@pytest.fixture(scope="session")
def catalogue_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A catalogue on disk, shared by all workers of a test run."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "blockloom-cache"
    subprocess.run(
        [sys.executable, "-m", "blockloom", "pipelines"],
        env={**os.environ, "BLOCKLOOM_DATA": str(folder), "BLOCKLOOM_CACHE": str(folder)},
        stdout=subprocess.DEVNULL,
        check=True,
    )
    return folder


@pytest.fixture
def folder(tmp_path: Path, catalogue_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The empty folder a command is called in; nothing of the user's own is read or written."""
    monkeypatch.setenv("BLOCKLOOM_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("BLOCKLOOM_CACHE", str(catalogue_folder))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def blockloom(folder: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., Answer]:
    """Runs a command in this process."""

    def call(*arguments: str) -> Answer:
        capsys.readouterr()
        try:
            code = main(arguments)
        except SystemExit as error:
            code = int(error.code or 0)
        captured = capsys.readouterr()
        return Answer(code, captured.out, captured.err)

    return call


@pytest.fixture
def blockloom_process(folder: Path) -> Callable[..., Answer]:
    """Runs a command in a process of its own."""

    def call(*arguments: str, stdin: str = "") -> Answer:
        done = subprocess.run(
            [sys.executable, "-m", "blockloom", *arguments],
            input=stdin,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        return Answer(done.returncode, done.stdout, done.stderr)

    return call


@pytest.fixture
def graph_file(folder: Path) -> Callable[..., str]:
    """Writes a graph file; nodes are given as ``id=(class_type, inputs)``."""

    def write(**nodes: tuple[str, dict]) -> str:
        prompt = {
            node_id: {"class_type": class_type, "inputs": inputs}
            for node_id, (class_type, inputs) in nodes.items()
        }
        (folder / "graph.json").write_text(json.dumps({"prompt": prompt}))
        return "graph.json"

    return write
