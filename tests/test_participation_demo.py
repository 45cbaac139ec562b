"""The statistics of real data: the documented figures, and a second opinion on them."""

from __future__ import annotations

import runpy
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from graph.model import vocabulary as v
from graph.model.licenses import licenses_by_iri
from graph.model.records import Gating, Kind, Relation
from graph.model.relations import MODEL_RELATIONS
from graph.statistics.results import read_pulse, read_statistics
from graph.store.lineage_graph import LineageGraph
from tests import participation_oracle as oracle
from tests.oracle import Oracle, Row, read_pages
from tests.shared import FEW, PAGES
from tests.test_participation import agree

ROOT = Path(__file__).resolve().parent.parent


def test_the_documented_figures_are_up_to_date(demo: LineageGraph) -> None:
    """docs/statistics.md shows what the demo snapshot gives (``make docs`` writes it)."""
    page = runpy.run_path(str(ROOT / "docs" / "figures.py"))["page"]
    written = (ROOT / "docs" / "statistics.md").read_text(encoding="utf-8")

    assert page(written, demo) == written


def test_every_figure_is_documented(demo: LineageGraph) -> None:
    """Whatever is in a row of the pulse has its definition in docs/statistics.md."""
    written = (ROOT / "docs" / "statistics.md").read_text(encoding="utf-8")
    total = read_pulse(demo).total
    names = {*total.__struct_fields__, *total.bases.__struct_fields__} - {"month", "steps"}
    names |= {"shares", "unknown_ends", "depths", "fan_out", "family_sizes", "finetune_changes"}

    assert set() == {name for name in names if f"`{name}`" not in written} - {
        *("owners", "top_1", "bases", "herfindahl", "effective_owners"),
    }


def test_the_second_opinion_agrees_about_the_demo(demo: LineageGraph) -> None:
    """Plain Python over the triples of the demo snapshot finds the same participation."""
    made, open_data = read_graph(demo)

    agree(read_pulse(demo), made, open_data=open_data)


def test_plain_counting_agrees_about_finetunes(demo: LineageGraph) -> None:
    """What finetunes change in the demo snapshot, edge by edge."""
    counts: dict[str, Any] = read_statistics(demo)
    languages, tasks = (
        _values(demo, str(name)) for name in (v.SCHEMA.inLanguage, v.FAIR4ML.mlTask)
    )
    finetunes = {
        pair for pair in demo.links(v.relation_shortcut(Relation.FINETUNE)) if pair[0] != pair[1]
    }

    for name, declared in {"language": languages, "task": tasks, "license": _labels(demo)}.items():
        both = [(declared[one], declared[other]) for one, other in finetunes]
        assert {
            "edges": len(both),
            "declared": sum(bool(one and other) for one, other in both),
            "changed": (changed := sum(bool(c and p and c != p) for c, p in both)),
            "rate": changed / sum(bool(one and other) for one, other in both),
            "narrowed": sum(bool(child and child < parent) for child, parent in both),
            "widened": sum(bool(parent and child > parent) for child, parent in both),
            "dropped": sum(bool(parent and not child) for child, parent in both),
            "added": sum(bool(child and not parent) for child, parent in both),
        } == counts["finetune_changes"][name]


@pytest.mark.realdata
def test_the_second_opinion_agrees_about_recorded_pages(
    realdata: Path, few_pages: LineageGraph
) -> None:
    """Plain Python over what the Hub answered finds the same, but for datasets' junk words."""
    rows = list(read_pages(realdata / PAGES, FEW))

    agree(read_pulse(few_pages), list(read_rows(rows, few_pages)))


def read_graph(graph: LineageGraph) -> tuple[list[oracle.Made], set[str]]:
    """Return the models of a graph, and the datasets in it that are open."""
    created = dict(graph.links(v.DCTERMS.created))
    labels, gated = _labels(graph), dict(graph.links(v.REMIX.gated))
    parents: dict[str, set[str]] = defaultdict(set)
    for relation in MODEL_RELATIONS:
        for child, parent in graph.links(v.relation_shortcut(relation)):
            parents[child].add(_id(parent))
    data = _values(graph, v.relation_shortcut(Relation.TRAINED_ON))
    made = [
        oracle.Made(node.id, created.get(iri), parents[iri], labels[iri], data[iri])
        for node in graph.nodes(Kind.MODEL)
        if (iri := node.iri)
    ]
    is_free = {None, v.gating_iri(Gating.NONE)}
    free = {
        iri
        for node in graph.nodes(Kind.DATASET)
        if labels[iri := node.iri] and labels[iri] <= oracle.OPEN and gated.get(iri) in is_free
    }
    return made, free


def read_rows(rows: list[Row], graph: LineageGraph) -> Iterator[oracle.Made]:
    """Yield the models of recorded pages; which datasets they name, the graph is asked."""
    read = Oracle(rows)
    data = _values(graph, v.relation_shortcut(Relation.TRAINED_ON))
    for created in ({row["id"]: row.get("createdAt") for row in rows}).items():
        model, licenses = created[0], read.licenses[created[0]]
        named = data[v.repository_iri(Kind.MODEL, model)]
        yield oracle.Made(*created, read.parents.get(model, ()), licenses, named)


def _labels(graph: LineageGraph) -> dict[str, set[str]]:
    """Return the licences of each repository: keys, and texts that resolve to none."""
    keys = {iri: entry.key for iri, entry in licenses_by_iri().items()}
    labels: dict[str, set[str]] = defaultdict(set)
    for repository, iri in graph.links(v.DCTERMS.license):
        labels[repository].add(keys[iri])
    resolved = {claim for claim, _ in graph.links(v.REMIX.resolvesTo)}
    texts = dict(graph.links(v.REMIX.declaredLicense))
    for repository, claim in graph.links(v.REMIX.licenseDeclaration):
        if claim not in resolved:
            labels[repository].add(texts[claim].lower())
    return labels


def _values(graph: LineageGraph, predicate: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for subject, value in graph.links(predicate):
        found[subject].add(value)
    return found


def _id(iri: str) -> str:
    parsed = v.parse_repository_iri(iri)
    assert parsed is not None
    return parsed[1]
