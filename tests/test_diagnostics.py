"""What the checks find in a lineage, about all of it and about one repository."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from graph import lineage as index
from graph.model.records import IssueKind, Model, Relation, Repository
from graph.quality.checks import Check
from graph.quality.lineage_problems import lineage_problems
from graph.quality.report import QualityReport, quality_report_of
from graph.quality.rows import Diagnostic
from graph.quality.selection import one_repository, select
from graph.quality.severity import Severity
from graph.rdf.terms import iri, text
from tests import quality_oracle
from tests.builders import derivation, issue, model
from tests.graphs import graph_in_memory
from tests.lineages import node

EARLY, MIDDLE, LATE = (f"202{year}-01-01T00:00:00Z" for year in (3, 4, 5))


def report_on(*records: Repository) -> QualityReport:
    """Return the report on a graph of records."""
    graph = graph_in_memory(*records)
    return quality_report_of(graph, index.of(graph))


def everything(report: QualityReport) -> list[Diagnostic]:
    """Return all of a report as rows."""
    return list(select(report).rows())


def about(report: QualityReport, name: str) -> list[Diagnostic]:
    """Return what a report says of a model."""
    number = report.index.find(node(name))
    return list(select(report, repositories=one_repository(report, number)).rows())


def problems(*drawn: str) -> set[tuple[str, str, str]]:
    """Return the problem, the child and the parent of all triples on links at fault."""
    by_node: dict[str, dict[str, str]] = {}
    for subject, predicate, target in lineage_problems(report_on(*map(model, drawn))):
        by_node.setdefault(subject, {})[predicate.rpartition("#")[2][:-1]] = target
    return {(said["problem"], said["child"], said["parent"]) for said in by_node.values()}


def problem(word: str, child: str, parent: str) -> tuple[str, str, str]:
    """Return a problem of two models as triples say it."""
    return text(word), iri(node(child).iri), iri(node(parent).iri)


@pytest.mark.parametrize(
    ("drawn", "expected"),
    [
        (["a -> a: finetune"], [(Check.SELF_LOOP, "a", ("a",))]),
        (["a -> a"], [(Check.SELF_LOOP, "a", ("a",))]),
        (["a -> b: merge", "b -> a: merge"], [(Check.CYCLE, "a", ("b",))]),
        (
            ["a -> b: finetune, b: merge", "b"],
            [(Check.SEVERAL_RELATIONS, "a", ("b",))],
        ),
        (["a -> b", "b"], [(Check.UNTYPED_RELATION, "a", ("b",))]),
        (["a -> b: finetune, b", "b"], []),
        (["a -> b: finetune"], [(Check.DANGLING_PARENT, "a", ("b",))]),
        (
            ["gguf -> base: quantized", "tuned -> gguf: finetune", "lora -> gguf: adapter", "base"],
            [(Check.BUILT_ON_COPY, "gguf", ("tuned",))],
        ),
        (["lora -> base: adapter", "gguf -> lora: quantized", "base"], []),
        (["a -> data: trained_on"], []),
    ],
)
def test_what_links_alone_tell(drawn: list[str], expected: list[tuple[Any, ...]]) -> None:
    """Each kind of fault is found once, and what is in order is left alone."""
    found = everything(report_on(*map(model, drawn)))

    assert expected == [(one.check, one.node.id, one.others) for one in found]


def test_a_parent_that_is_younger_than_its_child() -> None:
    """It was registered again if the child was never touched since the parent is there."""
    report = report_on(
        model("base", created=MIDDLE),
        model("odd -> base: finetune", created=EARLY, modified=LATE),
        model("orphan -> base: finetune", created=EARLY, modified=EARLY),
        model("unsaid -> base: finetune", created=EARLY),
        model("fine -> base: finetune", created=LATE, modified=LATE),
    )

    expected = [
        (Check.TIME_PARADOX, "odd"),
        (Check.TIME_PARADOX, "unsaid"),
        (Check.RECREATED_PARENT, "orphan"),
    ]
    assert expected == [(one.check, one.node.id) for one in everything(report)]


def test_what_was_declared() -> None:
    """Parents by an old name, and words that are no datasets."""
    renamed = derivation("new/bert: finetune", raw=("bert", "Bert"), aliased=True)
    junk = issue(IssueKind.JUNK_DATASET, value="json")
    report = report_on(model("a", derivations=(renamed,), issues=(junk,)), model("new/bert"))

    expected = [
        Diagnostic(
            Check.RENAMED_PARENT, node("a"), ("new/bert",), "declared as Bert and bert", None
        ),
        Diagnostic(Check.JUNK_DATASET, node("a"), (), "declares json", None),
    ]
    assert expected == everything(report)
    assert expected == about(report, "a")
    assert [] == about(report, "new/bert")


def test_one_repository_is_told_what_the_report_says_of_it() -> None:
    """Any member of a cycle is told of it; nobody of another's faults."""
    report = report_on(
        *map(model, ["a -> b: merge", "b -> a: merge", "c -> c: merge, a: merge", "d -> b: merge"])
    )

    assert [Check.CYCLE] == [one.check for one in about(report, "b")]
    assert [Check.SELF_LOOP] == [one.check for one in about(report, "c")]
    assert [] == about(report, "d")


