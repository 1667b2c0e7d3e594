"""What ComfyUI hands to a node, as the node of a graph: what is typed, what is linked, and how
the linked values came about."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from uuid import uuid4

from blockloom.comfyui import comfy
from blockloom.comfyui.forms import from_comfyui, origin_of
from blockloom.comfyui.lineage import Lineage, Maker, PipelineValue
from blockloom.errors import BlockloomError, NodeFailed, Place
from blockloom.execution.keys import content_key, key_of
from blockloom.execution.values import ValueRef
from blockloom.execution.wire import Wire
from blockloom.graph.block_lists import BLOCKS, parts_of
from blockloom.graph.literals import misfit
from blockloom.graph.model import Input, Json, Link, Literal, Node
from blockloom.graph.node_types import InputSocket, NodeType
from blockloom.graph.sockets import SocketType

_VALUE = "value"
_BANDS = (1, 3, 4)
_JSON_TYPED = (SocketType.LIST, SocketType.DICT, SocketType.OBJECT)


@dataclass(slots=True)
class Gathered:
    """A node with its inputs; ``values`` and ``wires`` are what its links lead to, by source.

    ``made`` is what objects of ComfyUI's are here, by key.
    """

    node: Node
    values: dict[str, ValueRef] = field(default_factory=dict)
    wires: dict[str, Wire] = field(default_factory=dict)
    lineage: Lineage = field(default_factory=Lineage)
    made: dict[str, object] = field(default_factory=dict)


def gather(
    node_id: str, node_type: NodeType, values: Mapping[str, Any], prompt: Mapping[str, Any]
) -> Gathered:
    """The node of a graph for a call of ComfyUI's. Raises NodeFailed for values that do not fit."""
    return _Gatherer(node_id, node_type, values, _drawn(prompt, node_id)).gather(prompt)


def _drawn(prompt: Mapping[str, Any], node_id: str) -> Mapping[str, Any]:
    """The inputs of a node as they stand in the prompt: links, and values typed."""
    node = prompt.get(node_id)
    inputs = node.get("inputs") if isinstance(node, Mapping) else None
    return inputs if isinstance(inputs, Mapping) else {}


@dataclass(slots=True)
class _Gatherer:
    node_id: str
    node_type: NodeType
    given: Mapping[str, Any]
    drawn: Mapping[str, Any]
    inputs: dict[str, Input] = field(default_factory=dict)

    def gather(self, prompt: Mapping[str, Any]) -> Gathered:
        found = Gathered(Node(self.node_id, parts_of(self.node_type.id)[0], self.inputs))
        for name, value in self.given.items():
            if isinstance(value, PipelineValue):
                if self._socket(name).type is not SocketType.PIPELINE:
                    raise self._failed(
                        name,
                        "The main wire is linked to it, which is no value.",
                        remedy="Link one of the outputs beside it, or Get Value behind it.",
                    )
                found.wires[_source(name)] = value.wire
                found.lineage = found.lineage.joined(value.lineage)
                self.inputs[name] = Link(_source(name), _VALUE)
        wire = next(iter(found.wires.values()), None)
        for name, value in self.given.items():
            if not isinstance(value, PipelineValue):
                self._take(found, prompt, name, value, wire)
        return found

    def _take(
        self,
        found: Gathered,
        prompt: Mapping[str, Any],
        name: str,
        value: Any,
        wire: Wire | None,
    ) -> None:
        socket = self._socket(name)
        if socket.type is SocketType.PIPELINE:
            raise self._failed(
                name,
                f"The main wire was expected, but this is {type(value).__name__}.",
                remedy="Link the pipeline output of another node of Blockloom's.",
            )
        origin = origin_of(value)
        if origin is not None:
            found.lineage = found.lineage.joined(origin.lineage)
            self._link(found, name, origin.ref)
            return
        source = self.drawn.get(name)
        is_link = isinstance(source, list) and len(source) == 2 and str(source[0]) in prompt
        is_empty = value is None and not is_link
        if is_empty or (name == BLOCKS and not value):
            return
        if name == BLOCKS and isinstance(value, str):
            # The node's type follows from them, though a text node may hold them.
            self.inputs[name] = Literal(value)
            return
        typed = self._typed(name, socket, value, is_link)
        if typed is not None:
            self.inputs[name] = typed
            return
        writer = str(source[0]) if is_link and isinstance(source, list) else ""
        known = _type_at(prompt, source) if is_link else ""
        type_ = known if known not in ("", "*") else _type_by_looks(value, socket)
        ref = self._ref(found, name, value, type_, wire)
        self._link(found, name, ref.written_by(writer))

    def _link(self, found: Gathered, name: str, ref: ValueRef) -> None:
        found.values[_source(name)] = ref
        self.inputs[name] = Link(_source(name), _VALUE)

    def _socket(self, name: str) -> InputSocket:
        return self.node_type.input(name) or InputSocket(name, SocketType.ANY)

    def _typed(self, name: str, socket: InputSocket, value: Any, is_link: bool) -> Literal | None:
        """What was typed; None for what came over a link and is no text that means something."""
        if socket.type in _JSON_TYPED and isinstance(value, str):
            value = self._parsed(name, value)
        elif is_link or not _is_json(value):
            return None
        wrong = misfit(socket, value)
        if wrong is not None:
            raise self._failed(name, wrong.message, remedy=wrong.remedy)
        return Literal(value)

    def _parsed(self, name: str, text: str) -> Json:
        try:
            found: Json = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise self._failed(
                name,
                f"The text is not JSON: {error}.",
                remedy='Write a list as [1, 2], named values as {"name": 1}.',
            ) from None
        return found

    def _ref(
        self, found: Gathered, name: str, value: Any, type_: str, wire: Wire | None
    ) -> ValueRef:
        """A reference to an object of ComfyUI's."""
        key = content_key(value)
        if key:
            return ValueRef(key, value is None, inline=value)
        make: Maker = partial(from_comfyui, value, type_, wire)
        try:
            # Now, so that what does not fit is said of this input.
            made = make()
        except BlockloomError as error:
            raise self._failed(name, error.message, remedy=error.remedy) from None
        key = key_of("comfyui", type_, _digest(value), "" if wire is None else wire.components.key)
        found.made[key] = made
        given = found.lineage.given.insert(key, make)
        found.lineage = Lineage(found.lineage.plans, found.lineage.literals, given)
        return ValueRef(key)

    def _failed(self, name: str, message: str, *, remedy: str) -> NodeFailed:
        place = Place(self.node_id, self.node_type.id, name)
        return NodeFailed(place, message, remedy=remedy)


