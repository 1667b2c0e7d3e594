"""What texts typed in a posted graph name outside of it: models and pictures.

Said before anything runs; the workers look once more, since a name may come over a link as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from blockloom.errors import NotFoundError, Place, Problem
from blockloom.execution.views import Host
from blockloom.graph.model import Graph, Json, Literal
from blockloom.graph.node_types import InputSocket, NodeType, NodeTypes
from blockloom.model_places import ModelPlaces, Refusal, part_refusal
from blockloom.server.keys import Folders

_CODES = {
    "model": "model_not_allowed",
    "model_part": "model_not_allowed",
    "picture": "missing_picture",
}


@dataclass(frozen=True, slots=True)
class Outside:
    """What there is for graphs outside of them; without a host, pictures are not looked for."""

    places: ModelPlaces
    host: Host | None = None

    def problems(self, graph: Graph, types: NodeTypes, needed: Iterable[str]) -> Iterator[Problem]:
        """A problem for every text typed on these nodes that names what may not be named, or is
        not there."""
        sockets: dict[str, tuple[InputSocket, ...]] = {}
        for node_id in needed:
            node = graph.nodes[node_id]
            type_id = node.type_id
            if type_id not in sockets:
                sockets[type_id] = _naming(types.get(type_id))
            for socket in sockets[type_id]:
                given = node.inputs.get(socket.name)
                refusal = self.refusal(socket, given.value) if isinstance(given, Literal) else None
                if refusal is not None:
                    place = Place(node_id, node.class_type, socket.name)
                    code = _CODES[socket.widget.look]
                    yield Problem(code, place, refusal.message, refusal.remedy)

    def refusal(self, socket: InputSocket, value: Json) -> Refusal | None:
        """Why a value cannot be typed into an input that names something, if it cannot."""
        if not isinstance(value, str):
            return None
        if socket.widget.look == "model":
            return self.places.refusal(value)
        if socket.widget.look == "model_part":
            return part_refusal(value)
        is_missing = socket.widget.look == "picture" and not self._has_picture(value)
        return _missing_picture(value) if is_missing else None

    def _has_picture(self, name: str) -> bool:
        try:
            return self.host is None or self.host.input_file(name) is not None
        except NotFoundError:
            return False


def outside_of(folders: Folders) -> Outside:
    """What a server's graphs may name."""
    return Outside(folders.model_places, host_of(folders))


def host_of(folders: Folders) -> Host:
    """The folders as a run sees them."""
    return Host(
        output_folder=folders.output,
        input_folders=folders.inputs,
        temporary_folder=folders.temporary,
    )


def _naming(node_type: NodeType | None) -> tuple[InputSocket, ...]:
    inputs = node_type.inputs if node_type is not None else ()
    return tuple(socket for socket in inputs if socket.widget.look in _CODES)


def _missing_picture(name: str) -> Refusal:
    return Refusal(
        f'There is no picture "{name[:200]}" in the input folder.',
        "Send it to /upload/image first, or name one that is there.",
    )
