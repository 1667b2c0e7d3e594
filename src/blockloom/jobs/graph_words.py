"""What a job can be found by and is placed by: the texts typed in its graph, and its models."""

from __future__ import annotations

from collections.abc import Iterator

from blockloom.graph.model import Json

MODEL_INPUTS = frozenset({"model", "repository", "ckpt_name", "unet_name"})
MAX_TEXT = 20_000


def nodes_of(graph: object) -> dict[str, Json]:
    """The nodes of a graph file's content, bare or under ``prompt``; empty where there are none."""
    if not isinstance(graph, dict):
        return {}
    prompt = graph.get("prompt")
    is_wrapped = isinstance(prompt, dict) and "class_type" not in prompt
    return prompt if isinstance(prompt, dict) and is_wrapped else graph


def words_of(graph: object) -> str:
    """All typed texts, each once, folded for searching; long ones are cut at 20,000 characters."""
    found = dict.fromkeys(text for _, text in _typed_texts(graph))
    return searchable("\n".join(found)[:MAX_TEXT])


def models_of(graph: object) -> tuple[str, ...]:
    """The names typed into inputs that name a model, each once."""
    texts = _typed_texts(graph)
    return tuple(dict.fromkeys(text for name, text in texts if name in MODEL_INPUTS and text))


def searchable(text: str) -> str:
    """Text as it is compared: without case, and without what a database cannot hold."""
    return _whole(text).replace("\0", " ").casefold()


def is_storable(text: str) -> bool:
    """Whether a database can hold a text: half a surrogate pair and NUL it cannot."""
    return "\0" not in text and text == _whole(text)


def _typed_texts(graph: object) -> Iterator[tuple[str, str]]:
    for node in nodes_of(graph).values():
        inputs = node.get("inputs") if isinstance(node, dict) else None
        for name, value in inputs.items() if isinstance(inputs, dict) else ():
            wrapped = value.get("__value__") if isinstance(value, dict) else None
            for item in wrapped if isinstance(wrapped, list) else [value]:
                if isinstance(item, str):
                    yield str(name), _whole(item)


def _whole(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")
