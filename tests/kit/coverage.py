"""The table of what runs: made from a test report, written as Markdown, read back by a test."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.kit.compare import MODES
from tests.kit.recipes import Missing

Outcomes = dict[tuple[str, str], dict[str, str]]
"""By pipeline and workflow: what came out, by mode."""

SAME = "same"
DIFFERENT = "**different**"
_ALL = "all"
_START = """\
# What runs as a graph

Written by `scripts/make_coverage.py` from the tests in `tests/pixels` and `tests/with_torchvision`,
run with diffusers {diffusers} and torch {torch}: nothing is in the table that was not run.

Each workflow of each pipeline of Modular Diffusers was run twice on a tiny model with random
weights: by diffusers itself, with `ModularPipeline.__call__`, and as the graph that `blockloom new`
makes. *same* says that everything in diffusers' state, pictures, films, sounds and whatever led to
them, had the same type, shape and bits: for the graph of the pipeline's own blocks (*coarse*), for
the graph of the blocks inside them (*leaf*), and for a graph run again from kept values with
something changed, and changed back (*re-run*).
"""


def read_reports(paths: Sequence[Path]) -> Outcomes:
    """The outcomes in JUnit reports of the tests."""
    outcomes: Outcomes = {}
    cases = [case for path in paths for case in ElementTree.parse(path).getroot().iter("testcase")]
    for case in cases:
        noted = {p.get("name", ""): p.get("value", "") for p in case.iter("property")}
        if "mode" not in noted or case.find("skipped") is not None:
            continue
        is_bad = case.find("failure") is not None or case.find("error") is not None
        modes = outcomes.setdefault((noted["pipeline"], noted["workflow"]), {})
        if is_bad or modes.get(noted["mode"]) != DIFFERENT:
            modes[noted["mode"]] = DIFFERENT if is_bad else SAME
    return outcomes


def write_page(
    outcomes: Outcomes,
    missing: Sequence[Missing],
    order: Sequence[tuple[str, str]],
    versions: Mapping[str, str],
) -> str:
    """The page; ``order`` names every workflow there is, in the catalogue's order."""
    ran = [
        [pipeline, workflow, *(outcomes[pipeline, workflow].get(mode, "") for mode in MODES)]
        for pipeline, workflow in order
        if (pipeline, workflow) in outcomes
    ]
    parts = [_START.format(**versions), _table(["pipeline", "workflow", *MODES], ran)]
    if missing:
        rows = [[item.pipeline, item.workflow or _ALL, item.reason] for item in missing]
        parts += ["## What was not run, and why\n", _table(["pipeline", "workflow", "why"], rows)]
    return "\n".join(parts)


def read_page(text: str) -> tuple[Outcomes, list[Missing]]:
    """What a page says: the outcomes, and what was not run."""
    outcomes: Outcomes = {}
    missing = []
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if not line.startswith("| ") or cells[0] in ("pipeline", "---"):
            continue
        if len(cells) == 2 + len(MODES):
            modes = zip(MODES, cells[2:], strict=True)
            outcomes[cells[0], cells[1]] = {mode: cell for mode, cell in modes if cell}
        else:
            workflow = "" if cells[1] == _ALL else cells[1]
            missing.append(Missing(cells[0], cells[2], workflow))
    return outcomes, missing


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"
