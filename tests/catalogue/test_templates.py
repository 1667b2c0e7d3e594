"""Workflows as graphs."""

from __future__ import annotations

import pytest
from tests.graph.fake_types import TYPES, block, gives, needs, takes

from blockloom.catalogue.pipelines import PipelineEntry, Step, Workflow
from blockloom.catalogue.templates import make_template
from blockloom.graph.check import check_graph
from blockloom.graph.file import graph_to_json, read_graph
from blockloom.graph.model import Graph, Json, Link, Literal
from blockloom.graph.node_types import FixedNodeTypes, NodeType
from blockloom.graph.sockets import SocketType as S

COARSE = (
    Step("text", "TextEncoder"),
    Step("vae", "AutoEncoder"),
    Step("core", "Core"),
    Step("decode", "Decode"),
)
INPAINTING = Workflow(
    "inpainting",
    triggers=("mask_image", "image", "prompt"),
    coarse=COARSE,
    leaf=(
        Step("text", "TextEncoder"),
        Step("vae", "MaskEncoder"),
        Step("core.prepare", "PrepareFromImage"),
        Step("core.denoise", "MaskedDenoise"),
        Step("decode", "Decode"),
    ),
    defaults={"steps": 50, "strength": 0.3, "output_type": "pil", "image": None},
)
TEXT = Workflow(
    "text2image",
    triggers=("prompt",),
    coarse=(COARSE[0], *COARSE[2:]),
    leaf=(
        Step("text", "TextEncoder"),
        Step("core.prepare", "Prepare"),
        Step("core.denoise", "Denoise"),
        Step("decode", "Decode"),
    ),
    defaults={"steps": 40, "output_type": "pil"},
)
ENTRY = PipelineEntry("fake", "FakePipeline", "Preset", (INPAINTING, TEXT))


def drawn(graph: Graph) -> dict[str, tuple[str, dict[str, object]]]:
    """The graph without positions; links as tuples."""
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


def template(workflow: Workflow, leaf: bool) -> Graph:
    return make_template(ENTRY, workflow, TYPES, model="demo", leaf=leaf)


@pytest.mark.parametrize("workflow", [INPAINTING, TEXT], ids=lambda workflow: workflow.name)
@pytest.mark.parametrize("leaf", [False, True])
def test_templates_check_and_can_be_saved(workflow, leaf):
    graph = template(workflow, leaf)
    assert check_graph(graph, TYPES).problems == ()
    assert read_graph(graph_to_json(graph)) == graph
    for node in graph.nodes.values():
        assert set(node.meta) == {"title", "position"}


def test_the_coarse_graph_has_the_presets_own_blocks():
    assert drawn(template(INPAINTING, leaf=False)) == {
        "model": ("BlockloomLoadPipeline", {"model": "demo"}),
        "text": (
            "TextEncoder",
            {"pipeline": ("model", "pipeline"), "prompt": "a castle at sunset"},
        ),
        "vae": (
            "AutoEncoder",
            {
                "pipeline": ("text", "pipeline"),
                "mask_image": ("mask_image", "image"),
                "image": ("image", "image"),
                "generator": 0,
            },
        ),
        "core": ("Core", {"pipeline": ("vae", "pipeline"), "steps": 50}),
        "decode": ("Decode", {"pipeline": ("core", "pipeline")}),
        "mask_image": ("LoadImage", {"image": "mask.png"}),
        "image": ("LoadImage", {"image": "example.png"}),
        "save": ("SaveImage", {"images": ("decode", "images")}),
    }
    report = check_graph(template(INPAINTING, leaf=False), TYPES)
    assert report.branches == {
        "vae": (("", "inpaint"),),
        "core": (("prepare", "img2img"), ("denoise", "masked")),
    }


def test_the_leaf_graph_has_the_blocks_inside():
    assert drawn(template(TEXT, leaf=True)) == {
        "model": ("BlockloomLoadPipeline", {"model": "demo"}),
        "text": (
            "TextEncoder",
            {"pipeline": ("model", "pipeline"), "prompt": "a castle at sunset"},
        ),
        "prepare": ("Prepare", {"pipeline": ("text", "pipeline"), "generator": 0, "steps": 40}),
        "denoise": ("Denoise", {"pipeline": ("prepare", "pipeline")}),
        "decode": ("Decode", {"pipeline": ("denoise", "pipeline")}),
        "save": ("SaveImage", {"images": ("decode", "images")}),
    }


def types_with(*more: NodeType) -> FixedNodeTypes:
    return FixedNodeTypes({**TYPES.types, **{node_type.id: node_type for node_type in more}})


def made(
    types: FixedNodeTypes, steps: tuple[Step, ...], defaults: dict[str, Json], *triggers: str
) -> Graph:
    workflow = Workflow("w", triggers, coarse=steps, leaf=steps, defaults=defaults)
    return make_template(ENTRY, workflow, types, model="demo", leaf=True)


