"""The catalogue on disk: what is written is read, and anything else is made anew."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import blockloom
from blockloom.catalogue.catalogue import Catalogue
from blockloom.catalogue.pipelines import PipelineEntry, Step, Workflow
from blockloom.catalogue.store import (
    DESCRIBED_BY,
    FILES_KEPT,
    catalogue_file,
    installed_versions,
    open_catalogue,
    read_catalogue,
    write_catalogue,
)
from blockloom.graph.node_types import (
    ComponentNeed,
    InputSocket,
    Kind,
    NodeType,
    OutputSocket,
    Role,
    Selection,
    SubBlock,
    Widget,
)
from blockloom.graph.sockets import SocketType
from described import catalogue

_TEXT = st.text(max_size=6)
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | _TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXT, inner, max_size=3),
    max_leaves=5,
)
_NUMBER = st.none() | st.integers(-9, 9) | st.floats(-1, 1)
_WIDGETS = st.builds(
    Widget, _NUMBER, _NUMBER, _NUMBER, st.lists(_JSON, max_size=2).map(tuple), st.booleans()
)
_INPUTS = st.builds(
    InputSocket,
    name=_TEXT,
    type=st.sampled_from(SocketType),
    is_required=st.booleans(),
    default=_JSON,
    has_default=st.booleans(),
    default_text=_TEXT,
    description=_TEXT,
    bundle=_TEXT,
    is_bundle=st.booleans(),
    role=st.sampled_from(Role),
    widget=_WIDGETS,
    title=_TEXT,
)
_OUTPUTS = st.builds(OutputSocket, _TEXT, st.sampled_from(SocketType), _TEXT, _TEXT, _TEXT)
_TYPES = st.builds(
    NodeType,
    id=_TEXT,
    title=_TEXT,
    category=st.lists(_TEXT, max_size=2).map(tuple),
    kind=st.sampled_from(Kind),
    description=_TEXT,
    inputs=st.lists(_INPUTS, max_size=2).map(tuple),
    outputs=st.lists(_OUTPUTS, max_size=2).map(tuple),
    components=st.lists(st.builds(ComponentNeed, _TEXT, _TEXT, st.booleans()), max_size=2).map(
        tuple
    ),
    sub_blocks=st.lists(st.builds(SubBlock, _TEXT, _TEXT, _TEXT), max_size=2).map(tuple),
    triggers=st.lists(_TEXT, max_size=2).map(tuple),
    selects_by_presence=st.booleans(),
    default_branch=_TEXT,
    selections=st.lists(
        st.builds(Selection, st.lists(_TEXT, max_size=2).map(tuple), _TEXT, _TEXT), max_size=2
    ).map(tuple),
    by_truth=st.lists(_TEXT, max_size=2).map(tuple),
    by_value=st.lists(_TEXT, max_size=2).map(tuple),
    is_output=st.booleans(),
    is_volatile=st.booleans(),
    family=_TEXT,
    origin=_TEXT,
    warnings=st.lists(_TEXT, max_size=2).map(tuple),
)

_LEAF = NodeType("Leaf", "Leaf", ("toy",), Kind.LEAF)
_STEPS = (Step("a", "Leaf"),)
_SMALL = Catalogue(
    types={"Leaf": _LEAF},
    pipelines={
        "toy": PipelineEntry(
            "toy",
            "Toy",
            "Leaf",
            (Workflow("w", ("x",), _STEPS, _STEPS, {"x": [1, None]}, {"x": 1}),),
            "?",
        )
    },
    problems=("one",),
    versions=installed_versions(),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(node_type=_TYPES)
def test_any_node_type_survives(node_type: NodeType, tmp_path: Path) -> None:
    path = _file(tmp_path)
    write_catalogue(path, Catalogue({node_type.id: node_type}))

    found = read_catalogue(path)
    assert found is not None
    assert dict(found.types) == {node_type.id: node_type}


def test_the_whole_catalogue_survives(tmp_path: Path) -> None:
    write_catalogue(_file(tmp_path), catalogue())

    found = read_catalogue(_file(tmp_path))
    assert found is not None
    assert dict(found.types) == dict(catalogue().types)
    assert found.pipelines == catalogue().pipelines
    assert found.problems == catalogue().problems
    assert (_file(tmp_path)).stat().st_size < 2_000_000


def test_it_is_built_once(tmp_path: Path) -> None:
    built: list[int] = []
    build = _counting(built)

    first = open_catalogue(tmp_path / "cache", build)
    second = open_catalogue(tmp_path / "cache", build)
    assert built == [1]
    for found in (first, second):
        assert (dict(found.types), found.pipelines) == ({"Leaf": _LEAF}, _SMALL.pipelines)
        assert (found.problems, found.versions) == (("one",), installed_versions())
    wanted = catalogue_file(tmp_path / "cache", installed_versions())
    assert [*(tmp_path / "cache").iterdir()] == [wanted]


def test_catalogues_of_other_environments_stay_for_a_while(tmp_path: Path) -> None:
    others = [tmp_path / f"catalogue-{number}.json" for number in range(FILES_KEPT + 2)]
    for age, path in enumerate(others):
        path.write_text("{}")
        os.utime(path, (age, age))

    open_catalogue(tmp_path, lambda: _SMALL)
    left = {path.name for path in tmp_path.iterdir()}
    newest = {path.name for path in others[-(FILES_KEPT - 1) :]}
    assert left == {*newest, catalogue_file(tmp_path, installed_versions()).name}


def _file(folder: Path) -> Path:
    return catalogue_file(folder, installed_versions())


def _cut(text: str) -> str:
    return text[: len(text) // 2]


def _of_another_version(text: str) -> str:
    found = json.loads(text)
    found["versions"]["diffusers"] = "0.0.1"
    return json.dumps(found)


def _of_another_schema(text: str) -> str:
    return json.dumps({**json.loads(text), "schema": 0})


def _with_damaged_sockets(text: str) -> str:
    return json.dumps({**json.loads(text), "inputs": [{"name": "x", "type": "NO SUCH TYPE"}]})


@pytest.mark.parametrize(
    "spoil",
    [
        _cut,
        _of_another_version,
        _of_another_schema,
        _with_damaged_sockets,
        lambda text: "",
        lambda text: "[]",
        lambda text: json.dumps({"schema": 1}),
    ],
)
def test_what_cannot_be_used_is_made_anew(spoil: Callable[[str], str], tmp_path: Path) -> None:
    built: list[int] = []
    open_catalogue(tmp_path, _counting(built))
    path = _file(tmp_path)
    path.write_text(spoil(path.read_text(encoding="utf-8")), encoding="utf-8")

    found = open_catalogue(tmp_path, _counting(built))
    assert built == [1, 1]
    assert dict(found.types) == {"Leaf": _LEAF}
    assert read_catalogue(path, installed_versions()) is not None


def test_a_build_that_fails_leaves_no_file(tmp_path: Path) -> None:
    def build() -> Catalogue:
        raise RuntimeError("no diffusers here")

    with pytest.raises(RuntimeError):
        open_catalogue(tmp_path, build)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_does_no_harm(tmp_path: Path) -> None:
    built: list[int] = []
    (tmp_path / "file").write_text("in the way")

    found = open_catalogue(tmp_path / "file" / "cache", _counting(built))
    assert (built, dict(found.types)) == ([1], {"Leaf": _LEAF})


def test_every_module_that_describes_is_part_of_the_version() -> None:
    room = Path(blockloom.__file__).parent / "bridge"
    seen: set[str] = set()
    waiting = ["build_catalogue"]
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            text = (room / f"{name}.py").read_text(encoding="utf-8")
            waiting += re.findall(r"^from blockloom\.bridge\.(\w+) import", text, re.MULTILINE)

    assert seen == set(DESCRIBED_BY)


def test_reading_imports_neither_torch_nor_diffusers(tmp_path: Path) -> None:
    write_catalogue(_file(tmp_path), _SMALL)
    script = f"""
import sys
from pathlib import Path
from blockloom.catalogue.search import search
from blockloom.catalogue.store import open_catalogue
def build():
    raise SystemExit("it is on disk")
catalogue = open_catalogue(Path({str(tmp_path)!r}), build)
print([t.id for t in search(catalogue.types.values(), "leaf")])
print(sorted({{"torch", "diffusers", "transformers", "numpy", "PIL"}} & set(sys.modules)))
"""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines() == ["['Leaf']", "[]"]


def _counting(built: list[int]) -> Callable[[], Catalogue]:
    def build() -> Catalogue:
        built.append(1)
        return _SMALL

    return build
