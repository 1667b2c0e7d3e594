"""What a template ends in: pictures and films saved, sounds made audible, the rest shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from blockloom.catalogue.pipelines import Workflow
from blockloom.graph.flow import NodeFlow
from blockloom.graph.model import Graph, Json, Link, Literal, Node
from blockloom.graph.names import in_words, unique_id
from blockloom.graph.node_types import InputSocket, NodeTypes, OutputSocket
from blockloom.graph.sockets import SocketType

USUAL_RATE = 24.0
"""Frames a second where the pipeline does not say."""

MEDIA = (SocketType.IMAGE, SocketType.VIDEO, SocketType.AUDIO)
_RATES = frozenset({"frame_rate", "fps"})


@dataclass(slots=True)
class Results:
    """The outputs of a template, added one after the other to its graph."""

    graph: Graph
    workflow: Workflow
    types: NodeTypes
    chain: Sequence[tuple[Node, NodeFlow]]
    _sounds: dict[str, Link] = field(default_factory=dict)

    def add(self, results: Sequence[tuple[Node, OutputSocket]]) -> Graph:
        """The graph with a sink for each of these."""
        films = [output for _, output in results if output.type is SocketType.VIDEO]
        for node, output in results:
            if output.type is SocketType.AUDIO:
                sound = self._make_sound(node, output)
                if not films:
                    self._put("save", "SaveAudio", {"audio": sound}, "Save")
        for node, output in results:
            source = Link(node.id, output.name)
            if output.type is SocketType.IMAGE:
                self._put("save", "SaveImage", {"images": source}, "Save")
            elif output.type is SocketType.VIDEO:
                self._save_film(node, source)
            elif output.type is not SocketType.AUDIO:
                self._put("preview", "PreviewAny", {"source": source}, in_words(output.name))
        return self.graph

    def _save_film(self, node: Node, frames: Link) -> None:
        inputs: dict[str, Literal | Link] = {"images": frames, "fps": self._rate()}
        sound = self._sounds.get(node.id) or next(iter(self._sounds.values()), None)
        if sound is not None:
            inputs["audio"] = sound
        film = self._put("film", "CreateVideo", inputs, "Film")
        self._put("save", "SaveVideo", {"video": Link(film, "video")}, "Save")

    def _make_sound(self, node: Node, output: OutputSocket) -> Link:
        """The waveform with the rate that the pipeline's models say it has."""
        wire = {"pipeline": Link(node.id, "pipeline")}
        rate = self._put("sample_rate", "BlockloomSampleRateOfModel", wire, "Sample rate")
        inputs: dict[str, Literal | Link] = {
            "waveform": Link(node.id, output.name),
            "sample_rate": Link(rate, "int"),
        }
        made = self._put("sound", "BlockloomMakeSound", inputs, in_words(output.name))
        sound = Link(made, "audio")
        self._sounds[node.id] = sound
        return sound

    def _rate(self) -> Literal | Link:
        """Frames a second: the pipeline's own input, where it has one, feeds both."""
        found = self._rate_input()
        if found is None:
            return Literal(USUAL_RATE)
        node, socket = found
        given = self.graph.nodes[node.id].inputs.get(socket.name)
        if isinstance(given, Link):
            return given
        value = given.value if given is not None else self._default_of(socket)
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            return Literal(USUAL_RATE)
        is_whole = socket.type is SocketType.INT
        kind, name = ("PrimitiveInt", "int") if is_whole else ("PrimitiveFloat", "float")
        typed = Literal(value if is_whole else float(value))
        source = Link(self._put("frame_rate", kind, {"value": typed}, "Frame rate"), name)
        reader = self.graph.nodes[node.id].with_input(socket.name, source)
        self.graph = self.graph.with_node(reader)
        return source

    def _rate_input(self) -> tuple[Node, InputSocket] | None:
        """The first input of that kind, read or not: what is given later may open its branch."""
        asked = {name for _, flow in self.chain for name in flow.resolved.by_presence}
        for node, _ in self.chain:
            node_type = self.types.get(node.class_type)
            for socket in node_type.inputs if node_type is not None else ():
                is_number = socket.type in (SocketType.INT, SocketType.FLOAT)
                if socket.name in _RATES - asked and is_number:
                    return node, socket
        return None

    def _default_of(self, socket: InputSocket) -> Json:
        preset = self.workflow.defaults.get(socket.name)
        return socket.default if preset is None else preset

    def _put(
        self,
        name: str,
        class_type: str,
        inputs: Mapping[str, Literal | Link],
        title: str,
    ) -> str:
        node_id = unique_id(name, self.graph.nodes)
        node = Node(node_id, class_type, {**inputs}, {"title": title})
        self.graph = self.graph.with_node(node)
        return node_id
