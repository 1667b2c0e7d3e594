"""Where every input gets its value."""

from __future__ import annotations

import pytest
from tests.graph.fake_types import FIELDS, TEXT_TO_IMAGE, TYPES, block, chain, draw, gives, takes

from blockloom.graph.flow import (
    Default,
    Flow,
    Gathered,
    Inherited,
    Linked,
    Missing,
    Source,
    Typed,
    trace_flow,
)
from blockloom.graph.model import Graph, Link, Node
from blockloom.graph.node_types import FixedNodeTypes
from blockloom.graph.sockets import SocketType


def flow_of(graph: Graph) -> Flow:
    return trace_flow(graph, TYPES)


def sources(graph: Graph, node_id: str) -> dict[str, Source]:
    return {
        name: Gathered(dict(source.fields)) if isinstance(source, Gathered) else source
        for name, source in flow_of(graph).nodes[node_id].sources.items()
    }


def test_text_to_image():
    assert sources(TEXT_TO_IMAGE, "model") == {"model": Typed("demo")}
    assert sources(TEXT_TO_IMAGE, "text") == {
        "pipeline": Linked("model", "pipeline"),
        "prompt": Typed("a red circle"),
    }
    assert sources(TEXT_TO_IMAGE, "core") == {
        "pipeline": Linked("vae", "pipeline"),
        "embeds": Inherited("text", "embeds"),
        "image_latents": Default(),
        "mask": Default(),
        "steps": Default(50),
        "strength": Default(0.3),
        "generator": Typed(1),
        FIELDS: Gathered({"embeds": "text"}),
        "height": Default(),
    }
    assert sources(TEXT_TO_IMAGE, "decode") == {
        "pipeline": Linked("core", "pipeline"),
        "latents": Inherited("core", "latents"),
        "output_type": Default("pil"),
    }
    assert sources(TEXT_TO_IMAGE, "save") == {"images": Linked("decode", "images")}


def test_links_come_before_typed_values_before_the_state_before_defaults():
    graph = chain(
        ("a", "Prepare", {"embeds": ("number", "value"), "steps": 7}),
        ("b", "Prepare", {"steps": ("number", 0)}),
        ("c", "Prepare", {}),
        number=("PrimitiveInt", {"value": 3}),
    )
    picked = {node_id: sources(graph, node_id) for node_id in "abc"}
    assert [picked[node_id]["steps"] for node_id in "abc"] == [
        Typed(7),
        Linked("number", "value"),
        Inherited("b", "steps"),
    ]
    assert [picked[node_id]["embeds"] for node_id in "abc"] == [
        Linked("number", "value"),
        Inherited("a", "embeds"),
        Inherited("a", "embeds"),
    ]


def test_a_default_stays_in_the_state_for_later_blocks():
    graph = chain(("prepare", "Prepare", {"embeds": ("x", 0)}), ("denoise", "Denoise", {}))
    assert sources(graph, "prepare")["steps"] == Default(50)
    assert sources(graph, "denoise")["steps"] == Inherited("prepare", "steps")


def test_what_a_block_read_it_may_have_changed():
    graph = chain(("prepare", "Prepare", {"embeds": ("x", 0)}), ("denoise", "Denoise", {}))
    assert sources(graph, "denoise")["height"] == Inherited("prepare", "height", is_certain=False)


def test_nothing_gives_a_value():
    assert sources(chain(("denoise", "Denoise", {})), "denoise") == {
        "pipeline": Linked("model", "pipeline"),
        "latents": Missing(),
        "steps": Default(28),
        "height": Missing(),
        FIELDS: Gathered({}),
    }
    assert sources(draw(text=("TextEncoder", {})), "text") == {
        "pipeline": Missing(),
        "prompt": Missing(),
    }


def test_null_hides_what_was_before_and_selects_no_branch():
    graph = chain(
        ("first", "AutoEncoder", {"image": ("load", "image")}),
        ("second", "AutoEncoder", {"image": None}),
        ("third", "AutoEncoder", {}),
        load=("LoadImage", {"image": "a.png"}),
    )
    flow = flow_of(graph)
    assert [flow.nodes[n].resolved.choices[0][1] for n in ("first", "second", "third")] == [
        "img2img",
        None,
        None,
    ]
    assert flow.nodes["second"].sources["image"] == Typed(None)
    assert flow.nodes["third"].sources["image"] == Default()


def test_the_last_writer_counts():
    graph = chain(
        ("one", "TextEncoder", {"prompt": "a"}),
        ("two", "TextEncoder", {}),
        ("prepare", "Prepare", {}),
    )
    assert sources(graph, "two")["prompt"] == Inherited("one", "prompt")
    assert sources(graph, "prepare")["embeds"] == Inherited("two", "embeds")


def test_fields_of_a_bundle_can_be_given_one_by_one():
    graph = chain(
        ("denoise", "Denoise", {f"{FIELDS}.embeds": ("number", 0), f"{FIELDS}.extra": 3}),
        ("again", "Denoise", {FIELDS: {"more": 1}}),
        number=("PrimitiveInt", {"value": 3}),
    )
    found = sources(graph, "denoise")
    assert found[FIELDS] == Gathered({"embeds": "denoise", "extra": "denoise"})
    assert found[f"{FIELDS}.embeds"] == Linked("number", "value")
    assert found[f"{FIELDS}.extra"] == Typed(3)
    wire = flow_of(graph).nodes["again"].wire
    assert dict(wire.members(FIELDS)) == {
        "embeds": "denoise",
        "extra": "denoise",
        "more": "again",
    }


