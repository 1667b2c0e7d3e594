"""``blockloom new``: one of diffusers' pipelines as a graph."""

from __future__ import annotations

import argparse
import difflib

from blockloom.catalogue.pipelines import PipelineEntry, Workflow
from blockloom.catalogue.templates import make_template
from blockloom.cli.terminal import note, say_json
from blockloom.cli.wiring import open_workshop
from blockloom.errors import NotFoundError, UsageError
from blockloom.graph.file import graph_to_json, save_graph

DEMO_PIPELINE = "stable-diffusion-xl"


def main(options: argparse.Namespace) -> int:
    """Write the graph of a pipeline's workflow."""
    catalogue = open_workshop(options).catalogue
    entry = catalogue.pipelines.get(options.pipeline)
    if entry is None:
        raise _unknown("pipeline", options.pipeline, list(catalogue.pipelines))
    workflow = _workflow(entry, options.workflow)
    model = options.model
    if model is None:
        model = "demo" if entry.name == DEMO_PIPELINE else ""
    graph = make_template(entry, workflow, catalogue, model=model, leaf=options.leaf)
    if options.output is None:
        say_json(graph_to_json(graph))
    else:
        if options.output.exists() and not options.force:
            raise UsageError(
                f'"{options.output}" is there already.',
                remedy="Choose another name, or replace it with --force.",
            )
        save_graph(graph, options.output)
        note(f"Wrote {options.output}: {entry.name}, {workflow.name}, {len(graph.nodes)} nodes.")
    if not model:
        note("It names no model yet: give the node that loads one a repository, or use --model.")
    return 0


def _workflow(entry: PipelineEntry, name: str | None) -> Workflow:
    names = [workflow.name for workflow in entry.workflows]
    if not names:
        raise NotFoundError(f'The pipeline "{entry.name}" has no workflow.')
    wanted = name or ("text2image" if "text2image" in names else names[0])
    workflow = entry.workflow(wanted)
    if workflow is None:
        raise _unknown("workflow", wanted, names)
    return workflow


def _unknown(what: str, name: str, names: list[str]) -> NotFoundError:
    near = difflib.get_close_matches(name, names, n=3, cutoff=0.4)
    remedy = f"Did you mean {' or '.join(near)}?" if near else f"There are: {', '.join(names)}."
    return NotFoundError(f'There is no {what} "{name}".', remedy=remedy)
