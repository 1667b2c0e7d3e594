"""Conditionals with logic of their own, decided from what is known of them."""

from __future__ import annotations

import pytest
from tests.graph.fake_types import PIPELINE_IN, TYPES, S, chain, gives, takes

from blockloom.graph.branches import BranchResolver, Contradiction, Resolved
from blockloom.graph.check import check_graph
from blockloom.graph.choices import Choice, choose
from blockloom.graph.flow import trace_flow
from blockloom.graph.model import Graph
from blockloom.graph.node_types import FixedNodeTypes, Kind, NodeType, Selection, SubBlock

TEXT, MASK = SubBlock("text", "TextEncoder"), SubBlock("mask", "MaskEncoder")
WORDS = "Pass either image or mask_image, not both."

EITHER = NodeType(
    "Either",
    "Either",
    ("sdxl",),
    Kind.CONDITIONAL,
    inputs=(PIPELINE_IN, takes("image", S.IMAGE), takes("mask_image", S.MASK)),
    sub_blocks=(TEXT, MASK),
    triggers=("image", "mask_image", "enhance", "strength"),
    selections=(
        Selection((), ""),
        Selection(("image",), "text"),
        Selection(("mask_image",), "mask"),
        Selection(("image", "mask_image"), error=WORDS),
        Selection(("image", "mask_image", "enhance"), error=WORDS),
        Selection(("enhance",), "text"),
        Selection(("image", "enhance"), "text"),
        Selection(("mask_image", "enhance"), error="Never enhance a mask."),
    ),
    by_truth=("enhance",),
    by_value=("strength",),
)
ENHANCE = NodeType(
    "Enhance",
    "Enhance",
    ("sdxl",),
    Kind.CONDITIONAL,
    inputs=(PIPELINE_IN, takes("enhance", S.BOOLEAN), takes("prompt", S.STRING)),
    outputs=(gives("embeds", S.TENSOR),),
    sub_blocks=(TEXT,),
    triggers=("enhance",),
    selections=(Selection(()), Selection(("enhance",), "text")),
    by_truth=("enhance",),
    family="sdxl",
)
MODES = NodeType(
    "Modes",
    "Modes",
    ("sdxl",),
    Kind.LEAF,
    inputs=(PIPELINE_IN, takes("enhance", S.BOOLEAN, True)),
)
BOTH = NodeType(
    "Both",
    "Both",
    ("sdxl",),
    Kind.SEQUENTIAL,
    inputs=(PIPELINE_IN, takes("enhance", S.BOOLEAN, True), takes("prompt", S.STRING)),
    outputs=(gives("embeds", S.TENSOR),),
    sub_blocks=(SubBlock("modes", "Modes"), SubBlock("enhance", "Enhance")),
)
OWN = FixedNodeTypes({**TYPES.types, **{t.id: t for t in (EITHER, ENHANCE, MODES, BOTH)}})


@pytest.mark.parametrize(
    ("on", "unknown", "expected"),
    [
        ("", "", Choice((None,))),
        ("image", "", Choice((TEXT,))),
        ("image", "enhance", Choice((TEXT,))),
        ("image", "mask_image", Choice((TEXT,))),
        ("", "image", Choice((None, TEXT), False, ("image",))),
        ("", "image enhance", Choice((None, TEXT), False, ("image", "enhance"))),
        (
            "image mask_image",
            "enhance",
            Choice((TEXT, MASK, None), error=WORDS, refused=("image", "mask_image")),
        ),
        (
            "mask_image enhance",
            "",
            Choice(
                (TEXT, MASK, None),
                error="Never enhance a mask.",
                refused=("mask_image", "enhance"),
            ),
        ),
        ("image strength", "", Choice((TEXT, MASK, None), False, ("strength",))),
        ("strength", "image", Choice((TEXT, MASK, None), False, ("image", "strength"))),
    ],
)
def test_what_is_known_decides(on: str, unknown: str, expected: Choice) -> None:
    def is_on(name: str) -> bool | None:
        return None if name in unknown.split() else name in on.split()

    assert choose(EITHER, is_on) == expected


