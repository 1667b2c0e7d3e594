from __future__ import annotations

import pytest

from blockloom.cli.overrides import (
    Prepared,
    Setting,
    apply_settings,
    parse_setting,
    settings_from_json,
)
from blockloom.errors import NotFoundError, UsageError
from blockloom.graph.model import Graph, Link, Literal, Node
from blockloom.graph.node_types import FixedNodeTypes, InputSocket, Kind, NodeType, OutputSocket
from blockloom.graph.sockets import SocketType

WIRE_IN = InputSocket("pipeline", SocketType.PIPELINE, is_required=True)
WIRE_OUT = OutputSocket("pipeline", SocketType.PIPELINE)


def block(id, *inputs):
    return NodeType(id, id, (), Kind.LEAF, inputs=(WIRE_IN, *inputs), outputs=(WIRE_OUT,))


TYPES = FixedNodeTypes(
    {
        "Encode": block(
            "Encode",
            InputSocket("prompt", SocketType.STRING),
            InputSocket("image", SocketType.IMAGE),
        ),
        "Denoise": block(
            "Denoise",
            InputSocket("prompt", SocketType.STRING),
            InputSocket("generator", SocketType.SEED),
            InputSocket("strength", SocketType.FLOAT),
            InputSocket("fields", SocketType.DICT, is_bundle=True, bundle="fields"),
        ),
        "LoadImage": NodeType(
            "LoadImage",
            "",
            (),
            Kind.FUNCTION,
            inputs=(InputSocket("image", SocketType.STRING, is_required=True),),
            outputs=(OutputSocket("image", SocketType.IMAGE),),
        ),
    }
)
# In the file the denoiser comes first; on the main wire it comes last.
GRAPH = Graph(
    {
        "load": Node("load", "LoadImage", {"image": Literal("dog.png")}),
        "de.noise": Node("de.noise", "Denoise", {"pipeline": Link("text", "pipeline")}),
        "text": Node("text", "Encode", {"prompt": Literal("a")}),
    }
)


def given(*texts):
    """The inputs that settings change, by node."""
    graph = apply_settings(GRAPH, TYPES, [parse_setting(text) for text in texts]).graph
    return {
        (node.id, name): value
        for node in graph.nodes.values()
        for name, value in node.inputs.items()
        if node.id not in GRAPH.nodes or GRAPH.nodes[node.id].inputs.get(name) != value
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("prompt=b", {("text", "prompt"): Literal("b")}),
        ("prompt=3", {("text", "prompt"): Literal("3")}),
        ("prompt=true", {("text", "prompt"): Literal("true")}),
        ('prompt="3"', {("text", "prompt"): Literal("3")}),
        ('prompt=["a", "b"]', {("text", "prompt"): Literal(["a", "b"])}),
        ('prompt="@home"', {("text", "prompt"): Literal("@home")}),
        ("prompt=a=b", {("text", "prompt"): Literal("a=b")}),
        ("prompt=", {("text", "prompt"): Literal("")}),
        ("prompt=NaN", {("text", "prompt"): Literal("NaN")}),
        ("text.prompt=null", {("text", "prompt"): Literal(None)}),
        ("de.noise.prompt=b", {("de.noise", "prompt"): Literal("b")}),
        ("strength=0.5", {("de.noise", "strength"): Literal(0.5)}),
        ("strength=x", {("de.noise", "strength"): Literal("x")}),
        ("generator=7", {("de.noise", "generator"): Literal(7)}),
        ("image=null", {("text", "image"): Literal(None)}),
        ("load.image=cat.png", {("load", "image"): Literal("cat.png")}),
        ("seed=7", {("de.noise", "generator"): Literal(7)}),
        ("fields.embeds=[1]", {("de.noise", "fields.embeds"): Literal([1])}),
        ("de.noise.fields.embeds=1", {("de.noise", "fields.embeds"): Literal(1)}),
    ],
)
def test_where_a_value_goes(text, expected):
    assert given(text) == expected


