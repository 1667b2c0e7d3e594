"""A pipeline workflow as a graph: the same blocks, one node each, with what a user has to give."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from blockloom.catalogue.pipelines import PipelineEntry, Step, Workflow
from blockloom.catalogue.template_adapters import add_adapters
from blockloom.catalogue.template_results import MEDIA, Results
from blockloom.graph.branches import BranchResolver, writes_back
from blockloom.graph.flow import Missing, NodeFlow, trace_flow
from blockloom.graph.layout import lay_out
from blockloom.graph.literals import misfit
from blockloom.graph.model import Graph, Json, Link, Literal, Node
from blockloom.graph.names import in_words, unique_id
from blockloom.graph.node_types import InputSocket, NodeType, NodeTypes, OutputSocket
from blockloom.graph.sockets import SocketType

MODEL_NODE = "model"
PROMPT = "a castle at sunset"
SEED = 0

# What is loaded from files: by which node, which of its inputs, and a file to begin with.
_LOADERS: Mapping[SocketType, tuple[str, str, str]] = {
    SocketType.IMAGE: ("LoadImage", "image", "example.png"),
    SocketType.MASK: ("LoadImage", "image", "mask.png"),
    SocketType.VIDEO: ("LoadVideo", "file", "example.mp4"),
}


def make_template(
    entry: PipelineEntry, workflow: Workflow, types: NodeTypes, *, model: str, leaf: bool
) -> Graph:
    """The workflow as a graph that gives what ``ModularPipeline.__call__`` gives.

    One node for each of the preset's own blocks, or with ``leaf`` for each block inside them. The
    preset's default is written down wherever single blocks would take another one. What only the
    user can know is named in ``extra["needs"]``: inputs that select the workflow, and nodes that
    load a ControlNet or an IP-Adapter.
    """
    steps = workflow.leaf if leaf else workflow.coarse
    graph = _chain(entry, steps, model)
    wholes = dict(zip(_step_ids(steps), (step.path.split(".")[0] for step in steps), strict=True))
    draft = _Draft(graph, workflow, types, BranchResolver(types), wholes)
    draft.give_user_inputs()
    draft.add_adapters()
    draft.write_defaults()
    draft.add_outputs()
    return lay_out(draft.graph, types)


def _chain(entry: PipelineEntry, steps: tuple[Step, ...], model: str) -> Graph:
    meta: dict[str, Json] = {"title": f"Model ({entry.name})"}
    inputs = {"model": Literal(model)}
    nodes = {MODEL_NODE: Node(MODEL_NODE, "BlockloomLoadPipeline", inputs, meta)}
    before = MODEL_NODE
    for node_id, step in zip(_step_ids(steps), steps, strict=True):
        link = Link(before, "pipeline")
        title: dict[str, Json] = {"title": in_words(node_id)}
        nodes[node_id] = Node(node_id, step.type_id, {"pipeline": link}, title)
        before = node_id
    return Graph(nodes)


def _step_ids(steps: tuple[Step, ...]) -> Iterator[str]:
    """Short unique names: the last part of the path, with more parts where that is not enough."""
    taken = {MODEL_NODE}
    lasts = [step.path.split(".")[-1] for step in steps]
    for step, last in zip(steps, lasts, strict=True):
        parts = step.path.split(".")
        is_repeated = lasts.count(last) > 1 and len(parts) > 1
        name = unique_id("_".join(parts[-2:]) if is_repeated else last, taken)
        taken.add(name)
        yield name


@dataclass(slots=True)
class _Draft:
    """A template while it is made; ``wholes`` has the preset's own block that each node is of."""

    graph: Graph
    workflow: Workflow
    types: NodeTypes
    resolver: BranchResolver
    wholes: dict[str, str]

    def flows(self) -> list[tuple[Node, NodeFlow]]:
        """The chain in running order, with what is known of each node so far."""
        flow = trace_flow(self.graph, self.types, self.resolver)
        return [(self.graph.nodes[node_id], flow.nodes[node_id]) for node_id in flow.order.nodes]

    def type_of(self, node: Node) -> NodeType | None:
        node_type = self.types.get(node.class_type)
        return node_type if node_type is not None and node_type.is_block else None

    def set_input(self, node_id: str, name: str, value: Literal | Link) -> None:
        node = self.graph.nodes[node_id]
        self.graph = self.graph.with_node(node.with_input(name, value))

    # -- what the user gives

    def give_user_inputs(self) -> None:
        """Texts, pictures and seeds on the first node that reads each of them."""
        wanted = dict.fromkeys((*self.workflow.triggers, "prompt"))
        given: set[str] = set()
        for name in wanted:
            self._give(name, given)
        # What is given selects branches, and those may ask for more.
        for name in self._missing_names():
            self._give(name, given)
        self._note_needs()
        for node, socket in self._first_seeds():
            self.set_input(node.id, socket.name, Literal(SEED))

    def _note_needs(self) -> None:
        given = {name for node in self.graph.nodes.values() for name in node.inputs}
        needs: list[Json] = [
            name
            for name in dict.fromkeys((*self.workflow.triggers, *self._missing_names()))
            if name not in given
        ]
        self._need(needs)

    def _need(self, names: list[Json]) -> None:
        if names:
            known = self.graph.extra.get("needs", [])
            needs = [*(known if isinstance(known, list) else []), *names]
            self.graph = replace(self.graph, extra={**self.graph.extra, "needs": needs})

    def add_adapters(self) -> None:
        """What the blocks use that is no part of the model."""
        flows = [flow for node, flow in self.flows() if self.type_of(node) is not None]
        self.graph, added = add_adapters(self.graph, MODEL_NODE, flows, self.types)
        self._need([*added])

    def _give(self, name: str, given: set[str]) -> None:
        if name in given:
            return
        given.add(name)
        reader = next(self._readers(name), None)
        if reader is None:
            return
        node, socket = reader
        value = self.workflow.trigger_values.get(name)
        if value is not None and misfit(socket, value) is None:
            self.set_input(node.id, name, Literal(value))
        elif socket.type in _LOADERS:
            self._load_file(node, socket)
        else:
            value = self._sample(socket)
            if value is not None:
                self.set_input(node.id, name, Literal(value))

    def _readers(self, name: str) -> Iterator[tuple[Node, InputSocket]]:
        """The nodes that have a socket of that name and, as far as known, use it; first ones first.

        Before anything is given, a conditional may only look at a name, or a branch that reads
        it may not be chosen yet.
        """
        users = []
        for node, flow in self.flows():
            node_type = self.type_of(node)
            socket = node_type.input(name) if node_type else None
            if socket is not None and not socket.is_bundle:
                is_used = any(read.name == name for read in flow.resolved.inputs)
                users.append((is_used, node, socket))
        yield from ((node, socket) for is_used, node, socket in users if is_used)
        yield from ((node, socket) for is_used, node, socket in users if not is_used)

    def _missing_names(self) -> list[str]:
        found: dict[str, None] = {}
        for node, flow in self.flows():
            if self.type_of(node) is not None:
                missing = (k for k, source in flow.sources.items() if isinstance(source, Missing))
                found.update(dict.fromkeys(name for name in missing if name != "pipeline"))
        return list(found)

    def _sample(self, socket: InputSocket) -> Json:
        """Something to start from; None where only the user can know."""
        if socket.type is SocketType.STRING:
            return None if socket.widget.choices else PROMPT
        if socket.type is SocketType.BOOLEAN:
            return True
        if socket.type in (SocketType.INT, SocketType.FLOAT):
            preset = self.workflow.defaults.get(socket.name)
            return socket.default if preset is None else preset
        return None

    def _load_file(self, reader: Node, socket: InputSocket) -> None:
        node_id = unique_id(socket.name, self.graph.nodes)
        class_type, name, file = _LOADERS[socket.type]
        title = "Mask" if socket.type is SocketType.MASK else in_words(socket.name)
        node = Node(node_id, class_type, {name: Literal(file)}, {"title": title})
        self.graph = self.graph.with_node(node)
        output = "video" if socket.type is SocketType.VIDEO else "image"
        self.set_input(reader.id, socket.name, Link(node_id, output))

    def _first_seeds(self) -> list[tuple[Node, InputSocket]]:
        found: dict[str, tuple[Node, InputSocket]] = {}
        for node, flow in self.flows():
            node_type = self.type_of(node)
            for read in flow.resolved.inputs if node_type else ():
                has_value = read.default is not None or read.name in flow.resolved.by_presence
                if read.type is SocketType.SEED and not has_value:
                    found.setdefault(read.name, (node, read))
        return [
            (node, socket)
            for node, socket in found.values()
            if socket.name not in node.inputs and self._has_socket(node, socket.name)
        ]

    def _has_socket(self, node: Node, name: str) -> bool:
        node_type = self.type_of(node)
        return node_type is not None and node_type.input(name) is not None

    # -- the preset's own defaults

    def write_defaults(self) -> None:
        """Write the preset's default where a block would take another one."""
        flows = self.flows()
        for name, value in self.workflow.defaults.items():
            if value is None:
                continue
            first = self._first_to_differ(name, value, flows)
            if first is not None:
                self.set_input(first, name, Literal(value))

    def _first_to_differ(
        self, name: str, value: Json, flows: list[tuple[Node, NodeFlow]]
    ) -> str | None:
        """The first node that reads a name, if any block that reads it has another default.

        Only blocks that read before another one writes the name count. A node that was given a
        value stands, and so does everything behind it.
        """
        first: str | None = None
        differs = False
        for node, flow in flows:
            if name in node.inputs:
                break
            is_read = any(read.name == name for read in flow.resolved.inputs)
            if is_read and self.type_of(node) is not None:
                first = first or self._writable(node, name, value)
                if first is not None:
                    differs = differs or self._has_other_default(flow, name, value)
            if any(output.name == name for output in flow.resolved.outputs):
                break
        return first if differs else None

    def _writable(self, node: Node, name: str, value: Json) -> str | None:
        node_type = self.type_of(node)
        socket = node_type.input(name) if node_type else None
        return node.id if socket is not None and misfit(socket, value) is None else None

    def _has_other_default(self, flow: NodeFlow, name: str, value: Json) -> bool:
        """Whether a block inside a node would take another value, or a conditional see none."""
        if name in flow.resolved.by_presence:
            return True
        for _, type_id in flow.resolved.leaves:
            leaf = self.types.get(type_id)
            socket = leaf.input(name) if leaf else None
            if socket is not None and not (writes_back(socket) and socket.default == value):
                return True
        return False

    # -- what comes out

    def add_outputs(self) -> None:
        """Save pictures, films and sounds, show everything else that the last blocks make."""
        chain = [(node, flow) for node, flow in self.flows() if self.type_of(node) is not None]
        self.graph = Results(self.graph, self.workflow, self.types, chain).add(self._results())

    def _results(self) -> list[tuple[Node, OutputSocket]]:
        """The pictures, films and sounds of the preset's last block that makes any.

        What nodes behind it make belongs to the results too: nothing else would make them run.
        Where nothing makes any, the last output of all.
        """
        chain = [(node, flow) for node, flow in self.flows() if self.type_of(node) is not None]
        makers = [index for index, (_, flow) in enumerate(chain) if _media_of(flow)]
        if not makers:
            made = [(node, output) for node, flow in chain for output in flow.resolved.outputs]
            return made[-1:]
        last, found = makers[-1], dict[str, tuple[Node, OutputSocket]]()
        for node, flow in chain[: last + 1]:
            if self.wholes[node.id] == self.wholes[chain[last][0].id]:
                found.update({output.name: (node, output) for output in _media_of(flow)})
        behind = chain[last + 1 :]
        more = [(node, output) for node, flow in behind for output in flow.resolved.outputs]
        return [*found.values(), *more]


def _media_of(flow: NodeFlow) -> list[OutputSocket]:
    """The pictures, films and sounds a node makes; the sure ones, if there are any."""
    media = [output for output in flow.resolved.outputs if output.type in MEDIA]
    return [out for out in media if out.name in flow.resolved.surely_written] or media
