"""The lists of a batch, read and checked as the values of a prompt are, before any job is made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from blockloom.errors import UsageError
from blockloom.graph.flow import field_of_bundle
from blockloom.graph.literals import misfit
from blockloom.graph.model import Graph, Json, Literal
from blockloom.graph.node_types import InputSocket, NodeTypes
from blockloom.graph.sockets import SocketType
from blockloom.jobs.batches import Sweep, find_sweeps, literal_json
from blockloom.server.outside import Outside
from blockloom.server.prompt_errors import JsonObject, top_error
from blockloom.server.prompt_reading import Posted, PromptRefused, accept_prompt, converted


@dataclass(frozen=True, slots=True)
class BatchReader:
    """Reads batches of a prompt that was accepted as ``graph``."""

    posted: Posted
    graph: Graph
    types: NodeTypes
    outside: Outside

    def read(self, batch: Mapping[str, Json]) -> JsonObject:
        """The batch with its values as their inputs take them.

        Raises UsageError or GraphError for a batch that cannot be read, and PromptRefused, as for
        a prompt that holds it, for the first value that its input does not take.
        """
        inputs: JsonObject = {}
        for sweep in find_sweeps(self.graph, batch):
            socket = self._socket(sweep)
            values: list[Json] = [_converted(value, socket) for value in sweep.values]
            for number, value in enumerate(values):
                if not self._fits(socket, value):
                    self._refuse(sweep, number)
            inputs[sweep.target] = values
        return {**batch, "inputs": inputs}

    def _socket(self, sweep: Sweep) -> InputSocket:
        name, node = sweep.input_name, self.graph.nodes[sweep.node_id]
        node_type = self.types.get(node.type_id)
        if node_type is not None and field_of_bundle(node_type, name):
            return InputSocket(name, SocketType.ANY)
        socket = node_type.input(name) if node_type is not None else None
        if socket is None:
            names = ", ".join(found.name for found in node_type.inputs) if node_type else ""
            raise UsageError(
                f'The batch input "{sweep.target}" names no input: node "{sweep.node_id}" '
                f'({node.class_type}) has no "{name}".',
                remedy=f"It has {names}." if names else "Name another node.",
            )
        return socket

    def _fits(self, socket: InputSocket, value: Json) -> bool:
        return misfit(socket, value) is None and self.outside.refusal(socket, value) is None

    def _refuse(self, sweep: Sweep, number: int) -> None:
        """Say what is wrong with a value as if it stood in the prompt."""
        nodes = self.posted.nodes if isinstance(self.posted.nodes, dict) else {}
        node = nodes.get(sweep.node_id)
        node = node if isinstance(node, dict) else {}
        inputs = node.get("inputs")
        typed: JsonObject = {sweep.input_name: literal_json(sweep.values[number])}
        kept: JsonObject = inputs if isinstance(inputs, dict) else {}
        changed: JsonObject = {**node, "inputs": {**kept, **typed}}
        posted = Posted({**nodes, sweep.node_id: changed}, self.posted.wanted)
        where = f'Value {number + 1} of the batch input "{sweep.target}"'
        try:
            accepted = accept_prompt(posted, self.types, self.outside)
        except PromptRefused as refused:
            message = f"{where}: {refused.error['message']}"
            error = {**refused.error, "message": message}
            raise PromptRefused(error, refused.node_errors) from None
        if accepted.node_errors:
            error = top_error("prompt_outputs_failed_validation", f"{where} failed validation")
            raise PromptRefused(error, accepted.node_errors)


def _converted(value: Json, socket: InputSocket) -> Json:
    read = converted(Literal(value), socket)
    return read.value if isinstance(read, Literal) else value
