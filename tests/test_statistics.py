"""The counts of a graph, each definition on a graph that is visible here."""

from __future__ import annotations

from collections import Counter
from typing import Any

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.model.records import ClaimSource, IssueKind, Kind, Model, Relation
from graph.model.relations import MODEL_RELATIONS, TYPED_RELATIONS
from graph.model.vocabulary import relation_shortcut
from graph.statistics.distributions import distribution, shares
from graph.store.lineage_graph import LineageGraph
from tests.builders import dataset, derivation, issue, license_, model, space
from tests.graphs import graph_in_memory
from tests.lineages import Links, draw, links
from tests.measured import statistics_of


def test_each_count_by_its_definition() -> None:
    """A family with a merge, a cycle, a self-loop and a missing parent gives these numbers."""
    hub = (ClaimSource.HUB,)
    graph = graph_in_memory(
        model("base", licenses=(license_("apache-2.0"),)),
        model("chat", derivations=(derivation("base: finetune", sources=hub),)),
        model("merge -> chat: merge, gone: merge, qa: trained_on", licenses=(license_("mit"),)),
        model("egg -> hen: finetune"),
        model("hen -> egg: finetune"),
        model("loop -> loop: unspecified", issues=(issue(IssueKind.SELF_LOOP),)),
        dataset("qa -> web: source, chat: generated"),
        space("demo", uses=("chat",)),
    )
    counts = statistics_of(graph)
    expected = {
        "models": 6,
        "datasets": 1,
        "spaces": 1,
        "references": 2,
        "licenses": 2,
        "edges": {
            "finetune": 3,
            "adapter": 0,
            "merge": 2,
            "quantized": 0,
            "unspecified": 1,
            "distilled": 0,
            "converted": 0,
            "total": 6,
        },
        "hub_edges": dict.fromkeys(TYPED_RELATIONS, 0) | {"finetune": 1},
        "trained_on": 1,
        "pretrained_on": 0,
        "decontaminated_against": 0,
        "dataset_edges": {"source": 1, "generated": 1, "filtered": 0},
        "dangling_edges": 1,
        "self_loops": 1,
        "cycles": 1,
        "multi_parent": 1,
        "roots": 2,
        "families": 2,
        "largest_family": 4,
        "longest_chain": 2,
        "issues": 1,
        "by_license": {"apache-2.0": 1, "mit": 1},
    }

    assert expected == {name: counts[name] for name in expected}
    assert counts["triples"] == len(graph.store)


def test_an_untyped_twin_is_no_edge_of_its_own() -> None:
    """A parent that is named with a relation and again without one is one edge, the typed one."""
    graph = graph_in_memory(model("a -> b: finetune, b: unspecified, c: unspecified"))
    expected = {
        "finetune": 1,
        "adapter": 0,
        "merge": 0,
        "quantized": 0,
        "unspecified": 1,
        "distilled": 0,
        "converted": 0,
        "total": 2,
    }

    assert expected == statistics_of(graph)["edges"]


def test_an_empty_graph_counts_nothing() -> None:
    """Without any repository all counts are zero, and nothing fails."""
    counts = statistics_of(graph_in_memory())

    assert 0 == counts["families"] == counts["longest_chain"] == counts["triples"]
    assert {} == counts["shares"]
    assert [] == counts["unknown_ends"]


# --- distributions ------------------------------------------------------------------------------


def test_distributions_by_their_definitions() -> None:
    """Of a chain of two with a side branch and a missing parent."""
    counts: dict[str, Any] = statistics_of(
        graph_in_memory(
            model("base"),
            model("chat -> base: finetune", created="2024-01-31T23:59:59Z"),
            model("side -> base: adapter, base: finetune", created="2024-01-01T00:00:00Z"),
            model("copy -> chat: quantized, gone: merge", created="2024-02-01T00:00:00Z"),
            model("odd -> lost: merge", created="2022-03-02T23:29:05Z"),
            model("loop -> loop: merge"),
        )
    )

    assert {
        "finetune": 2 / 7,
        "adapter": 1 / 7,
        "merge": 3 / 7,
        "quantized": 1 / 7,
        "unspecified": 0.0,
        "distilled": 0.0,
        "converted": 0.0,
    } == counts["shares"]
    # base, gone and lost lie at 0; chat, side and odd at 1; copy at 2
    assert [[0, 3], [1, 3], [2, 1]] == counts["depths"]["histogram"]
    assert (7, 5 / 7, 1.0, 2) == tuple(
        counts["depths"][name] for name in ("count", "mean", "median", "max")
    )
    # chat, gone and lost have a child each, base has two; what names itself has none
    assert [[1, 3], [2, 1]] == counts["fan_out"]["histogram"]
    assert [[2, 1], [5, 1]] == counts["family_sizes"]["histogram"]
    assert [
        {"month": "2024-01", "edges": 2, "unknown": 0, "share": 0.0},
        {"month": "2024-02", "edges": 2, "unknown": 1, "share": 0.5},
        {"month": None, "edges": 2, "unknown": 1, "share": 0.5},
    ] == counts["unknown_ends"]


