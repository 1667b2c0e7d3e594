"""The graph file: exact round trips, and every malformed file answered with problems."""

from __future__ import annotations

import json
import math
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blockloom.errors import GraphError, NotFoundError, UsageError
from blockloom.graph.file import MAX_NODES, graph_to_json, load_graph, read_graph, save_graph
from blockloom.graph.model import Graph, Link, Literal, Node

GRAPH = Graph(
    nodes={
        "model": Node(
            "model",
            "BlockloomLoadPipeline",
            {"model": Literal("demo")},
            {"title": "Model", "position": [0, 0]},
        ),
        "text": Node(
            "text",
            "TextEncoder",
            {
                "pipeline": Link("model", "pipeline"),
                "by_index": Link("model", 0),
                "prompt": Literal(["a", "b"]),
                "size": Literal([512, 512]),
                "looks_like_a_link": Literal(["model", "pipeline"]),
                "wrapper": Literal({"__value__": 3}),
                "named": Literal({"a": [1, {"b": None}]}),
                "nothing": Literal(None),
                "whole": Literal(7),
                "number": Literal(7.0),
                "yes": Literal(True),
                "big": Literal(2**63),
            },
        ),
    },
    extra={"groups": [], "viewport": [0, 0, 1]},
)


def problems_of(data: object) -> list[tuple[str, str | None, str | None]]:
    with pytest.raises(GraphError) as caught:
        read_graph(data)  # type: ignore[arg-type]
    return [(p.code, p.place.node_id, p.place.socket) for p in caught.value.problems]


def node(**inputs: object) -> dict[str, object]:
    return {"a": {"class_type": "T", "inputs": inputs}}


def test_a_graph_is_read_back_as_it_was_written(tmp_path):
    save_graph(GRAPH, tmp_path / "graph.json")
    read = load_graph(tmp_path / "graph.json")
    assert read == GRAPH
    assert type(read.nodes["text"].inputs["number"].value) is float
    assert list(read.nodes) == list(GRAPH.nodes)
    assert [path.name for path in tmp_path.iterdir()] == ["graph.json"]


def test_links_are_pairs_and_lists_are_wrapped():
    inputs = graph_to_json(GRAPH)["prompt"]["text"]["inputs"]
    assert inputs["pipeline"] == ["model", "pipeline"]
    assert inputs["by_index"] == ["model", 0]
    assert inputs["prompt"] == {"__value__": ["a", "b"]}
    assert inputs["wrapper"] == {"__value__": {"__value__": 3}}


def test_a_bare_prompt_and_what_comfyui_sends_beside_it_are_read():
    prompt = graph_to_json(GRAPH)["prompt"]
    assert read_graph(prompt) == Graph(GRAPH.nodes)
    posted = {"prompt": prompt, "client_id": "1", "extra_data": {}, "number": 3}
    assert read_graph(json.dumps(posted).encode()) == Graph(GRAPH.nodes)


def test_a_node_may_be_called_prompt():
    assert read_graph({"prompt": {"class_type": "T", "inputs": {}}}) == Graph(
        {"prompt": Node("prompt", "T")}
    )


def test_what_is_read_shares_nothing_with_the_data():
    size = [512, 512]
    graph = read_graph(node(size={"__value__": size}))
    size.append(1)
    assert graph.nodes["a"].inputs["size"] == Literal([512, 512])


@pytest.mark.parametrize(
    ("data", "problems"),
    [
        (b"\xff\xfe{}", [("not_json", None, None)]),
        ("{", [("not_json", None, None)]),
        ("", [("not_json", None, None)]),
        ("3", [("not_a_graph", None, None)]),
        ({"prompt": []}, [("not_a_graph", None, None)]),
        ({"nodes": [], "links": []}, [("not_a_graph", None, None)]),
        ({"prompt": {}, "extra": []}, [("bad_extra", None, None)]),
        ({"a": 3}, [("bad_node", "a", None)]),
        ({"a": {"inputs": {}}}, [("bad_node", "a", None)]),
        ({"": {"class_type": "T"}}, [("bad_node", None, None)]),
        ({"a": {"class_type": "T", "inputs": []}}, [("bad_node", "a", None)]),
        ({"a": {"class_type": "T", "inputs": {}, "_meta": 1}}, [("bad_meta", "a", None)]),
        (node(x=[1, 2]), [("bad_value", "a", "x")]),
        (node(x=[]), [("bad_value", "a", "x")]),
        (node(x=["b", "out", "more"]), [("bad_value", "a", "x")]),
        (node(x=["b", None]), [("bad_link", "a", "x")]),
        (node(x=["b", True]), [("bad_link", "a", "x")]),
        (node(x=["b", -1]), [("bad_link", "a", "x")]),
        (node(x=["b", 0.0]), [("bad_link", "a", "x")]),
        (node(x={"__value__": 1, "more": 2}), [("bad_value", "a", "x")]),
        (node(x=math.nan), [("bad_number", "a", "x")]),
        (node(x={"__value__": [math.inf]}), [("bad_number", "a", "x")]),
        (node(x=object()), [("bad_value", "a", "x")]),
        (node(x={3: 4}), [("bad_value", "a", "x")]),
        (node(x="\ud800"), [("bad_text", "a", "x")]),
        ('{"a": {"class_type": "T", "inputs": {"x": NaN}}}', [("bad_number", "a", "x")]),
        ('{"a": {"class_type": "T", "inputs": {"x": -1e999}}}', [("bad_number", "a", "x")]),
        (
            '{"a": {"class_type": "T", "inputs": {"x": ' + "9" * 5000 + "}}}",
            [("bad_number", "a", "x")],
        ),
        (
            '{"a": {"class_type": "T"}, "a": {"class_type": "T"}}',
            [("duplicate_key", None, None)],
        ),
        (
            '{"a": {"class_type": "T", "inputs": {"x": 1, "x": 2}}}',
            [("duplicate_key", "a", None)],
        ),
        (
            {str(i): {"class_type": "T"} for i in range(MAX_NODES + 1)},
            [("too_many_nodes", None, None)],
        ),
    ],
)
def test_malformed_files_are_answered_with_problems(data, problems):
    assert problems_of(data) == problems


