"""Every pipeline of diffusers goes to ComfyUI and comes back, from coarse and from leaf blocks."""

from __future__ import annotations

from tests.real_sessions import workshop

from blockloom.catalogue.templates import make_template
from blockloom.export.comfyui import export_to_comfyui
from blockloom.export.comfyui_read import read_workflow
from blockloom.graph.model import Graph, Link, Literal


def given(graph: Graph) -> dict[tuple[str, str], object]:
    """What is typed and linked, apart from "nothing"."""
    return {
        (node.id, name): (value.node_id, value.output) if isinstance(value, Link) else value.value
        for node in graph.nodes.values()
        for name, value in node.inputs.items()
        if value != Literal(None)
    }


def test_all_templates_keep_what_is_typed_and_linked() -> None:
    catalogue = workshop().catalogue
    count = 0
    for entry in catalogue.pipelines.values():
        for workflow in entry.workflows:
            for leaf in (False, True):
                graph = make_template(entry, workflow, catalogue, model="x", leaf=leaf)
                found = export_to_comfyui(graph, catalogue)
                assert found.problems == ()
                again = read_workflow(found.workflow, catalogue)
                assert given(again).items() >= given(graph).items(), (entry.name, workflow.name)
                assert again.nodes.keys() == graph.nodes.keys()
                count += 1
    assert count > 100
