"""What lies outside a graph and counts for a node: files it reads, the folder it writes to."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from blockloom.execution.functions import all_arguments
from blockloom.execution.graph_run import GraphRun
from blockloom.execution.values import ValueRef
from blockloom.execution.views import Host, RunningContext
from blockloom.graph.model import Node
from blockloom.graph.node_types import NodeType

UNKNOWN: Final = "unknown"
"""Stands where nothing may be run to find out; no record has it."""


@dataclass(frozen=True, slots=True)
class Fingerprints:
    """Asks node functions for their fingerprints, for one run."""

    run: GraphRun

    def __call__(self, node: Node, node_type: NodeType, refs: Mapping[str, ValueRef]) -> str:
        host = self.run.host
        outside = _folders(host) if node_type.is_output else ""
        function = self.run.engine.functions.get(node.class_type)
        options = getattr(function, "blockloom_node", None)
        if function is None or options is None or options.fingerprint is None:
            return outside
        if self.run.is_dry and not all(map(self.run.is_available, refs.values())):
            return UNKNOWN
        context = RunningContext(
            node.id,
            host,
            self.run.used_seed,
            self.run.graph_json,
            self.run.cancel,
            lambda done, total: None,
        )
        values = {name: self.run.fetch(ref) for name, ref in refs.items()}
        with self.run.engine.runner.running(node.id):
            text = options.fingerprint(**all_arguments(function, values, context))
        return f"{outside}|{text}"


def _folders(host: Host) -> str:
    return "|".join(map(os.path.abspath, (host.output_folder, host.previews_folder)))
