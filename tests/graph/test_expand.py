"""Composite nodes replaced by what is inside them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.graph.fake_types import (
    FIELDS,
    PROMPT,
    SEED,
    TEXT_TO_IMAGE,
    TYPES,
    S,
    block,
    bundle,
    chain,
    composite,
    draw,
    gives,
    takes,
)

from blockloom.errors import GraphError
from blockloom.graph.check import check_graph
from blockloom.graph.expand import Expansion, expand
from blockloom.graph.model import Graph, Link, Literal
from blockloom.graph.node_types import FixedNodeTypes, Kind, NodeType


def drawn(graph: Graph) -> dict[str, tuple[str, dict[str, object]]]:
    """The graph without looks; links as tuples."""
    return {
        node_id: (
            node.class_type,
            {
                name: given.value if isinstance(given, Literal) else (given.node_id, given.output)
                for name, given in node.inputs.items()
            },
        )
        for node_id, node in graph.nodes.items()
    }


def refused(graph: Graph, node_id: str, types: FixedNodeTypes = TYPES) -> tuple[str, str]:
    with pytest.raises(GraphError) as caught:
        expand(graph, node_id, types)
    (problem,) = caught.value.problems
    assert problem.place.node_id == node_id
    return problem.code, f"{problem.message} {problem.remedy}".strip()


INPAINTING = chain(
    ("text", "TextEncoder", {"prompt": "a red circle"}),
    (
        "vae",
        "AutoEncoder",
        {"image": ("image", "image"), "mask_image": ("mask", "image"), "generator": 1},
    ),
    ("core", "Core", {"steps": 9, "strength": 0.8}),
    ("decode", "Decode", {}),
    save=("SaveImage", {"images": ("decode", "images")}),
    image=("LoadImage", {"image": "a.png"}),
    mask=("LoadImage", {"image": "b.png"}),
)


def test_a_sequence_becomes_a_chain_and_values_go_to_their_first_readers() -> None:
    found = expand(INPAINTING, "core", TYPES)
    assert found == Expansion(found.graph, ("prepare", "denoise"))
    assert drawn(found.graph) == {
        **{k: v for k, v in drawn(INPAINTING).items() if k != "core"},
        "prepare": ("AutoPrepare", {"pipeline": ("vae", "pipeline"), "steps": 9, "strength": 0.8}),
        "denoise": ("AutoDenoise", {"pipeline": ("prepare", "pipeline")}),
        "decode": ("Decode", {"pipeline": ("denoise", "pipeline")}),
    }
    assert [*found.graph.nodes] == [
        *("model", "text", "vae", "prepare", "denoise", "decode", "save", "image", "mask")
    ]
    assert check_graph(found.graph, TYPES).problems == ()
    assert found.graph.nodes["prepare"].meta["title"] == "Prepare"


def test_a_conditional_becomes_the_branch_it_takes_and_keeps_its_name() -> None:
    titled = replace(INPAINTING.nodes["vae"], meta={"title": "My encoder", "position": [1, 2]})
    found = expand(INPAINTING.with_node(titled), "vae", TYPES)
    assert found.node_ids == ("vae",)
    node = found.graph.nodes["vae"]
    assert (node.class_type, node.meta) == (
        "MaskEncoder",
        {"title": "My encoder", "position": [1, 2]},
    )
    assert dict(node.inputs) == {
        "pipeline": Link("text", "pipeline"),
        "image": Link("image", "image"),
        "mask_image": Link("mask", "image"),
        "generator": Literal(1),
    }
    image_only = chain(
        ("vae", "AutoEncoder", {"image": ("image", "image")}),
        image=("LoadImage", {"image": "a.png"}),
    )
    assert expand(image_only, "vae", TYPES).graph.nodes["vae"].class_type == "ImageEncoder"


def test_a_skipped_conditional_leaves_the_wire_and_says_why() -> None:
    found = expand(TEXT_TO_IMAGE, "vae", TYPES)
    assert found.node_ids == ()
    assert found.reason == (
        'It does nothing in this graph: it runs only where "mask_image" or "image" is given.'
    )
    assert drawn(found.graph) == {
        **{k: v for k, v in drawn(TEXT_TO_IMAGE).items() if k != "vae"},
        "core": ("Core", {"pipeline": ("text", "pipeline"), "generator": 1}),
    }


def test_what_a_skipped_conditional_was_given_stays_on_the_wire_for_others() -> None:
    graph = chain(
        ("text", "TextEncoder", {"prompt": "a"}),
        ("vae", "AutoEncoder", {"generator": 7, "image": None}),
        ("core", "Core", {}),
        save=("PreviewAny", {"source": ("core", "latents")}),
    )
    found = expand(graph, "vae", TYPES)
    # Nobody else looks at the image, the seed is read by the core.
    assert found.node_ids == ("set_generator", "generator")
    new = {k: v for k, v in drawn(found.graph).items() if k not in drawn(graph) or k == "core"}
    assert new == {
        "set_generator": (
            "BlockloomSetValue",
            {"pipeline": ("text", "pipeline"), "name": "generator", "value": ("generator", "seed")},
        ),
        "generator": ("BlockloomSeed", {"seed": 7}),
        "core": ("Core", {"pipeline": ("set_generator", "pipeline")}),
    }


def test_everything_opens_step_by_step_to_the_smallest_blocks() -> None:
    graph = chain(
        (
            "all",
            "Preset",
            {
                "prompt": "a",
                "image": ("image", "image"),
                "strength": 0.5,
                "generator": 3,
                "output_type": "np",
            },
        ),
        image=("LoadImage", {"image": "a.png"}),
        save=("SaveImage", {"images": ("all", "images")}),
        show=("PreviewAny", {"source": ("all", 2)}),
    )
    opened: list[str] = []
    while composites := [
        node.id
        for node in graph.nodes.values()
        if (node_type := TYPES.get(node.class_type)) is not None
        and node_type.kind in (Kind.SEQUENTIAL, Kind.CONDITIONAL)
    ]:
        opened.append(graph.nodes[composites[0]].class_type)
        graph = expand(graph, composites[0], TYPES).graph
        assert check_graph(graph, TYPES).problems == ()
    assert opened == ["Preset", "AutoEncoder", "Core", "AutoPrepare", "AutoDenoise"]
    assert drawn(graph) == {
        "model": ("BlockloomLoadPipeline", {"model": "demo"}),
        "text": ("TextEncoder", {"pipeline": ("model", "pipeline"), "prompt": "a"}),
        "vae": (
            "ImageEncoder",
            {"pipeline": ("text", "pipeline"), "image": ("image", "image"), "generator": 3},
        ),
        "prepare": ("PrepareFromImage", {"pipeline": ("vae", "pipeline"), "strength": 0.5}),
        "denoise": ("Denoise", {"pipeline": ("prepare", "pipeline")}),
        "decode": ("Decode", {"pipeline": ("denoise", "pipeline"), "output_type": "np"}),
        "image": ("LoadImage", {"image": "a.png"}),
        "save": ("SaveImage", {"images": ("decode", "images")}),
        # The decoder reads the latents, and might have changed them.
        "get_latents": (
            "BlockloomGetValue",
            {"pipeline": ("decode", "pipeline"), "name": "latents"},
        ),
        "show": ("PreviewAny", {"source": ("get_latents", "value")}),
    }


# -- values that need care


WRITER = block("Writer", (), (gives("x", S.TENSOR),))
READER = block("Reader", (takes("x", S.TENSOR), takes("level", S.INT)), (gives("y", S.TENSOR),))
FIELD_READER = block("FieldReader", (bundle(),), (gives("z", S.TENSOR),))


def types_with(*more: NodeType) -> FixedNodeTypes:
    return FixedNodeTypes({**TYPES.types, **{node_type.id: node_type for node_type in more}})


def sequence(*subs: NodeType, inputs: tuple[object, ...] = (), outputs: object = ()) -> NodeType:
    return composite(
        "Sequence",
        Kind.SEQUENTIAL,
        tuple((sub.id.lower(), sub.id, "") for sub in subs),
        inputs,  # type: ignore[arg-type]
        outputs,  # type: ignore[arg-type]
    )


def test_a_value_that_is_written_before_it_is_read_does_not_hide_what_is_written() -> None:
    whole = sequence(WRITER, READER, inputs=(takes("x", S.TENSOR), takes("level", S.INT)))
    types = types_with(WRITER, READER, whole)
    graph = chain(
        ("all", "Sequence", {"x": ("made", "value"), "level": 2}),
        made=("PrimitiveInt", {"value": 1}),
    )
    # In diffusers the value is put into the state, and the writer replaces it.
    found = drawn(expand(graph, "all", types).graph)
    assert found["reader"] == ("Reader", {"pipeline": ("writer", "pipeline"), "level": 2})
    assert found["set_x"] == (
        "BlockloomSetValue",
        {"pipeline": ("model", "pipeline"), "name": "x", "value": ("made", "value")},
    )
    assert found["writer"] == ("Writer", {"pipeline": ("set_x", "pipeline")})


def test_fields_of_a_bundle_go_to_who_reads_the_bundle_or_the_name() -> None:
    whole = sequence(READER, FIELD_READER, inputs=(bundle(),))
    types = types_with(READER, FIELD_READER, whole)
    graph = chain(
        (
            "all",
            "Sequence",
            {f"{FIELDS}.w": ("made", "value"), f"{FIELDS}.x": ("made", "value")},
        ),
        made=("PrimitiveInt", {"value": 1}),
    )
    found = drawn(expand(graph, "all", types).graph)
    assert found["fieldreader"] == (
        "FieldReader",
        {"pipeline": ("reader", "pipeline"), f"{FIELDS}.w": ("made", "value")},
    )
    # The first block reads x by its name, and has no socket that would put it into the bundle.
    assert found["set_x"][1] == {
        "pipeline": ("model", "pipeline"),
        "name": "x",
        "value": ("made", "value"),
        "bundle": FIELDS,
    }
    whole_bundle = chain(("all", "Sequence", {FIELDS: {"w": 1, "v": None}}))
    found = drawn(expand(whole_bundle, "all", types).graph)
    assert found["fieldreader"][1] == {
        "pipeline": ("reader", "pipeline"),
        f"{FIELDS}.w": 1,
        f"{FIELDS}.v": None,
    }
    linked = chain(
        ("all", "Sequence", {FIELDS: ("made", "value")}), made=("PrimitiveInt", {"value": 1})
    )
    code, text = refused(linked, "all", types)
    assert code == "cannot_expand"
    assert f'"{FIELDS}.NAME"' in text


def test_an_output_that_the_branch_does_not_write_gives_what_the_wire_has() -> None:
    graph = chain(
        ("text", "TextEncoder", {"prompt": "a"}),
        ("vae", "AutoEncoder", {"image": ("image", "image")}),
        image=("LoadImage", {"image": "a.png"}),
        mask=("PreviewAny", {"source": ("vae", "mask")}),
    )
    found = expand(graph, "vae", TYPES)
    assert drawn(found.graph)["mask"] == ("PreviewAny", {"source": None})

    setter = ("BlockloomSetValue", {"name": "mask", "value": 5, "pipeline": ("text", "pipeline")})
    mixed = Graph({**graph.nodes, **draw(set=setter).nodes})
    mixed = mixed.with_node(mixed.nodes["vae"].with_input("pipeline", Link("set", "pipeline")))
    found = expand(mixed, "vae", TYPES)
    assert found.node_ids == ("vae", "get_mask")
    new = drawn(found.graph)
    assert new["mask"] == ("PreviewAny", {"source": ("get_mask", "value")})
    assert new["get_mask"] == (
        "BlockloomGetValue",
        {"pipeline": ("vae", "pipeline"), "name": "mask"},
    )


def test_inputs_that_nobody_knows_are_not_lost() -> None:
    graph = chain(("core", "Core", {"sharpness": 2}))
    assert expand(graph, "core", TYPES).graph.nodes["prepare"].inputs["sharpness"] == Literal(2)


def test_new_names_are_free_ones() -> None:
    graph = chain(
        ("prepare", "TextEncoder", {"prompt": "a"}),
        ("denoise", "Core", {}),
        ("decode", "Decode", {}),
    )
    found = expand(graph, "denoise", TYPES)
    assert found.node_ids == ("prepare_2", "denoise_2")
    assert drawn(found.graph)["decode"][1]["pipeline"] == ("denoise_2", "pipeline")


# -- refusals


def test_what_cannot_be_expanded_is_refused_with_the_reason() -> None:
    whole = composite("Unknown", Kind.SEQUENTIAL, (("a", "Gone", ""),), (), ())
    types = types_with(whole)
    graph = chain(
        ("text", "TextEncoder", {"prompt": "a"}),
        ("loop", "Denoise", {}),
        ("unknown", "Unknown", {}),
        ("gone", "Gone", {}),
        ("open", "OwnLogic", {}),
    )
    assert refused(graph, "text")[1] == "There is nothing smaller inside this block."
    assert refused(graph, "loop")[1].startswith("A loop runs its blocks as one thing")
    assert refused(graph, "model")[1] == "Only diffusers' blocks have blocks inside."
    assert refused(graph, "gone") == ("unknown_type", "There is no node type of this name.")
    assert refused(graph, "unknown", types)[0] == "unknown_type"
    assert refused(graph, "nobody")[0] == "missing_node"
    circle = draw(
        a=("Core", {"pipeline": ("b", "pipeline")}),
        b=("Decode", {"pipeline": ("a", "pipeline")}),
    )
    assert "circle" in refused(circle, "a")[1]


def test_a_conditional_that_only_a_run_decides_is_refused_with_what_would_decide_it() -> None:
    graph = chain(
        ("mixer", "MyMixer", {}),
        ("vae", "AutoEncoder", {}),
    )
    code, text = refused(graph, "vae")
    assert code == "cannot_expand"
    assert text.startswith("Only a run decides which branch it takes: that depends on")
    assert '"mask_image", "image"' in text


def test_a_tuple_that_only_others_read_is_refused() -> None:
    size = takes("size", S.LIST, is_tuple=True)
    choice = composite(
        "Choice", Kind.CONDITIONAL, (("text", "TextEncoder", "prompt"),), (PROMPT, size, SEED), ()
    )
    reader = block("SizeReader", (size,), ())
    types = types_with(choice, reader)
    graph = chain(("choice", "Choice", {"size": [1, 2]}), ("reader", "SizeReader", {}))
    assert refused(graph, "choice", types)[1].endswith("Type it on the block that reads it.")
    # Where nobody reads it, it goes.
    alone = chain(("choice", "Choice", {"size": [1, 2]}))
    assert expand(alone, "choice", types).node_ids == ()
