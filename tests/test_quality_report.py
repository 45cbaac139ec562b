"""The quality report: the same as the checks find row by row, chosen and paged as columns."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from graph import lineage as index
from graph.model.errors import InvalidGraph
from graph.model.records import IssueKind
from graph.quality.checks import Check
from graph.quality.report import QualityReport, quality_report_of
from graph.quality.rows import Diagnostic
from graph.quality.selection import (
    chosen_issues,
    chosen_repositories,
    frequent_values,
    issue_counts,
    select,
)
from graph.quality.severity import Severity
from graph.sparql.questions import question
from graph.sparql.runner import run_query
from graph.store.builds import build_directory
from graph.store.lineage_graph import open_graph
from graph.store.results import RESULTS
from graph.store.texts import Texts
from graph.tables.reading import read_tables
from graph.tables.schema import STATES
from tests.builders import dataset, derivation, issue, model
from tests.graphs import build_graph, graph_in_memory

EARLY, LATE = "2023-01-01T00:00:00Z", "2025-01-01T00:00:00Z"
LOCAL, JUNK = IssueKind.LOCAL_PATH, IssueKind.JUNK_DATASET

RECORDS = (
    model("acme/base", created=LATE, downloads=50),
    model("acme/loop -> acme/loop: merge", downloads=7),
    model("acme/hen -> acme/egg: merge"),
    model("acme/egg -> acme/hen: merge", downloads=9),
    model("other/odd -> acme/base: finetune", created=EARLY, modified=LATE),
    model("other/early -> acme/base: finetune", created=EARLY, modified=EARLY),
    model("other/both -> acme/base: finetune, acme/base: merge"),
    model("other/gguf -> acme/base: quantized"),
    model("other/tuned -> other/gguf: finetune"),
    model("other/plain -> acme/base"),
    model("other/lost -> gone/parent: merge"),
    model("other/child -> other/lost: finetune"),
    model("other/old", derivations=(derivation("acme/base: merge", raw=("b",), aliased=True),)),
    model("other/words", issues=(issue(JUNK, "datasets", "json"), issue(LOCAL, value="./out"))),
    model("acme/words", downloads=3, issues=(issue(LOCAL, value="./out"),)),
    dataset("acme/qa -> acme/raw: source"),
)
"""One of each finding."""


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a graph with one of each finding."""
    return build_graph(tmp_path_factory.mktemp("report") / "graph", *RECORDS)


@pytest.fixture
def made(graph: Path) -> QualityReport:
    """Open its report."""
    with open_graph(graph) as opened:
        return quality_report_of(opened, index.of(opened))


def everything(made: QualityReport) -> list[Diagnostic]:
    """Return all findings of a report as rows."""
    return list(select(made).rows())


def test_a_build_brings_its_report(graph: Path, made: QualityReport) -> None:
    """What was written with the build is, to the byte, what its tables give anew."""
    with open_graph(graph) as opened:
        anew = QualityReport.of(read_tables(opened.store), index.of(opened))

    expected = {name: array.tobytes() for name, array in anew.arrays().items()}
    assert expected == {name: array.tobytes() for name, array in made.arrays().items()}
    assert set(Check) == {found.check for found in everything(made)}


@pytest.mark.parametrize("name", ["results.json", "report_cycle_nodes.npy"])
def test_a_damaged_report_is_told(tmp_path: Path, name: str) -> None:
    """Nothing is made anew behind somebody's back."""
    directory = build_graph(tmp_path / "graph", *RECORDS[:4])
    with open_graph(directory) as opened:
        (build_directory(directory, opened.info.build) / RESULTS / name).unlink()

        with pytest.raises(InvalidGraph, match="run `remixgraph index`"):
            quality_report_of(opened, index.of(opened))


def test_a_selection_is_the_rows_that_fit(made: QualityReport) -> None:
    """By check, level, owner and part of a name, in whatever case, in the same order."""
    rows = everything(made)
    of_acme = chosen_repositories(made, owner="acme")
    named = chosen_repositories(made, text="Egg")

    assert [r for r in rows if r.check is Check.CYCLE] == list(
        select(made, check=Check.CYCLE).rows()
    )
    assert [r for r in rows if r.check.severity is Severity.WARNING] == list(
        select(made, severity=Severity.WARNING).rows()
    )
    assert [r for r in rows if r.node.id.startswith("acme/")] == list(
        select(made, repositories=of_acme).rows()
    )
    assert ["acme/egg"] == [r.node.id for r in select(made, repositories=named).rows()]
    assert 0 == len(select(made, repositories=chosen_repositories(made, owner="nobody")))


def test_pages_are_slices(made: QualityReport) -> None:
    """Whatever the size of a page, they join to all of it."""
    rows = everything(made)
    for size in (1, 2, 3, 50):
        pages = [select(made).page(first, size) for first in range(0, len(rows), size)]

        assert rows == [row for page in pages for row in page]


def test_missing_parents_are_those_of_the_question(graph: Path, made: QualityReport) -> None:
    """The same parents, states and counts as SPARQL gives, in the same order."""
    answer = run_query(graph, question("missing-parents").text)
    expected = [
        (row["missing"], str(row["status"]).rpartition("#")[2], row["children"], row["dependants"])
        for row in answer.records()
    ]
    missing = made.missing
    nodes = made.index.nodes(missing.nodes)

    assert expected == [
        (node.iri, STATES[state].value, children, dependants)
        for node, state, children, dependants in zip(
            nodes,
            missing.states.tolist(),
            missing.children.tolist(),
            missing.dependants.tolist(),
            strict=True,
        )
    ]
    assert "gone/parent" == nodes[0].id


def test_issues_are_counted_by_kind(made: QualityReport) -> None:
    """With the values that occur most often, of all repositories or an owner's."""
    places = chosen_issues(made)
    of_acme = chosen_issues(made, chosen_repositories(made, owner="acme"))

    assert {LOCAL: 2, JUNK: 1} == issue_counts(made, places)
    assert [("./out", 2)] == frequent_values(made, places, LOCAL, limit=3)
    assert {LOCAL: 1} == issue_counts(made, of_acme)


def test_nothing_is_found_in_nothing() -> None:
    """A graph without a fault has an empty report."""
    graph = graph_in_memory(model("acme/base"))
    made = quality_report_of(graph, index.of(graph))

    assert [] == everything(made)
    assert [] == made.missing.nodes.tolist()


@given(some.lists(some.text(some.characters(codec="utf-8"))))
def test_texts_are_read_as_they_were_given(texts: list[str]) -> None:
    """Each is kept once, whatever is in it, in the order of code points."""
    kept, numbers = Texts.of(texts)

    assert texts == [kept.text(number) for number in numbers.tolist()]
    assert sorted(set(texts)) == [kept.text(number) for number in range(len(kept))]
    assert "" == kept.text(-1)


_ASCII = some.text("aBb. (*", max_size=5)


@given(some.lists(_ASCII), _ASCII)
def test_texts_are_found_by_what_they_are_and_by_a_part(texts: list[str], wanted: str) -> None:
    """A part counts in whatever case, and letter by letter: it is no pattern."""
    kept, _ = Texts.of(texts)
    every = sorted(set(texts))

    assert (every.index(wanted) if wanted in every else -1) == kept.number(wanted)
    assert [wanted.lower() in one.lower() for one in every] == kept.containing(wanted).tolist()