def _source(name: str) -> str:
    return f"input {name}"


def _is_json(value: Any) -> bool:
    if value is None or isinstance(value, (bool, int, float, str)):
        return True
    if isinstance(value, list):
        return all(map(_is_json, value))
    is_dict = type(value) is dict
    return is_dict and all(isinstance(name, str) and _is_json(value[name]) for name in value)


def _type_at(prompt: Mapping[str, Any], link: Any) -> str:
    """ComfyUI's type of the output a link starts at."""
    source = prompt.get(str(link[0]))
    found = comfy.core_class(str(source.get("class_type"))) if isinstance(source, Mapping) else None
    types = getattr(found, "RETURN_TYPES", ())
    place = link[1]
    is_place = isinstance(place, int) and 0 <= place < len(types)
    return str(types[place]) if is_place else ""


def _type_by_looks(value: Any, socket: InputSocket) -> str:
    """ComfyUI's type of a value from a node that does not say: one that was put in while the
    prompt ran, or one that hands on anything."""
    if isinstance(value, Mapping):
        return "LATENT" if "samples" in value else ""
    axes = getattr(value, "ndim", 0)
    takes_pictures = socket.type in (SocketType.IMAGE, SocketType.MASK, SocketType.VIDEO)
    if takes_pictures and axes == 4 and value.shape[-1] in _BANDS:
        return "IMAGE"
    return "MASK" if takes_pictures and axes in (2, 3) else ""


def _digest(value: Any) -> str:
    """A digest of the numbers in a value; of what has no numbers one that is never met again."""
    digest = hashlib.blake2b(digest_size=16)
    return digest.hexdigest() if _fed(value, digest) else uuid4().hex


def _fed(value: Any, digest: Any) -> bool:
    import torch

    if isinstance(value, torch.Tensor):
        digest.update(f"{value.dtype} {tuple(value.shape)}".encode())
        flat = value.detach().to("cpu").contiguous().reshape(-1).view(torch.uint8)
        digest.update(flat.numpy().data)
        return True
    if isinstance(value, Mapping):
        return all(_fed(part, digest) for item in value.items() for part in item)
    if isinstance(value, (list, tuple)):
        return all(_fed(item, digest) for item in value)
    key = content_key(value)
    digest.update(f"{len(key)} {key}".encode("utf-8", "surrogatepass"))
    return bool(key)
