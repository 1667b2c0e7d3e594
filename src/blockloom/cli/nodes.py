"""``blockloom nodes``: the node types of the catalogue."""

from __future__ import annotations

import argparse
import json

from blockloom.catalogue.as_json import to_json
from blockloom.catalogue.search import search
from blockloom.cli.terminal import columns, first_sentence, note, say, say_json
from blockloom.cli.wiring import open_workshop
from blockloom.graph.node_types import InputSocket, NodeType


def main(options: argparse.Namespace) -> int:
    """List the node types that fit a query; the sockets too where the query is an id."""
    catalogue = open_workshop(options).catalogue
    exact = catalogue.get(options.query) if options.query else None
    found = [exact] if exact else search(catalogue.types.values(), options.query)
    if options.json:
        say_json([to_json(node_type) for node_type in found])
        return 0
    if exact is not None:
        say(*_full_lines(exact))
    else:
        say(*columns((item.id, "/".join(item.category), item.title) for item in found))
        note(f"{len(found)} node type{'' if len(found) == 1 else 's'}.")
    return 0


def _full_lines(node_type: NodeType) -> list[str]:
    lines = [f"{node_type.id}: {node_type.title} ({node_type.kind.value})"]
    lines += [f"in {'/'.join(node_type.category)}, from {node_type.origin}"]
    if node_type.description:
        lines += ["", node_type.description.strip()]
    if node_type.inputs:
        rows = (
            (socket.name, socket.type.value, _default(socket), first_sentence(socket.description))
            for socket in node_type.inputs
        )
        lines += ["", "inputs", *columns(rows, indent="  ")]
    if node_type.outputs:
        outputs = (
            (socket.name, socket.type.value, first_sentence(socket.description))
            for socket in node_type.outputs
        )
        lines += ["", "outputs", *columns(outputs, indent="  ")]
    if node_type.components:
        needs = ((need.name, need.class_name) for need in node_type.components)
        lines += ["", "components", *columns(needs, indent="  ")]
    if node_type.sub_blocks:
        inner = (
            (sub.name, sub.type_id, f"if {sub.trigger} is given" if sub.trigger else "")
            for sub in node_type.sub_blocks
        )
        lines += ["", "blocks inside", *columns(inner, indent="  ")]
    return lines


def _default(socket: InputSocket) -> str:
    if socket.is_required:
        return "required"
    if not socket.has_default or (socket.default is None and not socket.default_text):
        return "optional"
    return first_sentence(
        f"default {socket.default_text or json.dumps(socket.default, ensure_ascii=False)}", 50
    )
