"""Every workflow of the installed diffusers as a graph, coarse and leaf."""

from __future__ import annotations

import pytest
from tests.described import catalogue
from tests.graph.fake_types import TYPES

from blockloom.catalogue.pipelines import PipelineEntry, Workflow
from blockloom.catalogue.templates import make_template
from blockloom.graph.branches import BranchResolver
from blockloom.graph.check import check_graph
from blockloom.graph.model import Graph, Literal
from blockloom.graph.node_types import FixedNodeTypes, InputSocket


def workflows() -> list[tuple[PipelineEntry, Workflow]]:
    return [
        (entry, workflow)
        for entry in catalogue().pipelines.values()
        for workflow in entry.workflows
    ]


def all_types() -> FixedNodeTypes:
    functions = {k: t for k, t in TYPES.types.items() if not t.is_block}
    places = {
        step.type_id: catalogue().get(step.type_id)
        for _, workflow in workflows()
        for step in (*workflow.coarse, *workflow.leaf)
    }
    found = {type_id: node_type for type_id, node_type in places.items() if node_type is not None}
    return FixedNodeTypes({**catalogue().types, **found, **functions})


class SameBlocks(dict[str, object]):
    """What a type id stands for, whichever of its places it is named by."""

    def __missing__(self, type_id: str) -> object:
        node_type = catalogue().get(type_id)
        assert node_type is not None, type_id
        return (node_type.title, node_type.inputs, node_type.outputs)


def test_static_branches_are_those_of_diffusers():
    """Where no conditional has logic of its own, both find the same blocks."""
    resolver = BranchResolver(catalogue())
    blocks = SameBlocks()
    compared = 0
    for entry, workflow in workflows():
        preset = catalogue().get(entry.preset)
        assert preset is not None
        resolved = resolver.resolve(preset, set(workflow.triggers).__contains__)
        if resolved.is_certain:
            compared += 1
            found = [blocks[type_id] for _, type_id in resolved.leaves]
            expected = [blocks[step.type_id] for step in workflow.leaf]
            assert found == expected, (entry.name, workflow.name)
    assert compared >= 50


@pytest.mark.parametrize("leaf", [False, True])
def test_every_template_checks_but_for_what_only_the_user_knows(leaf):
    types = all_types()
    for entry, workflow in workflows():
        graph = make_template(entry, workflow, types, model="demo", leaf=leaf)
        needs = graph.extra.get("needs", [])
        errors = [p for p in check_graph(graph, types).errors if p.place.socket not in needs]
        assert not errors, (entry.name, workflow.name, [str(error) for error in errors])


@pytest.mark.parametrize("keeps_defaults", [False, True])
def test_leaf_graphs_read_the_presets_defaults(keeps_defaults):
    """Follow values by hand, with and without blocks leaving their defaults in the state."""
    types = all_types()
    for entry, workflow in workflows():
        graph = make_template(entry, workflow, types, model="demo", leaf=True)
        typed = typed_values(graph)
        preset = {**{k: v for k, v in workflow.defaults.items() if v is not None}, **typed}
        by_preset: dict[str, object] = dict(preset)
        by_graph: dict[str, object] = {}
        for step_inputs, outputs, own in walk(graph, types):
            by_graph.update(own)
            for socket in step_inputs:
                one = effective(socket, by_preset, keeps_defaults)
                other = effective(socket, by_graph, keeps_defaults)
                assert one == other, (entry.name, workflow.name, socket.name)
            for name in outputs:
                by_preset[name] = by_graph[name] = object()


def typed_values(graph: Graph) -> dict[str, object]:
    return {
        name: given.value if isinstance(given, Literal) else given
        for node in graph.nodes.values()
        if node.class_type not in TYPES.types
        for name, given in node.inputs.items()
        if name != "pipeline"
    }


def walk(graph: Graph, types: FixedNodeTypes):
    for node in graph.nodes.values():
        node_type = types.get(node.class_type)
        if node_type is not None and node_type.is_block:
            sockets = [s for s in node_type.inputs[1:] if not s.is_bundle]
            own = typed_values(Graph({node.id: node}))
            yield sockets, [output.name for output in node_type.outputs[1:]], own


def effective(socket: InputSocket, state: dict[str, object], keeps_default: bool) -> object:
    value = state.get(socket.name)
    value = socket.default if value is None else value
    if keeps_default and value is not None:
        state[socket.name] = value
    return value
