"""Ids of blocks from repositories, and what graphs with them mean before these are loaded."""

from __future__ import annotations

from dataclasses import replace

import pytest

from blockloom.catalogue.catalogue import Catalogue
from blockloom.graph.block_lists import ChosenBlock, id_of, parts_of
from blockloom.graph.check import check_graph
from blockloom.graph.load_block import LOAD_BLOCK, load_block_id, repository_in
from blockloom.graph.load_block_type import LOAD_BLOCK_TYPE, as_load_block
from blockloom.graph.model import Graph, Link, Literal, Node
from blockloom.graph.node_types import InputSocket, Kind, NodeType, OutputSocket
from blockloom.graph.sockets import SocketType

PIPELINE = InputSocket("pipeline", SocketType.PIPELINE, True)
START = NodeType(
    "Start", "Start", (), Kind.FUNCTION, outputs=(OutputSocket("pipeline", SocketType.PIPELINE),)
)
READ = NodeType(
    "Read",
    "Read",
    (),
    Kind.LEAF,
    inputs=(PIPELINE, InputSocket("repository", SocketType.STRING)),
    outputs=(OutputSocket("pipeline", SocketType.PIPELINE),),
    is_output=True,
)
BLUR = NodeType(
    "Blur",
    "Blur",
    (),
    Kind.LEAF,
    inputs=(PIPELINE, InputSocket("radius", SocketType.INT, default=1, has_default=True)),
    outputs=(OutputSocket("pipeline", SocketType.PIPELINE), OutputSocket("out", SocketType.INT)),
    origin="repository",
    digest="1",
)


def catalogue(**loaded: NodeType) -> Catalogue:
    types = {LOAD_BLOCK: LOAD_BLOCK_TYPE, "Start": START, "Read": READ}
    for name, found in loaded.items():
        type_id = load_block_id(f"somebody/{name}")
        types[type_id] = replace(as_load_block(found, f"somebody/{name}"), id=type_id)
    return Catalogue(types)


def graph(**inputs: str | int | Link) -> Graph:
    given = {k: v if isinstance(v, Link) else Literal(v) for k, v in inputs.items()}
    start = Node("start", "Start")
    own = Node("own", LOAD_BLOCK, {"pipeline": Link("start", "pipeline"), **given})
    read = Node("read", "Read", {"pipeline": Link("own", "pipeline")})
    return Graph({node.id: node for node in (start, own, read)})


@pytest.mark.parametrize("repository", ["a/b", "C:\\own", "/a b/[c]", "x@y", "ä:ö", "%40", "a(b)"])
@pytest.mark.parametrize("revision", ["", "main", "feature/x@1", "v:1[0]"])
def test_an_id_says_what_was_typed(repository: str, revision: str) -> None:
    type_id = load_block_id(repository, revision)
    assert repository_in(type_id) == (repository, revision)
    assert repository_in(f"{type_id}:inner.step") == (repository, revision)
    assert parts_of(type_id) == (type_id, None)
    chosen = id_of(type_id, [ChosenBlock("one", load_block_id(revision or "c/d", repository))])
    assert repository_in(chosen) == (repository, revision)
    assert parts_of(chosen)[0] == type_id
    node = Node("n", LOAD_BLOCK, {"repository": Literal(repository), "revision": Literal(revision)})
    assert node.type_id == type_id


@pytest.mark.parametrize(
    "type_id", ["", LOAD_BLOCK, f"{LOAD_BLOCK}@", f'X[["a","{LOAD_BLOCK}@b"]]']
)
def test_other_ids_name_no_repository(type_id: str) -> None:
    assert repository_in(type_id) is None


def test_a_block_that_is_not_loaded_has_only_its_settings() -> None:
    found = catalogue().get(load_block_id("somebody/blur"))
    assert found is not None
    assert [socket.name for socket in found.inputs] == ["pipeline", "repository", "revision"]
    report = check_graph(graph(repository="somebody/blur", revision="main"), catalogue())
    (error,) = report.errors
    assert (error.code, error.place.socket) == ("not_loaded", "repository")
    assert error.message.endswith("type: blockloom trust somebody/blur@main")
    known = replace(catalogue(), broken={load_block_id("somebody/blur"): "It is gone."})
    (error,) = check_graph(graph(repository="somebody/blur"), known).errors
    assert error.message == "It is gone."


def test_without_a_repository_the_input_is_missing() -> None:
    for inputs in ({}, {"repository": ""}, {"revision": "main"}):
        errors = check_graph(graph(**inputs), catalogue()).errors
        assert [(error.place.node_id, error.place.socket) for error in errors] == [
            ("own", "repository")
        ]


def test_what_is_typed_to_find_the_block_is_never_part_of_the_state() -> None:
    report = check_graph(graph(repository="somebody/blur", radius=3), catalogue(blur=BLUR))
    assert report.errors == ()
    sources = report.sources["read"]["repository"]
    assert type(sources).__name__ == "Default"
    assert type(report.sources["own"]["radius"]).__name__ == "Typed"


def test_a_linked_repository_is_refused() -> None:
    linked = graph(repository=Link("start", "pipeline"))
    messages = [error.message for error in check_graph(linked, catalogue()).errors]
    assert any("It must be typed here" in message for message in messages)
