"""Node functions in a graph: what they read counts, what they pass on keeps its key."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import PIL.Image
import PIL.ImageDraw
import pytest
import torch
from tests.toys import chain, toy_session

from blockloom import Context, Image, Pipeline
from blockloom.errors import Cancelled, NodeFailed
from blockloom.execution.cancel import CancelController
from blockloom.execution.session import RunOptions, Session
from blockloom.graph.model import Graph, Link, Literal, Node
from blockloom.graph.node_types import InputSocket, Kind, NodeType, OutputSocket
from blockloom.graph.sockets import SocketType


def function_type(
    type_id: str, inputs: dict[str, SocketType], outputs: dict[str, SocketType], **more: Any
) -> NodeType:
    return NodeType(
        type_id,
        type_id,
        ("toy",),
        Kind.FUNCTION,
        inputs=tuple(InputSocket(name, type_) for name, type_ in inputs.items()),
        outputs=tuple(OutputSocket(name, type_) for name, type_ in outputs.items()),
        **more,
    )


def get_value(pipeline: Pipeline, name: str) -> object:
    return pipeline.get(name)


def set_value(pipeline: Pipeline, name: str, value: object) -> Pipeline:
    return pipeline.with_value(name, value)


def join(pipeline: Pipeline, other: Pipeline) -> Pipeline:
    return pipeline.joined(other)


def picture(size: int) -> Image:
    return PIL.Image.new("RGB", (size, size))


def paint(image: Image) -> Image:
    """A careless node: draws into the picture it was given."""
    PIL.ImageDraw.Draw(image).rectangle((0, 0, 1, 1), fill=(255, 0, 0))  # type: ignore[arg-type]
    return image


def pass_on(value: object) -> object:
    return value


def wait(ctx: Context, steps: int) -> int:
    for done in range(steps):
        ctx.progress(done, steps)
    return steps


def show(ctx: Context, value: object) -> object:
    ctx.show(str(value))
    return value


def broken(value: object) -> object:
    raise ZeroDivisionError("nothing to divide")


ANY, PIPE = SocketType.ANY, SocketType.PIPELINE
FUNCTIONS: dict[str, tuple[NodeType, Callable[..., object]]] = {
    "Get": (
        function_type("Get", {"pipeline": PIPE, "name": SocketType.STRING}, {"value": ANY}),
        get_value,
    ),
    "Set": (
        function_type(
            "Set", {"pipeline": PIPE, "name": SocketType.STRING, "value": ANY}, {"pipeline": PIPE}
        ),
        set_value,
    ),
    "Join": (function_type("Join", {"pipeline": PIPE, "other": PIPE}, {"pipeline": PIPE}), join),
    "Picture": (
        function_type("Picture", {"size": SocketType.INT}, {"image": SocketType.IMAGE}),
        picture,
    ),
    "Paint": (
        function_type("Paint", {"image": SocketType.IMAGE}, {"image": SocketType.IMAGE}),
        paint,
    ),
    "PassOn": (function_type("PassOn", {"value": ANY}, {"value": ANY}), pass_on),
    "Wait": (function_type("Wait", {"steps": SocketType.INT}, {"value": SocketType.INT}), wait),
    "Volatile": (
        function_type("Volatile", {"value": ANY}, {"value": ANY}, is_volatile=True),
        pass_on,
    ),
    "Show": (function_type("Show", {"value": ANY}, {"value": ANY}, is_output=True), show),
    "Broken": (function_type("Broken", {"value": ANY}, {"value": ANY}), broken),
}


def session() -> Session:
    return toy_session(functions=FUNCTIONS)


def test_get_value_depends_on_that_value_alone() -> None:
    graph = chain(
        ("noise", "ToyNoise", {"generator": 1}),
        ("make", "ToyMake", {"number": 2}),
        ("get", "Get", {"name": "x"}),
    )
    graph = graph.with_node(Node("after", "PassOn", {"value": Link("get", "value")}))
    running = session()
    report = running.run(graph)
    assert torch.equal(report.value("after", "value"), torch.full((4,), 2.0))  # type: ignore[arg-type]
    other = graph.with_node(graph.nodes["noise"].with_input("generator", Literal(2)))
    assert running.run(other).ran == ("noise",)
    other = graph.with_node(graph.nodes["make"].with_input("number", Literal(3)))
    assert running.run(other).ran == ("make", "get", "after")


def test_a_value_passed_on_keeps_its_key() -> None:
    graph = chain(("make", "ToyMake", {"number": 2}), ("get", "Get", {"name": "x"}))
    graph = graph.with_node(Node("again", "PassOn", {"value": Link("get", "value")}))
    report = session().run(graph)
    keys = {report.run.records[node].outputs["value"].key for node in ("get", "again")}
    assert keys == {report.state("make")["x"].key}


def test_set_value_is_read_by_blocks_behind_it() -> None:
    graph = chain(
        ("make", "ToyMake", {"number": 2}),
        ("set", "Set", {"name": "x", "value": "@make.x"}),
        ("double", "ToyDouble", {}),
    )
    report = session().run(graph)
    assert torch.equal(report.value("double", "y"), torch.full((4,), 4.0))  # type: ignore[arg-type]
    assert report.block_state("double").read[0].writer == "set"


def test_joined_wires_carry_both() -> None:
    graph = chain(("make", "ToyMake", {"number": 2}))
    graph = graph.with_node(Node("noise", "ToyNoise", {"pipeline": Link("start", "pipeline")}))
    wires = {"pipeline": Link("make", "pipeline"), "other": Link("noise", "pipeline")}
    graph = graph.with_node(Node("join", "Join", wires))
    graph = graph.with_node(Node("double", "ToyDouble", {"pipeline": Link("join", "pipeline")}))
    running = session()
    report = running.run(graph, RunOptions(seed=1))
    assert {"x", "noise", "generator", "y"} <= set(report.state("double"))
    report = running.run(graph, RunOptions(seed=2))
    assert report.ran == ("noise",)


def test_a_function_cannot_spoil_the_picture_it_was_given() -> None:
    graph = Graph(
        {
            "picture": Node("picture", "Picture", {"size": Literal(4)}),
            "paint": Node("paint", "Paint", {"image": Link("picture", "image")}),
        }
    )
    report = session().run(graph)
    assert report.value("picture", "image") == PIL.Image.new("RGB", (4, 4))
    painted = report.value("paint", "image")
    assert isinstance(painted, PIL.Image.Image)
    assert painted.getpixel((0, 0)) == (255, 0, 0)


def test_progress_is_reported_and_cancels() -> None:
    graph = Graph({"wait": Node("wait", "Wait", {"steps": Literal(5)})})
    controller = CancelController()
    seen: list[int] = []

    def listen(event: Any) -> None:
        if event["event"] == "node_step":
            seen.append(event["done"])
            if event["done"] == 2:
                controller.cancel()

    with pytest.raises(Cancelled):
        session().run(graph, RunOptions(cancel=controller.token, listen=listen))
    assert seen == [0, 1, 2]


def test_kept_nodes_that_show_nothing_are_told_of_together() -> None:
    nodes = {"a": Node("a", "PassOn", {"value": Literal(1)})}
    for before, after, class_type in (
        ("a", "b", "PassOn"),
        ("b", "c", "Show"),
        ("c", "d", "PassOn"),
        ("d", "e", "PassOn"),
        ("e", "f", "Show"),
    ):
        nodes[after] = Node(after, class_type, {"value": Link(before, "value")})
    running, events = session(), list[Any]()
    graph = Graph(nodes)
    running.run(graph)
    graph = graph.with_node(Node("e", "Volatile", {"value": Link("d", "value")}))
    running.run(graph, RunOptions(listen=events.append))
    told = [(event["event"], event.get("node_ids", event.get("node_id"))) for event in events]
    assert told == [
        ("run_started", ["a", "b", "c", "d", "e", "f"]),
        ("nodes_kept", ["a", "b"]),
        ("node_kept", "c"),
        ("nodes_kept", ["d"]),
        ("node_started", "e"),
        ("node_finished", "e"),
        ("node_kept", "f"),
        ("run_finished", None),
    ]


def test_what_is_kept_is_told_before_a_run_ends_early() -> None:
    graph = Graph({"a": Node("a", "PassOn", {"value": Literal(1)})})
    running, events = session(), list[Any]()

    def listen(event: Any) -> None:
        events.append(event["event"])

    running.run(graph)
    bad = graph.with_node(Node("bad", "Broken", {"value": Link("a", "value")}))
    with pytest.raises(NodeFailed):
        running.run(bad, RunOptions(listen=listen))
    assert events == ["run_started", "nodes_kept", "node_started", "node_failed", "run_finished"]
    events.clear()
    controller = CancelController()

    def cancel(value: object) -> str:
        controller.cancel()
        return ""

    cancel.blockloom_node = SimpleNamespace(fingerprint=cancel)  # type: ignore[attr-defined]
    running.functions = {**running.functions, "Broken": cancel}
    with pytest.raises(Cancelled):
        running.run(bad, RunOptions(listen=listen, cancel=controller.token))
    assert events == ["run_started", "nodes_kept", "run_finished"]


def test_volatile_nodes_always_run() -> None:
    graph = Graph({"volatile": Node("volatile", "Volatile", {"value": Literal(1)})})
    running = session()
    assert [running.run(graph).ran for _ in range(2)] == [("volatile",), ("volatile",)]


def test_what_a_volatile_node_makes_is_new_each_time() -> None:
    shades = iter(range(10))
    camera = (
        function_type("Camera", {}, {"image": SocketType.IMAGE}, is_volatile=True),
        lambda: PIL.Image.new("L", (2, 2), next(shades)),
    )
    graph = Graph(
        {
            "camera": Node("camera", "Camera"),
            "after": Node("after", "PassOn", {"value": Link("camera", "image")}),
        }
    )
    running = toy_session(functions={**FUNCTIONS, "Camera": camera})
    seen = [running.run(graph).value("after", "value") for _ in range(2)]
    assert seen == [PIL.Image.new("L", (2, 2), shade) for shade in (0, 1)]


def test_a_function_that_raises_is_named() -> None:
    graph = Graph({"bad": Node("bad", "Broken", {"value": Literal(1)})})
    with pytest.raises(NodeFailed) as caught:
        session().run(graph)
    assert str(caught.value) == 'node "bad" (Broken): ZeroDivisionError: nothing to divide'
    assert "broken" in caught.value.details


def test_nothing_runs_while_planning() -> None:
    graph = chain(("make", "ToyMake", {"number": 2}), ("get", "Get", {"name": "x"}))
    running = session()
    prospects = {node: p.value for node, p in running.plan(graph).items()}
    assert prospects == {"start": "run", "make": "run", "get": "run"}
    running.run(graph)
    other = graph.with_node(graph.nodes["make"].with_input("number", Literal(5)))
    prospects = {node: p.value for node, p in running.plan(other).items()}
    assert prospects == {"start": "kept", "make": "run", "get": "run"}
