"""The drawing of triples: bounded, repeatable, and nothing on top of anything else."""

from __future__ import annotations

from itertools import combinations
from math import dist

import pyoxigraph as ox
from hypothesis import given
from hypothesis import strategies as st

from graph.sparql.results import Cell
from ui.app.sketch import sketch

P = ox.NamedNode("http://a.example/p")
PAIRS = st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), max_size=20)


def _triples(pairs: list[tuple[int, int]]) -> list[tuple[Cell, ...]]:
    def node(number: int) -> ox.NamedNode:
        return ox.NamedNode(f"http://a.example/{number}")

    return [(node(start), P, node(end)) for start, end in pairs]


@given(PAIRS)
def test_every_triple_is_an_edge(pairs: list[tuple[int, int]]) -> None:
    """Nothing is left out of a small drawing, and it is the same each time."""
    triples = _triples(pairs)
    drawing = sketch(triples)
    ends = [(drawing.nodes[start], P, drawing.nodes[end]) for start, end, _ in drawing.edges]

    assert triples == ends
    assert 0 == drawing.left_out
    assert drawing == sketch(triples)


@given(PAIRS)
def test_no_two_nodes_are_in_one_place(pairs: list[tuple[int, int]]) -> None:
    """Nodes can be told apart."""
    places = sketch(_triples(pairs)).places

    assert all(dist(one, other) > 20 for one, other in combinations(places, 2))


def test_a_large_answer_is_cut_and_says_so() -> None:
    """Of a star with 500 rays as many are drawn as fit."""
    drawing = sketch(_triples([(0, number) for number in range(1, 501)]), most=200)

    assert 200 == len(drawing.nodes)
    assert 199 == len(drawing.edges)
    assert 301 == drawing.left_out
