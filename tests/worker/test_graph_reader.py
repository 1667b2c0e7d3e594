"""Graphs that come again are the same graph, as long as there are not too many of them."""

from __future__ import annotations

import json

import pytest

from blockloom.errors import GraphError
from blockloom.worker.job_run import GraphReader


def text_of(name: str) -> str:
    return json.dumps({"prompt": {name: {"class_type": "Toy", "inputs": {}}}})


def test_the_same_text_is_the_same_graph() -> None:
    reader = GraphReader()
    first = reader.read(text_of("a"))
    assert reader.read(text_of("b")).nodes.keys() == {"b"}
    assert reader.read(text_of("a")) is first
    for name in "cdef":
        reader.read(text_of(name))
    assert reader.read(text_of("a")) is not first


def test_large_graphs_are_not_kept() -> None:
    reader = GraphReader(limit=len(text_of("a")))
    small = reader.read(text_of("a"))
    assert reader.read(text_of("a")) is small
    large = reader.read(text_of("a" * 100))
    assert reader.read(text_of("a" * 100)) is not large
    assert reader.read(text_of("a")) is not small


def test_what_is_no_graph_is_refused_each_time() -> None:
    reader = GraphReader()
    for _ in range(2):
        with pytest.raises(GraphError):
            reader.read("[]")