def test_settings_follow_each_other():
    assert given("prompt=b", "prompt=c", "seed=1") == {
        ("text", "prompt"): Literal("c"),
        ("de.noise", "generator"): Literal(1),
    }


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("prompt", "is no setting"),
        ("=3", "is no setting"),
        ("promt=3", r'No node of the graph reads "promt". Did you mean prompt\?'),
        ("txt.prompt=3", r'No node of the graph reads "txt.prompt". Did you mean text.prompt'),
        ("text.promt=3", r'Node "text" \(Encode\) has no input "promt". Did you mean prompt\?'),
        ("text.zzz=3", "Its inputs are: image, pipeline, prompt"),
        ("pipeline=3", "is the main wire"),
        ("text.pipeline=3", "is the main wire"),
    ],
)
def test_what_fits_nowhere(text, message):
    with pytest.raises(UsageError, match=message):
        given(text)


def test_a_picture_comes_through_a_node_that_loads_it(tmp_path):
    path = tmp_path / "cat.png"
    path.touch()
    assert apply_settings(GRAPH, TYPES, [parse_setting(f"image=@{path}")]) == Prepared(
        GRAPH.with_node(
            GRAPH.nodes["text"].with_input("image", Link("text_image", "image"))
        ).with_node(Node("text_image", "LoadImage", {"image": Literal("cat.png")})),
        {"cat.png": path},
    )


@pytest.mark.parametrize(
    ("file", "type_", "loader"),
    [
        ("a.mp4", SocketType.VIDEO, ("LoadVideo", "file", "video")),
        ("a.webm", SocketType.IMAGE, ("LoadVideo", "file", "video")),
        ("a.odd", SocketType.VIDEO, ("LoadVideo", "file", "video")),
        ("a.png", SocketType.VIDEO, ("LoadImage", "image", "image")),
        ("a.wav", SocketType.AUDIO, ("LoadAudio", "audio", "audio")),
        ("a.mp4", SocketType.AUDIO, ("LoadAudio", "audio", "audio")),
    ],
)
def test_films_and_sounds_come_through_nodes_of_their_own(tmp_path, file, type_, loader):
    (tmp_path / file).touch()
    inputs = (InputSocket("pipeline", SocketType.PIPELINE), InputSocket("given", type_))
    block = NodeType("Film", "Film", ("x",), Kind.LEAF, "", inputs, ())
    graph = Graph({"film": Node("film", "Film", {})})
    setting = parse_setting(f"given=@{tmp_path / file}")
    found = apply_settings(graph, FixedNodeTypes({"Film": block}), [setting]).graph
    class_type, name, output = loader
    assert found.nodes["film_given"] == Node("film_given", class_type, {name: Literal(file)})
    assert found.nodes["film"].inputs == {"given": Link("film_given", output)}


def test_a_picture_for_a_node_that_loads_pictures(tmp_path):
    path = tmp_path / "cat.png"
    path.touch()
    graph = Graph({"load": Node("load", "LoadImage", {"image": Literal("dog.png")})})
    graph = graph.with_node(Node("other", "LoadImage", {"image": Literal("cat.png")}))

    prepared = apply_settings(graph, TYPES, [parse_setting(f"image=@{path}")])

    # The other node's "cat.png" is another file.
    assert prepared.graph.nodes["load"].inputs == {"image": Literal("cat_2.png")}
    assert prepared.input_files == {"cat_2.png": path}


def test_a_text_from_a_file(tmp_path):
    path = tmp_path / "long.txt"
    path.write_text("1\n2\n", encoding="utf-8")
    assert given(f"prompt=@{path}") == {("text", "prompt"): Literal("1\n2")}
    path.write_bytes(b"\xff")
    with pytest.raises(UsageError, match="cannot be read as text"):
        given(f"prompt=@{path}")
    with pytest.raises(NotFoundError, match="there is no file"):
        given("prompt=@nothing.txt")


def test_settings_of_a_line(tmp_path):
    (tmp_path / "a.png").touch()
    line = f'{{"text.prompt": "b", "strength": 1, "image": "@{tmp_path / "a.png"}"}}'
    assert settings_from_json(line, "Line 1") == [
        Setting("text.prompt", "b"),
        Setting("strength", 1),
        Setting("image", picture=tmp_path / "a.png"),
    ]
    for bad in ("{", "[]", "3"):
        with pytest.raises(UsageError, match="Line 1 is no JSON"):
            settings_from_json(bad, "Line 1")
