"""A workflow run by diffusers and by Blockloom's own graph, compared to the bit.

Everything that diffusers leaves in its state is compared, not the pictures alone.
"""

from __future__ import annotations

import argparse
import itertools
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import PIL.Image
import torch
from diffusers import ModularPipeline
from tests.kit.given import name_for
from tests.kit.recipes import Inputs, Recipe
from tests.kit.sameness import differences

from blockloom.catalogue.pipelines import Workflow
from blockloom.catalogue.templates import make_template
from blockloom.cli.wiring import Workshop, open_session, open_workshop
from blockloom.execution.session import RunOptions, RunReport, Session
from blockloom.execution.views import Host
from blockloom.graph.literals import misfit
from blockloom.graph.model import Graph, Link, Literal, Node
from blockloom.graph.node_types import InputSocket, NodeType, OutputSocket

MODES = ("coarse", "leaf", "re-run")
NOTHING: Mapping[str, object] = MappingProxyType({})
_NODES = Path(__file__).parent / "nodes"


@cache
def workshop() -> Workshop:
    """The catalogue and the node functions, read once for each test process."""
    return open_workshop(argparse.Namespace(data=None, nodes_folders=[_NODES]))


@dataclass(slots=True)
class Bench:
    """A recipe's repository, built once, and what diffusers makes of it."""

    recipe: Recipe
    folder: Path
    _runs: dict[str, tuple[Inputs, dict[str, object]]] = field(default_factory=dict)
    _numbers: itertools.count[int] = field(default_factory=itertools.count)

    @property
    def repository(self) -> Path:
        """The repository's folder; it is built when it is first asked for."""
        folder = self.folder / "model"
        if not folder.exists():
            with torch.random.fork_rng(devices=[]):
                torch.manual_seed(0)
                self.recipe.build(folder)
        return folder

    def check(self, workflow: str, mode: str) -> None:
        """Assert that graph and diffusers agree; ``mode`` is one of ``MODES``."""
        inputs, expected = self.reference(workflow)
        graph = self.graph(workflow, inputs, is_leaf=mode != "coarse")
        session = open_session(workshop())
        self._assert_same(self.run(session, graph), workflow, expected)
        if mode == "re-run":
            self._check_kept_values(session, workflow, graph)

    def _check_kept_values(self, session: Session, workflow: str, graph: Graph) -> None:
        """Change something that is read late, then something read early; and change it back."""
        inputs, before = self.reference(workflow)
        early = [self.recipe.early] if self.recipe.early.keys() <= inputs.keys() else []
        for changes in (self.recipe.later, *early):
            changed, expected = self.reference(workflow, changes)
            unnamed = before.keys() - changes.keys()
            assert _differences_in(before, expected, unnamed), "what is changed changes nothing"
            report = self.run(session, self.graph(workflow, changed, is_leaf=True))
            if changes is self.recipe.later:
                assert _blocks_among(report.kept, graph), "nothing was kept"
            self._assert_same(report, workflow, expected)
            back = self.run(session, graph)
            assert back.ran == (), f"ran again: {back.ran}"
            self._assert_same(back, workflow, before)

    def _assert_same(self, report: RunReport, workflow: str, expected: dict[str, object]) -> None:
        """Assert that the main wire behind the last block carries what diffusers' state has."""
        last = chain_of(report.run.graph)[-1]
        refs = report.state(last.id)
        found = {name: report.fetch(ref) for name, ref in refs.items()}
        different = _differences_in(found, expected, found)
        assert not different, different
        written = {
            out.name for step in self.workflow(workflow).leaf for out in outputs(step.type_id)
        }
        lost = written - set(found)
        assert not lost, f"not on the main wire: {sorted(lost)}"

    # -- diffusers

    def reference(
        self, workflow: str, changes: Mapping[str, object] = NOTHING
    ) -> tuple[Inputs, dict[str, object]]:
        """The inputs of a workflow, and all values in the state of diffusers' own run."""
        key = " ".join([workflow, *changes])
        if key not in self._runs:
            inputs = self.recipe.workflows[workflow]()
            if changes:
                inputs = {**self.reference(workflow)[0], **changes}
            self._runs[key] = (inputs, self._run_diffusers(workflow, inputs))
        return self._runs[key]

    def _run_diffusers(self, workflow: str, inputs: Inputs) -> dict[str, object]:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            pipeline = ModularPipeline.from_pretrained(str(self.repository))
            pipeline.load_components(dtype=torch.float32)
            self.recipe.prepare(pipeline, self.repository, workflow)
            hide_bars(pipeline._blocks)
            given = {name: _fresh(value) for name, value in inputs.items()}
            return dict(pipeline(**given).values)

    # -- Blockloom

    def workflow(self, name: str) -> Workflow:
        """The workflow of that name."""
        found = workshop().catalogue.pipelines[self.recipe.pipeline].workflow(name)
        assert found is not None, name
        return found

    def graph(self, workflow: str, inputs: Inputs, *, is_leaf: bool) -> Graph:
        """The template with these inputs on the first node that reads each."""
        catalogue = workshop().catalogue
        entry = catalogue.pipelines[self.recipe.pipeline]
        found, model = self.workflow(workflow), str(self.repository)
        graph = make_template(entry, found, catalogue, model=model, leaf=is_leaf)
        graph = self.recipe.adapt(graph, self.repository, workflow)
        for name, value in inputs.items():
            # What did no more than choose the blocks is read by none of them.
            if name not in found.triggers or _readers(graph, name):
                graph = self._with_input(graph, name, value)
        return _without_loose_pictures(graph)

    def run(self, session: Session, graph: Graph) -> RunReport:
        """Run a graph whose files are in the bench's folder."""
        host = Host(self.folder / "output", (self.folder,))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return session.run(graph, RunOptions(host=host))

    def _with_input(self, graph: Graph, name: str, value: object) -> Graph:
        node, socket = _reader(graph, name)
        if isinstance(value, torch.Generator):
            given: Literal | Link = Literal(value.initial_seed())
        elif _is_plain(value) and misfit(socket, _as_json(value)) is None:
            given = Literal(_as_json(value))
        else:
            source = self._source(name, value)
            graph = graph.with_node(source)
            given = Link(source.id, "image" if source.class_type == "LoadImage" else "value")
        return graph.with_node(graph.nodes[node.id].with_input(name, given))

    def _source(self, name: str, value: object) -> Node:
        """A node that gives what cannot be typed: a picture from a file, or an object."""
        label = name_for(value)
        if isinstance(value, PIL.Image.Image) and value.mode == "RGB":
            file = f"{label}.png"
            if not (self.folder / file).exists():
                value.save(self.folder / file)
            return Node(f"given_{name}", "LoadImage", {"image": Literal(file)})
        return Node(f"given_{name}", "TestGiven", {"name": Literal(label)})


