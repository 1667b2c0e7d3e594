"""Problems with nodes whose block is to come from a repository."""

from __future__ import annotations

from collections.abc import Iterator

from blockloom.errors import Place, Problem
from blockloom.graph.load_block import LOAD_BLOCK, REPOSITORY, REVISION
from blockloom.graph.load_block_type import is_loaded
from blockloom.graph.model import Link, Literal, Node
from blockloom.graph.node_types import NodeTypes
from blockloom.graph.suggestions import why_missing


def load_block_problems(node: Node, types: NodeTypes) -> Iterator[Problem]:
    """What keeps a Load Block from having its block; nothing for other nodes."""
    if node.class_type != LOAD_BLOCK:
        return
    for name in (REPOSITORY, REVISION):
        if isinstance(node.inputs.get(name), Link):
            place = Place(node.id, node.class_type, name)
            message = "It must be typed here: the sockets of the node depend on it."
            yield Problem("wrong_value", place, message, "Remove the link and type it.")
            return
    place = Place(node.id, node.class_type, REPOSITORY)
    if node.inputs.get(REPOSITORY) in (None, Literal("")):
        message = "No repository is named."
        yield Problem("missing_input", place, message, "Type a folder, or a name on the Hub.")
        return
    found = types.get(node.base_id)
    if node.base_id == LOAD_BLOCK or found is None or is_loaded(found):
        return
    message = why_missing(types, node.base_id) or "The block of this repository is not loaded."
    yield Problem("not_loaded", place, message, "Put that right, then reload the nodes.")
