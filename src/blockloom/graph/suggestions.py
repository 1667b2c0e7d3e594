"""What somebody may have meant: near misses, and who could supply a missing value."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from itertools import islice
from typing import Protocol, runtime_checkable

from blockloom.graph.json_value import quoted
from blockloom.graph.model import Graph
from blockloom.graph.node_types import NodeType, NodeTypes

_MAX_LOOKUPS = 200
_MAX_NAMES = 500
_MAX_SHOWN = 3


@runtime_checkable
class KnowsWriters(Protocol):
    """A catalogue that can say which node types write a state value."""

    def writers(self, name: str, family: str) -> Iterable[str]:
        """Ids of the node types of a family that have an output of that name."""


@runtime_checkable
class KnowsBroken(Protocol):
    """A catalogue that can say why a node type is not there."""

    def why_missing(self, type_id: str) -> str:
        """What is wrong with the file or repository that has it; "" where none is known to."""


def why_missing(types: NodeTypes, type_id: str) -> str:
    """What is wrong with the file of an unknown node type; "" where nothing is known of it."""
    return types.why_missing(type_id) if isinstance(types, KnowsBroken) else ""


class Suggestions:
    """A graph and a catalogue, asked what somebody may have meant.

    The number of look-ups is limited: a graph full of mistakes gets hints for the first ones only.
    """

    def __init__(self, graph: Graph, types: NodeTypes) -> None:
        self.graph = graph
        self.types = types
        self._left = _MAX_LOOKUPS
        self._meant_types: dict[str, str] = {}
        self._writers: dict[str, list[str]] | None = None

    def for_type(self, type_id: str) -> str:
        """ "Did you mean …?" for an unknown node type; "" if nothing is near."""
        if type_id not in self._meant_types:
            found = self.types.suggest(type_id) if self._may_look() else []
            self._meant_types[type_id] = _did_you_mean(found)
        return self._meant_types[type_id]

    def for_name(self, name: str, names: Iterable[str]) -> str:
        """ "Did you mean …?" for an unknown input, output or node; "" if nothing is near."""
        if not self._may_look():
            return ""
        known = {known.lower(): known for known in islice(names, _MAX_NAMES)}
        near = difflib.get_close_matches(name[:80].lower(), known, n=_MAX_SHOWN, cutoff=0.6)
        return _did_you_mean([known[match] for match in near])

    def writers_of(self, name: str, reader: str, node_type: NodeType) -> list[str]:
        """Nodes of the graph, else node types of the catalogue, that write a state value."""
        if self._writers is None:
            self._writers = self._index_writers()
        in_graph = [node_id for node_id in self._writers.get(name, ()) if node_id != reader]
        if in_graph:
            return [f"node {quoted(node_id)}" for node_id in in_graph[:_MAX_SHOWN]]
        if isinstance(self.types, KnowsWriters) and node_type.family and self._may_look():
            found = self.types.writers(name, node_type.family)
            others = (type_id for type_id in found if type_id != node_type.id)
            return list(islice(others, _MAX_SHOWN))
        return []

    def _may_look(self) -> bool:
        self._left -= 1
        return self._left >= 0

    def _index_writers(self) -> dict[str, list[str]]:
        writers: dict[str, list[str]] = {}
        for node_id, node in self.graph.nodes.items():
            node_type = self.types.get(node.type_id)
            if node_type is None or not node_type.is_block:
                continue
            for output in node_type.outputs:
                found = writers.setdefault(output.name, [])
                if len(found) <= _MAX_SHOWN:
                    found.append(node_id)
        return writers


def _did_you_mean(found: Iterable[str]) -> str:
    shown = [quoted(name) for name in islice(found, _MAX_SHOWN)]
    if not shown:
        return ""
    return f"Did you mean {' or '.join(shown)}?"
