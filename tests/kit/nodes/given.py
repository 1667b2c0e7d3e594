"""A node that gives what a test has in memory, as a link from elsewhere would."""

from __future__ import annotations

from tests.kit.given import look_up

from blockloom import AnyValue, node


@node(id="TestGiven", category="test")
def given(name: str) -> AnyValue:
    """Give an object of the test."""
    return look_up(name)
