"""Paths and common ancestors, with networkx as the judge."""

from __future__ import annotations

from itertools import pairwise

import networkx as nx
from hypothesis import given
from hypothesis import strategies as st

from graph import lineage as index
from graph.lineage.paths import (
    CommonAncestor,
    Step,
    common_ancestors,
    shortest_path,
    shortest_paths,
)
from graph.model.records import Relation
from tests.builders import model
from tests.lineages import Links, draw, index_of, model_links, node, to_digraph

FINETUNE, MERGE = Relation.FINETUNE, Relation.MERGE
NAMES = st.sampled_from("abcdefg")


def test_the_shortest_path_tells_each_step() -> None:
    """From the descendant up to the ancestor, with the relations of each step."""
    opened = index_of(
        model("merge -> chat: merge, base: merge"), model("chat -> base: finetune, base: adapter")
    )
    chat, base = node("chat"), node("base", known=False)

    assert (Step(node("merge"), base, (MERGE,)),) == shortest_path(opened, node("merge"), base)
    assert (Step(chat, base, (Relation.ADAPTER, FINETUNE)),) == shortest_path(opened, chat, base)
    assert None is shortest_path(opened, base, chat)
    assert () == shortest_path(opened, chat, chat)


def test_a_path_may_be_kept_to_relations() -> None:
    """Without merges, the path takes the steps that are left."""
    opened = index_of(model("c -> a: merge, b: finetune"), model("b -> a: finetune"))
    path = shortest_path(opened, node("c"), node("a", known=False), relations=[FINETUNE])

    assert path is not None
    assert [("c", "b"), ("b", "a")] == [(step.child.id, step.parent.id) for step in path]


def test_as_many_shortest_paths_as_wanted() -> None:
    """Of 2 to the power of 60 paths the first two are there at once."""
    layers = [f"{n:02}" for n in range(61)]
    opened = index_of(
        *(
            model(f"{low}{side} -> {high}a: merge, {high}b: merge")
            for low, high in pairwise(layers)
            for side in "ab"
        ),
        model("60a -> top: merge"),
        model("60b -> top: merge"),
    )
    paths = shortest_paths(opened, node("00a"), node("top", known=False))

    assert "60a" == next(paths)[-1].child.id
    assert "60b" == next(paths)[-1].child.id


@given(model_links, NAMES, NAMES)
def test_shortest_paths_are_those_of_networkx(drawn: Links, low: str, high: str) -> None:
    """All of them, in the order of ids, none twice."""
    oracle = to_digraph(drawn)
    oracle.add_nodes_from("abcdefg")
    drawn = {name: drawn.get(name, set()) for name in "abcdefg"}
    try:
        expected = sorted(nx.all_shortest_paths(oracle, low, high))
    except nx.NetworkXNoPath:
        expected = []
    found = shortest_paths(index.of(draw(drawn)), node(low), node(high))
    actual = [[low, *(step.parent.id for step in path)] for path in found]

    assert expected == actual


def test_common_ancestors_are_the_nearest_only() -> None:
    """Two chats of two bases have both in common, and not what these come from."""
    opened = index_of(
        model("one -> left: merge, right: merge"),
        model("two -> left: merge, mid: finetune"),
        model("mid -> right: finetune"),
        model("left -> old: finetune"),
        model("right -> old: finetune"),
    )

    expected = [CommonAncestor(node("left"), 1, 1), CommonAncestor(node("right"), 1, 2)]
    assert expected == common_ancestors(opened, node("one"), node("two"))
    assert [] == common_ancestors(opened, node("one"), node("two"), relations=[FINETUNE])


@given(model_links, NAMES, NAMES)
def test_common_ancestors_are_those_of_networkx(drawn: Links, one: str, other: str) -> None:
    """They are common, and lead down to no common one that does not lead back up."""
    oracle = to_digraph(drawn)
    oracle.add_nodes_from("abcdefg")
    drawn = {name: drawn.get(name, set()) for name in "abcdefg"}
    above = {name: nx.descendants(oracle, name) | {name} for name in oracle}
    common = above[one] & above[other]
    expected = {
        name
        for name in common
        if not any(name in above[low] and low not in above[name] for low in common)
    }
    rows = common_ancestors(index.of(draw(drawn)), node(one), node(other))
    distances = [
        (nx.shortest_path_length(oracle, one, row.node.id), row.first_depth) for row in rows
    ]

    assert expected == {row.node.id for row in rows}
    assert all(expected == actual for expected, actual in distances)
