"""``run_block`` against diffusers' public way to run single blocks, so that a change shows at once.

The public way is ``block.init_pipeline()`` and ``pipe(state=…)``. It copies the whole state at each
call; ``run_block`` speaks the blocks' own protocol instead and must give the same values.
"""

from __future__ import annotations

import copy
import warnings
from pathlib import Path
from typing import Any

import pytest
import torch
from diffusers import ModularPipeline
from diffusers.modular_pipelines.modular_pipeline import PipelineState
from tests.properties.test_toy_edits import is_equal
from tests.real_sessions import (
    first_reader,
    make_pictures,
    open_real_session,
    pictures_of,
    reference_pipeline,
    run,
    template,
    with_input,
    without_sinks,
)

from blockloom.bridge.blocks import diffusers_blocks
from blockloom.graph.model import Graph, Literal

WORKFLOWS = ("text2image", "image2image", "inpainting")
STEPS = 4


def graph_of(workflow: str, is_leaf: bool) -> Graph:
    graph = without_sinks(template(workflow, is_leaf=is_leaf))
    return with_input(
        graph, first_reader(graph, "num_inference_steps"), "num_inference_steps", STEPS
    )


def typed_on(graph: Graph, node_id: str, folder: Path) -> dict[str, Any]:
    """What a node is given, as one would pass it to a pipeline."""
    given: dict[str, Any] = {}
    for name, value in graph.nodes[node_id].inputs.items():
        if isinstance(value, Literal):
            given[name] = value.value
        elif name != "pipeline":
            given[name] = pictures_of(folder)[name]
    if "generator" in given:
        given["generator"] = torch.Generator().manual_seed(given["generator"])
    return given


def run_alone(
    type_id: str, components: ModularPipeline, state: PipelineState, given: dict[str, Any]
) -> PipelineState:
    """One block in a pipeline of its own, called as the documentation of diffusers shows it."""
    # ``block.init_pipeline()`` with the components of the whole model beside the block's own:
    # without them the pipeline's properties fall back to constants.
    pipeline = copy.copy(components)
    pipeline._blocks = diffusers_blocks().resolve(type_id)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return pipeline(state=state, **given)


@pytest.mark.parametrize("is_leaf", [False, True], ids=["coarse", "leaf"])
@pytest.mark.parametrize("workflow", WORKFLOWS)
def test_every_block_gives_what_it_gives_alone(
    workflow: str, is_leaf: bool, tmp_path: Path
) -> None:
    host = make_pictures(tmp_path)
    graph = graph_of(workflow, is_leaf)
    report = run(open_real_session(), graph, host)
    components, state = reference_pipeline(), PipelineState()
    compared, defaults = 0, []
    for node_id in report.run.order:
        plan = report.run.planner.plans[node_id]
        if not plan.node_type.is_block:
            continue
        given = typed_on(graph, node_id, tmp_path)
        state = run_alone(plan.node_type.id, components, state, given)
        ours = report.state(node_id)
        block = diffusers_blocks().resolve(plan.node_type.id)
        defaults += [(param.name, param.default) for param in block.inputs]
        for name, value in state.values.items():
            if name not in ours:
                # The pipeline puts every default into the state; blocks do so when they read it.
                assert any(name == n and is_equal(value, default) for n, default in defaults), name
                continue
            assert is_equal(report.fetch(ours[name]), value), f"{node_id}: {name}"
            compared += 1
        assert set(ours) <= set(state.values), node_id
        assert {k: set(v) for k, v in state.kwargs_mapping.items()} == {
            bundle: set(report.run.planner.wires[node_id]["pipeline"].bundles[bundle])
            for bundle in report.run.planner.wires[node_id]["pipeline"].bundles
        }, node_id
    assert compared > 50
