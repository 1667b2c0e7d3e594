"""Which links may exist; the editor's rules are tested against the same file."""

from __future__ import annotations

import json

from tests.vectors import links

from blockloom.graph.sockets import SocketType, may_link


def test_the_shared_cases_are_those_of_the_rules() -> None:
    assert links.FILE.read_text(encoding="utf-8") == links.text(), (
        "The rules for links have changed: run python -m tests.vectors.links"
    )
    cases = json.loads(links.text())
    assert len({(case["source"], case["target"]) for case in cases}) == len(SocketType) ** 2


def test_every_refusal_has_a_reason_and_every_type_fits_itself() -> None:
    for source in SocketType:
        assert may_link(source, source).is_valid
        for target in SocketType:
            found = may_link(source, target)
            assert found.is_valid == (found.reason == "")
    assert may_link(SocketType.IMAGE, SocketType.MASK).is_valid
    assert may_link(SocketType.INT, SocketType.FLOAT).is_valid
    assert not may_link(SocketType.FLOAT, SocketType.INT).is_valid
    assert may_link(SocketType.ANY, SocketType.IMAGE).is_valid
    # The main wire carries components and state, which no value can stand for.
    assert may_link(SocketType.PIPELINE, SocketType.ANY).reason == (
        "The main wire does not fit an ANY socket."
    )
