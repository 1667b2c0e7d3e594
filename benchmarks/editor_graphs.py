"""Large graphs for the editor, and the same ones as workflows of ComfyUI's editor.

Every node is of a real type and has about fifteen sockets, all of them shown. Each row is a chain:
it loads a pipeline, encodes a text, and goes on along the main wire, through nodes full of controls
and nodes full of values, which are linked besides.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, TypeAlias

Json: TypeAlias = dict[str, Any]

LOADER = "BlockloomLoadPipeline"
ENCODER = "StableDiffusionXLTextEncoderStep"
VALUES = "StableDiffusionXLInputStep"
CYCLE = (
    VALUES,
    "BlockloomSetDDIMScheduler",
    VALUES,
    "BlockloomSetHeunDiscreteScheduler",
    VALUES,
    "BlockloomSetFlowMatchLCMScheduler",
)
LINKED = ("prompt_embeds", "negative_prompt_embeds", "pooled_prompt_embeds")
IN_A_ROW = 20
ACROSS, DOWN = 360, 760
ZOOM = 0.75


@dataclass(slots=True)
class Drawn:
    """A node: its type, its place, and what is linked to it, by input."""

    type: str
    x: int
    y: int
    links: dict[str, tuple[int, str]] = field(default_factory=dict)


def chains(count: int) -> list[Drawn]:
    """So many nodes in rows, from left to right."""
    return [node for row in range(0, count, IN_A_ROW) for node in _row(row, count)]


def _row(first: int, count: int) -> Iterator[Drawn]:
    source = None
    for number in range(first, min(first + IN_A_ROW, count)):
        column = number - first
        known = (LOADER, ENCODER)
        name = known[column] if column < len(known) else CYCLE[column % len(CYCLE)]
        node = Drawn(name, column * ACROSS, first // IN_A_ROW * DOWN)
        if column > 0:
            node.links["pipeline"] = (number - 1, "pipeline")
        if name == VALUES and source is not None:
            node.links |= {value: (source, value) for value in LINKED}
        if name in (ENCODER, VALUES):
            source = number
        yield node


def graph_file(nodes: list[Drawn]) -> Json:
    """The graph as a file of Blockloom, seen from its upper left corner."""
    prompt: Json = {}
    for number, node in enumerate(nodes):
        inputs: Json = {name: [str(at), output] for name, (at, output) in node.links.items()}
        if node.type == LOADER:
            inputs["model"] = "demo"
        if node.type == ENCODER:
            inputs["prompt"] = "a red circle on a blue background"
        meta = {"position": [node.x, node.y], "unfolded": True}
        prompt[str(number)] = {"class_type": node.type, "inputs": inputs, "_meta": meta}
    return {"prompt": prompt, "extra": {"viewport": [48, 48, ZOOM]}}


def workflow(nodes: list[Drawn], object_info: Json) -> Json:
    """The graph as a workflow of ComfyUI's editor, seen from the same place."""
    links: list[list[Any]] = []
    drawn = [_as_drawn(number, node, object_info) for number, node in enumerate(nodes)]
    for number, node in enumerate(nodes):
        for name, (at, output) in node.links.items():
            source, target = drawn[at]["outputs"], drawn[number]["inputs"]
            out = next(slot for slot, found in enumerate(source) if found["name"] == output)
            slot = next(slot for slot, found in enumerate(target) if found["name"] == name)
            links.append([len(links) + 1, at + 1, out, number + 1, slot, source[out]["type"]])
            source[out]["links"].append(len(links))
            target[slot]["link"] = len(links)
    return {
        "last_node_id": len(nodes),
        "last_link_id": len(links),
        "nodes": drawn,
        "links": links,
        "groups": [],
        "config": {},
        "extra": {"ds": {"scale": ZOOM, "offset": [100 / ZOOM, 150 / ZOOM]}},
        "version": 0.4,
    }


def _as_drawn(number: int, node: Drawn, object_info: Json) -> Json:
    """A node whose inputs all have sockets; its widgets keep their defaults."""
    known = object_info[node.type]
    inputs = [
        {"name": name, "type": spec[0] if isinstance(spec[0], str) else "COMBO", "link": None}
        for part in known["input"].values()
        for name, spec in part.items()
        if isinstance(spec, list)
    ]
    outputs = [
        {"name": name, "type": kind, "links": []}
        for name, kind in zip(known["output_name"], known["output"], strict=True)
    ]
    return {
        "id": number + 1,
        "type": node.type,
        "pos": [node.x, node.y],
        "size": [300, 40 + 22 * (len(inputs) + len(outputs))],
        "flags": {},
        "order": number,
        "mode": 0,
        "inputs": inputs,
        "outputs": outputs,
        "properties": {},
    }
