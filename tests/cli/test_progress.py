from __future__ import annotations

import io
import sys

import pytest

from blockloom.cli.progress import show_progress
from blockloom.graph.model import Graph, Node

GRAPH = Graph({"a": Node("a", "A", meta={"title": "First [x]"}), "b": Node("b", "B")})
EVENTS = [
    {"event": "run_started", "node_ids": ["a", "b"], "seed": 1},
    {"event": "node_started", "node_id": "a"},
    {"event": "node_step", "node_id": "a", "done": 3, "total": 7},
    {
        "event": "node_finished",
        "node_id": "a",
        "seconds": 1.0,
        "files": [],
        "texts": [],
        "warnings": ["NaN"],
    },
    {"event": "node_kept", "node_id": "b", "files": [], "texts": []},
    {"event": "run_finished", "outcome": "done", "seconds": 1.0, "ran": ["a"], "kept": ["b"]},
]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_only_warnings_where_nobody_looks(capsys: pytest.CaptureFixture[str]):
    with show_progress(GRAPH) as listen:
        for event in EVENTS:
            listen(event)
    assert capsys.readouterr() == ("", 'warning: node "a": NaN\n')


def test_bars_on_a_terminal(monkeypatch: pytest.MonkeyPatch):
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "100")
    with show_progress(GRAPH) as listen:
        for event in EVENTS[:3]:
            listen(event)
    shown = terminal.getvalue()
    assert "First [x]" in shown
    assert "0/2" in shown
    assert "3/7" in shown
