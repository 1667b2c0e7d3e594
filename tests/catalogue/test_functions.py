"""Node functions: what their signature and docstring say."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Annotated, Any, Literal, NamedTuple, Optional, Union

import pytest

from blockloom import (
    AnyValue,
    Component,
    Context,
    Image,
    Mask,
    Multiline,
    Pipeline,
    Range,
    Seed,
    Tensor,
    node,
)
from blockloom.catalogue.author import Audio, Title, Video
from blockloom.catalogue.functions import describe_function
from blockloom.errors import NodeDefinitionError
from blockloom.graph.model import Json
from blockloom.graph.node_types import InputSocket, Kind, NodeType, OutputSocket, Widget
from blockloom.graph.sockets import SocketType

if TYPE_CHECKING:
    from torch import nn


class Parts(NamedTuple):
    image: Image
    mask: Annotated[Mask, Title("What changes")]
    count: int = 0


@node(category="image/transform", output=True, volatile=True)
def resize_image(
    image: Image,
    width: Annotated[int, Range(8, 8192, step=8)] = 512,
    method: Literal["lanczos", "nearest"] = "lanczos",
    ctx: Context | None = None,
) -> Image:
    """Resize an image
    to a width.

    More about it.

    Args:
        image: What is resized.
        width (int, optional): How wide it
            becomes.

    Returns:
        image: not an input
    """
    return image


def test_a_node_in_full() -> None:
    found = describe_function(resize_image)

    assert found == NodeType(
        id="BlockloomResizeImage",
        title="Resize Image",
        category=("image", "transform"),
        kind=Kind.FUNCTION,
        description="Resize an image to a width.",
        inputs=(
            InputSocket(
                "image", SocketType.IMAGE, is_required=True, description="What is resized."
            ),
            InputSocket(
                "width",
                SocketType.INT,
                default=512,
                has_default=True,
                description="How wide it becomes.",
                widget=Widget(8, 8192, 8),
            ),
            InputSocket(
                "method",
                SocketType.STRING,
                default="lanczos",
                has_default=True,
                widget=Widget(choices=("lanczos", "nearest")),
            ),
        ),
        outputs=(OutputSocket("image", SocketType.IMAGE),),
        is_output=True,
        is_volatile=True,
        origin=__file__,
    )


def test_several_outputs_are_the_fields_of_a_named_tuple() -> None:
    @node(id="Split", title="Split it")
    def split(image: Image) -> Parts:
        return Parts(image, image)

    found = describe_function(split)
    assert (found.id, found.title, found.category) == ("Split", "Split it", ("test functions",))
    assert found.outputs == (
        OutputSocket("image", SocketType.IMAGE),
        OutputSocket("mask", SocketType.MASK, title="What changes"),
        OutputSocket("count", SocketType.INT),
    )


@pytest.mark.parametrize(
    ("annotation", "expected"),
    [
        (Image, SocketType.IMAGE),
        ("Image", SocketType.IMAGE),
        ("Image | None", SocketType.IMAGE),
        (Optional[Image], SocketType.IMAGE),  # noqa: UP045
        ("list[Image]", SocketType.IMAGE),
        (Mask, SocketType.MASK),
        (Video, SocketType.VIDEO),
        (Audio, SocketType.AUDIO),
        (Tensor, SocketType.TENSOR),
        (Seed, SocketType.SEED),
        (Component, SocketType.COMPONENT),
        (AnyValue, SocketType.ANY),
        (Pipeline, SocketType.PIPELINE),
        ("Pipeline | None", SocketType.PIPELINE),
        ("PIL.Image.Image", SocketType.IMAGE),
        ("list[PIL.Image.Image]", SocketType.IMAGE),
        ("PIL.Image.Image | list[PIL.Image.Image] | None", SocketType.IMAGE),
        ("torch.Tensor", SocketType.TENSOR),
        ("None | torch.Tensor", SocketType.TENSOR),
        ("Optional[torch.Tensor]", SocketType.TENSOR),
        ("torch.Generator", SocketType.SEED),
        (int, SocketType.INT),
        (float, SocketType.FLOAT),
        ("int | float", SocketType.FLOAT),
        ("int | str", SocketType.ANY),
        (bool, SocketType.BOOLEAN),
        (str, SocketType.STRING),
        (list, SocketType.LIST),
        ("list[float]", SocketType.LIST),
        ("tuple[int, int]", SocketType.LIST),
        (Sequence[int], SocketType.LIST),
        (dict, SocketType.DICT),
        ("dict[str, float]", SocketType.DICT),
        (object, SocketType.ANY),
        (Any, SocketType.ANY),
        (Json, SocketType.ANY),
        (Union[str, int, None], SocketType.ANY),  # noqa: UP007
        ("Literal[1, 2]", SocketType.INT),
        (Callable[[], None], SocketType.OBJECT),
        (Annotated[int, Range(0, 1), Title("t")], SocketType.INT),
    ],
)
def test_types_of_annotations(annotation: object, expected: SocketType) -> None:
    def take(value):  # type: ignore[no-untyped-def]
        return None

    take.__annotations__ = {"value": annotation, "return": None}
    found = describe_function(node(take))

    assert [(socket.name, socket.type) for socket in found.inputs] == [("value", expected)]
    assert found.outputs == ()


def test_notes_on_inputs() -> None:
    @node
    def notes(
        text: Annotated[str, Multiline(), Title("What to say")],
        lines: Annotated[str, Multiline] = "",
        seed: Seed = 0,
        wide_seed: Annotated[Seed, Range(0, 2**64 - 1, step=1)] = 0,
        size: tuple[int, int] = (8, 8),
        odd: float = float("inf"),
        nothing: Image | None = None,
    ) -> None:
        return None

    assert describe_function(notes).inputs == (
        InputSocket(
            "text",
            SocketType.STRING,
            is_required=True,
            widget=Widget(is_multiline=True),
            title="What to say",
        ),
        InputSocket(
            "lines",
            SocketType.STRING,
            default="",
            has_default=True,
            widget=Widget(is_multiline=True),
        ),
        InputSocket(
            "seed",
            SocketType.SEED,
            default=0,
            has_default=True,
            widget=Widget(0, 2**63 - 1, 1),
        ),
        InputSocket(
            "wide_seed",
            SocketType.SEED,
            default=0,
            has_default=True,
            widget=Widget(0, 2**64 - 1, 1),
        ),
        InputSocket("size", SocketType.LIST, default=[8, 8], has_default=True),
        InputSocket("odd", SocketType.FLOAT, has_default=True, default_text="inf"),
        InputSocket("nothing", SocketType.IMAGE, has_default=True),
    )


@pytest.mark.parametrize(
    ("annotation", "expected"),
    [
        (Image, "image"),
        (Pipeline, "pipeline"),
        (AnyValue, "value"),
        (int, "int"),
        (Callable[[], None], "value"),
    ],
)
def test_an_only_output_is_named_by_its_type(annotation: object, expected: str) -> None:
    def give():  # type: ignore[no-untyped-def]
        return None

    give.__annotations__ = {"return": annotation}
    assert [socket.name for socket in describe_function(node(give)).outputs] == [expected]


def _no_type(image) -> Image:  # type: ignore[no-untyped-def]
    return image


def _no_result(image: Image):  # type: ignore[no-untyped-def]
    return image


def _unknown_name(image: Imagge) -> Image:  # type: ignore[name-defined]  # noqa: F821
    return image


def _unknown_in_list(images: list[Imagge]) -> Image:  # type: ignore[name-defined]  # noqa: F821
    return images[0]


def _broken_text(image: "Image[") -> None:  # type: ignore[valid-type]  # noqa: F722
    return None


def _only_for_type_checkers(module: nn.Module) -> None:
    return None


def _any_number(*images: Image) -> None:
    return None


def _any_name(**images: Image) -> None:
    return None


def _position(image: Image, /) -> None:
    return None


def _not_a_choice(method: Literal["a", "b"] = "c") -> None:  # type: ignore[assignment]
    return None


def _named_tuple_as_input(parts: Parts) -> None:
    return None


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (_no_type, 'the parameter "image" has no type'),
        (_no_result, "does not say what it returns"),
        (_unknown_name, "'Imagge' is not defined"),
        (_unknown_in_list, "'Imagge' is not defined"),
        (_broken_text, 'the type of the parameter "image" cannot be read'),
        (_only_for_type_checkers, "'nn.Module' is not defined"),
        (_any_number, 'the parameter "images" takes any number of values'),
        (_any_name, 'the parameter "images" takes any number of values'),
        (_position, 'the parameter "image" has no name to callers'),
        (_not_a_choice, 'the default of "method" is not among its choices'),
        (_named_tuple_as_input, 'the type of the parameter "parts" is no socket'),
    ],
)
def test_what_cannot_be_a_node_is_said(function: Callable[..., object], message: str) -> None:
    marked = node(function)
    line = function.__code__.co_firstlineno

    with pytest.raises(NodeDefinitionError) as error:
        describe_function(marked)
    assert str(error.value).startswith(
        f"{__file__}, line {line}: the function {function.__name__!r} cannot be a node: "
    )
    assert message in error.value.message
    assert error.value.remedy


def test_ids_that_graphs_use_otherwise_are_refused() -> None:
    @node(id="My:Node")
    def colon() -> None:
        return None

    with pytest.raises(NodeDefinitionError, match="colon or a space"):
        describe_function(colon)


def test_a_function_that_is_not_marked() -> None:
    def plain() -> None:
        return None

    with pytest.raises(NodeDefinitionError, match="@node"):
        describe_function(plain)
