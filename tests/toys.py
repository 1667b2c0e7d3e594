"""Small real blocks on tiny tensors, and a session that runs them.

Tests import it as ``from tests.toys import toy_session``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from diffusers import ModularPipelineBlocks
from diffusers.modular_pipelines.modular_pipeline import (
    AutoPipelineBlocks,
    LoopSequentialPipelineBlocks,
    ModularPipeline,
    SequentialPipelineBlocks,
)
from diffusers.modular_pipelines.modular_pipeline_utils import InputParam, OutputParam

from blockloom.bridge.blocks import BlockLibrary
from blockloom.bridge.model_store import ModelStore
from blockloom.bridge.runner import BlockRunner
from blockloom.execution.session import Session
from blockloom.execution.store import DEFAULT_BUDGET, ValueStore
from blockloom.execution.values import NewPipeline, PipelineBase
from blockloom.graph.model import Graph, Link, Literal, Node
from blockloom.graph.node_types import FixedNodeTypes, InputSocket, Kind, NodeType, OutputSocket
from blockloom.graph.sockets import SocketType


class ToyBlock(ModularPipelineBlocks):
    """A block whose sockets are class attributes and whose work is ``work(block_state)``."""

    model_name = "toy"
    reads: tuple[InputParam, ...] = ()
    writes: tuple[OutputParam, ...] = ()

    @property
    def description(self) -> str:
        return type(self).__doc__ or ""

    @property
    def inputs(self) -> list[InputParam]:
        return [InputParam(**vars(param)) for param in self.reads]

    @property
    def intermediate_outputs(self) -> list[OutputParam]:
        return [OutputParam(**vars(param)) for param in self.writes]

    def __call__(self, components: Any, state: Any) -> tuple[Any, Any]:
        block_state = self.get_block_state(state)
        self.work(block_state)
        self.set_block_state(state, block_state)
        return components, state

    def work(self, block_state: Any) -> None:
        raise NotImplementedError


def takes(name: str, hint: Any = torch.Tensor, **options: Any) -> InputParam:
    return InputParam(name, type_hint=hint, **options)


def gives(name: str, hint: Any = torch.Tensor, **options: Any) -> OutputParam:
    return OutputParam(name, type_hint=hint, **options)


class ToyMake(ToyBlock):
    """Make x, filled with a number."""

    reads = (takes("number", float, default=1.0),)
    writes = (gives("x"),)

    def work(self, block_state: Any) -> None:
        block_state.x = torch.full((4,), float(block_state.number))


class ToyDouble(ToyBlock):
    """y = 2 x."""

    reads = (takes("x", required=True),)
    writes = (gives("y"),)

    def work(self, block_state: Any) -> None:
        block_state.y = block_state.x * 2


class ToyNegate(ToyBlock):
    """z = -x."""

    reads = (takes("x", required=True),)
    writes = (gives("z"),)

    def work(self, block_state: Any) -> None:
        block_state.z = -block_state.x


class ToyIncrement(ToyBlock):
    """x = x + 1, a new tensor."""

    reads = (takes("x", required=True),)
    writes = (gives("x"),)

    def work(self, block_state: Any) -> None:
        block_state.x = block_state.x + 1


class ToyNoise(ToyBlock):
    """Draw noise from the generator, which moves on."""

    reads = (takes("generator", torch.Generator),)
    writes = (gives("noise"),)

    def work(self, block_state: Any) -> None:
        block_state.noise = torch.randn(4, generator=block_state.generator)


class ToyGlobalNoise(ToyBlock):
    """Draw noise from torch's global generator."""

    writes = (gives("noise"),)

    def work(self, block_state: Any) -> None:
        block_state.noise = torch.randn(4)


class ToyWriteIntoInput(ToyBlock):
    """Add 1 to x in place, and give the sum."""

    reads = (takes("x", required=True), takes("amount", float, default=1.0))
    writes = (gives("total"),)

    def work(self, block_state: Any) -> None:
        block_state.x += block_state.amount
        block_state.total = block_state.x.sum()


class ToyRaise(ToyBlock):
    """Fail, unless told not to."""

    reads = (takes("x", required=True), takes("is_failing", bool, default=True))
    writes = (gives("y"),)

    def work(self, block_state: Any) -> None:
        if block_state.is_failing:
            raise ValueError("the toy is broken")
        block_state.y = block_state.x


class ToyNan(ToyBlock):
    """Give y = 0 / 0."""

    reads = (takes("x", required=True),)
    writes = (gives("y"),)

    def work(self, block_state: Any) -> None:
        block_state.y = block_state.x * float("nan")


class ToyForget(ToyBlock):
    """Declare y, and forget it."""

    reads = (takes("x", required=True),)
    writes = (gives("y"),)

    def work(self, block_state: Any) -> None:
        block_state.w = block_state.x


class ToyUndeclared(ToyBlock):
    """Read ``secret`` and write ``mystery`` without declaring either."""

    writes = (gives("y"),)

    def __call__(self, components: Any, state: Any) -> tuple[Any, Any]:
        secret = state.get("secret")
        state.set("mystery", torch.ones(2))
        state.set("y", torch.full((2,), float(secret or 0)))
        return components, state


class ToyBundleWriter(ToyBlock):
    """Write a and b into the bundle ``fields``."""

    reads = (takes("number", float, default=1.0),)
    writes = (gives("a", kwargs_type="fields"), gives("b", kwargs_type="fields"))

    def work(self, block_state: Any) -> None:
        block_state.a = torch.full((2,), float(block_state.number))
        block_state.b = None


