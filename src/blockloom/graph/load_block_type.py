"""The node type ``Load Block``: before a repository is loaded, and with a block's sockets."""

from __future__ import annotations

from dataclasses import replace

from blockloom.graph.load_block import LOAD_BLOCK, REPOSITORY, REVISION
from blockloom.graph.node_types import InputSocket, Kind, NodeType, OutputSocket
from blockloom.graph.sockets import SocketType

_CATEGORY = ("Own blocks", "From repositories")
_SETTINGS = (
    InputSocket(
        REPOSITORY,
        SocketType.STRING,
        is_required=True,
        description="A folder, or a name on the Hugging Face Hub.",
        is_setting=True,
    ),
    InputSocket(
        REVISION,
        SocketType.STRING,
        default="",
        has_default=True,
        description="A branch, tag or commit; empty for the one that is trusted.",
        is_setting=True,
    ),
)
LOAD_BLOCK_TYPE = NodeType(
    LOAD_BLOCK,
    "Load Block",
    _CATEGORY,
    Kind.LEAF,
    "A block that comes with a repository. Its sockets appear once the repository is trusted and "
    "the nodes are reloaded.",
    (
        InputSocket("pipeline", SocketType.PIPELINE, True, description="Components and state."),
        *_SETTINGS,
    ),
    (OutputSocket("pipeline", SocketType.PIPELINE, "Components and state after this block."),),
    origin="blockloom",
)


def as_load_block(described: NodeType, repository: str, revision: str = "") -> NodeType:
    """The type of a block as the node that loads it; a step of a loop cannot be a node itself."""
    if described.kind is Kind.LOOP_STEP:
        return replace(described, category=_CATEGORY)
    main = tuple(s for s in described.inputs if s.type is SocketType.PIPELINE)
    own = tuple(
        s
        for s in described.inputs
        if s.type is not SocketType.PIPELINE and s.name not in (REPOSITORY, REVISION)
    )
    title = f"{described.title} ({repository.rstrip('/').rpartition('/')[2]})"
    named, version = _SETTINGS
    settings = (
        replace(named, is_required=False, default=repository, has_default=True),
        replace(version, default=revision),
    )
    return replace(described, title=title, category=_CATEGORY, inputs=(*main, *settings, *own))


def is_loaded(node_type: NodeType) -> bool:
    """Whether the type of a Load Block is that of its block."""
    return node_type.origin != LOAD_BLOCK_TYPE.origin
