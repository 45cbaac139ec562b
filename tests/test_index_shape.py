"""Families, cycles, depths, influence, roll-up and paradoxes, with networkx as the judge."""

from __future__ import annotations

import networkx as nx
import numpy as np
from hypothesis import given

from graph import lineage as index
from graph.lineage.as_networkx import to_networkx
from graph.lineage.descendant_counts import Affected, generations, impact, influence, months
from graph.lineage.families import Cycle, cycles, family
from graph.lineage.index import LineageIndex
from graph.lineage.paradoxes import Paradox, paradoxes
from graph.lineage.rollup import roll_up
from graph.model.records import Kind, Relation, Space
from graph.store.lineage_graph import Node
from graph.view.neighbourhood import to_networkx as view_of_the_store
from tests.builders import dataset, license_, model, space
from tests.lineages import Links, draw, index_of, model_links, node, to_digraph

FINETUNE, MERGE = Relation.FINETUNE, Relation.MERGE


@given(model_links)
def test_columns_are_what_networkx_finds(drawn: Links) -> None:
    """Families, cycles, depths, roots and counts of descendants agree for every repository."""
    opened, oracle = index.of(draw(drawn)), to_digraph(drawn)
    condensed = nx.condensation(oracle)
    depth = dict.fromkeys(condensed, 0)
    for group in reversed(list(nx.topological_sort(condensed))):
        depth[group] = max((depth[above] + 1 for above in condensed[group]), default=0)
    for name in oracle:
        number = opened.find(node(name))

        assert min(nx.node_connected_component(oracle.to_undirected(), name)) == opened.id(
            opened.families[number]
        )
        members = condensed.nodes[condensed.graph["mapping"][name]]["members"]
        assert min(members) == opened.id(opened.components[number])
        assert depth[condensed.graph["mapping"][name]] == opened.depths[number]
        assert len(nx.ancestors(oracle, name)) == opened.influence[number]
        assert _nearest_root(oracle, name) == _name(opened, opened.roots[number])


def _nearest_root(oracle: nx.DiGraph[str], name: str) -> str | None:
    steps = nx.single_source_shortest_path_length(oracle, name)
    roots = [(steps[above], above) for above in steps if not oracle.out_degree(above)]
    return min(roots)[1] if roots else None


def _name(opened: LineageIndex, number: int) -> str | None:
    return opened.id(number) if number >= 0 else None


def test_a_family_is_whatever_is_connected() -> None:
    """A merge joins two families, unless merges are left out."""
    opened = index_of(
        model("chat -> base: finetune", downloads=3),
        model("mix -> chat: merge, alien: merge", downloads=9),
        model("alone"),
    )
    whole = family(opened, node("chat"))
    apart = family(opened, node("chat"), merges=False)

    assert (4, 2, 3) == (whole.size, whole.roots, whole.generations)
    assert ["mix", "chat", "alien", "base"] == [member.node.id for member in whole.members]
    assert ["chat", "base"] == [member.node.id for member in apart.members]
    assert ["mix"] == [m.node.id for m in family(opened, node("base"), limit=1).members]
    assert 1 == family(opened, node("alone")).size


def test_cycles_come_with_their_members() -> None:
    """Each cycle once, the most downloaded first; a self-loop is none."""
    opened = index_of(
        model("a -> b: finetune"),
        model("b -> a: finetune"),
        model("hen -> egg: merge", downloads=7),
        model("egg -> hen: merge"),
        model("self -> self: merge"),
    )

    expected = [Cycle((node("egg"), node("hen")), 7), Cycle((node("a"), node("b")), None)]
    assert expected == cycles(opened)


def test_impact_is_descendants_and_spaces_by_downloads() -> None:
    """Models trained on data are affected, and Spaces, whoever names whom."""
    opened = index_of(
        dataset("qa"),
        model("chat -> qa: trained_on", downloads=5, spaces=("listed",)),
        model("lora -> chat: adapter", downloads=8),
        space("demo", uses=("lora", "chat")),
        Space(id="viewer", datasets=("qa",)),
    )
    rows = impact(opened, Node(Kind.DATASET, "qa"))

    expected = [
        Affected(node("lora"), 2, (Relation.ADAPTER,), 8),
        Affected(node("chat"), 1, (Relation.TRAINED_ON,), 5),
        Affected(Node(Kind.SPACE, "viewer"), 1, (), None),
        Affected(Node(Kind.SPACE, "demo"), 2, (), None),
        Affected(Node(Kind.SPACE, "listed", known=False), 2, (), None),
    ]
    assert expected == rows
    assert [1, 1] == generations(opened, Node(Kind.DATASET, "qa"))


