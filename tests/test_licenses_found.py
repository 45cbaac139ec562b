"""The stored findings: counted, chosen and listed, the gravest and most downloaded first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from graph import lineage as index
from graph.licenses.engine import find_all
from graph.licenses.findings import Level
from graph.licenses.views import views_of
from graph.lineage.index import LineageIndex
from graph.model.records import Kind, Relation
from graph.quality import license_findings as module
from graph.quality.license_findings import Choice, Count, Found, List, count, gravest
from graph.sparql.pool import WorkerPool
from graph.store.lineage_graph import LineageGraph
from tests.builders import dataset, license_, model
from tests.graphs import build_graph

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


class Asked:
    """A graph with all that a list needs."""

    def __init__(self, graph: LineageGraph, pool: WorkerPool) -> None:
        self.graph = graph
        self.pool = pool
        self.index: LineageIndex = index.of(graph)
        self.counts: list[Count] = count(pool, timeout=30)

    def list(self, choice: Choice, limit: int = 100) -> List:
        """Return the findings of a choice."""
        return gravest(
            self.graph, self.index, self.pool, self.counts, choice, limit=limit, timeout=30
        )


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asked]:
    """Open the records as a graph."""
    directory: Path = build_graph(tmp_path_factory.mktemp("found") / "graph", *RECORDS)
    with LineageGraph.open(directory) as graph, WorkerPool(directory, workers=1) as pool:
        yield Asked(graph, pool)


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


def test_the_counts_are_those_of_the_rules(asked: Asked) -> None:
    """By rule, level and what they concern; what only informs is not stored."""
    expected = Counter(
        (one.rule, one.level, one.subject)
        for _, findings in find_all(views_of(RECORDS))
        for one in findings
        if one.level is not Level.INFO
    )

    assert expected == {one[:3]: one.findings for one in asked.counts}


@pytest.mark.parametrize("choice", CHOICES)
def test_a_choice_is_an_independent_count(asked: Asked, choice: Choice) -> None:
    """Each filter leaves exactly what the rules say."""
    found = asked.list(choice)

    assert found.is_whole
    assert independent(choice) == _keys(found.rows)


@pytest.mark.parametrize("choice", CHOICES)
def test_what_is_frequent_is_listed_alike(
    asked: Asked, choice: Choice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Met on the way from the most downloaded on, or sorted by a worker: the same list."""
    expected = asked.list(choice)
    monkeypatch.setattr(module, "FREQUENT", 0)

    assert expected == asked.list(choice)


def test_the_gravest_and_most_downloaded_come_first(asked: Asked) -> None:
    """Levels do not mix, and a short list says that it is one."""
    rows, is_whole = asked.list(Choice(), limit=4)

    assert not is_whole
    assert [Level.HIGH] * 4 == [one.level for one in rows]
    assert "acme/tuned" == rows[0].node.id
    assert ("acme/base", (Relation.FINETUNE,), 50) == (
        rows[0].cause,
        rows[0].relations,
        rows[0].downloads,
    )


def test_a_list_that_was_cut_short_on_the_way_says_so(
    asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only the most downloaded are looked at: there may be more."""
    monkeypatch.setattr(module, "FREQUENT", 0)
    monkeypatch.setattr(module, "_LOOK_AT", 2)

    assert List([], is_whole=False) == asked.list(Choice(text="silent"))
