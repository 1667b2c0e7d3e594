"""Load Pipeline, Load Component and Set Components: described, called, and run in graphs."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from tests.tiny_models import build_tiny_sdxl

from blockloom.bridge.blocks import BlockLibrary
from blockloom.bridge.models import ModelStore, open_component, open_model, using_store
from blockloom.bridge.runner import BlockRunner
from blockloom.catalogue.functions import describe_function, options_of
from blockloom.errors import BlockloomError, NodeFailed, UsageError
from blockloom.execution.session import RunOptions, Session
from blockloom.execution.store import ValueStore
from blockloom.execution.values import ComponentRef, NewPipeline
from blockloom.graph.model import Graph, Link, Literal, Node
from blockloom.graph.node_types import FixedNodeTypes
from blockloom.graph.sockets import SocketType

IDS = ("BlockloomLoadPipeline", "BlockloomLoadComponent", "BlockloomSetComponents")


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_tiny_sdxl(tmp_path_factory.mktemp("tiny"))


@pytest.fixture
def models(node_file: Callable[[str], ModuleType]) -> Any:
    return node_file("models")


@pytest.fixture
def functions(models: Any) -> dict[str, Callable[..., object]]:
    found = {}
    for value in vars(models).values():
        options = options_of(value)
        if options is not None:
            found[options.id] = value
    return found


def _sockets(function: Any) -> dict[str, tuple[SocketType, bool]]:
    described = describe_function(function)
    return {socket.name: (socket.type, socket.is_required) for socket in described.inputs}


def test_how_they_are_described(functions: dict[str, Any]) -> None:
    assert tuple(functions) == IDS
    text = (SocketType.STRING, False)
    assert {id_: _sockets(function) for id_, function in functions.items()} == {
        "BlockloomLoadPipeline": dict.fromkeys(
            (
                *("model", "revision", "variant", "dtype", "device", "offload"),
                *("quantization", "quantized"),
            ),
            text,
        ),
        "BlockloomLoadComponent": {
            "model": (SocketType.STRING, True),
            **dict.fromkeys(
                ("component", "revision", "variant", "dtype", "device", "class_name"), text
            ),
        },
        "BlockloomSetComponents": {
            "pipeline": (SocketType.PIPELINE, True),
            "component": (SocketType.COMPONENT, True),
            "name": text,
            "component_2": (SocketType.COMPONENT, False),
            "name_2": text,
        },
    }
    outputs = [describe_function(function).outputs[0].type for function in functions.values()]
    assert outputs == [SocketType.PIPELINE, SocketType.COMPONENT, SocketType.PIPELINE]


def test_load_pipeline_gives_what_open_model_gives(models: Any, repository: Path) -> None:
    store = ModelStore()
    with using_store(store):
        opened = models.load_pipeline(str(repository))
    expected = open_model(str(repository), store=store)
    assert isinstance(opened, NewPipeline)
    assert opened.base.key == expected.base.key
    assert _keys(opened) == _keys(expected)
    assert store.loaded() == ()


def _keys(opened: NewPipeline) -> dict[str, str]:
    return {name: ref.key for name, ref in opened.components.items()}


def test_load_component_gives_a_reference(models: Any, repository: Path) -> None:
    store = ModelStore()
    with using_store(store):
        ref = models.load_component(str(repository), "vae")
    assert isinstance(ref, ComponentRef)
    assert ref.key == open_component(str(repository), "vae", store=store).key


def test_outside_a_run_there_is_no_store(models: Any, repository: Path) -> None:
    with pytest.raises(BlockloomError, match="only be opened while a node runs"):
        models.load_pipeline(str(repository))


def test_a_device_that_is_not_there_is_named(models: Any, repository: Path) -> None:
    with using_store(ModelStore()), pytest.raises(UsageError, match="cuda"):
        models.load_pipeline(str(repository), device="cuda:3")


@pytest.mark.parametrize("changed", ["model_index.json", "unet/config.json", None])
def test_the_fingerprint_follows_the_files(
    models: Any, repository: Path, tmp_path: Path, changed: str | None
) -> None:
    folder = Path(shutil.copytree(repository, tmp_path / "tiny"))
    options = options_of(models.load_pipeline)
    assert options is not None
    assert options.fingerprint is not None
    before = options.fingerprint(model=str(folder), dtype="auto")
    assert before == options.fingerprint(model=str(folder), dtype="auto")
    if changed is None:
        (folder / "unet" / "added.safetensors").touch()
    else:
        status = (folder / changed).stat()
        os.utime(folder / changed, ns=(status.st_atime_ns, status.st_mtime_ns + 1))
    assert options.fingerprint(model=str(folder), dtype="auto") != before


def test_the_fingerprint_of_what_is_not_there(models: Any) -> None:
    options = options_of(models.load_component)
    assert options is not None
    assert options.fingerprint is not None
    names = ("somebody/some-model", "/no/such/folder", "")
    assert len({options.fingerprint(model=name) for name in names}) == 3


class _Recorder:
    """A pipeline that remembers which components were set."""

    def __init__(self, components: tuple[tuple[str, object], ...] = ()) -> None:
        self.components = components

    def with_component(self, name: str, component: object) -> _Recorder:
        return _Recorder((*self.components, (name, component)))


def test_set_components_sets_one_or_two(models: Any) -> None:
    start = _Recorder()
    assert models.set_components(start, "u").components == (("unet", "u"),)
    assert models.set_components(start, "v", " vae ", "c", "controlnet").components == (
        ("vae", "v"),
        ("controlnet", "c"),
    )
    assert start.components == ()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("v", " "), "The component has no name"),
        (("v", "vae", "c", ""), "The second component has no name"),
        (("v", "vae", None, "controlnet"), 'nothing is linked for "controlnet"'),
    ],
)
def test_half_given_components_are_errors(
    models: Any, arguments: tuple[Any, ...], words: str
) -> None:
    with pytest.raises(UsageError, match=words):
        models.set_components(_Recorder(), *arguments)


TO_THE_END = RunOptions(targets=("set",))


@pytest.fixture
def session(functions: dict[str, Any]) -> Session:
    types = {id_: describe_function(function) for id_, function in functions.items()}
    runner = BlockRunner(BlockLibrary(), ModelStore())
    return Session(FixedNodeTypes(types), runner, ValueStore(runner), functions)


def _graph(repository: Path, component: str) -> Graph:
    folder = Literal(str(repository))
    nodes = (
        Node("model", IDS[0], {"model": folder}),
        Node("part", IDS[1], {"model": folder, "component": Literal(component)}),
        Node(
            "set",
            IDS[2],
            {
                "pipeline": Link("model", "pipeline"),
                "component": Link("part", "component"),
                "name": Literal("extra_vae"),
            },
        ),
    )
    return Graph({node.id: node for node in nodes})


def test_a_component_goes_over_a_link_onto_the_wire(session: Session, repository: Path) -> None:
    report = session.run(_graph(repository, "vae"), TO_THE_END)
    components = report.run.planner.wires["set"]["pipeline"].components
    assert components["extra_vae"].key == components["vae"].key
    assert session.run(_graph(repository, "vae"), TO_THE_END).ran == ()


def test_a_replaced_model_is_opened_again(
    session: Session, repository: Path, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(repository, tmp_path / "tiny"))
    session.run(_graph(folder, "vae"), TO_THE_END)
    config = folder / "vae" / "config.json"
    config.write_text(config.read_text() + "\n")
    report = session.run(_graph(folder, "vae"), TO_THE_END)
    assert set(report.ran) >= {"model", "part"}


def test_a_component_that_is_not_there_fails_its_node(session: Session, repository: Path) -> None:
    with pytest.raises(NodeFailed) as caught:
        session.run(_graph(repository, "transformer"), TO_THE_END)
    assert caught.value.place.node_id == "part"
    assert 'no component "transformer"' in caught.value.message
    assert caught.value.remedy