def test_all_problems_are_told_at_once():
    data = {"a": {"class_type": "T", "inputs": {"x": [1, 2], "y": math.nan}}, "b": 3}
    assert problems_of(data) == [
        ("bad_value", "a", "x"),
        ("bad_number", "a", "y"),
        ("bad_node", "b", None),
    ]


def test_the_remedy_for_a_list_is_to_wrap_it():
    with pytest.raises(GraphError, match=re.escape('{"__value__": [...]}')):
        read_graph(node(x=[512, 512]))


@pytest.mark.parametrize("depth", [100, 100_000])
def test_deep_nesting_is_refused(depth):
    deep = "[" * depth + "]" * depth
    text = '{"a": {"class_type": "T", "inputs": {"x": {"__value__": ' + deep + "}}}}"
    assert {code for code, _, _ in problems_of(text)} == {"too_deep"}


def test_a_file_that_is_too_large_is_not_even_parsed(monkeypatch, tmp_path):
    monkeypatch.setattr("blockloom.graph.file.MAX_BYTES", 10)
    assert problems_of(b'{"a": 1234567890}') == [("too_large", None, None)]
    (tmp_path / "large.json").write_text("{" + " " * 20 + "}")
    with pytest.raises(GraphError, match="larger"):
        load_graph(tmp_path / "large.json")


def test_files_that_are_not_there_or_cannot_be_read_or_written(tmp_path):
    with pytest.raises(NotFoundError, match="no graph file"):
        load_graph(tmp_path / "none.json")
    with pytest.raises(UsageError, match="cannot be read"):
        load_graph(tmp_path)
    with pytest.raises(UsageError, match="cannot be saved"):
        save_graph(GRAPH, tmp_path / "none" / "graph.json")
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="cannot be saved"):
        save_graph(GRAPH, tmp_path / "file" / "graph.json")


def test_a_graph_that_could_not_be_read_back_is_not_written(tmp_path):
    file = tmp_path / "graph.json"
    save_graph(GRAPH, file)
    before = file.read_bytes()
    broken = GRAPH.with_node(Node("n", "T", {"x": Literal(math.inf)}))
    with pytest.raises(GraphError, match="Infinity"):
        save_graph(broken, file)
    assert file.read_bytes() == before


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=("Cs",))),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(st.characters(exclude_categories=("Cs",))), inner, max_size=3)
    ),
    max_leaves=8,
)
NAMES = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=8)
INPUTS = st.dictionaries(
    NAMES,
    JSON.map(Literal) | st.builds(Link, NAMES, NAMES | st.integers(0, 20)),
    max_size=4,
)
NODES = st.lists(
    st.builds(Node, NAMES, NAMES, INPUTS, st.dictionaries(NAMES, JSON, max_size=2)), max_size=4
)


@given(NODES, st.dictionaries(NAMES, JSON, max_size=2))
@settings(max_examples=150, deadline=None)
def test_round_trips_are_exact(nodes, extra):
    graph = Graph({one.id: one for one in nodes}, extra)
    text = json.dumps(graph_to_json(graph))
    assert read_graph(text) == graph
    assert json.dumps(graph_to_json(read_graph(text))) == text


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["prompt", "class_type", "inputs", "_meta", "extra", "a"]), inner
        )
    ),
    max_leaves=12,
)


@given(ANYTHING)
@settings(max_examples=300, deadline=None)
def test_anything_is_read_or_refused_with_problems(data):
    graph, problems = None, ()
    try:
        graph = read_graph(data)
    except GraphError as error:
        problems = error.problems
        str(error).encode()
    if graph is None:
        assert problems
    else:
        assert read_graph(graph_to_json(graph)) == graph
