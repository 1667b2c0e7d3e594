"""Node files loaded by path, and a context as the executor gives it to a node function."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from blockloom.execution.cancel import never_cancelled
from blockloom.execution.views import Host, RunningContext
from blockloom.resources import nodes_folder

GRAPH_JSON = {"prompt": {"save": {"class_type": "SaveImage", "inputs": {}}}, "extra": {"notes": []}}


@pytest.fixture
def node_file() -> Callable[[str], ModuleType]:
    """Loads one of the node files that come with Blockloom."""

    def load(name: str) -> ModuleType:
        spec = importlib.util.spec_from_file_location(name, nodes_folder() / f"{name}.py")
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

    return load


@pytest.fixture
def ctx(tmp_path: Path) -> RunningContext:
    """A running node's context: reads from ``input``, writes to ``output``."""
    (tmp_path / "input").mkdir()
    (tmp_path / "output").mkdir()
    host = Host(output_folder=tmp_path / "output", input_folders=(tmp_path / "input",))
    return RunningContext("save", host, 7, dict(GRAPH_JSON), never_cancelled(), lambda *_: None)
