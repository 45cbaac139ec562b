"""The order in which a lineage is worked off."""

from __future__ import annotations

import networkx as nx
from hypothesis import given
from hypothesis import strategies as st

from graph.licenses.topological_order import ancestors_first

NODES = st.integers(0, 9)
lineages = st.dictionaries(NODES, st.lists(NODES, max_size=4))


@given(lineages)
def test_components_are_those_of_networkx(parents: dict[int, list[int]]) -> None:
    """Every node with parents comes once, cycles together, as an independent search finds them."""
    graph = nx.DiGraph((node, one) for node, above in parents.items() for one in above)
    graph.add_nodes_from(parents)
    expected = {frozenset(found) for found in nx.strongly_connected_components(graph)}
    found = list(ancestors_first(parents))

    assert {one for one in expected if one & set(parents)} == set(map(frozenset, found))
    assert len(parents) == sum(map(len, found))


@given(lineages)
def test_ancestors_come_first(parents: dict[int, list[int]]) -> None:
    """When a node comes, all of its parents have, or come with it."""
    done = set(range(10)) - set(parents)
    for group in ancestors_first(parents):
        done |= set(group)

        assert {one for node in group for one in parents[node]} <= done


def test_a_long_chain_needs_no_recursion() -> None:
    """A chain of a hundred thousand steps."""
    size = 100_000
    parents = {number: [number + 1] for number in range(size)}

    assert [[size - 1], [0]] == list(ancestors_first(parents))[:: size - 1]
