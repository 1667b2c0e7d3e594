"""A composite that comes with a repository: run as one node, and opened into its blocks."""

from __future__ import annotations

import json
from pathlib import Path

from blockloom.catalogue.trusting import trust_book
from blockloom.graph.expand import expand
from blockloom.graph.load_block import LOAD_BLOCK, load_block_id
from blockloom.graph.model import Graph, Link, Literal, Node
from blockloom.settings import Settings, read_settings
from blockloom.trust import Trusted, read_code
from blockloom.wiring import open_engine, open_workshop

COMPOSITE = """
from diffusers.modular_pipelines import (
    InputParam, ModularPipelineBlocks, OutputParam, SequentialPipelineBlocks
)


class Twice(ModularPipelineBlocks):
    def __init__(self, name="total"):
        super().__init__()
        self.name = name

    @property
    def inputs(self):
        return [InputParam("amount", type_hint=int, default=1)]

    @property
    def intermediate_outputs(self):
        return [OutputParam(self.name, type_hint=int)]

    def __call__(self, components, state):
        block_state = self.get_block_state(state)
        setattr(block_state, self.name, block_state.amount * 2)
        self.set_block_state(state, block_state)
        return components, state


class Both(SequentialPipelineBlocks):
    block_classes = [Twice, Twice("more")]
    block_names = ["one", "two"]
"""


def test_a_composite_of_a_repository_opens_into_its_blocks(tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (own / "block.py").write_text(COMPOSITE)
    config = {"auto_map": {"ModularPipelineBlocks": "block.Both"}}
    (own / "modular_config.json").write_text(json.dumps(config))
    settings = Settings(tmp_path / "data", read_settings().cache, tmp_path / "config")
    name, place = str(own), str(own.resolve())
    trust_book(settings).add(Trusted(name, "", place, "", read_code(own).digest))
    shop = open_workshop(settings, [], print)
    nodes = (
        Node("model", "BlockloomLoadPipeline", {"model": Literal("demo")}),
        Node(
            "own",
            LOAD_BLOCK,
            {
                "pipeline": Link("model", "pipeline"),
                "repository": Literal(name),
                "amount": Literal(3),
            },
        ),
        Node("show", "PreviewAny", {"source": Link("own", "more")}),
    )
    graph = Graph({node.id: node for node in nodes})
    opened = expand(graph, "own", shop.catalogue).graph
    inner = load_block_id(name)
    assert [opened.nodes[n].class_type for n in ("one", "two")] == [f"{inner}:one", f"{inner}:two"]
    engine = open_engine(shop)
    report = engine.session.run(graph)
    assert report.shown["show"] == ("6",)
    assert engine.session.run(opened).shown["show"] == ("6",)
    # What found the block is no part of the state.
    assert set(report.state("own")) == {"amount", "total", "more"}
