"""The kit that compares graphs with diffusers sees what differs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy
import PIL.Image
import pytest
import torch
from tests.kit.compare import Bench
from tests.kit.coverage import DIFFERENT, SAME, read_page, read_reports, write_page
from tests.kit.families.flux import RECIPES
from tests.kit.recipes import Missing
from tests.kit.sameness import differences

from blockloom.graph.model import Graph, Literal


def picture(colour: int = 0, mode: str = "RGB") -> PIL.Image.Image:
    return PIL.Image.new(mode, (2, 2), (colour, 0, 0))


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (torch.tensor([1.0]), torch.tensor([1.0000001])),
        (torch.tensor([0.0]), torch.tensor([-0.0])),
        (torch.tensor([1.0]), torch.tensor([1.0], dtype=torch.float64)),
        (torch.zeros(2, 1), torch.zeros(1, 2)),
        (numpy.zeros(2), numpy.zeros(2, dtype=numpy.float32)),
        (numpy.array([1, 2]), numpy.array([1, 3])),
        ([picture()], [picture(1)]),
        (picture(), picture(mode="RGBA")),
        ([1, 2], [1, 2, 3]),
        ([1, 2], (1, 2)),
        ({"a": torch.zeros(1)}, {"a": torch.ones(1)}),
        ({"a": 1}, {"b": 1}),
        (1, True),
        (None, 0),
        ({1}, {2}),
        (torch.Generator().manual_seed(1), torch.Generator().manual_seed(2)),
    ],
)
def test_what_differs_is_seen(found: object, expected: object) -> None:
    assert [*differences(found, expected)]


@pytest.mark.parametrize(
    "make",
    [
        lambda: torch.tensor([float("nan")], dtype=torch.bfloat16),
        lambda: torch.tensor([True, False]),
        lambda: torch.zeros(0),
        lambda: numpy.array([float("nan")]),
        lambda: [(picture(), None), {"a": "text"}],
        lambda: torch.Generator().manual_seed(1),
        lambda: float("nan"),
    ],
)
def test_what_is_the_same_is_left_alone(make) -> None:
    assert [*differences(make(), make())] == []


def with_other_guidance(graph: Graph, folder: Path, workflow: str) -> Graph:
    node = next(node for node in graph.nodes.values() if "Denoise" in node.class_type)
    return graph.with_node(node.with_input("guidance_scale", Literal(3.6)))


def test_a_graph_that_gives_something_else_fails(tmp_path: Path) -> None:
    bench = Bench(replace(RECIPES[0], adapt=with_other_guidance), tmp_path)
    with pytest.raises(AssertionError, match="other pixels"):
        bench.check("text2image", "coarse")


def test_a_change_that_changes_nothing_fails(tmp_path: Path) -> None:
    bench = Bench(replace(RECIPES[0], later={"num_images_per_prompt": 1}), tmp_path)
    with pytest.raises(AssertionError, match="changes nothing"):
        bench.check("text2image", "re-run")


def test_the_table_says_what_the_reports_say(tmp_path: Path) -> None:
    def case(mode: str, inside: str = "") -> str:
        noted = {"pipeline": "flux", "workflow": "text2image", "mode": mode}
        values = "".join(f'<property name="{k}" value="{v}"/>' for k, v in noted.items())
        return f"<testcase><properties>{values}</properties>{inside}</testcase>"

    cases = [
        case("coarse"),
        case("leaf", "<failure/>"),
        case("re-run", "<skipped/>"),
        "<testcase/>",
    ]
    report = tmp_path / "report.xml"
    report.write_text(f"<testsuites><testsuite>{''.join(cases)}</testsuite></testsuites>")
    outcomes = read_reports([report])
    assert outcomes == {("flux", "text2image"): {"coarse": SAME, "leaf": DIFFERENT}}
    missing = [Missing("wan", "It needs a library."), Missing("ltx", "No reason.", "image2video")]
    order = [("wan", "default"), ("flux", "text2image")]
    page = write_page(outcomes, missing, order, {"diffusers": "1.2", "torch": "3.4"})
    assert "diffusers 1.2 and torch 3.4" in page
    assert read_page(page) == (outcomes, missing)
