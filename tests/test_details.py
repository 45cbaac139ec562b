"""What ``show`` tells of a repository: its facts, the evidence of each step, its children."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph.build.building import new_build
from graph.model.records import HUB_FLOOR, ClaimSource, IssueKind, Kind, Resolution
from graph.rdf.resolutions import LookUp
from graph.store.lineage_graph import LineageGraph
from graph.view.details import details
from tests.builders import dataset, derivation, issue, license_, model
from tests.graphs import build_graph, graph_in_memory

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
    told = details(GRAPH, GRAPH.find("acme/chat"))

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
    expected = {
        "id": "gone/parent",
        "kind": "model",
        "known": False,
        "status": "NeverChecked",
        "replaced_by": None,
        "children": {"merge": 1},
    }

    assert expected == details(GRAPH, GRAPH.find("gone/parent"))


@pytest.mark.parametrize(
    ("child", "parent", "expected"),
    [
        ("2024-01-01T00:00:00Z", "2025-01-01T00:00:00Z", True),
        ("2024-01-01T00:00:00Z", "2023-01-01T00:00:00Z", False),
        (HUB_FLOOR, "2025-01-01T00:00:00Z", False),
        (None, "2025-01-01T00:00:00Z", False),
        ("2024-01-01T00:00:00Z", None, False),
    ],
)
def test_a_parent_that_is_younger_than_its_child_is_flagged(
    child: str | None,
    parent: str | None,
    expected: bool,  # noqa: FBT001 - what is compared
) -> None:
    """Its name may have been free for a while; the Hub's floor date says nothing."""
    graph = graph_in_memory(
        model("a/chat -> a/base: finetune", created=child),
        model("a/base", created=parent, status=Resolution.DISABLED),
    )
    told = details(graph, graph.find("a/chat"))
    (shown,) = _rows(told["parents"])

    assert (expected, "Disabled", None) == (
        shown["created_later"],
        shown["status"],
        told["status"],
    )


def test_a_renamed_repository_says_what_it_is_called_today(tmp_path: Path) -> None:
    """Whoever comes with the old name finds the way."""
    build_graph(tmp_path, model("b/new"))
    with new_build(tmp_path) as build:
        build.resolve(
            [
                LookUp(
                    kind=Kind.MODEL,
                    id="a/old",
                    resolution=Resolution.RENAMED,
                    checked="2026-05-01T00:00:00Z",
                    replaced_by="b/new",
                )
            ]
        )
        build.publish([])
    with LineageGraph.open(tmp_path) as graph:
        told = details(graph, graph.find("a/old"))

    assert ("Renamed", "b/new") == (told["status"], told["replaced_by"])


def test_a_dataset_has_no_facts_of_models() -> None:
    """What only models have is not told of data."""
    assert "library" not in details(GRAPH, GRAPH.find("datasets/acme/made"))


def _rows(value: object) -> list[dict[str, object]]:
    assert isinstance(value, list)
    return value
