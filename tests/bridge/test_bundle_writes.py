"""A result that is used again belongs to the bundles it was written with."""

from __future__ import annotations

import torch
from tests.toys import chain, toy_session

from blockloom.graph.model import Graph


def writers(first: float, second: float) -> Graph:
    return chain(
        ("first", "ToyBundleWriter", {"number": first}),
        ("read", "ToyBundleReader", {}),
        ("second", "ToyBundleWriter", {"number": second}),
    )


def test_a_name_written_again_is_tagged_where_it_was_not_there_before() -> None:
    session = toy_session()
    session.run(writers(1.0, 2.0))

    report = session.run(writers(2.0, 2.0))

    assert report.kept == ("start", "first", "second"), "the first now does what the second did"
    assert report.value("read", "names") == ["a"]
    assert torch.equal(report.value("read", "y"), torch.full((2,), 2.0))
