"""Ingestion runs, as recorded in the catalogue: what came from where, when, and what was wrong.

Here is the only clock of the graph. ``SOURCE_DATE_EPOCH`` sets it, as in other reproducible
builds (https://reproducible-builds.org/specs/source-date-epoch/).
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from hashlib import blake2b

import pyoxigraph as ox

from graph.model import vocabulary as v
from graph.model.records import Issue, Record
from graph.rdf import terms
from graph.rdf.editing import clear, insert
from graph.rdf.triples import Triple, issue_triples

__all__ = [
    "Run",
    "ended_runs",
    "is_recorded",
    "last_run",
    "now",
    "record_run",
    "run_triples",
]

_TYPE = terms.iri(v.RDF.type)
_COUNTS = {
    "requests": terms.iri(v.REMIX.requests),
    "pages": terms.iri(v.REMIX.pages),
    "kept": terms.iri(v.REMIX.kept),
    "failed": terms.iri(v.REMIX.failed),
}


class Run(Record, frozen=True):
    """One run of reading metadata into the graph.

    ``number`` tells runs of the same source apart that began in the same second.
    ``pages`` counts those of the Hub's lists, or files; ``kept`` the repositories that were added
    or replaced; ``failed`` the files or rows that gave nothing. A run that is not
    ``complete`` was cut short, and goes on with the next.
    """

    sources: tuple[str, ...]
    started: str
    ended: str
    number: int = 0
    requests: int | None = None
    pages: int | None = None
    kept: int | None = None
    failed: int | None = None
    complete: bool = True

    @property
    def iri(self) -> str:
        """The IRI of the run, known from its start on."""
        key = [self.started, str(self.number), *self.sources]
        digest = blake2b("\n".join(key).encode(), digest_size=8)
        return v.run_iri(digest.hexdigest())


def now() -> str:
    """Return the time as ``xsd:dateTime`` in UTC, or what ``SOURCE_DATE_EPOCH`` says it is."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    moment = datetime.fromtimestamp(int(epoch), UTC) if epoch else datetime.now(UTC)
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")


def record_run(store: ox.Store, run: Run, issues: Iterable[Issue] = ()) -> None:
    """Put a run into the catalogue, in place of what is there if it was cut short before."""
    clear(store, run.iri, v.CATALOG)
    insert(store, run_triples(run, issues), v.CATALOG)


def is_recorded(store: ox.Store, run: Run) -> bool:
    """Tell whether the catalogue has a run as complete."""
    complete = ox.Literal("true", datatype=ox.NamedNode(v.XSD.boolean))
    pattern = ox.NamedNode(run.iri), ox.NamedNode(v.REMIX.complete), complete
    return next(store.quads_for_pattern(*pattern, ox.NamedNode(v.CATALOG)), None) is not None


def ended_runs(store: ox.Store) -> list[tuple[str, str]]:
    """Return when each run of the catalogue ended, and its IRI; the latest first."""
    ended = ox.NamedNode(v.PROV.endedAtTime)
    quads = store.quads_for_pattern(None, ended, None, ox.NamedNode(v.CATALOG))
    found = [(_value(quad.object), _value(quad.subject)) for quad in quads]
    return sorted(found, key=lambda run: (run[0], run[1]), reverse=True)


def last_run(store: ox.Store) -> str | None:
    """Return when the last run ended that the catalogue has, if it has any."""
    return next((ended for ended, _ in ended_runs(store)), None)


def run_triples(run: Run, issues: Iterable[Issue] = ()) -> Iterator[Triple]:
    """Yield the record of a run, with the issues that concern no repository."""
    subject = terms.iri(run.iri)
    yield subject, _TYPE, terms.iri(v.REMIX.IngestRun)
    yield subject, terms.iri(v.PROV.startedAtTime), terms.instant(run.started)
    yield subject, terms.iri(v.PROV.endedAtTime), terms.instant(run.ended)
    for source in run.sources:
        yield subject, terms.iri(v.DCTERMS.source), terms.text(source)
    for name, predicate in _COUNTS.items():
        if (count := getattr(run, name)) is not None:
            yield subject, predicate, terms.integer(count)
    yield subject, terms.iri(v.REMIX.complete), terms.boolean(run.complete)
    for issue in sorted(set(issues)):
        yield from issue_triples(run.iri, issue)


def _value(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> str:
    assert not isinstance(term, ox.Triple)  # noqa: S101 - no RDF 1.2 in the graph
    return term.value
