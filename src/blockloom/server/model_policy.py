"""Models that a posted graph may not name, said before it runs; the workers hold to it as well."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from blockloom.errors import Place, Problem
from blockloom.graph.model import Graph, Json, Literal
from blockloom.graph.node_types import InputSocket, NodeTypes
from blockloom.model_places import ModelPlaces, Refusal, part_refusal

CODE = "model_not_allowed"


def model_problems(
    graph: Graph, types: NodeTypes, places: ModelPlaces, needed: Iterable[str]
) -> Iterator[Problem]:
    """A problem for every text typed on these nodes that names a model it may not name."""
    for node_id in needed:
        node = graph.nodes[node_id]
        node_type = types.get(node.class_type)
        for name, given in node.inputs.items():
            socket = node_type.input(name) if node_type is not None else None
            if socket is None or not isinstance(given, Literal):
                continue
            refusal = model_refusal(socket, given.value, places)
            if refusal is not None:
                place = Place(node_id, node.class_type, name)
                yield Problem(CODE, place, refusal.message, refusal.remedy)


def model_refusal(socket: InputSocket, value: Json, places: ModelPlaces) -> Refusal | None:
    """Why a value may not be typed into an input that names a model or a part of one."""
    if not isinstance(value, str):
        return None
    if socket.widget.look == "model":
        return places.refusal(value)
    return part_refusal(value) if socket.widget.look == "model_part" else None
