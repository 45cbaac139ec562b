"""The record of an ingestion run, and the only clock of the graph."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from msgspec.structs import replace

from graph.model import vocabulary as v
from graph.model.records import IssueKind
from graph.rdf.runs import Run, is_recorded, now, record_run, run_triples
from tests.builders import issue

RUN = Run(
    sources=("a.json", "b.json"),
    started="1970-01-01T00:00:00Z",
    ended="1970-01-01T00:01:00Z",
    pages=2,
)


def test_the_clock_can_be_set(monkeypatch: pytest.MonkeyPatch) -> None:
    """SOURCE_DATE_EPOCH is the time, for builds that give the same bytes."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")

    assert "1970-01-01T00:00:00Z" == now()


def test_the_clock_tells_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without it the time is now, in UTC and whole seconds."""
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)

    assert 20 == len(now())
    assert now().endswith("Z")


def test_a_run_has_its_times_its_sources_and_its_counts() -> None:
    """What was not counted is not said."""
    said = [(p.rpartition("#")[2], o) for _, p, o in run_triples(RUN)]

    assert [
        ("type>", f"<{v.REMIX.IngestRun}>"),
        ("startedAtTime>", f'"1970-01-01T00:00:00Z"^^<{v.XSD.dateTime}>'),
        ("endedAtTime>", f'"1970-01-01T00:01:00Z"^^<{v.XSD.dateTime}>'),
        (f"<{v.DCTERMS.source}>", '"a.json"'),
        (f"<{v.DCTERMS.source}>", '"b.json"'),
        ("pages>", f'"2"^^<{v.XSD.integer}>'),
        ("complete>", f'"true"^^<{v.XSD.boolean}>'),
    ] == said


def test_homeless_issues_hang_on_their_run() -> None:
    """What concerns no repository hangs on the run that met it; the same run, the same triples."""
    issues = [issue(IssueKind.NOT_AN_OBJECT)] * 2
    triples = list(run_triples(RUN, issues))

    assert 1 == sum(p == f"<{v.REMIX.issue}>" for _, p, _ in triples)
    assert triples == list(run_triples(RUN, issues))


def test_a_run_is_known_by_its_start_and_its_sources() -> None:
    """So what it does can refer to it before it has ended."""
    assert RUN.iri == replace(RUN, ended="2000-01-01T00:00:00Z", pages=9).iri
    assert RUN.iri != replace(RUN, started="2000-01-01T00:00:00Z").iri
    assert RUN.iri != replace(RUN, sources=("a.json",)).iri


def test_a_run_that_goes_on_takes_the_place_of_its_first_part() -> None:
    """Its issues go with it, and only the whole run counts as recorded."""
    store = ox.Store()
    record_run(store, replace(RUN, complete=False), [issue(IssueKind.INVALID_ID)])
    cut_short = is_recorded(store, RUN)
    record_run(store, RUN)

    assert (False, True) == (cut_short, is_recorded(store, RUN))
    assert {RUN.iri} == {quad.subject.value for quad in store if hasattr(quad.subject, "value")}