def chain_of(graph: Graph) -> list[Node]:
    """The blocks of a graph in the order of its file, which is the order they run in."""
    return [node for node in graph.nodes.values() if (t := _type(node)) and t.is_block]


def _differences_in(found: Any, expected: Any, names: Any) -> list[str]:
    return [
        line for name in names for line in differences(found.get(name), expected.get(name), name)
    ]


def _type(node: Node) -> NodeType | None:
    return workshop().catalogue.get(node.class_type)


def outputs(type_id: str) -> tuple[OutputSocket, ...]:
    """What a block puts on the main wire."""
    node_type = workshop().catalogue.get(type_id)
    assert node_type is not None, type_id
    return node_type.outputs[1:]


def _blocks_among(node_ids: tuple[str, ...], graph: Graph) -> list[str]:
    blocks = {node.id for node in chain_of(graph)}
    return [node_id for node_id in node_ids if node_id in blocks]


def _reader(graph: Graph, name: str) -> tuple[Node, InputSocket]:
    """The node that the template gave the input to, else the first one that has it."""
    readers = _readers(graph, name)
    assert readers, f"no block reads {name}"
    return next((pair for pair in readers if name in pair[0].inputs), readers[0])


def _readers(graph: Graph, name: str) -> list[tuple[Node, InputSocket]]:
    readers = []
    for node in chain_of(graph):
        node_type = _type(node)
        socket = node_type.input(name) if node_type is not None else None
        if socket is not None:
            readers.append((node, socket))
    return readers


def _without_loose_pictures(graph: Graph) -> Graph:
    """The graph without the pictures of the template that were replaced."""
    linked = {
        given.node_id
        for node in graph.nodes.values()
        for given in node.inputs.values()
        if isinstance(given, Link)
    }
    for node in list(graph.nodes.values()):
        if node.class_type in ("LoadImage", "LoadVideo") and node.id not in linked:
            graph = graph.without_node(node.id)
    return graph


def _is_plain(value: object) -> bool:
    if isinstance(value, (list, tuple)):
        return all(map(_is_plain, value))
    return value is not None and isinstance(value, (str, int, float, bool))


def _as_json(value: Any) -> Any:
    return [*map(_as_json, value)] if isinstance(value, (list, tuple)) else value


def _fresh(value: object) -> object:
    """A generator as it was at the beginning: runs move it on."""
    if isinstance(value, torch.Generator):
        return torch.Generator().manual_seed(value.initial_seed())
    return value


def hide_bars(block: Any) -> None:
    """Keep the loops of diffusers from drawing progress bars."""
    for inner in block.sub_blocks.values():
        if hasattr(inner, "set_progress_bar_config"):
            inner.set_progress_bar_config(disable=True)
        hide_bars(inner)
