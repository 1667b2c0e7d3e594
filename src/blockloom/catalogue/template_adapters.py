"""What a workflow needs beside its model: a ControlNet, an IP-Adapter.

They lie in repositories of their own, so a template loads them behind the model. Which one only the
user can know.
"""

from __future__ import annotations

from collections.abc import Iterable

from blockloom.graph.flow import NodeFlow
from blockloom.graph.model import Graph, Json, Link, Node
from blockloom.graph.names import unique_id
from blockloom.graph.node_types import NodeTypes

_WIRE = "pipeline"
# By the component that blocks use: the node that loads it, what it is, its title.
_BY_COMPONENT = {"controlnet": ("BlockloomLoadControlNet", "controlnet", "ControlNet")}
# By the input that selects the blocks for it.
_BY_INPUT = {"ip_adapter_image": ("BlockloomLoadIPAdapter", "ip_adapter", "IP-Adapter")}


def add_adapters(
    graph: Graph, model: str, flows: Iterable[NodeFlow], types: NodeTypes
) -> tuple[Graph, list[str]]:
    """The graph with what its blocks use besides the model, between the node ``model`` and those
    that read its wire; and what these nodes load, which is still to be named.

    The node that loads a ``controlnet`` has the id ``load_controlnet``.
    """
    used: set[str] = set()
    for flow in flows:
        used |= {need.name for need in flow.resolved.components}
    given = {name for node in graph.nodes.values() for name in node.inputs}
    wanted = [found for name, found in _BY_COMPONENT.items() if name in used]
    wanted += [found for name, found in _BY_INPUT.items() if name in given]
    added = []
    for class_type, name, title in wanted:
        if types.get(class_type) is not None:
            node_id = unique_id(f"load_{name}", graph.nodes)
            meta: dict[str, Json] = {"title": title}
            graph = _behind(graph, model, Node(node_id, class_type, {}, meta))
            added.append(name)
    return graph, added


def _behind(graph: Graph, source: str, node: Node) -> Graph:
    """The graph with a node between another one and whatever reads its main wire."""
    wire = Link(source, _WIRE)
    for reader in graph.nodes.values():
        if reader.inputs.get(_WIRE) == wire:
            graph = graph.with_node(reader.with_input(_WIRE, Link(node.id, _WIRE)))
    return graph.with_node(node.with_input(_WIRE, wire))
