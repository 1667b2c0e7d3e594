"""Positions: nothing overlaps, links go right, the main wire is straight."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.graph.fake_types import TEXT_TO_IMAGE, TYPES, chain, draw

from blockloom.graph.layout import NODE_WIDTH, lay_out, node_height
from blockloom.graph.model import Graph, Link, Node
from blockloom.graph.order import topological_order


def positions(graph: Graph) -> dict[str, tuple[int, int]]:
    laid_out = lay_out(graph, TYPES)
    return {node_id: tuple(node.meta["position"]) for node_id, node in laid_out.nodes.items()}


def overlaps(graph: Graph) -> list[tuple[str, str]]:
    boxes = [
        (node_id, x, y, node_height(TYPES.get(graph.nodes[node_id].class_type)))
        for node_id, (x, y) in positions(graph).items()
    ]
    return [
        (one, other)
        for index, (one, x, y, height) in enumerate(boxes)
        for other, x2, y2, height2 in boxes[:index]
        if abs(x - x2) < NODE_WIDTH and y < y2 + height2 and y2 < y + height
    ]


BRANCHES = chain(
    ("text", "TextEncoder", {"prompt": "a"}),
    ("vae", "AutoEncoder", {"image": ("load", 0), "mask_image": ("mask", 0)}),
    ("core", "Core", {"steps": ("steps", 0)}),
    ("decode", "Decode", {}),
    load=("LoadImage", {"image": "a.png"}),
    mask=("LoadImage", {"image": "b.png"}),
    steps=("PrimitiveInt", {"value": 3}),
    core2=("Core", {"pipeline": ("vae", 0)}),
    decode2=("Decode", {"pipeline": ("core2", 0)}),
    save=("SaveImage", {"images": ("decode", 1)}),
    save2=("SaveImage", {"images": ("decode2", 1)}),
    alone=("PrimitiveInt", {"value": 3}),
)


def test_the_main_wire_goes_straight_from_left_to_right():
    found = positions(TEXT_TO_IMAGE)
    places = [found[node_id] for node_id in ("model", "text", "vae", "core", "decode", "save")]
    assert {y for _, y in places} == {0}
    assert [x for x, _ in places] == sorted({x for x, _ in places})


def test_branches_and_helpers_stand_around_the_row_of_their_reader():
    found = positions(BRANCHES)
    assert overlaps(BRANCHES) == []
    assert found["core"][1] == found["decode"][1] == found["save"][1] == 0
    assert found["core2"][1] == found["decode2"][1] == found["save2"][1] > 0
    assert found["load"][0] == found["mask"][0] == found["text"][0]
    assert found["load"][1] > 0
    assert found["steps"][0] == found["vae"][0]
    assert found["steps"][1] < 0


def test_other_meta_stays_and_the_graph_is_else_the_same():
    graph = TEXT_TO_IMAGE.with_node(Node("save", "SaveImage", meta={"title": "Keep"}))
    laid_out = lay_out(graph, TYPES)
    assert laid_out.nodes["save"].meta["title"] == "Keep"
    bare = {node_id: node.inputs for node_id, node in laid_out.nodes.items()}
    assert bare == {node_id: node.inputs for node_id, node in graph.nodes.items()}
    assert lay_out(laid_out, TYPES) == laid_out


def test_cycles_unknown_types_and_links_to_nowhere_are_laid_out_too():
    graph = draw(
        a=("Decode", {"pipeline": ("b", 0)}),
        b=("Decode", {"pipeline": ("a", 0)}),
        c=("Nothing", {"x": ("nowhere", 0)}),
        d=("Nothing", {"x": ("c", 0)}),
    )
    assert set(positions(graph)) == set("abcd")
    assert overlaps(graph) == []


def test_an_empty_graph():
    assert lay_out(Graph(), TYPES) == Graph()


LINKS = st.lists(
    st.tuples(
        st.sampled_from(sorted(TYPES.types)),
        st.lists(
            st.tuples(st.sampled_from(["pipeline", "image", "steps"]), st.integers(0, 20)),
            max_size=3,
        ),
    ),
    max_size=14,
)


@given(LINKS)
@settings(max_examples=200, deadline=None)
def test_whatever_is_drawn_nothing_overlaps_and_links_go_right(drawn):
    nodes = {}
    for index, (class_type, inputs) in enumerate(drawn):
        links = {name: Link(f"n{number}", 0) for name, number in inputs}
        nodes[f"n{index}"] = Node(f"n{index}", class_type, links)
    graph = Graph(nodes)
    found = positions(graph)
    assert overlaps(graph) == []
    for node_id in topological_order(graph).nodes:
        for parent in graph.parents[node_id]:
            assert found[parent][0] < found[node_id][0]


def test_a_long_chain_is_laid_out():
    steps = [(f"n{number}", "Decode", {}) for number in range(10_000)]
    found = positions(chain(*steps))
    assert {y for _, y in found.values()} == {0}