@pytest.mark.parametrize(
    ("child", "parent", "expected"),
    [
        (("mit",), ("mit",), {"declared": 1, "rate": 0.0}),
        (("mit",), ("llama2",), {"declared": 1, "changed": 1, "rate": 1.0}),
        (("mit",), ("mit", "gpl"), {"declared": 1, "changed": 1, "rate": 1.0, "narrowed": 1}),
        (("mit", "gpl"), ("gpl",), {"declared": 1, "changed": 1, "rate": 1.0, "widened": 1}),
        (("mit", "gpl"), ("gpl", "isc"), {"declared": 1, "changed": 1, "rate": 1.0}),
        (("mit", "gpl"), ("gpl", "mit"), {"declared": 1, "rate": 0.0}),
        ((), ("mit",), {"dropped": 1}),
        (("mit",), (), {"added": 1}),
        ((), (), {}),
    ],
)
def test_changes_by_their_definition(
    child: tuple[str, ...], parent: tuple[str, ...], expected: dict[str, object]
) -> None:
    """What both declare is compared as a whole, whatever it is: licences, languages, tasks."""
    counts: dict[str, Any] = statistics_of(
        graph_in_memory(
            declaring("a -> b: finetune, b: merge, a: finetune", child), declaring("b", parent)
        )
    )
    names = ("declared", "changed", "narrowed", "widened", "dropped", "added")
    nothing = {"edges": 1, "rate": None} | dict.fromkeys(names, 0)

    assert (
        dict.fromkeys(("license", "language", "task"), nothing | expected)
        == (counts["finetune_changes"])
    )


def declaring(text: str, words: tuple[str, ...]) -> Model:
    """Return a model that declares words as everything that a word can be."""
    return model(text, licenses=tuple(map(license_, words)), languages=words, tasks=words)


def test_a_licence_without_a_meaning_counts_as_it_is_written() -> None:
    """Two models under ``other`` declare the same, in whatever case."""
    counts: dict[str, Any] = statistics_of(
        graph_in_memory(
            model("a -> b: finetune", licenses=(license_("Other", license=None),)),
            model("b -> c: finetune", licenses=(license_("other", license=None),)),
            model("c", licenses=(license_("mit"),)),
        )
    )

    assert 0.5 == counts["finetune_changes"]["license"]["rate"]


@given(st.dictionaries(st.text(), st.integers(1)))
def test_shares_sum_to_one(counts: dict[str, int]) -> None:
    """Unless there is nothing to share."""
    found: dict[str, Any] = shares(counts)

    assert pytest.approx(1 if counts else 0) == sum(found.values())


@given(st.lists(st.integers(0, 9)), st.randoms())
def test_a_distribution_holds_every_value(values: list[int], random: Any) -> None:  # noqa: ANN401 - a Random
    """Each as often as it occurs, in whatever order they come."""
    found: dict[str, Any] = distribution(np.array(values, np.int64))
    shuffled = random.sample(values, len(values))

    assert sorted(values) == [n for n, count in found["histogram"] for _ in range(count)]
    assert found == distribution(np.array(shuffled, np.int64))


# --- a second opinion ---------------------------------------------------------------------------


@given(links)
def test_the_shape_is_what_networkx_finds(drawn: Links) -> None:
    """Whatever the links, datasets among them: the definitions, word by word, in networkx."""
    graph = draw(drawn)
    expected = shape_by_networkx(graph)
    counts = statistics_of(graph)

    assert expected == {name: counts[name] for name in expected}


def shape_by_networkx(graph: LineageGraph) -> dict[str, object]:
    """Return what ``statistics`` counts of edges and shape, worked out from the store."""
    known = {node.iri for node in graph.nodes(Kind.MODEL)}
    edges = {one: set(graph.links(relation_shortcut(one))) for one in MODEL_RELATIONS}
    edges[Relation.UNSPECIFIED] -= set().union(*(edges[typed] for typed in TYPED_RELATIONS))
    pairs = set().union(*edges.values())
    lineage = nx.DiGraph([pair for pair in pairs if pair[0] != pair[1]])
    parents = Counter(child for child, _ in pairs)
    families = [len(family) for family in nx.weakly_connected_components(lineage)]
    together = [group for group in nx.strongly_connected_components(lineage) if len(group) > 1]
    chain = nx.dag_longest_path_length(nx.condensation(lineage)) if lineage else 0
    return {
        "edges": {one.value: len(edges[one]) for one in MODEL_RELATIONS} | {"total": len(pairs)},
        "trained_on": len(set(graph.links(relation_shortcut(Relation.TRAINED_ON)))),
        "dangling_edges": sum(parent not in known for _, parent in pairs),
        "self_loops": sum(child == parent for child, parent in pairs),
        "cycles": len(together),
        "multi_parent": sum(count > 1 for count in parents.values()),
        "roots": sum(lineage.out_degree(node) == 0 for node in lineage),
        "families": len(families),
        "largest_family": max(families, default=0),
        "longest_chain": chain,
    }
