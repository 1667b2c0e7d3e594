"""Everything that is wrong with a graph, with node, socket and remedy."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.graph.fake_types import FIELDS, TEXT_TO_IMAGE, TYPES, chain, draw

from blockloom.errors import GraphError, Place, Problem
from blockloom.graph.check import check_graph
from blockloom.graph.file import graph_to_json, read_graph
from blockloom.graph.flow import Linked, Typed
from blockloom.graph.model import Graph, Link, Literal, Node
from blockloom.graph.node_types import NodeType


def found(graph: Graph) -> list[tuple[str, str | None, str | None]]:
    """The errors: code, node, socket."""
    return [(p.code, p.place.node_id, p.place.socket) for p in check_graph(graph, TYPES).errors]


def warnings(graph: Graph) -> list[tuple[str, str | None, str | None]]:
    problems = check_graph(graph, TYPES).problems
    return [(p.code, p.place.node_id, p.place.socket) for p in problems if p.is_warning]


def changed(node_id: str, name: str, value: object) -> Graph:
    """Text to image with one input changed."""
    node = TEXT_TO_IMAGE.nodes[node_id]
    given = Link(*value) if isinstance(value, tuple) else Literal(value)  # type: ignore[arg-type]
    return TEXT_TO_IMAGE.with_node(node.with_input(name, given))


def only_problem(graph: Graph) -> Problem:
    (problem,) = check_graph(graph, TYPES).problems
    return problem


def test_a_good_graph_has_no_problems():
    report = check_graph(TEXT_TO_IMAGE, TYPES)
    assert report.problems == ()
    assert report.order == ("model", "text", "vae", "core", "decode", "save")
    assert report.branches == {
        "vae": (("", None),),
        "core": (("prepare", "text2img"), ("denoise", "plain")),
    }
    assert report.undecided == {}
    assert report.sources["save"] == {"images": Linked("decode", "images")}
    assert report.sources["model"] == {"model": Typed("demo")}
    report.raise_if_failed()


@pytest.mark.parametrize(
    ("graph", "problems"),
    [
        (changed("core", "stps", 3), [("unknown_input", "core", "stps")]),
        (changed("core", "steps", "3"), [("bad_literal", "core", "steps")]),
        (changed("core", "steps", True), [("bad_literal", "core", "steps")]),
        (changed("core", "steps", 3.0), [("bad_literal", "core", "steps")]),
        (changed("core", "steps", [3]), [("bad_literal", "core", "steps")]),
        (changed("core", "steps", 0), [("out_of_range", "core", "steps")]),
        (changed("core", "steps", 1001), [("out_of_range", "core", "steps")]),
        (changed("core", "steps", 1000), []),
        (changed("core", "steps", None), []),
        (changed("core", "strength", 1), []),
        (changed("core", "strength", [0.5, 2]), [("out_of_range", "core", "strength")]),
        (changed("core", "strength", ["a"]), [("bad_literal", "core", "strength")]),
        (changed("core", "generator", [1, 2]), []),
        (changed("core", "generator", 2**64 - 1), []),
        (changed("core", "generator", 2**64), [("out_of_range", "core", "generator")]),
        (changed("core", "generator", -1), [("out_of_range", "core", "generator")]),
        (changed("core", "generator", False), [("bad_literal", "core", "generator")]),
        (changed("text", "prompt", ["a", "b"]), []),
        (changed("text", "prompt", ["a", 3]), [("bad_literal", "text", "prompt")]),
        (changed("text", "prompt", []), [("bad_literal", "text", "prompt")]),
        (changed("text", "prompt", None), [("missing_input", "text", "prompt")]),
        (changed("decode", "output_type", "pdf"), [("not_a_choice", "decode", "output_type")]),
        (changed("vae", "image", "a.png"), [("bad_literal", "vae", "image")]),
        (changed("core", "embeds", [1, 2]), [("bad_literal", "core", "embeds")]),
        (changed("core", "pipeline", None), [("no_pipeline", "core", "pipeline")]),
        (changed("core", "embeds", ("nowhere", 0)), [("missing_node", "core", "embeds")]),
        (changed("core", "embeds", ("text", "embed")), [("unknown_output", "core", "embeds")]),
        (changed("core", "embeds", ("text", 2)), [("unknown_output", "core", "embeds")]),
        (changed("core", "embeds", ("text", 1)), []),
        (changed("core", "steps", ("text", "embeds")), [("wrong_type", "core", "steps")]),
        (changed("core", "embeds", ("text", "pipeline")), [("wrong_type", "core", "embeds")]),
        (changed("core", "pipeline", ("text", "embeds")), [("wrong_type", "core", "pipeline")]),
        (changed("core", f"{FIELDS}.more", [1, 2]), []),
        (
            changed("core", f"{FIELDS}.more", ("text", 0)),
            [("wrong_type", "core", f"{FIELDS}.more")],
        ),
        (changed("core", "bundle.more", 1), [("unknown_input", "core", "bundle.more")]),
    ],
)
def test_what_was_typed_or_linked(graph, problems):
    assert found(graph) == problems


def test_problems_name_the_node_and_say_what_to_do():
    assert only_problem(changed("core", "stength", 3)) == Problem(
        "unknown_input",
        Place("core", "Core", "stength"),
        "The node has no input of this name.",
        'Did you mean "strength"?',
    )
    assert only_problem(changed("core", "steps", "3")) == Problem(
        "bad_literal",
        Place("core", "Core", "steps"),
        'It takes a whole number, not the text "3".',
        "Type a whole number, or link an output.",
    )
    assert only_problem(changed("core", "embeds", ("txt", 0))).remedy == 'Did you mean "text"?'


def test_unknown_types_are_told_with_near_misses():
    node = TEXT_TO_IMAGE.nodes["text"]
    graph = TEXT_TO_IMAGE.with_node(Node("text", "TextEncodr", node.inputs))
    assert check_graph(graph, TYPES).errors == (
        Problem(
            "unknown_type",
            Place("text", "TextEncodr"),
            "There is no node type of this name.",
            'Did you mean "TextEncoder" or "AutoEncoder" or "ImageEncoder"?',
        ),
    )
    assert warnings(graph) == [("missing_input", "core", "embeds")]


def test_missing_values_name_who_could_write_them():
    graph = chain(
        ("denoise", "Denoise", {}),
        ("text", "TextEncoder", {}),
        ("core", "Prepare", {}),
        save=("PreviewAny", {"source": ("core", "latents")}),
    )
    errors = check_graph(graph, TYPES).errors
    assert [(p.code, str(p.place), p.remedy) for p in errors] == [
        (
            "missing_input",
            'node "denoise" (Denoise), input "latents"',
            'Link an output, or add a node that writes it before this one (node "core").',
        ),
        (
            "missing_input",
            'node "denoise" (Denoise), input "height"',
            "Type a value, link an output, or add a node that writes it before this one.",
        ),
        (
            "missing_input",
            'node "text" (TextEncoder), input "prompt"',
            "Type a value, link an output, or add a node that writes it before this one.",
        ),
    ]


@dataclass(frozen=True)
class TypesWithWriters:
    """A catalogue that knows who writes what."""

    def get(self, type_id: str) -> NodeType | None:
        return TYPES.get(type_id)

    def suggest(self, type_id: str) -> list[str]:
        return []

    def writers(self, name: str, family: str) -> Iterable[str]:
        return (t.id for t in TYPES.types.values() if t.family == family and t.output(name))


def test_the_catalogue_is_asked_for_writers_that_are_not_in_the_graph():
    graph = chain(("prepare", "Prepare", {}))
    (problem,) = check_graph(graph, TypesWithWriters()).errors
    assert problem.remedy == (
        "Link an output, or add a node that writes it before this one "
        "(TextEncoder, Preset, OwnLogic)."
    )


def test_a_composite_needs_only_what_its_branch_needs():
    assert found(chain(("vae", "AutoEncoder", {}))) == []
    graph = chain(
        ("vae", "AutoEncoder", {"mask_image": ("load", "mask")}),
        load=("LoadImage", {"image": "a.png"}),
    )
    assert found(graph) == [("missing_input", "vae", "image")]


def test_what_a_composite_needs_inside_without_a_socket_is_missed_too():
    assert found(chain(("core", "AutoDenoise", {"latents": ("x", 0)}))) == [
        ("missing_node", "core", "latents"),
        ("missing_input", "core", "height"),
    ]


def test_a_value_that_a_branch_does_not_write_is_a_warning_where_it_is_needed():
    graph = chain(
        ("vae", "AutoEncoder", {"image": ("load", "image")}),
        ("denoise", "MaskedDenoise", {"latents": ("vae", 1), "mask": ("vae", "mask")}),
        load=("LoadImage", {"image": "a.png"}),
        save=("PreviewAny", {"source": ("denoise", 1)}),
    )
    assert found(graph) == []
    assert warnings(graph) == [("missing_input", "denoise", "mask")]


def test_behind_an_unknown_function_missing_values_are_warnings():
    graph = chain(
        ("mix", "MyMixer", {}),
        ("prepare", "Prepare", {}),
        save=("PreviewAny", {"source": ("prepare", 1)}),
    )
    assert found(graph) == []
    assert warnings(graph) == [("missing_input", "prepare", "embeds")]


def test_without_a_main_wire_only_that_and_what_the_user_owes_is_told():
    graph = draw(a=("Denoise", {}), b=("TextEncoder", {}))
    assert found(graph) == [
        ("no_pipeline", "a", "pipeline"),
        ("no_pipeline", "b", "pipeline"),
        ("missing_input", "b", "prompt"),
    ]
    join = chain(("join", "BlockloomJoinPipelines", {}))
    assert found(join) == [("no_pipeline", "join", "other")]


def test_get_value_of_a_name_nobody_wrote_is_a_warning():
    graph = chain(
        ("text", "TextEncoder", {"prompt": "a"}),
        ("get", "BlockloomGetValue", {"name": "embds"}),
        show=("PreviewAny", {"source": ("get", 0)}),
    )
    (problem,) = check_graph(graph, TYPES).problems
    assert (problem.code, problem.place.node_id, problem.is_warning) == (
        "missing_input",
        "get",
        True,
    )
    assert problem.remedy == 'Did you mean "embeds"?'


def test_steps_of_a_loop_cannot_stand_alone():
    assert found(chain(("part", "LoopPart", {}))) == [("loop_step_alone", "part", None)]


def test_cycles_are_listed():
    graph = draw(
        a=("Decode", {"pipeline": ("b", 0)}),
        b=("Decode", {"pipeline": ("a", 0)}),
        save=("SaveImage", {"images": ("b", "images")}),
    )
    (problem,) = check_graph(graph, TYPES).problems
    assert problem.code == "cycle"
    assert problem.place.node_id in ("a", "b")
    assert problem.place.socket == "pipeline"
    assert problem.message in (
        "The links go in a circle: a -> b -> a.",
        "The links go in a circle: b -> a -> b.",
    )


def test_what_a_run_does_not_need_is_only_warned_of():
    graph = TEXT_TO_IMAGE.with_node(Node("beside", "TextEncoder"))
    assert found(graph) == []
    assert warnings(graph) == [
        ("no_pipeline", "beside", "pipeline"),
        ("missing_input", "beside", "prompt"),
    ]
    report = check_graph(graph, TYPES, ["beside"])
    assert [p.code for p in report.errors] == ["no_pipeline", "missing_input"]
    assert report.order == ("beside",)
    report = check_graph(graph, TYPES, ["nowhere"])
    assert [p.code for p in report.errors] == ["missing_node"]


def test_nothing_to_do_is_a_warning():
    assert warnings(Graph()) == [("no_output", None, None)]
    assert warnings(TEXT_TO_IMAGE.without_node("save")) == [("no_output", None, None)]


def test_inputs_that_comfyui_adds_to_its_own_nodes_are_passed_over():
    graph = draw(
        load=("LoadImage", {"image": "a.png", "upload": "image"}),
        save=("SaveImage", {"images": ("load", 0)}),
    )
    assert check_graph(graph, TYPES).problems == ()


def test_raise_if_failed_raises_the_errors_and_not_the_warnings():
    graph = changed("text", "prompt", None).with_node(Node("beside", "TextEncoder"))
    with pytest.raises(GraphError) as caught:
        check_graph(graph, TYPES).raise_if_failed()
    assert [(p.code, p.place.node_id) for p in caught.value.problems] == [("missing_input", "text")]


def test_a_graph_full_of_mistakes_is_answered_in_time():
    asked = []

    class Counting(TypesWithWriters):
        def suggest(self, type_id: str) -> list[str]:
            asked.append(type_id)
            return []

    nodes = {f"n{i}": Node(f"n{i}", f"T{i}", {"x": Link(f"m{i}", 0)}) for i in range(5000)}
    report = check_graph(Graph(nodes), Counting())
    assert len(report.errors) == 10_000
    assert len(asked) <= 200


TEXTS = st.text(st.characters(exclude_categories=("Cs",)), max_size=3)
IDS = st.sampled_from([*TEXT_TO_IMAGE.nodes, "nowhere"])
SOCKETS = st.sampled_from(
    [
        "pipeline",
        "prompt",
        "embeds",
        "steps",
        "image",
        "images",
        "mask_image",
        FIELDS,
        f"{FIELDS}.x",
        "",
        "?",
    ]
)
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    TEXTS,
    st.lists(st.integers() | TEXTS | st.none(), max_size=3),
    st.dictionaries(TEXTS, st.integers(), max_size=2),
).map(Literal)
INPUTS = st.builds(Link, IDS, SOCKETS | st.integers(0, 5)) | VALUES
MUTATIONS = st.lists(
    st.tuples(IDS, st.sampled_from([*TYPES.types, "Nothing"]), SOCKETS, INPUTS | st.none()),
    max_size=8,
)


@given(MUTATIONS, st.sets(st.sampled_from(sorted(TEXT_TO_IMAGE.nodes)), max_size=2))
@settings(max_examples=300, deadline=None)
def test_any_graph_is_checked_and_problems_name_nodes(mutations, removed):
    graph = TEXT_TO_IMAGE
    for node_id, class_type, name, value in mutations:
        old = graph.nodes.get(node_id, Node(node_id, class_type))
        graph = graph.with_node(old.with_input(name, value) if name else Node(node_id, class_type))
    for node_id in removed:
        graph = graph.without_node(node_id)
    report = check_graph(graph, TYPES)
    for problem in report.problems:
        if problem.code != "no_output":
            assert problem.place.node_id in graph.nodes
            assert problem.place.class_type == graph.nodes[problem.place.node_id].class_type
        assert problem.message
        assert problem.remedy
    named = {problem.place.node_id for problem in report.problems}
    for node in graph.nodes.values():
        if any(link.node_id not in graph.nodes for _, link in node.links()):
            assert node.id in named
    assert check_graph(read_graph(graph_to_json(graph)), TYPES) == report


@pytest.mark.parametrize("length", [10_000])
def test_ten_thousand_nodes(length):
    nodes = dict(TEXT_TO_IMAGE.nodes)
    before = "decode"
    for number in range(length - len(nodes)):
        node_id = f"n{number}"
        inputs = {"pipeline": Link(before, 0), "generator": Literal(number)}
        nodes[node_id] = Node(node_id, "Core", inputs)
        before = node_id
    nodes["save"] = Node("save", "PreviewAny", {"source": Link(before, "latents")})
    report = check_graph(Graph(nodes), TYPES)
    assert report.problems == ()
    assert len(report.order) == length
