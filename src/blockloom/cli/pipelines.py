"""``blockloom pipelines``: what ``blockloom new`` can write."""

from __future__ import annotations

import argparse

from blockloom.cli.terminal import columns, say, say_json
from blockloom.cli.wiring import open_workshop
from blockloom.graph.model import Json


def main(options: argparse.Namespace) -> int:
    """List all pipelines with their workflows."""
    pipelines = open_workshop(options).catalogue.pipelines.values()
    if options.json:
        listed: list[Json] = [
            {
                "name": entry.name,
                "class": entry.class_name,
                "blocks": entry.preset,
                "description": entry.description,
                "workflows": [
                    {"name": workflow.name, "triggers": list(workflow.triggers)}
                    for workflow in entry.workflows
                ],
            }
            for entry in pipelines
        ]
        say_json(listed)
    else:
        rows = [
            (entry.name, ", ".join(workflow.name for workflow in entry.workflows))
            for entry in pipelines
        ]
        say(*columns(rows))
    return 0
