"""Sessions on diffusers' own blocks, and diffusers itself to compare with.

Tests import it as ``from tests.real_sessions import open_real_session``.
"""

from __future__ import annotations

import argparse
from functools import cache
from pathlib import Path
from typing import Any

import diffusers
import PIL.Image
import PIL.ImageDraw
import torch
from diffusers import ModularPipeline

from blockloom.catalogue.templates import make_template
from blockloom.cli.wiring import Workshop, open_session, open_workshop
from blockloom.demo import model_folder
from blockloom.execution.session import RunOptions, Session
from blockloom.execution.views import Host
from blockloom.graph.model import Graph, Link, Literal, Node

SIDE = 64


@cache
def workshop() -> Workshop:
    """The catalogue and the node functions, read once for each test process."""
    return open_workshop(argparse.Namespace(data=None, nodes_folders=[]))


def open_real_session() -> Session:
    """A fresh session: nothing is kept in it yet."""
    return open_session(workshop())


def template(workflow: str, *, is_leaf: bool = False, model: str = "demo") -> Graph:
    """The template of a Stable Diffusion XL workflow."""
    catalogue = workshop().catalogue
    entry = catalogue.pipelines["stable-diffusion-xl"]
    found = entry.workflow(workflow)
    assert found is not None
    return make_template(entry, found, catalogue, model=model, leaf=is_leaf)


def with_input(graph: Graph, node_id: str, name: str, value: object) -> Graph:
    """The graph with a value typed on a node, or a link given."""
    given = value if isinstance(value, Link) else Literal(value)  # type: ignore[arg-type]
    return graph.with_node(graph.nodes[node_id].with_input(name, given))


def with_node_behind(graph: Graph, before: str, node: Node) -> Graph:
    """The graph with a node put into the main wire behind another one."""
    for reader in graph.nodes.values():
        if reader.inputs.get("pipeline") == Link(before, "pipeline"):
            graph = with_input(graph, reader.id, "pipeline", Link(node.id, "pipeline"))
    return graph.with_node(node.with_input("pipeline", Link(before, "pipeline")))


def without_sinks(graph: Graph) -> Graph:
    """The graph without the nodes that save."""
    for node in list(graph.nodes.values()):
        if node.class_type == "SaveImage":
            graph = graph.without_node(node.id)
    return graph


def first_reader(graph: Graph, name: str) -> str:
    """The first node, in the file's order, whose type has an input of that name."""
    for node in graph.nodes.values():
        node_type = workshop().catalogue.get(node.class_type)
        if node_type is not None and node_type.is_block and node_type.input(name) is not None:
            return node.id
    raise LookupError(name)


def make_pictures(folder: Path) -> Host:
    """A picture and a mask as files, under the names the templates use."""
    picture = PIL.Image.new("RGB", (SIDE, SIDE), (120, 180, 240))
    PIL.ImageDraw.Draw(picture).ellipse((16, 20, 44, 48), fill=(220, 60, 40))
    mask = PIL.Image.new("RGB", (SIDE, SIDE))
    PIL.ImageDraw.Draw(mask).rectangle((12, 12, 44, 44), fill=(255, 255, 255))
    picture.save(folder / "example.png")
    mask.save(folder / "mask.png")
    return Host(output_folder=folder / "output", input_folders=(folder,))


def run(session: Session, graph: Graph, host: Host, **options: Any) -> Any:
    """Run a graph up to its pictures."""
    return session.run(graph, RunOptions(host=host, **options))


def reference_pipeline(scheduler: str = "", **config: Any) -> ModularPipeline:
    """diffusers' own pipeline on the demo model."""
    pipeline = ModularPipeline.from_pretrained(str(model_folder()))
    pipeline.load_components(dtype=torch.float32)
    _hide_bars(pipeline._blocks)
    if scheduler:
        made = getattr(diffusers, scheduler).from_config(pipeline.scheduler.config, **config)
        pipeline.update_components(scheduler=made)
    return pipeline


def _hide_bars(block: Any) -> None:
    for inner in block.sub_blocks.values():
        if hasattr(inner, "set_progress_bar_config"):
            inner.set_progress_bar_config(disable=True)
        _hide_bars(inner)


def pictures_of(folder: Path) -> dict[str, PIL.Image.Image]:
    """The test pictures by the name of the pipeline input they are for."""
    return {
        "image": PIL.Image.open(folder / "example.png").convert("RGB"),
        "mask_image": PIL.Image.open(folder / "mask.png").convert("RGB"),
    }
