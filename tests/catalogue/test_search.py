"""Search: what fits best comes first."""

from __future__ import annotations

from blockloom.catalogue.search import search
from blockloom.graph.node_types import InputSocket, Kind, NodeType
from blockloom.graph.sockets import SocketType
from described import catalogue

_DENOISE = NodeType(
    "ToyDenoise",
    "Denoise",
    ("Toy", "Denoise"),
    Kind.LOOP,
    description="Removes noise.",
    inputs=(InputSocket("latents", SocketType.TENSOR),),
    family="toy-family",
)
_ADD_NOISE = NodeType("ToyAddNoise", "Add Noise", ("Toy", "Input"), Kind.LEAF)
_TEXT = NodeType(
    "ToyText", "Text Encoder", ("Toy", "Text"), Kind.LEAF, description="Reads the prompt."
)
_TYPES = (_TEXT, _DENOISE, _ADD_NOISE)


def test_an_empty_query_gives_all_by_id() -> None:
    assert search(_TYPES, "") == [_ADD_NOISE, _DENOISE, _TEXT]
    assert search(_TYPES, "  ", limit=1) == [_ADD_NOISE]


def test_a_title_counts_more_than_a_description() -> None:
    assert search(_TYPES, "noise") == [_ADD_NOISE, _DENOISE]


def test_every_word_has_to_fit() -> None:
    assert search(_TYPES, "toy add") == [_ADD_NOISE]
    assert search(_TYPES, "prompt text") == [_TEXT]


def test_sockets_and_families_are_searched() -> None:
    assert search(_TYPES, "latents") == [_DENOISE]
    assert search(_TYPES, "toy-family") == [_DENOISE]


def test_a_slip_of_the_pen_is_forgiven() -> None:
    assert search(_TYPES, "denoize") == [_DENOISE]
    assert search(_TYPES, "text encodr") == [_TEXT]
    assert search(_TYPES, "xyzzy") == []


def test_the_block_of_that_name_comes_first() -> None:
    types = catalogue().types.values()

    assert search(types, "StableDiffusionXLTextEncoderStep")[0].id == (
        "StableDiffusionXLTextEncoderStep"
    )
    for query in ("sdxl text encoder", "stable xl text encoder", "text encoder sdxl"):
        assert search(types, query, limit=1)[0].id == "StableDiffusionXLTextEncoderStep"
    assert search(types, "euler ancestral")[0].id == "BlockloomSetEulerAncestralDiscreteScheduler"
