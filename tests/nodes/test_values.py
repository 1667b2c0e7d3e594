from __future__ import annotations

import numpy
import PIL.Image
import pytest
import torch


@pytest.fixture
def nodes(node_file):
    return node_file("values")


def test_primitives_pass_their_value_on(nodes):
    assert [nodes.integer(3), nodes.number(0.5), nodes.text("a"), nodes.long_text("a\nb")] == [
        3,
        0.5,
        "a",
        "a\nb",
    ]
    assert (nodes.boolean(True), nodes.seed(2**64 - 1)) == (True, 2**64 - 1)


def test_switch(nodes):
    assert [nodes.switch(True, 1, 2), nodes.switch(False, 1, 2), nodes.switch(False, 1)] == [
        1,
        2,
        None,
    ]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("text", "text"),
        (None, "null"),
        ({"a": [1, 2.5]}, '{\n  "a": [\n    1,\n    2.5\n  ]\n}'),
        (PIL.Image.new("RGB", (4, 2)), "picture, 4 x 2 pixels, RGB"),
        ([PIL.Image.new("L", (1, 2))], "0: picture, 1 x 2 pixels, L"),
        (torch.zeros(1, 2), "Tensor, 1 x 2, torch.float32\ntensor([[0., 0.]])"),
        (numpy.zeros(2), "ndarray, 2, float64\n[0. 0.]"),
        ({"a": torch.ones(())}, "a: Tensor, a single value, torch.float32\n1.0"),
        (float, "<class 'float'>"),
    ],
)
def test_any_value_is_shown_as_text(nodes, ctx, value, expected):
    assert nodes.preview_any(ctx, value) == expected
    assert ctx.shown == [expected]


def test_a_giant_text_is_cut(nodes, ctx):
    assert nodes.preview_any(ctx, "x" * 50_000).endswith("… (50000 characters)")