def test_the_worst_are_the_most_downloaded() -> None:
    """A summary counts all and lists a few."""
    report = report_on(
        *(model(f"m{n} -> m{n}: merge", downloads=n) for n in range(9)), model("x -> x: merge")
    )
    (summary,) = select(report).summaries(worst=2)

    assert (Check.SELF_LOOP, 10) == (summary.check, summary.total)
    assert ["m8", "m7"] == [found.node.id for found in summary.worst]


def test_links_at_fault_as_triples() -> None:
    """Each link of a cycle is one, not what only hangs on it; what names itself is that alone."""
    drawn = ["a -> b: merge, a", "b -> c: merge", "c -> a", "d -> a: merge, c: finetune, c: merge"]

    expected = {
        problem("self-loop", "a", "a"),
        problem("cycle", "a", "b"),
        problem("cycle", "b", "c"),
        problem("cycle", "c", "a"),
        problem("no relation", "c", "a"),
        problem("several relations", "d", "c"),
    }
    assert expected == problems(*drawn)


@pytest.mark.parametrize("name", Check)
def test_every_check_has_a_severity_and_a_remedy(name: Check) -> None:
    """A diagnostic says what to do, in a sentence."""
    assert name.severity in Severity
    assert name.remedy.endswith(".")


_NAMES = some.sampled_from("abcde")
_DATES = some.none() | some.sampled_from([EARLY, MIDDLE, LATE, "2022-03-02T23:29:04Z"])
_PARENTS = some.lists(
    some.builds(
        derivation,
        some.builds("{}: {}".format, _NAMES, some.sampled_from(Relation)),
        raw=some.sampled_from([("old",), ("x", "é")]),
        aliased=some.booleans(),
    ),
    max_size=4,
    unique_by=lambda claim: (claim.target, claim.relation),
)
_MODELS = some.builds(
    model,
    _NAMES,
    created=_DATES,
    modified=_DATES,
    downloads=some.none() | some.integers(0, 3),
    derivations=_PARENTS.map(tuple),
    issues=some.lists(
        some.builds(issue, some.sampled_from(IssueKind), value=some.text(max_size=3)), max_size=2
    ).map(tuple),
)


@given(some.lists(_MODELS, max_size=5, unique_by=lambda record: record.id))
def test_a_report_is_what_each_record_says(records: list[Model]) -> None:
    """The law: columns find what a look at one record after another finds, in the same order."""
    report = report_on(*records)

    expected = quality_oracle.diagnostics(records)
    assert Counter(expected) == Counter(everything(report))
    for check in Check:
        found = [one.downloads for one in everything(report) if one.check is check]
        downloads = [-1 if count is None else count for count in found]
        assert sorted(downloads, reverse=True) == downloads
    assert sorted(quality_oracle.issues(records)) == sorted(_issues(report))


def _issues(report: QualityReport) -> list[tuple[str, str, str, str]]:
    issues, words = report.issues, report.texts
    return [
        (report.index.id(number), list(IssueKind)[kind], words.text(named), words.text(value))
        for number, kind, named, value in zip(
            issues.nodes.tolist(),
            issues.kinds.tolist(),
            issues.named.tolist(),
            issues.values.tolist(),
            strict=True,
        )
    ]
