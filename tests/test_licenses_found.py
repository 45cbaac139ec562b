"""The stored findings: counted, chosen and listed, the gravest and most downloaded first."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph import lineage as index
from graph.licenses.engine import find_all
from graph.licenses.findings import Level
from graph.licenses.views import views_of
from graph.model.records import Kind, Relation
from graph.quality.finding_arrays import DifferentFindings, finding_arrays
from graph.quality.license_findings import (
    LEVELS,
    Choice,
    Found,
    LicenseFindings,
    List,
    license_findings_of,
)
from graph.store.lineage_graph import LineageGraph, Node
from tests.builders import dataset, license_, model
from tests.graphs import build_graph, graph_in_memory
from tests.lineages import index_of, node

RECORDS = (
    model("acme/base", downloads=900, licenses=(license_("cc-by-nc-4.0"),)),
    model("acme/tuned -> acme/base: finetune", downloads=50, licenses=(license_("mit"),)),
    model("acme/merged -> acme/tuned: merge, acme/llama: merge", licenses=(license_("mit"),)),
    model("acme/llama", downloads=70, licenses=(license_("llama3"),)),
    model("acme/silent", downloads=7),
    model("acme/quiet", downloads=9),
    model("acme/fed -> acme/qa: trained_on", downloads=3, licenses=(license_("mit"),)),
    dataset("acme/qa", licenses=(license_("cc-by-nc-4.0"),)),
)
DOWNLOADS = {record.id: record.downloads for record in RECORDS}
THREE = index_of(model("a", downloads=7), model("ab", downloads=9), model("b"))
CHOICES = [
    Choice(),
    Choice(level=Level.HIGH),
    Choice(rule="R01"),
    Choice(concerns="cc-by-nc-4.0"),
    Choice(relation=Relation.MERGE),
    Choice(relation=Relation.TRAINED_ON, level=Level.MEDIUM),
    Choice(text=" Silent "),
    Choice(text="commercial use"),
    Choice(rule="R03", text="merged"),
    Choice(rule="R99"),
]


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> LicenseFindings:
    """Make a graph of the records, and open what was found."""
    directory: Path = build_graph(tmp_path_factory.mktemp("found") / "graph", *RECORDS)
    with LineageGraph.open(directory) as graph:
        return license_findings_of(graph, index.of(graph))


def independent(choice: Choice) -> Counter[tuple[Kind, str, str, str]]:
    """Return the findings of a choice out of the rules themselves."""
    text = choice.text.strip().lower()
    return Counter(
        (artefact.kind, artefact.id, one.rule, one.subject)
        for artefact, findings in find_all(views_of(RECORDS))
        for one in findings
        if one.level is not Level.INFO
        and choice.level in {None, one.level}
        and choice.rule in {"", one.rule}
        and choice.concerns in {"", one.subject}
        and (choice.relation is None or choice.relation in one.relations)
        and (text in artefact.id.lower() or text in one.reason.lower())
    )


def _keys(rows: list[Found]) -> Counter[tuple[Kind, str, str, str]]:
    return Counter((one.node.kind, one.node.id, one.rule, one.concerns) for one in rows)


def test_the_counts_are_those_of_the_rules(stored: LicenseFindings) -> None:
    """By rule, level and what they concern; what only informs is not stored."""
    expected = Counter(
        (one.rule, one.level, one.subject)
        for _, findings in find_all(views_of(RECORDS))
        for one in findings
        if one.level is not Level.INFO
    )

    assert expected == {one[:3]: one.findings for one in stored.counts()}
    assert len(stored) == sum(one.findings for one in stored.counts())


@pytest.mark.parametrize("choice", CHOICES)
def test_a_choice_is_an_independent_count(stored: LicenseFindings, choice: Choice) -> None:
    """Each filter leaves exactly what the rules say."""
    rows, total = stored.gravest(choice, limit=100)

    assert independent(choice) == _keys(rows)
    assert len(rows) == total


def test_what_is_stored_is_what_the_rules_say(stored: LicenseFindings) -> None:
    """Every column, word for word."""
    expected = {
        Found(
            Node(artefact.kind, artefact.id, known=True),
            DOWNLOADS.get(artefact.id),
            one.rule,
            one.level,
            one.subject,
            one.reason,
            one.remedy,
            one.confidence,
            one.relations,
            one.path[-1].id if len(one.path) > 1 else None,
        )
        for artefact, findings in find_all(views_of(RECORDS))
        for one in findings
        if one.level is not Level.INFO
    }

    assert expected == set(stored.gravest(Choice(), limit=100).rows)


def test_the_gravest_and_most_downloaded_come_first(stored: LicenseFindings) -> None:
    """By level, then downloads, then names; a short list says how many fit."""
    rows, total = stored.gravest(Choice(), limit=100)
    ranks = [one.level.rank for one in rows]
    downloads = [(one.level.rank, -(one.downloads or -1), one.node.id, one.rule) for one in rows]

    assert sorted(ranks) == ranks
    assert sorted(downloads) == downloads
    assert List(rows[:4], total) == stored.gravest(Choice(), limit=4)
    assert ("acme/tuned", "acme/base", (Relation.FINETUNE,), 50) == (
        rows[0].node.id,
        rows[0].cause,
        rows[0].relations,
        rows[0].downloads,
    )


def test_a_graph_in_memory_has_the_same_findings(stored: LicenseFindings) -> None:
    """It makes no difference whether they were written and read."""
    graph = graph_in_memory(*RECORDS)
    found = license_findings_of(graph, index.of(graph))

    assert stored.gravest(Choice(), limit=100) == found.gravest(Choice(), limit=100)


def test_nothing_is_found_in_nothing() -> None:
    """A graph without findings has none of any kind."""
    graph = graph_in_memory()
    found = license_findings_of(graph, index.of(graph))

    assert [] == found.counts()
    assert List([], 0) == found.gravest(Choice(text="a"), limit=1)


_WORDS = st.sampled_from(["a", "B", "é", "ab", ""])
_ROWS = st.lists(
    st.tuples(
        st.sampled_from(["R01", "R02"]), st.sampled_from(LEVELS), _WORDS, _WORDS, st.integers(0, 2)
    ),
    min_size=1,
    max_size=5,
    unique=True,
)


_CHOICES = st.builds(
    Choice,
    rule=st.sampled_from(["", "R01", "R02"]),
    level=st.none() | st.sampled_from(LEVELS),
    concerns=_WORDS,
    relation=st.none(),
    text=_WORDS,
)


@given(_ROWS, st.lists(st.tuples(st.integers(0, 2), st.integers(0, 4)), unique=True), _CHOICES)
def test_a_list_is_what_a_look_at_each_finding_gives(
    different: list[tuple[str, Level, str, str, int]],
    found: list[tuple[int, int]],
    choice: Choice,
) -> None:
    """The law: whatever is shared by whom, arrays count and choose as one by one."""
    lineage, text = THREE, choice.text.casefold()
    pairs = [(number, row) for number, row in found if row < len(different)]
    numbers, rows = np.array(pairs, np.int64).reshape(-1, 2).T
    rules, levels, concerns, reasons, causes = zip(*different, strict=True)
    columns = DifferentFindings(
        rule=rules,
        level=np.array([LEVELS.index(level) for level in levels]),
        concerns=concerns,
        reason=reasons,
        remedy=reasons,
        confidence=np.ones(len(different)),
        relations=[""] * len(different),
        cause=np.array(causes),
    )
    arrays = finding_arrays(columns, numbers, rows, lineage.downloads)
    stored = LicenseFindings.read(lineage, arrays)

    expected = sorted(
        (LEVELS.index(level), number, rule, concern, reason, cause)
        for number, row in pairs
        for rule, level, concern, reason, cause in [different[row]]
        if choice.rule in {"", rule}
        and choice.level in {None, level}
        and choice.concerns in {"", concern}
        and (text in reason.casefold() or text in lineage.id(number))
    )
    rows_, total = stored.gravest(choice, limit=100)
    assert expected == sorted(
        (
            LEVELS.index(one.level),
            lineage.find(one.node),
            one.rule,
            one.concerns,
            one.reason,
            lineage.find(node(one.cause or "")),
        )
        for one in rows_
    )
    assert len(expected) == total
    kinds = Counter(different[row][:3] for _, row in pairs)
    assert kinds == {one[:3]: one.findings for one in stored.counts() if one.findings}
