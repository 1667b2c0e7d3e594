"""The catalogue as plain data: looking up, suggesting, adding."""

from __future__ import annotations

from blockloom.catalogue.catalogue import Catalogue
from blockloom.graph.node_types import InputSocket, Kind, NodeType, OutputSocket, SubBlock
from blockloom.graph.sockets import SocketType
from blockloom.graph.suggestions import KnowsWriters

_LEAF = NodeType("Leaf", "Leaf", ("toy",), Kind.LEAF)
_INNER = NodeType(
    "Inner", "Inner", ("toy",), Kind.SEQUENTIAL, sub_blocks=(SubBlock("a.b", "Inner:a.b"),)
)
_PLACE = NodeType(
    "Inner:a.b", "Leaf", ("toy",), Kind.LEAF, inputs=(InputSocket("x", SocketType.INT),)
)
_OUTER = NodeType(
    "Outer",
    "Outer",
    ("toy",),
    Kind.SEQUENTIAL,
    sub_blocks=(SubBlock("a", "Leaf"), SubBlock("inner", "Inner"), SubBlock("gone", "Gone:x")),
)
_CATALOGUE = Catalogue({t.id: t for t in (_LEAF, _INNER, _PLACE, _OUTER)})


def test_a_class_is_found_by_its_id() -> None:
    assert _CATALOGUE.get("Leaf") is _LEAF
    assert _CATALOGUE.get("Inner:a.b") is _PLACE
    assert _CATALOGUE.get("leaf") is None


def test_a_place_is_found_by_walking_and_has_the_id_that_was_asked_for() -> None:
    found = _CATALOGUE.get("Outer:inner.a.b")

    assert found is not None
    assert (found.id, found.inputs) == ("Outer:inner.a.b", _PLACE.inputs)


def test_places_that_are_not_there() -> None:
    for type_id in ("Outer:", "Outer:b", "Outer:inner.a", "Outer:a.inner", "Outer:gone", "X:a"):
        assert _CATALOGUE.get(type_id) is None


def test_suggestions_are_alike_whatever_the_case() -> None:
    assert _CATALOGUE.suggest("outter") == ["Outer"]
    assert _CATALOGUE.suggest("INNER")[0] == "Inner"
    assert _CATALOGUE.suggest("zzzzzz") == []


def test_added_types_replace_those_of_the_same_id() -> None:
    own = NodeType("Leaf", "My leaf", ("mine",), Kind.FUNCTION)
    more = _CATALOGUE.with_types([own], ["one line"])

    assert more.get("Leaf") is own
    assert more.get("Outer") is _OUTER
    assert more.file_problems == ("one line",)
    assert more.with_types([], ["one line", "another"]).file_problems == ("one line", "another")
    assert more.functions() == (own,)
    assert _CATALOGUE.get("Leaf") is _LEAF
    assert _CATALOGUE.functions() == ()
    assert set(_CATALOGUE.blocks()) == {_LEAF, _INNER, _PLACE, _OUTER}


def _writer(id_: str, kind: Kind, reads: str = "", family: str = "toy") -> NodeType:
    inputs = (InputSocket(reads, SocketType.TENSOR),) if reads else ()
    outputs = (OutputSocket("latents", SocketType.TENSOR),)
    return NodeType(id_, id_, ("toy",), kind, inputs=inputs, outputs=outputs, family=family)


def test_who_writes_a_value_is_told_best_first() -> None:
    types = [
        _writer("Denoise", Kind.LOOP, reads="latents"),
        _writer("Whole", Kind.SEQUENTIAL),
        _writer("Step", Kind.LOOP_STEP),
        _writer("Auto", Kind.CONDITIONAL),
        _writer("Auto:prepare", Kind.LEAF),
        _writer("Prepare", Kind.LEAF, reads="seed"),
        _writer("Else", Kind.LEAF, family="other"),
        _writer("Function", Kind.FUNCTION),
    ]
    catalogue: KnowsWriters = Catalogue({t.id: t for t in types})

    assert catalogue.writers("latents", "toy") == (
        "Prepare",
        "Auto:prepare",
        "Auto",
        "Denoise",
        "Whole",
    )
    assert catalogue.writers("latents", "other") == ("Else",)
    assert catalogue.writers("embeds", "toy") == ()
