"""Only the components of the branch that runs are taken, also where a value decides."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from diffusers.modular_pipelines.modular_pipeline import (
    AutoPipelineBlocks,
    ConditionalPipelineBlocks,
    SequentialPipelineBlocks,
)
from diffusers.modular_pipelines.modular_pipeline_utils import ComponentSpec
from tests.toys import START, ToyBase, ToyBlock, chain, gives, takes, toy_session

from blockloom.errors import NodeFailed
from blockloom.execution.session import Session
from blockloom.execution.values import ComponentRef, NewPipeline, PipelineBase
from blockloom.graph.branches import BranchResolver
from blockloom.worker.run_values import ToldValues, block_state_json


class Model:
    """What the toys load."""


@dataclass
class Recorder:
    """A component that is noted down when somebody takes it."""

    name: str
    taken: list[str] = field(default_factory=list)

    @property
    def carries_state(self) -> bool:
        return False

    def take(self) -> Any:
        self.taken.append(self.name)
        return Model()

    def look(self) -> Any:
        return Model()


class UsesModel(ToyBlock):
    """Use the model named by the class."""

    model = ""
    writes = (gives("way", str),)

    @property
    def expected_components(self) -> list[ComponentSpec]:
        return [ComponentSpec(self.model, Model)]

    def work(self, block_state: Any) -> None:
        block_state.way = self.model


class Big(UsesModel):
    model = "big"


class Small(UsesModel):
    model = "small"


class Other(UsesModel):
    model = "other"


class ByAmount(ConditionalPipelineBlocks):
    """Big above ten, small else, and nothing where no amount is given."""

    model_name = "toy"
    block_classes = (Big, Small)
    block_names = ("big", "small")
    block_trigger_inputs = ("amount",)

    def select_block(self, amount: Any = None) -> str | None:
        if amount is None:
            return None
        if amount < 0:
            raise ValueError("There is nothing below zero.")
        return "big" if amount > 10 else "small"

    @property
    def description(self) -> str:
        return "Choose by amount."


class ByFlag(ConditionalPipelineBlocks):
    """Big where the flag is true, else small."""

    model_name = "toy"
    block_classes = (Big, Small)
    block_names = ("big", "small")
    block_trigger_inputs = ("flag",)
    default_block_name = "small"

    def select_block(self, flag: Any = None) -> str | None:
        return "big" if flag else None

    @property
    def description(self) -> str:
        return "Choose by a flag."


class Measure(ToyBlock):
    """Read an amount that is 20 unless given, so that later blocks find it."""

    reads = (takes("amount", int, default=20),)

    def work(self, block_state: Any) -> None:
        pass


class MakeAmount(ToyBlock):
    """Make an amount that nobody knows before."""

    writes = (gives("amount", int),)

    def work(self, block_state: Any) -> None:
        block_state.amount = 11


class WhereWay(AutoPipelineBlocks):
    """Other where there is a way."""

    model_name = "toy"
    block_classes = (Other,)
    block_names = ("other",)
    block_trigger_inputs = ("way",)

    @property
    def description(self) -> str:
        return "Other where there is a way."


class _Sequence(SequentialPipelineBlocks):
    model_name = "toy"

    @property
    def description(self) -> str:
        return "One after the other."


class Whole(_Sequence):
    block_classes = (ByAmount, WhereWay)
    block_names = ("by_amount", "where_way")


class Measured(_Sequence):
    block_classes = (Measure, ByAmount)
    block_names = ("measure", "by_amount")


class Surprise(_Sequence):
    block_classes = (MakeAmount, ByAmount)
    block_names = ("make", "by_amount")


BLOCKS = (
    Big,
    Small,
    Other,
    ByAmount,
    ByFlag,
    Measure,
    MakeAmount,
    WhereWay,
    Whole,
    Measured,
    Surprise,
)


def session(taken: list[str]) -> Session:
    def start() -> NewPipeline:
        refs = {
            name: ComponentRef(name, name, Recorder(name, taken))
            for name in ("big", "small", "other")
        }
        return NewPipeline(PipelineBase("toy", ToyBase()), refs)

    return toy_session(*BLOCKS, functions={"ToyStart": (START, start)})


@pytest.mark.parametrize(
    ("type_id", "amount", "expected"),
    [
        ("ByAmount", 11, ["big"]),
        ("ByAmount", 1, ["small"]),
        ("ByAmount", None, []),
        ("Whole", 11, ["big", "other"]),
        ("Whole", None, []),
        ("Measured", 1, ["small"]),
        ("Measured", None, ["big"]),
        ("Surprise", None, ["big", "small"]),
    ],
)
def test_only_what_runs_is_taken(type_id: str, amount: int | None, expected: list[str]) -> None:
    taken: list[str] = []
    given = {} if amount is None or type_id == "Surprise" else {"amount": amount}

    session(taken).run(chain(("choose", type_id, given)))

    assert sorted(taken) == expected


def test_a_conditional_that_refuses_says_so_itself() -> None:
    with pytest.raises(NodeFailed, match="nothing below zero"):
        session([]).run(chain(("choose", "ByAmount", {"amount": -1})))


def test_a_choice_by_value_is_open_beforehand() -> None:
    types = session([]).types
    by_amount = types.get("ByAmount")
    assert by_amount is not None

    found = BranchResolver(types).resolve(by_amount, {"amount"}.__contains__)

    assert found.undecided_by == (("", ("amount",)),)
    assert [need.name for need in found.components] == ["big", "small"]


def test_another_value_takes_the_other_branch() -> None:
    taken: list[str] = []
    running = session(taken)
    graph = chain(("choose", "ByAmount", {"amount": 11}))
    assert running.run(graph).value("choose", "way") == "big"

    again = chain(("choose", "ByAmount", {"amount": 1}))
    assert running.run(again).value("choose", "way") == "small"
    assert taken == ["big", "small"]


def test_a_flag_is_decided_beforehand_and_its_value_counts() -> None:
    taken: list[str] = []
    running = session(taken)
    ways = [
        running.run(chain(("choose", "ByFlag", given))).value("choose", "way")
        for given in ({"flag": True}, {"flag": False}, {}, {"flag": True})
    ]

    assert ways == ["big", "small", "small", "big"]
    assert taken == ["big", "small", "small"], "the last is kept"


@pytest.mark.parametrize(
    ("type_id", "amount", "branches", "used"),
    [
        ("ByAmount", 11, {"": "big"}, ["big"]),
        ("ByAmount", 1, {"": "small"}, ["small"]),
        ("ByAmount", None, {"": None}, []),
        ("Whole", 11, {"by_amount": "big", "where_way": "other"}, ["big", "other"]),
        ("Whole", None, {"by_amount": None, "where_way": None}, []),
        ("Measured", None, {"by_amount": "big"}, ["big"]),
        # Decided by what is made inside: only that block itself knew.
        ("Surprise", None, {}, ["big", "small"]),
    ],
)
def test_a_block_state_says_which_branches_were_taken(
    type_id: str, amount: int | None, branches: dict[str, str | None], used: list[str]
) -> None:
    given = {} if amount is None else {"amount": amount}
    report = session([]).run(chain(("node", type_id, given)))
    state = block_state_json(ToldValues(report), "node")
    assert isinstance(state, dict)
    assert (state["branches"], state["used_components"]) == (branches, used)
