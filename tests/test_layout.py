"""Places in a picture: parents left of children, whatever the graph looks like."""

from __future__ import annotations

import time
from collections import defaultdict
from itertools import combinations, pairwise

import networkx as nx
from hypothesis import given
from hypothesis import strategies as st

from graph.view.layout import layered

_EDGES = st.lists(st.tuples(st.sampled_from("abcdefgh"), st.sampled_from("abcdefgh")), max_size=24)


def _columns(*edges: tuple[str, str]) -> dict[str, float]:
    """Return the column of each node of a graph of (child, parent)."""
    positions = layered(nx.DiGraph(edges), column=1.0).positions
    return {node: x for node, (x, _) in positions.items()}


@given(_EDGES)
def test_every_parent_is_left_of_its_child(edges: list[tuple[str, str]]) -> None:
    """Only the edges that are reported as turned, and loops, may point the other way."""
    view: nx.MultiDiGraph[str] = nx.MultiDiGraph(edges)
    positions, turned = layered(view)

    wrong = {
        (child, parent)
        for child, parent in edges
        if child != parent and positions[parent][0] >= positions[child][0]
    }
    assert turned == wrong


@given(_EDGES)
def test_what_is_left_without_the_turned_edges_has_no_cycle(edges: list[tuple[str, str]]) -> None:
    """An edge is turned only to break a cycle: a graph without one keeps all."""
    view = nx.DiGraph((child, parent) for child, parent in edges if child != parent)
    turned = layered(view).turned
    acyclic = nx.is_directed_acyclic_graph(view)
    view.remove_edges_from(turned)

    assert nx.is_directed_acyclic_graph(view)
    assert acyclic == (not turned)


@given(_EDGES)
def test_nodes_in_a_column_keep_their_distance(edges: list[tuple[str, str]]) -> None:
    """No two cards lie on one another."""
    columns = defaultdict(list)
    for x, y in layered(nx.DiGraph(edges), row=60).positions.values():
        columns[x].append(y)

    for heights in columns.values():
        heights.sort()
        assert all(low + 59.9 <= high for low, high in pairwise(heights))


@given(_EDGES)
def test_the_same_graph_is_drawn_the_same(edges: list[tuple[str, str]]) -> None:
    """Neither chance nor the order of edges has a say."""
    view: nx.DiGraph[str] = nx.DiGraph()
    other: nx.DiGraph[str] = nx.DiGraph()
    for graph, order in ((view, edges), (other, edges[::-1])):
        graph.add_nodes_from("abcdefgh")
        graph.add_edges_from(order)

    assert layered(view) == layered(other)


def test_a_root_stands_beside_its_child() -> None:
    """A merge's second parent is drawn next to the merge, not where the oldest ancestor is."""
    columns = _columns(("merge", "tuned"), ("tuned", "base"), ("merge", "other"))

    assert {"base": 0, "tuned": 1, "other": 1, "merge": 2} == columns


def test_children_keep_their_order() -> None:
    """Children that nothing else sets apart stay as they were given: the first on top."""
    view: nx.DiGraph[str] = nx.DiGraph()
    view.add_nodes_from(["base", "z", "m", "a"])
    view.add_edges_from([("a", "base"), ("m", "base"), ("z", "base")])
    positions = layered(view).positions

    assert ["z", "m", "a"] == sorted("amz", key=lambda node: positions[node][1])


def test_a_chain_is_a_straight_line() -> None:
    """One parent, one child: no reason to leave the height."""
    chain = nx.DiGraph([("d", "c"), ("c", "b"), ("b", "a")])

    assert {0.0} == {y for _, y in layered(chain).positions.values()}


def test_crossings_are_undone() -> None:
    """Two families side by side do not tangle."""
    view = nx.DiGraph([("a2", "b1"), ("b2", "a1"), ("a3", "a2"), ("b3", "b2")])
    heights = {node: y for node, (_, y) in layered(view).positions.items()}

    assert (heights["a1"] < heights["b1"]) == (heights["b2"] < heights["a2"])
    assert (heights["b2"] < heights["a2"]) == (heights["b3"] < heights["a3"])


@given(_EDGES, st.fixed_dictionaries(dict.fromkeys("abcdefgh", st.integers(0, 3))))
def test_what_comes_later_changes_nobodys_order(
    edges: list[tuple[str, str]], since: dict[str, int]
) -> None:
    """Those that stay in a column stay in their order, however many are put between them."""
    since["a"] = 0
    acyclic = [(child, parent) for child, parent in edges if child < parent]
    view: nx.DiGraph[str] = nx.DiGraph()
    before: nx.DiGraph[str] = nx.DiGraph()
    for graph, last in ((view, 3), (before, 2)):
        graph.add_nodes_from(node for node in "abcdefgh" if since[node] <= last)
        graph.add_edges_from(edge for edge in acyclic if graph.nodes >= set(edge))
    old = layered(before, column=1.0, since=since).positions
    new = layered(view, column=1.0, since=since).positions
    shift = new["a"][0] - old["a"][0]
    stay = [node for node in old if new[node][0] == old[node][0] + shift]

    for one, other in combinations(stay, 2):
        if old[one][0] == old[other][0]:
            assert (old[one][1] < old[other][1]) == (new[one][1] < new[other][1])


def test_newcomers_stand_beside_what_they_belong_to() -> None:
    """Children that come later join their parent's; the rest moves no farther than it must."""
    edges = [("a1", "a"), ("b1", "b"), ("a", "root"), ("b", "root")]
    since = {"a2": 1}
    before = layered(nx.DiGraph(edges), row=1.0).positions
    after = layered(nx.DiGraph([*edges, ("a2", "a")]), row=1.0, since=since).positions
    heights = {node: y for node, (_, y) in after.items()}

    assert ["a1", "a2", "b1"] == sorted(("a1", "a2", "b1"), key=heights.__getitem__)
    assert {node: y for node, (_, y) in before.items() if node in {"a", "b", "root"}} == {
        node: heights[node] for node in ("a", "b", "root")
    }


def test_an_empty_graph_has_no_places() -> None:
    """Nothing in, nothing out."""
    assert ({}, frozenset()) == layered(nx.DiGraph())


def test_depth_is_no_danger() -> None:
    """A chain longer than Python's stack, closed to a cycle, is drawn."""
    edges = [(f"{n + 1:05}", f"{n:05}") for n in range(3_000)] + [("00000", "03000")]
    layout = layered(nx.DiGraph(edges), column=1.0)

    assert 1 == len(layout.turned)
    assert 3_000 == max(x for x, _ in layout.positions.values())


def test_three_hundred_nodes_take_no_time() -> None:
    """Layout is a small part of the half second that a click may take."""
    edges = [(f"c{n}", f"c{n // 6}") for n in range(1, 300)] + [
        (f"c{n}", f"c{n // 3}") for n in range(3, 300, 5)
    ]
    begin = time.perf_counter()
    layered(nx.DiGraph(edges))

    assert time.perf_counter() - begin < 0.25
