"""Finding and opening the graph a command is about."""

from __future__ import annotations

from pathlib import Path

from blockloom.errors import NotFoundError
from blockloom.export.comfyui_read import read_any
from blockloom.graph.file import load_document
from blockloom.graph.model import Graph
from blockloom.graph.node_types import NodeTypes
from blockloom.resources import examples_folder


def open_graph(path: Path, types: NodeTypes) -> Graph:
    """The graph in a file: a graph file, ComfyUI's API format, or its editor's workflow."""
    return read_any(load_document(path), types)


def find_graph(path: Path) -> Path:
    """The graph file at a path; the name of an example stands for the one that is shipped."""
    if path.exists():
        return path
    examples = examples_folder()
    shipped = examples / f"{path.name.removesuffix('.json')}.json"
    if path.parent == Path() and shipped.is_file():
        return shipped
    names = ", ".join(sorted(example.stem for example in examples.glob("*.json")))
    raise NotFoundError(
        f'There is no graph file "{path}".', remedy=f"Check the path, or run an example: {names}."
    )
