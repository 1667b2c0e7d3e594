"""Blocks that somebody wrote: described, resolved, and left out with a reason."""

from __future__ import annotations

from typing import Any, ClassVar

import pytest
from diffusers.modular_pipelines.modular_pipeline import (
    AutoPipelineBlocks,
    ModularPipelineBlocks,
    SequentialPipelineBlocks,
)
from diffusers.modular_pipelines.modular_pipeline_utils import InputParam, OutputParam

from blockloom.bridge.block_kinds import is_as_made
from blockloom.bridge.blocks import BlockLibrary, diffusers_blocks
from blockloom.catalogue.catalogue import Catalogue
from blockloom.errors import NodeDefinitionError, NotFoundError
from blockloom.graph.node_types import Kind, Role, SubBlock


class Add(ModularPipelineBlocks):
    model_name = "toy"

    def __init__(self, output_name: str = "total") -> None:
        super().__init__()
        self.output_name = output_name

    @property
    def inputs(self) -> list[InputParam]:
        return [InputParam("amount", type_hint=int, default=1)]

    @property
    def intermediate_outputs(self) -> list[OutputParam]:
        return [OutputParam(self.output_name, type_hint=int)]

    def __call__(self, components: Any, state: Any) -> tuple[Any, Any]:
        return components, state


class Twice(SequentialPipelineBlocks):
    block_classes: ClassVar = [Add, Add("second")]
    block_names: ClassVar = ["one", "two.again"]


class Whole(SequentialPipelineBlocks):
    block_classes: ClassVar = [Twice]
    block_names: ClassVar = ["both"]


class Perhaps(AutoPipelineBlocks):
    block_classes: ClassVar = [Add, Twice]
    block_names: ClassVar = ["single", "double"]
    block_trigger_inputs: ClassVar = ["amount", None]


class NeedsArgument(Add):
    def __init__(self, output_name: str) -> None:
        super().__init__(output_name)


class RaisesWhenAsked(Add):
    @property
    def inputs(self) -> list[InputParam]:
        raise KeyError("nothing here")


def _library() -> BlockLibrary:
    library = BlockLibrary()
    for block_class in (Add, Twice, Whole, Perhaps):
        library.add_class(block_class)
    return library


def test_a_block_made_with_arguments_is_a_type_of_its_own() -> None:
    types = _library().types()

    assert list(types) == ["Add", "Twice", "Twice:two.again", "Whole", "Perhaps"]
    assert types["Twice"].sub_blocks == (
        SubBlock("one", "Add"),
        SubBlock("two.again", "Twice:two.again"),
    )
    assert [s.name for s in types["Twice:two.again"].outputs] == ["pipeline", "second"]
    assert types["Twice:two.again"].title == "Add (in Twice)"


def test_places_with_dots_in_their_names_resolve() -> None:
    library = _library()

    for type_id in ("Twice:two.again", "Whole:both.two.again", "Perhaps:double.two.again"):
        block = library.resolve(type_id)
        assert (type(block), block.output_name) == (Add, "second")


def test_the_catalogue_finds_the_same_places() -> None:
    catalogue = Catalogue(types=_library().types())

    found = catalogue.get("Whole:both.two.again")
    assert found is not None
    assert found.id == "Whole:both.two.again"
    assert [s.name for s in found.outputs] == ["pipeline", "second"]
    assert catalogue.get("Whole:both") is not None
    assert catalogue.get("Whole:both.three") is None
    assert catalogue.get("Whole:") is None
    assert catalogue.get("Nothing:both") is None


def test_types_of_gives_a_class_with_its_places() -> None:
    assert [t.id for t in _library().types_of("Twice")] == ["Twice", "Twice:two.again"]


def test_a_conditional_of_ones_own() -> None:
    found = _library().types()["Perhaps"]

    assert (found.kind, found.default_branch, found.triggers) == (
        Kind.CONDITIONAL,
        "double",
        ("amount",),
    )
    assert found.sub_blocks == (SubBlock("single", "Add", "amount"), SubBlock("double", "Twice"))
    amount = found.input("amount")
    assert amount is not None
    assert (amount.default, amount.role) == (1, Role.USER)


def test_an_own_class_stands_beside_those_of_diffusers() -> None:
    library = diffusers_blocks()
    described = library.add_class(Add, "my.Add")

    assert described.id == "my.Add"
    assert library.types()["my.Add"] == described
    assert len(library.types()) == 753
    assert type(library.resolve("my.Add")) is Add


@pytest.mark.parametrize("block_class", [NeedsArgument, RaisesWhenAsked])
def test_a_class_that_cannot_be_described_is_said(block_class: type) -> None:
    library = BlockLibrary()

    with pytest.raises(NodeDefinitionError, match=f"{block_class.__name__} cannot be a node"):
        library.add_class(block_class)
    with pytest.raises(NotFoundError, match=block_class.__name__):
        library.resolve(block_class.__name__)


def test_a_progress_bar_is_no_part_of_a_block() -> None:
    """Presets share loops, and whoever runs a whole pipeline may silence those."""
    block = diffusers_blocks().resolve("StableDiffusionXLDenoiseStep")
    assert is_as_made(block)
    block.set_progress_bar_config(disable=True)
    assert is_as_made(block)
