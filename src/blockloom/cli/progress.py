"""The progress of a run, drawn on the terminal while it goes on."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator

from blockloom.cli.terminal import note
from blockloom.execution.events import Event, Listener
from blockloom.graph.model import Graph


@contextlib.contextmanager
def show_progress(graph: Graph) -> Iterator[Listener]:
    """A listener that draws a bar for the nodes and one for the steps of the current node.

    Warnings are always written; bars only where stderr is a terminal, and gone at the end.
    """
    if not sys.stderr.isatty():
        yield _warn
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    progress = Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    with progress:
        nodes = progress.add_task("nodes", total=len(graph.nodes))
        steps = progress.add_task("", total=None, visible=False)

        def listen(event: Event) -> None:
            _warn(event)
            if event["event"] == "run_started":
                progress.update(nodes, total=len(event["node_ids"]), completed=0)
            elif event["event"] == "node_started":
                title = graph.nodes[event["node_id"]].meta.get("title") or event["node_id"]
                progress.reset(steps, description=str(title), total=None, visible=True)
            elif event["event"] == "node_step":
                progress.update(steps, completed=event["done"], total=event["total"])
            elif event["event"] == "nodes_kept":
                progress.advance(nodes, len(event["node_ids"]))
            elif event["event"] in ("node_finished", "node_kept"):
                progress.advance(nodes)
                progress.update(steps, visible=False)

        yield listen


def _warn(event: Event) -> None:
    if event["event"] == "node_finished":
        for warning in event["warnings"]:
            note(f'warning: node "{event["node_id"]}": {warning}')
