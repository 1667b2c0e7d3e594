"""Several films at once, and other forms of them, as in diffusers, to the bit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.kit.compare import Bench, chain_of, outputs
from tests.kit.families import ltx2, wan
from tests.kit.recipes import Inputs, Recipe

from blockloom.graph.model import Graph, Link, Node

TWO: dict[str, Any] = {"prompt": ["a cat", "two dogs"], "negative_prompt": ["fog", "rain"]}
VARIANTS = [
    (wan.RECIPES[0], "default", {"num_videos_per_prompt": 2, "output_type": "pt"}),
    (wan.RECIPES[0], "default", {**TWO, "output_type": "pil"}),
    (ltx2.RECIPES[0], "text2video", {"num_videos_per_prompt": 2, "output_type": "latent"}),
    (ltx2.RECIPES[0], "image2video", {**TWO, "output_type": "np"}),
]


def only_shown(graph: Graph, folder: Path, workflow: str) -> Graph:
    """The graph with the film shown instead of saved: a file has room for one."""
    blocks = chain_of(graph)
    kept = {"model", *(node.id for node in blocks)}
    kept |= {node.id for node in graph.nodes.values() if node.class_type == "LoadImage"}
    for node in blocks:
        for name, given in node.inputs.items():
            if isinstance(given, Link) and given.node_id not in kept:
                inputs = {key: value for key, value in node.inputs.items() if key != name}
                graph = graph.with_node(replace(node, inputs=inputs))
    for node_id in set(graph.nodes) - kept:
        graph = graph.without_node(node_id)
    source = Link(blocks[-1].id, outputs(blocks[-1].class_type)[-1].name)
    return graph.with_node(Node("shown", "PreviewAny", {"source": source}))


@pytest.mark.parametrize("mode", ["coarse", "leaf"])
@pytest.mark.parametrize(("base", "name", "given"), VARIANTS)
def test_same_as_diffusers(
    tmp_path: Path, base: Recipe, name: str, given: Inputs, mode: str
) -> None:
    make: Callable[[], Inputs] = base.workflows[name]
    changed = {name: lambda: {**make(), **given}}
    Bench(replace(base, workflows=changed, adapt=only_shown), tmp_path).check(name, mode)