def resolved(type_id: str, present: str, true: str | None = None) -> Resolved:
    truth = None if true is None else set(true.split()).__contains__
    return BranchResolver(OWN).resolve(OWN.types[type_id], set(present.split()).__contains__, truth)


def test_a_value_whose_truth_nobody_knows_leaves_the_choice_open() -> None:
    found = resolved("Enhance", "enhance")
    assert (found.undecided, found.undecided_by) == (("",), (("", ("enhance",)),))
    assert not found.is_certain
    assert resolved("Enhance", "enhance", true="").choices == (("", None),)
    assert resolved("Enhance", "enhance", true="enhance").choices == (("", "text"),)
    assert resolved("Enhance", "").choices == (("", None),)


def test_a_value_that_is_looked_at_counts_and_not_only_its_presence() -> None:
    assert resolved("Enhance", "enhance", true="").by_presence == frozenset()
    assert resolved("Either", "image").by_presence == {"image", "mask_image", "strength"}


def test_a_default_that_a_block_before_leaves_behind_is_known() -> None:
    assert resolved("Both", "").choices == (("enhance", "text"),)
    assert resolved("Both", "enhance", true="").choices == (("enhance", None),)
    assert resolved("Both", "enhance").undecided == ("enhance",)


def test_a_contradiction_is_neither_decided_nor_open() -> None:
    found = resolved("Either", "image mask_image")
    assert found.contradictions == (Contradiction("", ("image", "mask_image"), WORDS),)
    assert (found.choices, found.undecided, found.is_certain) == ((), (), False)


def enhanced(*values: object) -> Graph:
    nodes = [(f"n{i}", "Enhance", {"enhance": value}) for i, value in enumerate(values)]
    return chain(*nodes, ("last", "Enhance", {}), flag=("PrimitiveInt", {"value": 1}))


@pytest.mark.parametrize(
    ("graph", "choices"),
    [
        (enhanced(True), (("", "text"),)),
        (enhanced(False), (("", None),)),
        (enhanced(True, None), (("", None),)),
        (enhanced(True, False), (("", None),)),
        (enhanced(False, ("flag", 0)), ()),
        (chain(("modes", "Modes", {}), ("last", "Enhance", {})), (("", "text"),)),
        (chain(("mix", "MyMixer", {}), ("last", "Enhance", {})), ()),
        (
            chain(
                ("set", "BlockloomSetValue", {"name": "enhance", "value": False}),
                ("last", "Enhance", {}),
            ),
            (("", None),),
        ),
    ],
)
def test_typed_values_decide_along_the_main_wire(graph: Graph, choices: object) -> None:
    assert trace_flow(graph, OWN).nodes["last"].resolved.choices == choices


def test_a_contradiction_is_told_with_node_and_sockets() -> None:
    picture = ("load", "image")
    graph = chain(
        ("first", "AutoEncoder", {"image": picture}),
        ("either", "Either", {"mask_image": ("load", "mask")}),
        load=("LoadImage", {"image": "a.png"}),
        save=("PreviewAny", {"source": ("first", 1)}),
    )
    problems = check_graph(graph, OWN, targets=["either"]).errors
    assert [(p.code, str(p.place), p.message) for p in problems] == [
        (
            "contradiction",
            'node "either" (Either), input "mask_image"',
            f"These inputs contradict each other (image and mask_image): {WORDS}",
        )
    ]


def test_what_may_turn_out_to_be_nothing_only_may_contradict() -> None:
    graph = chain(
        ("first", "AutoEncoder", {"image": ("get", "value")}),
        ("either", "Either", {"mask_image": ("load", "mask")}),
        load=("LoadImage", {"image": "a.png"}),
        get=("BlockloomGetValue", {"pipeline": ("model", 0), "name": "image"}),
    )
    problems = check_graph(graph, OWN, targets=["either"]).problems
    assert [(p.code, p.is_warning) for p in problems if p.code == "contradiction"] == [
        ("contradiction", True)
    ]