class ToyBundleReader(ToyBlock):
    """Sum up the bundle ``fields``."""

    reads = (InputParam(kwargs_type="fields"),)
    writes = (gives("y"), gives("names", list))

    def work(self, block_state: Any) -> None:
        block_state.names = sorted(block_state.fields)
        block_state.y = sum(block_state.fields.values())


class ToyWithX(ToyBlock):
    """Run where x is there."""

    reads = (takes("x"), takes("number", float, default=5.0))
    writes = (gives("way", str),)

    def work(self, block_state: Any) -> None:
        block_state.way = f"x and {block_state.number}"


class ToyWithoutX(ToyBlock):
    """Run where x is not there."""

    writes = (gives("way", str),)

    def work(self, block_state: Any) -> None:
        block_state.way = "no x"


class ToyChoose(AutoPipelineBlocks):
    """Choose by the presence of x."""

    block_classes = [ToyWithX, ToyWithoutX]
    block_names = ["with_x", "without_x"]
    block_trigger_inputs = ["x", None]

    @property
    def description(self) -> str:
        return "Choose by the presence of x."


class ToyBoth(SequentialPipelineBlocks):
    """Make, then double."""

    block_classes = [ToyMake, ToyDouble]
    block_names = ["make", "double"]

    @property
    def description(self) -> str:
        return "Make x, then double it."


class ToyLoopStep(ToyBlock):
    """Add t to x."""

    reads = (takes("x", required=True),)
    writes = (gives("x"),)

    def __call__(self, components: Any, block_state: Any, i: int, t: Any) -> tuple[Any, Any]:
        block_state.x = block_state.x + t
        return components, block_state


class ToyLoop(LoopSequentialPipelineBlocks):
    """Add 0, 1, 2 … to x."""

    model_name = "toy"
    block_classes = [ToyLoopStep]
    block_names = ["add"]

    @property
    def description(self) -> str:
        return "Add 0, 1, 2 … to x."

    @property
    def loop_inputs(self) -> list[InputParam]:
        return [takes("num_inference_steps", int, default=3)]

    def __call__(self, components: Any, state: Any) -> tuple[Any, Any]:
        block_state = self.get_block_state(state)
        block_state.timesteps = list(range(block_state.num_inference_steps))
        for i, t in enumerate(block_state.timesteps):
            components, block_state = self.loop_step(components, block_state, i=i, t=t)
        self.set_block_state(state, block_state)
        return components, state


TOY_BLOCKS = (
    ToyMake,
    ToyDouble,
    ToyNegate,
    ToyIncrement,
    ToyNoise,
    ToyGlobalNoise,
    ToyWriteIntoInput,
    ToyRaise,
    ToyNan,
    ToyForget,
    ToyUndeclared,
    ToyBundleWriter,
    ToyBundleReader,
    ToyChoose,
    ToyBoth,
    ToyLoop,
)


class ToyBase:
    """What a toy wire starts from."""

    def build(self, components: dict[str, Any]) -> ModularPipeline:
        pipeline = ModularPipeline(blocks=SequentialPipelineBlocks())
        for name, component in components.items():
            setattr(pipeline, name, component)
        return pipeline


def toy_start() -> NewPipeline:
    """Start an empty main wire."""
    return NewPipeline(PipelineBase("toy", ToyBase()))


PIPELINE_IN = InputSocket("pipeline", SocketType.PIPELINE, is_required=True)
PIPELINE_OUT = OutputSocket("pipeline", SocketType.PIPELINE)
START = NodeType(
    "ToyStart", "Start", ("toy",), Kind.FUNCTION, outputs=(PIPELINE_OUT,), origin="toys"
)


def toy_session(
    *more: type,
    functions: dict[str, tuple[NodeType, Callable[..., object]]] | None = None,
    budget: int = DEFAULT_BUDGET,
) -> Session:
    """A session that knows the toy blocks, ``ToyStart``, and whatever is given."""
    library = BlockLibrary()
    types: dict[str, NodeType] = {"ToyStart": START}
    for block_class in (*TOY_BLOCKS, *more):
        library.add_class(block_class)
    types.update(library.types())
    calls: dict[str, Callable[..., object]] = {"ToyStart": toy_start}
    for type_id, (node_type, function) in (functions or {}).items():
        types[type_id], calls[type_id] = node_type, function
    runner = BlockRunner(library, ModelStore())
    return Session(FixedNodeTypes(types), runner, ValueStore(runner, budget), calls)


def chain(*nodes: tuple[str, str, dict[str, Any]]) -> Graph:
    """A graph of nodes along one main wire behind ``start``: (id, type, inputs) each.

    An input written as ``"@node.output"`` is a link.
    """
    made = {"start": Node("start", "ToyStart")}
    previous = "start"
    for node_id, class_type, given in nodes:
        inputs: dict[str, Link | Literal] = {"pipeline": Link(previous, "pipeline")}
        for name, value in given.items():
            if isinstance(value, str) and value.startswith("@"):
                source, _, output = value[1:].partition(".")
                inputs[name] = Link(source, output)
            else:
                inputs[name] = Literal(value)
        made[node_id] = Node(node_id, class_type, inputs)
        previous = node_id
    return Graph(made)
