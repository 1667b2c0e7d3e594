"""Bad graphs by the thousand: always a message that says where, never another exception."""

from __future__ import annotations

import copy
import itertools
import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.real_sessions import open_real_session, run, workshop

from blockloom.errors import GraphError, NodeFailed, Problem
from blockloom.execution.session import Session
from blockloom.execution.views import Host
from blockloom.graph.check import check_graph
from blockloom.graph.file import read_graph
from blockloom.graph.model import Graph
from blockloom.resources import examples_folder

EXAMPLES = sorted(examples_folder().glob("*.json"))
COUNT = 500
"""Mutants of each example."""
RUNS = 6
"""How many of those that check are run."""

STRANGE: list[Any] = [
    None,
    True,
    False,
    -1,
    0,
    3.5,
    10**30,
    -1e308,
    "",
    "nonsense",
    "ü\u0000\ud83d",
    [],
    {},
    [1, 2],
    ["model", "pipeline"],
    ["model", 0],
    ["model", 99],
    ["nobody", "pipeline"],
    ["model", None],
    {"__value__": [1, 2]},
    {"__value__": "no list"},
    {"a": {"b": [None]}},
]


def everywhere(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The paths of everything inside a JSON value."""
    found = [path] if path else []
    if isinstance(value, (dict, list)):
        children = value.items() if isinstance(value, dict) else enumerate(value)
        for key, child in children:
            found += everywhere(child, (*path, key))
    return found


def parent_of(document: Any, path: tuple[Any, ...]) -> Any:
    for key in path[:-1]:
        document = document[key]
    return document


def replaced(document: Any, chance: random.Random) -> None:
    path = chance.choice(everywhere(document))
    parent_of(document, path)[path[-1]] = copy.deepcopy(chance.choice(STRANGE))


def removed(document: Any, chance: random.Random) -> None:
    path = chance.choice(everywhere(document))
    del parent_of(document, path)[path[-1]]


def renamed(document: Any, chance: random.Random) -> None:
    paths = [path for path in everywhere(document) if isinstance(path[-1], str)]
    path = chance.choice(paths)
    parent = parent_of(document, path)
    letters = list(path[-1]) or ["x"]
    letters[chance.randrange(len(letters))] = chance.choice("xyz_ ")
    parent["".join(letters)] = parent.pop(path[-1])


def swapped(document: Any, chance: random.Random) -> None:
    paths = everywhere(document)
    one, other = chance.choice(paths), chance.choice(paths)
    value = copy.deepcopy(parent_of(document, other)[other[-1]])
    parent_of(document, one)[one[-1]] = value


MUTATIONS: list[Callable[[Any, random.Random], None]] = [replaced, removed, renamed, swapped]


def mutant(document: Any, chance: random.Random) -> Any:
    changed = copy.deepcopy(document)
    for _ in range(chance.randint(1, 3)):
        if everywhere(changed):
            chance.choice(MUTATIONS)(changed, chance)
    return changed


def problems_of(document: Any) -> tuple[Problem, ...]:
    """What reading and checking has against a document."""
    try:
        graph = read_graph(json.dumps(document))
        check_graph(graph, workshop().catalogue).raise_if_failed()
    except GraphError as error:
        return error.problems
    return ()


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_mutants_give_problems_that_say_where(path: Any) -> None:
    document = json.loads(path.read_text())
    chance = random.Random(path.stem)
    refused = 0
    for number in range(COUNT):
        changed = mutant(document, chance)
        problems = problems_of(changed)
        refused += problems != ()
        for problem in problems:
            assert problem.message, number
            assert problem.place.node_id or problem.code in ABOUT_THE_FILE, problem
    assert refused > COUNT // 3


ABOUT_THE_FILE = {"bad_extra", "bad_node", "cycle", "not_a_graph", "not_json", "no_output"}
"""Problems of the file itself, or of a node without a name: there is none to say."""


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_mutants_that_check_run_or_fail_in_our_words(path: Any, tmp_path: Path) -> None:
    document = json.loads(path.read_text())
    chance = random.Random(f"run {path.stem}")
    mutants = (mutant(document, chance) for _ in itertools.count())
    sound = itertools.islice((m for m in mutants if not problems_of(m)), RUNS)
    session, host = open_real_session(), Host(tmp_path, (path.parent,))
    for changed in sound:
        message = failure_of(session, read_graph(json.dumps(changed)), host)
        assert message == "" or message.startswith('node "'), changed


def failure_of(session: Session, graph: Graph, host: Host) -> str:
    """What a run says went wrong; any other exception is a defect."""
    try:
        run(session, graph, host)
    except NodeFailed as error:
        return str(error)
    return ""
