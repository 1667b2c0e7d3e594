"""A small catalogue and short ways to draw, for the tests of what goes to ComfyUI and back."""

from __future__ import annotations

from typing import Any

from blockloom.catalogue.folders import load_folder
from blockloom.graph.chosen_blocks import SEQUENCE_TYPE
from blockloom.graph.file import read_graph
from blockloom.graph.model import Graph
from blockloom.graph.node_types import FixedNodeTypes
from blockloom.graph.sockets import SocketType
from blockloom.resources import nodes_folder
from graph.fake_types import TYPES as FAKE_TYPES
from graph.fake_types import block, bundle, gives, needs, takes

_BLOCKS = (
    block(
        "Crop",
        (
            takes("corner", SocketType.LIST, [0, 0]),
            takes("options", SocketType.DICT),
            takes("guidance", SocketType.FLOAT, 5.0),
            takes("generator", SocketType.SEED),
            takes("note", SocketType.STRING, ""),
            bundle(),
        ),
        (gives("latents", SocketType.TENSOR),),
    ),
    block("Blur", (needs("image", SocketType.IMAGE),), (gives("blurred", SocketType.IMAGE),)),
)
TYPES = FixedNodeTypes(
    {
        **FAKE_TYPES.types,
        **load_folder(nodes_folder()).types,
        **{found.id: found for found in (*_BLOCKS, SEQUENCE_TYPE)},
    }
)


def node(class_type: str, meta: dict[str, Any] | None = None, /, **inputs: Any) -> dict[str, Any]:
    """A node of a graph file; links are lists, as there."""
    found: dict[str, Any] = {"class_type": class_type, "inputs": inputs}
    return {**found, "_meta": meta} if meta else found


def draw(extra: dict[str, Any] | None = None, /, **nodes: dict[str, Any]) -> Graph:
    """A graph of these nodes."""
    return read_graph({"prompt": nodes, "extra": extra or {}})


MODEL = node("BlockloomLoadPipeline", {"title": "Mine", "position": [0, 0]}, model="demo")
