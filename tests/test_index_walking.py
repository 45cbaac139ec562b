"""The index answers what the store answers, row for row, on any graph."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph import lineage as index
from graph.lineage import stepping as lineage
from graph.lineage import walking
from graph.lineage.index import LineageIndex
from graph.lineage.stepping import Relative
from graph.lineage.walking import Sibling
from graph.model.records import Kind, Relation
from graph.model.relations import DERIVATIONS
from graph.store.lineage_graph import LineageGraph, Node
from tests.builders import dataset, model
from tests.depth import sampled
from tests.lineages import Links, draw, index_of, links, model_links, node, to_digraph
from tests.oracle import Oracle, Reached, read_pages
from tests.shared import MANY, PAGES


@given(links, st.sets(st.sampled_from(Relation)), st.none() | st.integers(0, 4))
def test_the_index_walks_as_the_store_does(
    drawn: Links, relations: set[Relation], depth: int | None
) -> None:
    """Ancestors and descendants are the same rows in the same order, however they are cut."""
    graph = draw(drawn)
    opened = index.of(graph)
    for number in range(len(opened)):
        focus = opened.node(number)
        for chosen in (DERIVATIONS, tuple(relations)):
            for expected, actual in (
                (lineage.ancestors, walking.ancestors),
                (lineage.descendants, walking.descendants),
            ):
                rows = expected(graph, focus, relations=chosen, depth=depth)

                assert rows == actual(opened, focus, relations=chosen, depth=depth)


def test_a_model_and_a_dataset_may_share_an_id() -> None:
    """Both are found, and a row that has both as its parents names the id once."""
    opened = index_of(
        model("qa -> base: finetune"),
        dataset("qa -> base: generated"),
        dataset("both -> qa: generated, qa: source"),
    )

    rows = walking.ancestors(opened, Node(Kind.DATASET, "both"))

    expected = [
        Relative(Kind.DATASET, "qa", 1, (Relation.SOURCE,), ("base",)),
        Relative(Kind.MODEL, "qa", 1, (Relation.GENERATED,), ("base",)),
        Relative(Kind.MODEL, "base", 2, (Relation.FINETUNE, Relation.GENERATED), ()),
    ]

    assert expected == rows
    both = walking.descendants(opened, node("base", known=False))[-1]
    assert ("both", ("qa",)) == (both.id, both.parents)


@given(model_links)
def test_roots_are_the_ancestors_without_parents(drawn: Links) -> None:
    """Networkx finds the same roots; what has no parents has none."""
    opened, oracle = index.of(draw(drawn)), to_digraph(drawn)
    import networkx as nx

    for name in oracle:
        expected = sorted(a for a in nx.descendants(oracle, name) if not oracle.out_degree(a))

        assert expected == [root.id for root in walking.roots(opened, node(name))]


def test_siblings_are_made_from_the_same_parent_in_the_same_way() -> None:
    """A merge of the same parent is no sibling of a finetune; the most downloaded come first."""
    opened = index_of(
        model("focus -> base: finetune, other: merge"),
        model("tuned -> base: finetune", downloads=1),
        model("famous -> base: finetune", downloads=9),
        model("merge -> base: merge"),
        model("mix -> other: merge"),
    )
    base, other = node("base", known=False), node("other", known=False)

    expected = [
        Sibling(node("famous"), base, Relation.FINETUNE, 9),
        Sibling(node("tuned"), base, Relation.FINETUNE, 1),
        Sibling(node("mix"), other, Relation.MERGE, None),
    ]
    assert expected == walking.siblings(opened, node("focus"))
    assert [] == walking.siblings(opened, base)


# --- recorded pages ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def oracle(realdata: Path) -> Oracle:
    """Return what the checker reads in the recorded pages."""
    return Oracle(read_pages(realdata / PAGES, MANY))


@pytest.fixture(scope="module")
def recorded(pages_graph: Path) -> LineageIndex:
    """Return the index of the recorded pages, with ids as written."""
    with LineageGraph.open(pages_graph) as graph:
        return index.of(graph)


@pytest.mark.realdata
def test_recorded_lineage_is_what_the_oracle_finds(oracle: Oracle, recorded: LineageIndex) -> None:
    """Of models that have children or parents, all relatives agree: of all in a deep run."""

    def reached(rows: list[Relative]) -> dict[str, Reached]:
        return {row.id: Reached(row.depth, tuple(map(str, row.relations))) for row in rows}

    for name in sorted(oracle.children.keys() | oracle.parents.keys())[:: sampled(5, 1)]:
        focus = node(name)

        assert oracle.ancestors(name) == reached(walking.ancestors(recorded, focus)), name
        assert oracle.descendants(name) == reached(walking.descendants(recorded, focus)), name


@pytest.mark.realdata
def test_recorded_families_are_those_of_the_oracle(oracle: Oracle, recorded: LineageIndex) -> None:
    """Every model of a family of the oracle's has the same family number, and nobody else."""
    import numpy as np

    sizes = np.bincount(recorded.families)

    assert sorted(map(len, oracle.families())) == sorted(sizes[sizes > 1].tolist())
