"""Blocks from repositories: the node ``Load Block``, whose type follows from what is typed on it.

Its id names the repository: ``BlockloomLoadBlock@somebody/blur@main``, percent-encoded, so that
places inside the block (``…:path``) and blocks chosen for it (``…[…]``) are written behind it as
behind every other id.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

if TYPE_CHECKING:
    from blockloom.graph.node_types import NodeType

LOAD_BLOCK = "BlockloomLoadBlock"
REPOSITORY, REVISION = "repository", "revision"
_MARK = "@"


def load_block_id(repository: str, revision: str = "") -> str:
    """The id of the block of a repository, as these two are typed on the node."""
    named = LOAD_BLOCK + _MARK + quote(repository, safe="/")
    return named + _MARK + quote(revision, safe="/") if revision else named


def repository_in(type_id: str) -> tuple[str, str] | None:
    """Repository and revision in an id; None where it is not that of a block from one."""
    class_id = type_id.partition("[")[0].partition(":")[0]
    class_type, mark, rest = class_id.partition(_MARK)
    if class_type != LOAD_BLOCK or not mark or not rest:
        return None
    repository, _, revision = rest.partition(_MARK)
    return unquote(repository), unquote(revision)


def not_loaded(base: NodeType | None, type_id: str) -> NodeType | None:
    """The type of a block that is not loaded, which has no sockets of its own yet."""
    is_place = ":" in type_id or "[" in type_id
    if base is None or is_place or repository_in(type_id) is None:
        return None
    return replace(base, id=type_id)
