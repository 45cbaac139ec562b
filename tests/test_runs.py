"""The record of an ingestion run, and the only clock of the graph."""

from __future__ import annotations

import pytest

from graph import vocabulary as v
from graph.records import IssueKind
from graph.runs import now, run_triples
from tests.builders import issue


def test_the_clock_can_be_set(monkeypatch: pytest.MonkeyPatch) -> None:
    """SOURCE_DATE_EPOCH is the time, for builds that give the same bytes."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")

    assert "1970-01-01T00:00:00Z" == now()


def test_the_clock_tells_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without it the time is now, in UTC and whole seconds."""
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)

    assert 20 == len(now())
    assert now().endswith("Z")


def test_a_run_has_its_end_its_sources_and_homeless_issues(monkeypatch: pytest.MonkeyPatch) -> None:
    """What concerns no repository hangs on the run that met it; the same run, the same triples."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")
    triples = list(run_triples(["a.json", "b.json"], [issue(IssueKind.NOT_AN_OBJECT)]))
    run = triples[0][0]

    assert f"<{v.REMIX.IngestRun}>" == triples[0][2]
    assert ['"a.json"', '"b.json"'] == [o for _, p, o in triples if p == f"<{v.DCTERMS.source}>"]
    assert 1 == sum(s == run and p == f"<{v.REMIX.issue}>" for s, p, _ in triples)
    assert triples == list(run_triples(["a.json", "b.json"], [issue(IssueKind.NOT_AN_OBJECT)]))