def test_influence_is_ranked_over_all_and_by_month() -> None:
    """Who has most descendants, of all and of those created in a month."""
    opened = index_of(
        model("old", created="2023-01-01T00:00:00Z"),
        model("new -> old: finetune", created="2024-07-09T00:00:00Z"),
        model("chat -> new: finetune", created="2024-07-10T00:00:00Z"),
        model("lora -> chat: adapter"),
        dataset("made -> chat: generated"),
        dataset("copy -> made: source"),
    )

    assert [("old", 5), ("new", 4), ("chat", 3), ("made", 1)] == [
        (row.node.id, row.descendants) for row in influence(opened)
    ]
    assert ["new", "chat"] == [row.node.id for row in influence(opened, month="2024-07")]
    assert ["made"] == [row.node.id for row in influence(opened, kind=Kind.DATASET)]
    assert {"2023-01": ["old"], "2024-07": ["new"]} == {
        month: [row.node.id for row in rows] for month, rows in months(opened, limit=1).items()
    }
    assert ["2023-01", "2024-07", "2024-07", None] == [row.month for row in influence(opened)]
    assert {} == months(index_of(model("alone")))


def test_copies_are_rolled_up_into_what_they_copy() -> None:
    """Quantised copies, adapters and copies of copies count; what others build on is shown."""
    opened = index_of(
        model("chat -> base: finetune"),
        model("base-gguf -> base: quantized"),
        model("chat-gguf -> chat: quantized"),
        model("chat-gguf-2 -> chat-gguf: quantized"),
        model("chat-lora -> chat: adapter"),
        model("chat-awq -> chat: quantized"),
        model("tuned -> chat-awq: finetune"),
    )
    rows = roll_up(opened, node("base", known=False))

    assert [
        ("base", 0, 1, 0),
        ("chat", 1, 2, 1),
        ("chat-awq", 2, 0, 0),
        ("tuned", 3, 0, 0),
    ] == [(row.node.id, row.depth, row.quantized, row.adapters) for row in rows]
    assert ["base", "chat"] == [
        row.node.id for row in roll_up(opened, node("base", known=False), depth=1)
    ]


@given(model_links)
def test_a_roll_up_loses_nobody(drawn: Links) -> None:
    """What is shown and what is counted are the focus and all its descendants."""
    opened, oracle = index.of(draw(drawn)), to_digraph(drawn)
    for name in oracle:
        rows = roll_up(opened, node(name))
        counted = sum(1 + row.quantized + row.adapters for row in rows)

        assert 1 + len(nx.ancestors(oracle, name)) == counted


def test_a_child_older_than_its_parent_is_a_paradox() -> None:
    """The Hub's first date says nothing, and neither does a date that nobody knows."""
    first, early, late = (
        "2022-03-02T23:29:04Z",
        "2023-01-01T00:00:00Z",
        "2024-01-01T00:00:00Z",
    )
    opened = index_of(
        model("base", created=late),
        model("odd -> base: finetune", created=early, downloads=4),
        model("fine -> odd: finetune", created=late),
        model("floor -> base: finetune", created=first),
        model("undated -> base: finetune"),
    )

    expected = [Paradox(node("odd"), node("base"), (FINETUNE,), early, late, 4)]
    assert expected == paradoxes(opened)
    assert [] == paradoxes(opened, nodes=opened.numbers([node("fine")]))


def test_a_part_is_handed_out_as_networkx_has_it() -> None:
    """The same nodes and edges as from the store, and what the index knows beyond."""
    records = (
        model("chat -> base: finetune, base: merge", downloads=4, licenses=(license_("mit"),)),
        model("base", created="2024-01-01T00:00:00Z", licenses=(license_("mit"),)),
        model("other -> chat: finetune"),
    )
    opened = index_of(*records)
    view = to_networkx(opened, [node("chat"), node("base")])
    drawn = {"chat": {("base", FINETUNE), ("base", MERGE)}, "base": set()}
    expected = view_of_the_store(draw(drawn), [node("chat").iri, node("base").iri])

    assert list(expected.edges(keys=True, data=True)) == list(view.edges(keys=True, data=True))
    assert {
        "id": "chat",
        "kind": "model",
        "known": True,
        "downloads": 4,
        "license": "mit",
        "depth": 1,
        "root": "base",
        "family": "base",
        "descendants": 1,
    } == view.nodes[node("chat").iri]
    assert "2024-01-01T00:00:00Z" == view.nodes[node("base").iri]["created"]


def test_what_comes_from_nothing_but_a_cycle_has_no_root() -> None:
    """Hen and egg have no root, and neither has what is made from them."""
    opened = index_of(model("hen -> egg"), model("egg -> hen"), model("chick -> egg"))
    view = to_networkx(opened, [node("chick")])

    assert np.all(opened.roots == -1)
    assert "root" not in view.nodes[node("chick").iri]
