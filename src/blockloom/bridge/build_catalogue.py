"""Build the catalogue of what the installed diffusers has."""

from __future__ import annotations

from blockloom.bridge.blocks import BlockLibrary, diffusers_blocks
from blockloom.bridge.component_types import component_types
from blockloom.bridge.presets import describe_pipelines
from blockloom.catalogue.catalogue import Catalogue
from blockloom.graph.chosen_blocks import SEQUENCE_TYPE
from blockloom.graph.load_block import LOAD_BLOCK
from blockloom.graph.load_block_type import LOAD_BLOCK_TYPE


def build_catalogue(library: BlockLibrary | None = None) -> Catalogue:
    """Describe every block, every pipeline and every scheduler and guider."""
    library = library or diffusers_blocks()
    components, left_out = component_types()
    return Catalogue(
        types={
            **library.types(),
            **components,
            SEQUENCE_TYPE.id: SEQUENCE_TYPE,
            LOAD_BLOCK: LOAD_BLOCK_TYPE,
        },
        pipelines=describe_pipelines(library),
        problems=(*library.problems(), *left_out),
    )
