"""The drawn graph as plain immutable data; it knows nothing about running."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias, Union

from blockloom.graph.block_lists import BLOCKS, id_of, read_blocks
from blockloom.graph.load_block import LOAD_BLOCK, REPOSITORY, REVISION, load_block_id

Json: TypeAlias = Union[bool, int, float, str, "list[Json]", "dict[str, Json]", None]


@dataclass(frozen=True, slots=True)
class Link:
    """Where an input gets its value: an output of another node, by name or by index."""

    node_id: str
    output: str | int


@dataclass(frozen=True, slots=True)
class Literal:
    """A value the user typed."""

    value: Json


Input: TypeAlias = Link | Literal


@dataclass(frozen=True, slots=True)
class Node:
    """One node: its type, the inputs that were linked or typed, and how it is drawn.

    ``meta`` is the file's ``_meta``: title, position and whatever an editor keeps there.
    """

    id: str
    class_type: str
    inputs: Mapping[str, Input] = field(default_factory=dict)
    meta: Mapping[str, Json] = field(default_factory=dict)

    @property
    def type_id(self) -> str:
        """The id of the node's type: with the blocks chosen for its inside, where it has any."""
        given = self.inputs.get(BLOCKS)
        blocks = read_blocks(given.value) if isinstance(given, Literal) else None
        return self.base_id if blocks is None else id_of(self.base_id, blocks)

    @property
    def base_id(self) -> str:
        """The id of the node's type apart from chosen blocks: with the repository it is from."""
        if self.class_type != LOAD_BLOCK:
            return self.class_type
        repository, revision = self._text(REPOSITORY), self._text(REVISION)
        return load_block_id(repository, revision) if repository else self.class_type

    def _text(self, name: str) -> str:
        given = self.inputs.get(name)
        value = given.value if isinstance(given, Literal) else None
        return value if isinstance(value, str) else ""

    def links(self) -> Iterator[tuple[str, Link]]:
        """The linked inputs, by socket name."""
        for name, value in self.inputs.items():
            if isinstance(value, Link):
                yield name, value

    def with_input(self, name: str, value: Input | None) -> Node:
        """This node with one input set, or removed where ``value`` is None."""
        inputs = {key: kept for key, kept in self.inputs.items() if key != name}
        if value is not None:
            inputs[name] = value
        return replace(self, inputs=inputs)


@dataclass(frozen=True, slots=True)
class Graph:
    """Nodes by id, in the order of the file; ``extra`` holds groups, notes and the viewport."""

    nodes: Mapping[str, Node] = field(default_factory=dict)
    extra: Mapping[str, Json] = field(default_factory=dict)
    _parents: dict[str, tuple[str, ...]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    @property
    def parents(self) -> Mapping[str, tuple[str, ...]]:
        """For every node the nodes it is linked to, each once, as far as they are there."""
        if not self._parents:
            nodes = self.nodes
            self._parents.update({id: _parents_of(node, nodes) for id, node in nodes.items()})
        return self._parents

    def with_node(self, node: Node) -> Graph:
        """This graph with a node added or replaced."""
        return replace(self, nodes={**self.nodes, node.id: node})

    def without_node(self, node_id: str) -> Graph:
        """This graph without a node; links that came from it stay, and will not check."""
        return replace(self, nodes={k: v for k, v in self.nodes.items() if k != node_id})


def _parents_of(node: Node, nodes: Mapping[str, Node]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for given in node.inputs.values():
        if isinstance(given, Link) and given.node_id in nodes:
            found[given.node_id] = None
    return tuple(found)
