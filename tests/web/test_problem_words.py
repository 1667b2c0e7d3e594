"""Every kind of problem that a check can find has words in each language of the editor."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
GRAPH = ROOT / "src" / "blockloom" / "graph"
FOUND = re.compile(r'\b(?:Problem|Misfit)\(\s*"(\w+)"')
# The editor names the nodes that could supply it.
OWN_WORDS = {"missing_input"}


def kinds() -> set[str]:
    files = [*GRAPH.glob("check*.py"), GRAPH / "literals.py"]
    return {kind for file in files for kind in FOUND.findall(file.read_text())} - OWN_WORDS


@pytest.mark.parametrize("language", ["en", "de"])
def test_problems_have_words(language: str):
    words = (ROOT / "web" / "src" / "texts" / language / "problems.ts").read_text()
    found = kinds()
    assert {"cycle", "wrong_type", "no_blocks"} <= found
    missing = {kind for kind in found if f'"problem.{kind}"' not in words}
    assert missing == set()
