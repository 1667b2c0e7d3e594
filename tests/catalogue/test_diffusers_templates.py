"""Every workflow of the installed diffusers as a graph, coarse and leaf."""

from __future__ import annotations

import re
from contextlib import nullcontext

import pytest
from tests.described import catalogue, library

from blockloom.catalogue.folders import load_folder
from blockloom.catalogue.pipelines import PipelineEntry, Workflow
from blockloom.catalogue.templates import make_template
from blockloom.errors import GraphError
from blockloom.graph.branches import BranchResolver
from blockloom.graph.check import check_graph
from blockloom.graph.expand import expand
from blockloom.graph.flow import trace_flow
from blockloom.graph.model import Graph, Link, Literal, Node
from blockloom.graph.node_types import FixedNodeTypes, InputSocket, Kind
from blockloom.resources import nodes_folder


def workflows() -> list[tuple[PipelineEntry, Workflow]]:
    return [
        (entry, workflow)
        for entry in catalogue().pipelines.values()
        for workflow in entry.workflows
    ]


FUNCTIONS = load_folder(nodes_folder()).types
# What templates load beside the model; it chooses no blocks.
LOADED = {"controlnet", "ip_adapter"}


def all_types() -> FixedNodeTypes:
    places = {
        step.type_id: catalogue().get(step.type_id)
        for _, workflow in workflows()
        for step in (*workflow.coarse, *workflow.leaf)
    }
    found = {type_id: node_type for type_id, node_type in places.items() if node_type is not None}
    return FixedNodeTypes({**catalogue().types, **found, **FUNCTIONS})


class SameBlocks(dict[str, object]):
    """What a type id stands for, whichever of its places it is named by."""

    def __missing__(self, type_id: str) -> object:
        node_type = catalogue().get(type_id)
        assert node_type is not None, type_id
        return (node_type.title, node_type.inputs, node_type.outputs)


def smallest(workflow: Workflow) -> list[str]:
    """The blocks of a workflow, with those that the triggers choose where a choice is open."""
    is_given = set(workflow.triggers).__contains__
    resolver = BranchResolver(catalogue())
    found = []
    for step in workflow.leaf:
        node_type = catalogue().get(step.type_id)
        assert node_type is not None
        is_open = node_type.kind is Kind.CONDITIONAL
        leaves = resolver.resolve(node_type, is_given, is_given).leaves if is_open else ()
        found += [type_id for _, type_id in leaves] if is_open else [step.type_id]
    return found


BY_VALUE = {
    # 1.0, the block's own default, counts as if there were none.
    ("ltx2", "in_context"): ("conditioning_attention_strength",),
    ("ltx2.5", "in_context"): ("conditioning_attention_strength",),
}


def test_static_branches_are_those_of_diffusers():
    """Both find the same blocks; only what a value decides is left open."""
    resolver = BranchResolver(catalogue())
    blocks = SameBlocks()
    undecided = {}
    for entry, workflow in workflows():
        preset = catalogue().get(entry.preset)
        assert preset is not None
        is_given = set(workflow.triggers).__contains__
        resolved = resolver.resolve(preset, is_given, is_given)
        found = [blocks[type_id] for _, type_id in resolved.leaves]
        expected = [blocks[type_id] for type_id in smallest(workflow)]
        if resolved.is_certain:
            assert found == expected, (entry.name, workflow.name)
        else:
            (_, names), *others = resolved.undecided_by
            undecided[entry.name, workflow.name] = names
            assert not others
            assert [block for block in found if block in expected] == expected
    assert undecided == BY_VALUE


def test_every_combination_of_triggers_decides_as_in_diffusers():
    """The tables of conditionals with logic of their own, held against ``select_block``."""
    compared = 0
    for type_id, node_type in catalogue().types.items():
        conditional = library().resolve(type_id) if node_type.selections else None
        for selection in node_type.selections:
            compared += 1
            given = {name: name in selection.present or None for name in node_type.triggers}
            refusal = pytest.raises(ValueError, match=re.escape(selection.error) or "^$")
            with refusal if selection.error else nullcontext():
                chosen = conditional.select_block(**given) or conditional.default_block_name or ""
                assert selection.branch == chosen
    assert compared == 119


def test_every_block_inside_a_block_has_a_node_type():
    types = catalogue().types.values()
    inside = [(t.id, sub.type_id) for t in types for sub in t.sub_blocks]
    assert len(inside) > 900
    assert [pair for pair in inside if catalogue().get(pair[1]) is None] == []


def test_a_trigger_that_needs_a_certain_value_gets_it():
    entry = catalogue().pipelines["cosmos3-omni"]
    workflow = entry.workflow("text2image")
    assert workflow is not None
    assert workflow.trigger_values == {"num_frames": 1}
    for leaf in (False, True):
        graph = make_template(entry, workflow, all_types(), model="demo", leaf=leaf)
        given = [n.inputs["num_frames"] for n in graph.nodes.values() if "num_frames" in n.inputs]
        assert given == [Literal(1)]


def test_coarse_templates_run_the_blocks_of_diffusers():
    """Each node's branches are known before a run, as soon as the user gives what is needed."""
    types = all_types()
    blocks = SameBlocks()
    compared = 0
    for entry, workflow in workflows():
        graph = make_template(entry, workflow, types, model="demo", leaf=False)
        flows = trace_flow(graph, types).nodes
        assert all(flow.resolved.is_certain for flow in flows.values()), (entry.name, workflow.name)
        if not {*graph.extra.get("needs", [])} - LOADED:
            compared += 1
            running = [flows[k] for k, n in graph.nodes.items() if n.class_type not in FUNCTIONS]
            found = [blocks[id_] for flow in running for _, id_ in flow.resolved.leaves]
            expected = [blocks[type_id] for type_id in smallest(workflow)]
            assert found == expected, (entry.name, workflow.name)
    assert compared > 60


