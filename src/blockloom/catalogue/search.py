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
    if not words:
        return known[:limit]
    scored = [(_scores(node_type, words), node_type) for node_type in known]
    fitting = [(sum(scores), node_type) for scores, node_type in scored if all(scores)]
    if not fitting:
        return _alike(known, query)[:limit]
    fitting.sort(key=lambda found: (-found[0], *_place(found[1], words[0])))
    return [node_type for _, node_type in fitting][:limit]


def _place(node_type: NodeType, word: str) -> tuple[bool, int, int]:
    """Among equals: whole classes, then those whose title has the word early, then short ids."""
    at = node_type.title.lower().find(word)
    return (":" in node_type.id, at if at >= 0 else len(node_type.title), len(node_type.id))


def _scores(node_type: NodeType, words: list[str]) -> list[int]:
    sockets = [socket.name for socket in node_type.inputs]
    sockets += [socket.name for socket in node_type.outputs]
    family = (node_type.family, _initials(node_type.family), *node_type.category)
    fields = (
        (10, node_type.title),
        (10, node_type.id),
        (5, " ".join((*family, node_type.kind.value))),
        (2, " ".join(sockets)),
        (1, node_type.description),
    )
    texts = [(weight, text.lower()) for weight, text in fields]
    return [max(weight * _fit(word, text) for weight, text in texts) for word in words]


def _initials(family: str) -> str:
    """The short form of a family's name: "stable-diffusion-xl" is "sdxl"."""
    words = family.split("-")
    return "".join(word if len(word) <= 2 or word[:1].isdigit() else word[:1] for word in words)


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
    names = difflib.get_close_matches(plain, list(by_name), n=10, cutoff=0.7)
    return list({by_name[name].id: by_name[name] for name in names}.values())
