"""Conditionals with logic of their own are asked how they decide."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from diffusers.modular_pipelines.modular_pipeline import ConditionalPipelineBlocks
from tests.toys import ToyWithoutX, ToyWithX

from blockloom.bridge.selections import Decisions, decisions_of
from blockloom.graph.node_types import Selection


def asking(
    choose: Callable[..., Any], *triggers: str, default: str | None = None
) -> ConditionalPipelineBlocks:
    class Chooses(ConditionalPipelineBlocks):
        model_name = "toy"
        block_classes = (ToyWithX, ToyWithoutX)
        block_names = ("one", "two")
        block_trigger_inputs = triggers
        default_block_name = default

        def select_block(self, **given: Any) -> Any:
            return choose(**given)

    return Chooses()


def test_by_presence() -> None:
    block = asking(lambda x, y: "one" if x is not None and y is None else None, "x", "y")

    assert decisions_of(block) == Decisions(
        (
            Selection(()),
            Selection(("x",), "one"),
            Selection(("y",)),
            Selection(("x", "y")),
        )
    )


def test_nothing_chosen_means_the_default() -> None:
    block = asking(lambda x: None if x is None else "one", "x", default="two")

    assert decisions_of(block).selections == (Selection((), "two"), Selection(("x",), "one"))


def test_by_truth() -> None:
    block = asking(lambda x, y: ("one" if y is None else "two") if x else None, "x", "y")

    assert decisions_of(block) == Decisions(
        (
            Selection(()),
            Selection(("x",), "one"),
            Selection(("y",)),
            Selection(("x", "y"), "two"),
        ),
        by_truth=("x",),
    )


@pytest.mark.parametrize(
    "choose",
    [
        lambda x, y: "one" if y is not None or (x is not None and x < 1) else None,
        lambda x, y: "one" if y is not None or x == "x" else None,
        lambda x, y: "one" if y is not None or x is False else None,
        lambda x, y: "one" if y is not None or (x or {}).get("x") else None,
    ],
)
def test_combinations_that_depend_on_a_value_are_left_out(choose: Callable[..., Any]) -> None:
    assert decisions_of(asking(choose, "x", "y")) == Decisions(
        (Selection(()), Selection(("y",), "one"), Selection(("x", "y"), "one")),
        by_value=("x",),
    )


def test_what_it_refuses_is_kept_in_its_own_words() -> None:
    def choose(x: Any, y: Any) -> str | None:
        if x is not None and y is not None:
            raise ValueError("Either x or y.")
        return None if x is None and y is None else "one"

    assert decisions_of(asking(choose, "x", "y")).selections[-1] == Selection(
        ("x", "y"), error="Either x or y."
    )


@pytest.mark.parametrize(
    "choose", [lambda x: "three", lambda x: x.name, lambda x: 1 / 0, lambda x: [x]]
)
def test_a_block_without_a_sensible_answer_decides_nothing(choose: Callable[..., Any]) -> None:
    assert decisions_of(asking(choose, "x")).selections == ()


def test_many_triggers_are_not_asked_about() -> None:
    def choose(**given: Any) -> str:
        raise AssertionError("asked")

    assert decisions_of(asking(choose, *(f"x{i}" for i in range(9)))) == Decisions()