def test_leaf_templates_give_what_coarse_ones_give():
    types = all_types()
    for entry, workflow in workflows():
        coarse, leaf = (
            results_of(make_template(entry, workflow, types, model="demo", leaf=is_leaf), types)
            for is_leaf in (False, True)
        )
        assert coarse, (entry.name, workflow.name)
        # Where it is known that no sound is made, none is saved.
        assert leaf <= coarse, (entry.name, workflow.name)
        assert {pair for pair in coarse if pair[1] in "images videos"} <= leaf


def results_of(graph: Graph, types: FixedNodeTypes) -> set[tuple[str, str]]:
    """What is saved or shown: the type of the node that takes it, and its name."""
    return {
        (node.class_type, given.output)
        for node in graph.nodes.values()
        if node.class_type in FUNCTIONS
        for given in node.inputs.values()
        if isinstance(given, Link) and given.output != "pipeline"
        if (maker := types.get(graph.nodes[given.node_id].class_type)) and maker.is_block
    }


@pytest.mark.parametrize("leaf", [False, True])
def test_every_template_checks_but_for_what_only_the_user_knows(leaf):
    types = all_types()
    for entry, workflow in workflows():
        graph = make_template(entry, workflow, types, model="demo", leaf=leaf)
        needs = graph.extra.get("needs", [])
        errors = [
            problem
            for problem in check_graph(graph, types).errors
            if problem.place.socket not in needs
            and (problem.place.node_id or "").removeprefix("load_") not in needs
        ]
        assert not errors, (entry.name, workflow.name, [str(error) for error in errors])


@pytest.mark.parametrize("leaf", [False, True])
def test_what_is_no_part_of_the_model_is_loaded_behind_it(leaf):
    types = all_types()
    loaders = {"BlockloomLoadControlNet": "controlnet", "BlockloomLoadIPAdapter": "ip_adapter"}
    found = {}
    for entry, workflow in workflows():
        graph = make_template(entry, workflow, types, model="demo", leaf=leaf)
        added = {
            loaders[node.class_type]: id_
            for id_, node in graph.nodes.items()
            if node.class_type in loaders
        }
        needs = graph.extra.get("needs", [])
        assert added == {name: f"load_{name}" for name in LOADED.intersection(needs)}
        (behind,) = [
            node.id
            for node in graph.nodes.values()
            if node.inputs.get("pipeline") == Link("model", "pipeline")
        ]
        assert behind in added.values() or not added
        found[f"{entry.name} {workflow.name}"] = {*added}
    named = {key for key in found if "control" in key or "ip_adapter" in key}
    assert named == {key for key, added in found.items() if added}
    assert found["stable-diffusion-xl ip_adapter_controlnet_text2image"] == LOADED
    assert found["qwenimage controlnet_inpainting"] == {"controlnet"}


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
        if node.class_type not in FUNCTIONS
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


def test_coarse_templates_expand_to_the_smallest_blocks() -> None:
    types, opened, undecided = all_types(), 0, []
    for entry, workflow in workflows():
        graph = make_template(entry, workflow, types, model="m", leaf=False)
        graph = _with_needs(graph, types)
        problems = _shown_problems(graph, types)
        try:
            while todo := _composites(graph, types):
                graph = expand(graph, todo[0], types).graph
        except GraphError:
            undecided.append((entry.name, workflow.name))
            continue
        assert _shown_problems(graph, types) == problems
        assert _blocks_on_wire(graph, types) == smallest(workflow)
        opened += 1
    # What the references are decides there.
    assert undecided == [("ltx2", "in_context"), ("ltx2.5", "in_context")]
    assert opened == len(workflows()) - 2


def _with_needs(graph: Graph, types: FixedNodeTypes) -> Graph:
    """The graph with something linked wherever only the user can know what."""
    graph = graph.with_node(Node("given", "LoadImage", {"image": Literal("x.png")}))
    for name in graph.extra.get("needs", []):
        for node in graph.nodes.values():
            node_type = types.get(node.class_type)
            if node_type is not None and node_type.is_block and node_type.input(name) is not None:
                graph = graph.with_node(node.with_input(name, Link("given", "image")))
                break
    return graph


def _composites(graph: Graph, types: FixedNodeTypes) -> list[str]:
    found = {node.id: types.get(node.class_type) for node in graph.nodes.values()}
    kinds = (Kind.SEQUENTIAL, Kind.CONDITIONAL)
    return [key for key, node_type in found.items() if node_type and node_type.kind in kinds]


def _shown_problems(graph: Graph, types: FixedNodeTypes) -> list[tuple[str, str | None, bool]]:
    problems = check_graph(graph, types).problems
    return sorted((p.code, p.place.socket, p.is_warning) for p in problems)


def _blocks_on_wire(graph: Graph, types: FixedNodeTypes) -> list[str]:
    after = {
        given.node_id: node
        for node in graph.nodes.values()
        if isinstance(given := node.inputs.get("pipeline"), Link)
        and (node.class_type not in FUNCTIONS or node.id.startswith("load_"))
    }
    found, at = [], "model"
    while at in after:
        node = after[at]
        at = node.id
        if node.class_type not in FUNCTIONS:
            found.append(node.class_type)
    return found