@pytest.mark.parametrize(
    ("first", "second", "preset", "written"),
    [
        (3, 3, 3, False),
        (3, 4, 3, True),
        (3, None, 3, True),
        (4, 4, 3, True),
        (None, None, 3, True),
        (3, 3, None, False),
        (3, 4, None, False),
    ],
)
def test_the_presets_default_is_written_where_a_block_would_take_another(
    first, second, preset, written
):
    types = types_with(
        block("First", (takes("n", S.INT, first),), (gives("x", S.TENSOR),)),
        block("Second", (takes("n", S.INT, second),), (gives("y", S.TENSOR),)),
    )
    graph = made(types, (Step("first", "First"), Step("second", "Second")), {"n": preset})
    assert graph.nodes["first"].inputs.get("n") == (Literal(preset) if written else None)
    assert "n" not in graph.nodes["second"].inputs


def test_a_default_never_hides_what_a_block_before_has_written():
    types = types_with(
        block("First", (), (gives("n", S.INT),)),
        block("Second", (takes("n", S.INT, 4),), (gives("y", S.TENSOR),)),
    )
    graph = made(types, (Step("first", "First"), Step("second", "Second")), {"n": 3})
    assert all("n" not in node.inputs for node in graph.nodes.values())


def test_node_ids_are_short_and_unique():
    types = types_with(block("One"))
    paths = ("a.resize", "b.resize", "model", "c.encode", "model_2", "x.b.resize")
    graph = made(types, tuple(Step(path, "One") for path in paths), {})
    assert list(graph.nodes) == [
        "model",
        "a_resize",
        "b_resize",
        "model_2",
        "encode",
        "model_2_2",
        "b_resize_2",
    ]


def test_films_are_saved_with_their_sound_and_of_none_the_last_value_is_shown():
    film = block("Film", (), (gives("videos", S.VIDEO), gives("audio", S.AUDIO), gives("n", S.INT)))
    graph = made(types_with(film), (Step("make", "Film"),), {})
    assert drawn(graph) | {"model": None, "make": None} == {
        "model": None,
        "make": None,
        "sample_rate": ("BlockloomSampleRateOfModel", {"pipeline": ("make", "pipeline")}),
        "sound": (
            "BlockloomMakeSound",
            {"waveform": ("make", "audio"), "sample_rate": ("sample_rate", "int")},
        ),
        "film": (
            "CreateVideo",
            {"images": ("make", "videos"), "fps": 24.0, "audio": ("sound", "audio")},
        ),
        "save": ("SaveVideo", {"video": ("film", "video")}),
    }
    number = block("Number", (), (gives("n", S.INT),))
    graph = made(types_with(number), (Step("number", "Number"),), {})
    assert drawn(graph)["preview"] == ("PreviewAny", {"source": ("number", "n")})


def test_a_sound_alone_is_saved():
    song = block("Song", (), (gives("audios", S.AUDIO),))
    graph = made(types_with(song), (Step("make", "Song"),), {})
    assert drawn(graph)["save"] == ("SaveAudio", {"audio": ("sound", "audio")})


@pytest.mark.parametrize(
    ("name", "type_", "default", "preset", "kind", "given"),
    [
        ("frame_rate", S.INT, 25, None, ("PrimitiveInt", "int"), 25),
        ("fps", S.FLOAT, 24.0, 16.0, ("PrimitiveFloat", "float"), 16.0),
        ("fps", S.FLOAT, 30, None, ("PrimitiveFloat", "float"), 30.0),
    ],
)
def test_the_frame_rate_of_the_pipeline_is_that_of_the_film(
    name, type_, default, preset, kind, given
):
    types = types_with(
        block("Early", (takes(name, type_, default),), (gives("x", S.TENSOR),)),
        block("Film", (takes(name, type_, default),), (gives("videos", S.VIDEO),)),
    )
    steps = (Step("early", "Early"), Step("make", "Film"))
    graph = made(types, steps, {} if preset is None else {name: preset})
    rate = ("frame_rate", kind[1])
    assert drawn(graph)["frame_rate"] == (kind[0], {"value": given})
    assert drawn(graph)["early"][1][name] == rate
    assert name not in drawn(graph)["make"][1]
    assert drawn(graph)["film"][1]["fps"] == rate


def test_a_pipeline_without_a_frame_rate_has_the_usual_one():
    types = types_with(block("Film", (takes("fps", S.FLOAT, None),), (gives("videos", S.VIDEO),)))
    graph = made(types, (Step("make", "Film"),), {})
    assert drawn(graph)["film"][1]["fps"] == 24.0


def test_films_that_are_needed_are_loaded():
    types = types_with(block("Film", (needs("video", S.VIDEO),), (gives("videos", S.VIDEO),)))
    graph = made(types, (Step("make", "Film"),), {})
    assert drawn(graph)["video"] == ("LoadVideo", {"file": "example.mp4"})
    assert drawn(graph)["make"][1]["video"] == ("video", "video")


def test_what_only_the_user_can_know_is_named():
    odd = block(
        "Odd",
        (takes("references", S.OBJECT), needs("lyrics", S.STRING), needs("sound", S.AUDIO)),
        (gives("n", S.INT),),
    )
    graph = made(types_with(odd), (Step("odd", "Odd"),), {}, "references")
    assert graph.extra == {"needs": ["references", "sound"]}
    assert graph.nodes["odd"].inputs == {
        "pipeline": Link("model", "pipeline"),
        "lyrics": Literal("a castle at sunset"),
    }
