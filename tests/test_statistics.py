"""The counts of a graph, each definition on a graph that is visible here."""

from __future__ import annotations

from graph.records import ClaimSource, IssueKind
from graph.statistics import statistics
from tests.builders import dataset, derivation, issue, license_, model, space
from tests.graphs import graph_in_memory


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
    counts = statistics(graph)
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
            "total": 6,
        },
        "hub_edges": {"finetune": 1, "adapter": 0, "merge": 0, "quantized": 0},
        "trained_on": 1,
        "dataset_edges": {"source": 1, "generated": 1},
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
        "total": 2,
    }

    assert expected == statistics(graph)["edges"]


def test_an_empty_graph_counts_nothing() -> None:
    """Without any repository all counts are zero, and nothing fails."""
    counts = statistics(graph_in_memory())

    assert 0 == counts["families"] == counts["longest_chain"] == counts["triples"]
