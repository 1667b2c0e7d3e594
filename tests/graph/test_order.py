"""Running order, cycles, and what a run needs."""

from __future__ import annotations

from tests.graph.fake_types import TEXT_TO_IMAGE, TYPES, draw

from blockloom.graph.model import Graph, Link, Node
from blockloom.graph.order import Order, sinks, topological_order, upstream_of


def links(**nodes: str) -> Graph:
    """A graph of nodes that are linked to the nodes whose names are their letters."""
    return Graph(
        {
            name: Node(name, "T", {letter: Link(letter, 0) for letter in before})
            for name, before in nodes.items()
        }
    )


def test_nodes_come_after_what_they_read_and_else_as_in_the_file():
    assert topological_order(links(d="bc", b="a", c="a", a="", e="")) == Order(
        ("a", "b", "c", "d", "e")
    )


def test_links_to_nowhere_are_passed_over():
    assert topological_order(links(a="x")) == Order(("a",))


def test_a_cycle_is_listed_along_its_links_and_without_what_hangs_on_it():
    order = topological_order(links(s="", a="cs", b="a", c="b", d="c"))
    assert order.nodes == ("s",)
    assert order.stuck == {"a", "b", "c", "d"}
    (cycle,) = order.cycles
    start = cycle.index("a")
    assert cycle[start:] + cycle[:start] == ("a", "b", "c")


def test_every_separate_cycle_is_found_even_of_one_node():
    order = topological_order(links(a="b", b="a", c="c", d="abc"))
    assert {frozenset(cycle) for cycle in order.cycles} == {frozenset("ab"), frozenset("c")}


def test_upstream_is_everything_a_node_depends_on():
    graph = links(a="", b="a", c="a", d="b", e="c")
    assert upstream_of(graph, ["d"]) == {"a", "b", "d"}
    assert upstream_of(graph, ["d", "nowhere"]) == {"a", "b", "d"}


def test_a_run_is_for_outputs_and_without_any_for_all_ends():
    beside = TEXT_TO_IMAGE.with_node(Node("beside", "PrimitiveInt"))
    assert sinks(beside, TYPES) == ("save",)
    without = beside.without_node("save")
    assert sinks(without, TYPES) == ("decode", "beside")
    assert sinks(draw(), TYPES) == ()


def test_a_long_chain_and_a_long_cycle_are_ordered():
    ids = [str(i) for i in range(10_000)]
    nodes = {
        b: Node(b, "T", {"x": Link(a, 0)}) for a, b in zip(["none", *ids[:-1]], ids, strict=True)
    }
    assert topological_order(Graph(nodes)).nodes == tuple(ids)
    circle = {**nodes, "0": Node("0", "T", {"x": Link(ids[-1], 0)})}
    assert len(topological_order(Graph(circle)).cycles[0]) == 10_000