def test_branches_follow_what_is_linked():
    graph = chain(
        ("text", "TextEncoder", {"prompt": "a"}),
        ("vae", "AutoEncoder", {"image": ("load", "image"), "mask_image": ("load", "mask")}),
        ("core", "Core", {}),
        load=("LoadImage", {"image": "a.png"}),
    )
    flow = flow_of(graph)
    assert flow.nodes["core"].resolved.choices == (("prepare", "img2img"), ("denoise", "masked"))
    assert flow.nodes["core"].sources["image_latents"] == Inherited("vae", "image_latents")
    assert flow.nodes["core"].sources["mask"] == Inherited("vae", "mask")


def test_an_output_that_the_branch_does_not_write_selects_nothing():
    graph = chain(
        ("vae", "AutoEncoder", {"image": ("load", "image")}),
        ("denoise", "AutoDenoise", {"mask": ("vae", "mask")}),
        load=("LoadImage", {"image": "a.png"}),
    )
    assert flow_of(graph).nodes["denoise"].resolved.choices == (("", "plain"),)


def test_set_value_writes_and_its_bundle_is_kept():
    graph = chain(
        ("set", "BlockloomSetValue", {"name": "embeds", "value": 3, "bundle": FIELDS}),
        ("prepare", "Prepare", {}),
        ("denoise", "Denoise", {}),
    )
    assert sources(graph, "prepare")["embeds"] == Inherited("set", "embeds")
    assert sources(graph, "denoise")[FIELDS] == Gathered({"embeds": "set"})


def test_set_value_under_a_name_nobody_knows_yet_may_write_anything():
    graph = chain(
        ("set", "BlockloomSetValue", {"name": ("number", 0), "value": 3}),
        ("prepare", "Prepare", {}),
        number=("PrimitiveInt", {"value": 3}),
    )
    assert sources(graph, "prepare")["embeds"] == Inherited("set", "embeds", is_certain=False)


def test_of_two_joined_wires_the_other_one_wins():
    nodes = {
        "model": ("BlockloomLoadPipeline", {"model": "demo"}),
        "left": ("TextEncoder", {"pipeline": ("model", 0), "prompt": "left"}),
        "steps": ("Prepare", {"pipeline": ("left", 0), "steps": 3}),
        "right": ("TextEncoder", {"pipeline": ("model", 0), "prompt": "right"}),
        "join": ("BlockloomJoinPipelines", {"pipeline": ("steps", 0), "other": ("right", 0)}),
        "back": ("BlockloomJoinPipelines", {"pipeline": ("right", 0), "other": ("steps", 0)}),
        "end": ("Prepare", {"pipeline": ("join", 0)}),
        "end_of_back": ("Prepare", {"pipeline": ("back", 0)}),
    }
    graph = draw(**nodes)
    assert sources(graph, "end")["embeds"] == Inherited("right", "embeds")
    assert sources(graph, "end")["steps"] == Inherited("steps", "steps")
    assert sources(graph, "end_of_back")["embeds"] == Inherited("left", "embeds")
    assert sources(graph, "end_of_back")["steps"] == Inherited("steps", "steps")


def test_behind_a_function_nobody_knows_anything_may_have_been_written():
    graph = chain(
        ("text", "TextEncoder", {"prompt": "a"}),
        ("mix", "MyMixer", {}),
        ("vae", "AutoEncoder", {}),
        ("prepare", "Prepare", {"steps": 3}),
        ("denoise", "Denoise", {}),
    )
    flow = flow_of(graph)
    assert flow.nodes["vae"].resolved.undecided == ("",)
    assert flow.nodes["prepare"].sources["embeds"] == Inherited("text", "embeds", is_certain=False)
    assert flow.nodes["prepare"].sources["height"] == Inherited("mix", "height", is_certain=False)
    assert flow.nodes["denoise"].sources["steps"] == Inherited("prepare", "steps")


def test_unknown_nodes_and_links_to_nowhere_make_everything_behind_uncertain():
    graph = draw(
        odd=("NoSuchType", {"a": 1, "b": ("nowhere", "x")}),
        behind=("Prepare", {"pipeline": ("odd", "pipeline")}),
        lost=("Prepare", {"pipeline": ("nowhere", "pipeline")}),
    )
    assert sources(graph, "odd") == {"a": Typed(1), "b": Linked("nowhere", "x")}
    assert sources(graph, "behind")["embeds"] == Inherited("odd", "embeds", is_certain=False)
    assert sources(graph, "lost")["embeds"] == Inherited("nowhere", "embeds", is_certain=False)


def test_nodes_behind_a_cycle_are_left_out():
    graph = draw(
        a=("Decode", {"pipeline": ("b", 0)}),
        b=("Decode", {"pipeline": ("a", 0)}),
        c=("PrimitiveInt", {"value": 1}),
    )
    flow = flow_of(graph)
    assert set(flow.nodes) == {"c"}
    assert flow.order.stuck == {"a", "b"}


@pytest.mark.parametrize("length", [10_000])
def test_a_long_chain_in_which_every_node_adds_a_name(length, monkeypatch):
    types = dict(TYPES.types)
    nodes = {"model": Node("model", "BlockloomLoadPipeline")}
    before = "model"
    for number in range(length):
        type_id, node_id = f"T{number}", f"n{number}"
        reads = (takes("x0", SocketType.TENSOR), takes(f"x{number - 1}", SocketType.TENSOR))
        types[type_id] = block(type_id, reads, (gives(f"x{number}", SocketType.TENSOR, FIELDS),))
        nodes[node_id] = Node(node_id, type_id, {"pipeline": Link(before, 0)})
        before = node_id
    flow = trace_flow(Graph(nodes), FixedNodeTypes(types))
    last = flow.nodes[before]
    assert last.sources["x0"] == Inherited("n0", "x0")
    assert last.sources[f"x{length - 2}"] == Inherited(f"n{length - 2}", f"x{length - 2}")
    assert len(last.wire.members(FIELDS)) == length
