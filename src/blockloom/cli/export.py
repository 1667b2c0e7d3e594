"""``blockloom export``: a graph in a form that another program reads."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from blockloom.cli.graph_files import find_graph, open_graph
from blockloom.cli.overrides import apply_settings, parse_setting
from blockloom.cli.terminal import complain, note, say_json
from blockloom.cli.wiring import open_workshop
from blockloom.errors import GraphError, UsageError
from blockloom.export.comfyui import export_to_comfyui
from blockloom.graph.model import Graph, Json, Literal
from blockloom.graph.node_types import NodeTypes

_FILE_LOOKS = frozenset({"picture", "video", "audio"})


def main(options: argparse.Namespace) -> int:
    """Write a graph as ComfyUI's workflow, or with ``--api`` as what its server takes."""
    settings = [parse_setting(text) for text in options.settings]
    path = find_graph(options.graph)
    types = open_workshop(options).catalogue
    graph = apply_settings(open_graph(path, types), types, settings).graph
    found = export_to_comfyui(graph, types)
    content = found.prompt if options.api else found.workflow
    if options.output is None:
        say_json(content)
    else:
        _write(options.output, content, replaces=options.force)
        form = "ComfyUI's API format" if options.api else "a workflow of ComfyUI's editor"
        note(f"Wrote {options.output}: {form}, {len(graph.nodes)} nodes.")
    if found.problems:
        complain(GraphError(found.problems))
    files = _files_named(graph, types)
    if files:
        note(f"Copy into ComfyUI's input folder: {', '.join(files)}.")
    return 0


def _write(path: Path, content: Json, *, replaces: bool) -> None:
    if path.exists() and not replaces:
        raise UsageError(
            f'"{path}" is there already.',
            remedy="Choose another name, or replace it with --force.",
        )
    text = json.dumps(content, ensure_ascii=False, indent=2, allow_nan=False) + "\n"
    try:
        path.write_text(text, encoding="utf-8", newline="\n")
    except (OSError, ValueError) as error:
        raise UsageError(
            f'It cannot be written as "{path}": {error}.', remedy="Choose another place."
        ) from error


def _files_named(graph: Graph, types: NodeTypes) -> list[str]:
    """The pictures, films and sounds that the graph loads, each once."""
    found: dict[str, None] = {}
    for node in graph.nodes.values():
        node_type = types.get(node.type_id)
        for socket in node_type.inputs if node_type else ():
            given = node.inputs.get(socket.name)
            if socket.widget.look in _FILE_LOOKS and isinstance(given, Literal):
                found.update({given.value: None} if isinstance(given.value, str) else {})
    return list(found)
