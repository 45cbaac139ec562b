"""What ``show`` tells of a repository: its facts, the evidence of each step, its children."""

from __future__ import annotations

from graph.portrait import portrait
from graph.records import ClaimSource, IssueKind
from tests.builders import dataset, derivation, issue, license_, model
from tests.graphs import graph_in_memory

GRAPH = graph_in_memory(
    model(
        "acme/chat",
        derivations=(
            derivation("acme/base: finetune", raw=("base_model:acme/base",)),
            derivation("gone/parent: merge", sources=(ClaimSource.HUB,)),
        ),
        licenses=(license_("mit"),),
        issues=(issue(IssueKind.BARE_ID),),
        downloads=3,
    ),
    model("acme/base"),
    model("acme/small -> acme/chat: quantized"),
    model("acme/tiny -> acme/chat: quantized"),
    dataset("acme/made -> acme/chat: generated"),
)


def test_a_known_repository_has_facts_evidence_and_children() -> None:
    """Each parent says who claims it and in which words, and whether it is known."""
    told = portrait(GRAPH, GRAPH.find("acme/chat"))

    assert {"quantized": 2, "generated": 1} == told["children"]
    assert 3 == told["downloads"]
    assert [
        ("acme/base", True, (ClaimSource.CARD,), ("base_model:acme/base",)),
        ("gone/parent", False, (ClaimSource.HUB,), ("gone/parent",)),
    ] == [(p["id"], p["known"], p["sources"], p["raw"]) for p in _rows(told["parents"])]
    assert ["mit"] == [row["license"] for row in _rows(told["licenses"])]
    assert [IssueKind.BARE_ID.remedy] == [row["remedy"] for row in _rows(told["issues"])]


def test_a_repository_that_is_only_named_has_its_children() -> None:
    """Nothing else is known of it, and that is said."""
    expected = {"id": "gone/parent", "kind": "model", "known": False, "children": {"merge": 1}}

    assert expected == portrait(GRAPH, GRAPH.find("gone/parent"))


def test_a_dataset_has_no_facts_of_models() -> None:
    """What only models have is not told of data."""
    assert "library" not in portrait(GRAPH, GRAPH.find("datasets/acme/made"))


def _rows(value: object) -> list[dict[str, object]]:
    assert isinstance(value, list)
    return value
