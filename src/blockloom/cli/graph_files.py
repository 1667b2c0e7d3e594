"""Finding the graph a command is about."""

from __future__ import annotations

from pathlib import Path

from blockloom.errors import NotFoundError
from blockloom.resources import examples_folder


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
