"""Find node types by what somebody types, best first."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable

from blockloom.graph.node_types import NodeType

_EXACT = 100
_PREFIX = 60
_WORD = 40
_INSIDE = 20


def search(types: Iterable[NodeType], query: str, limit: int | None = None) -> list[NodeType]:
    """The node types that fit every word of a query; all of them, by id, where it is empty.

    A word counts most in the title and the id, then in family and category, in socket names, and
    least in the description. Where nothing fits, ids and titles that look alike are given.
    """
    known = sorted(types, key=lambda node_type: node_type.id)
    words = query.lower().split()
    ranked = [
        (sum(scores), node_type) for node_type in known if all(scores := _scores(node_type, words))
    ]
    if words and not ranked:
        return _alike(known, query)[:limit]
    ranked.sort(key=lambda found: (-found[0], ":" in found[1].id, len(found[1].id)))
    return [node_type for _, node_type in ranked][:limit]


def _scores(node_type: NodeType, words: list[str]) -> list[int]:
    sockets = [socket.name for socket in node_type.inputs]
    sockets += [socket.name for socket in node_type.outputs]
    fields = (
        (10, node_type.title),
        (10, node_type.id),
        (5, f"{node_type.family} {' '.join(node_type.category)} {node_type.kind.value}"),
        (2, " ".join(sockets)),
        (1, node_type.description),
    )
    texts = [(weight, text.lower()) for weight, text in fields]
    return [max(weight * _fit(word, text) for weight, text in texts) for word in words]


def _fit(word: str, text: str) -> int:
    """How well a word fits a text: the whole, its start, the start of a word, anywhere, not."""
    if word not in text:
        return 0
    if word == text:
        return _EXACT
    if text.startswith(word):
        return _PREFIX
    return _WORD if re.search(rf"\b{re.escape(word)}", text) else _INSIDE


def _alike(known: list[NodeType], query: str) -> list[NodeType]:
    plain = query.lower().replace(" ", "")
    by_name: dict[str, NodeType] = {}
    for node_type in known:
        by_name.setdefault(node_type.title.lower().replace(" ", ""), node_type)
        by_name.setdefault(node_type.id.lower(), node_type)
    names = difflib.get_close_matches(plain, list(by_name), n=10, cutoff=0.6)
    return list({by_name[name].id: by_name[name] for name in names}.values())
