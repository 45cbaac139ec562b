"""The report of an ingestion: its numbers add up, whatever comes in and however often."""

from __future__ import annotations

from graph.model.records import IssueKind, Kind, Relation
from graph.rdf.triples import record_triples
from ingest.report import Report, Tally
from tests.builders import dataset, derivation, issue, model


def test_a_record_is_counted_with_all_it_says() -> None:
    """Edges are counted by relation, and declared values as the author wrote them."""
    tally = Tally()
    tally.count(
        model(
            "acme/chat",
            derivations=(
                derivation(
                    "acme/base: merge",
                    raw=("base_model:acme/base", "base_model:merge:acme/base", "acme/base"),
                ),
                derivation("acme/old: merge", raw=("acme/older", "acme/old"), aliased=True),
                derivation("acme/qa: trained_on", raw=("dataset:acme/qa", "qa")),
                derivation("x: merge", target=None, raw=("./x",)),
            ),
            issues=(issue(IssueKind.LOCAL_PATH),),
        ),
        7,
    )

    assert {Kind.MODEL: 1} == tally.kept
    assert {Relation.MERGE: 2, Relation.TRAINED_ON: 1} == tally.edges
    assert (4, 2, 1, 7) == (
        tally.declared_pairs,
        tally.declared_links,
        tally.aliased,
        tally.triples,
    )
    assert {IssueKind.LOCAL_PATH: 1} == tally.issues


def test_sources_are_edges_and_no_declared_pairs() -> None:
    """What a dataset was made from is counted among the edges only."""
    tally = Tally()
    tally.count(dataset("acme/qa -> acme/raw: source, acme/gen: generated"), 1)

    assert {Relation.SOURCE: 1, Relation.GENERATED: 1} == tally.edges
    assert (0, 0) == (tally.declared_pairs, tally.declared_links)


def test_what_is_taken_back_was_never_counted() -> None:
    """Discounting a record leaves the counts as they were before it."""
    kept = model("acme/a -> acme/base: adapter", issues=(issue(IssueKind.BARE_ID),))
    replaced = model(
        "acme/b -> acme/base: merge, acme/qa: trained_on",
        issues=(issue(IssueKind.BARE_ID), issue(IssueKind.SELF_LOOP)),
    )
    expected, tally = Tally(), Tally()
    expected.count(kept, len(record_triples(kept)))
    for record in (kept, replaced):
        tally.count(record, len(record_triples(record)))
    tally.discount(replaced, len(record_triples(replaced)))
    tally += Tally()  # a counter drops what is zero when it is added to

    assert expected == tally


def test_parts_add_up() -> None:
    """The tally of a whole is the sum of its parts, stage by stage."""
    first, second = Tally(rows=3, duplicates=1), Tally(rows=4, unusable=2)
    first.count(model("acme/a -> acme/base: merge"), 10)
    second.count(model("acme/b -> acme/base: merge"), 20)
    first.seconds["read"] = 1.5
    second.seconds |= {"read": 0.5, "map": 1.0}
    first += second

    assert (7, 1, 2, 30, 2) == (
        first.rows,
        first.duplicates,
        first.unusable,
        first.triples,
        first.declared_pairs,
    )
    assert {Relation.MERGE: 2} == first.edges
    assert {"read": 2.0, "map": 1.0} == first.seconds


def test_unusable_rows_have_an_issue_each() -> None:
    """A row that no repository can be made of is counted with its issue."""
    tally = Tally()
    tally.count_unusable((issue(IssueKind.INVALID_ID), issue(IssueKind.INVALID_ID)))

    assert (2, {IssueKind.INVALID_ID: 2}) == (tally.unusable, tally.issues)


def test_the_document_has_stable_names() -> None:
    """Programs that read the report find each number under the same name, also when it is zero."""
    report = Report(files=2, failed=["a: cut"], skipped=["b: text"], seconds=1.23456)
    report.tally.count_unusable((issue(IssueKind.INVALID_ID),))

    assert {
        "files": 2,
        "failed": ["a: cut"],
        "skipped": ["b: text"],
        "read": 0,
        "kept": {"models": 0, "datasets": 0, "spaces": 0},
        "duplicates": 0,
        "unusable": 1,
        "replaced": 0,
        "edges": dict.fromkeys(
            [
                *("finetune", "adapter", "merge", "quantized", "unspecified"),
                *("source", "generated", "trained_on"),
                *("distilled", "converted", "filtered", "pretrained_on", "decontaminated_against"),
            ],
            0,
        ),
        "declared_pairs": 0,
        "declared_links": 0,
        "aliased": 0,
        "references": 0,
        "issues": {"invalid-id": 1},
        "triples": 0,
        "seconds": 1.235,
        "stages": {},
    } == report.document()
