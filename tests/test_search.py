"""Where to begin in a graph that one does not know yet."""

from __future__ import annotations

from collections import Counter

import networkx as nx
from hypothesis import given
from hypothesis import strategies as st

from graph import lineage as index
from graph.search.start import starting_points
from tests.builders import model
from tests.depth import dear
from tests.graphs import graph_in_memory


def test_starting_points_are_what_most_descends_from() -> None:
    """Over any number of steps, the most first; a model made from itself is no start."""
    graph = graph_in_memory(
        model("a/1 -> a/base: finetune"),
        model("a/2 -> a/1: merge, a/other: merge"),
        model("a/3 -> a/2: quantized"),
        model("a/loop -> a/loop: finetune"),
        model("a/base", downloads=7),
    )

    found = starting_points(index.of(graph))

    assert ["a/base", "a/1", "a/other", "a/2"] == [one.id for one in found]
    assert (7, True) == (found[0].downloads, found[0].known)
    assert (None, False) == (found[2].downloads, found[2].known)


_PAIRS = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=20)


@dear
@given(pairs=_PAIRS)
def test_they_are_those_that_a_plain_count_finds(pairs: list[tuple[int, int]]) -> None:
    """Whatever is made from what: as networkx counts descendants, equal ones by name."""
    drawn: nx.DiGraph[str] = nx.DiGraph()
    drawn.add_edges_from((f"a/{child}", f"a/{parent}") for child, parent in pairs)
    records = [
        model(f"{child} -> " + ", ".join(f"{parent}: merge" for parent in drawn.successors(child)))
        for child in drawn
        if drawn.out_degree(child)
    ]
    counts = Counter({name: len(nx.ancestors(drawn, name) - {name}) for name in drawn})
    expected = sorted((name for name in drawn if counts[name]), key=lambda n: (-counts[n], n))

    found = starting_points(index.of(graph_in_memory(*records)))

    assert expected[:8] == [one.id for one in found]
