"""Ingestion runs, as recorded in the catalogue: what came from where, when, and what was wrong.

Here is the only clock of the graph. ``SOURCE_DATE_EPOCH`` sets it, as in other reproducible
builds (https://reproducible-builds.org/specs/source-date-epoch/).
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from hashlib import blake2b

from graph import terms
from graph import vocabulary as v
from graph.records import Issue
from graph.triples import Triple, issue_triples

__all__ = ["now", "run_triples"]

_TYPE = terms.iri(v.RDF.type)


def now() -> str:
    """Return the time as ``xsd:dateTime`` in UTC, or what ``SOURCE_DATE_EPOCH`` says it is."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    moment = datetime.fromtimestamp(int(epoch), UTC) if epoch else datetime.now(UTC)
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")


def run_triples(sources: Sequence[str], issues: Iterable[Issue]) -> Iterator[Triple]:
    """Yield the record of a run that ends now, with the issues that concern no repository."""
    ended = now()
    digest = blake2b("\n".join([ended, *sources]).encode(), digest_size=8).hexdigest()
    node = v.run_iri(digest)
    subject = terms.iri(node)
    yield subject, _TYPE, terms.iri(v.REMIX.IngestRun)
    yield subject, terms.iri(v.PROV.endedAtTime), terms.instant(ended)
    for source in sources:
        yield subject, terms.iri(v.DCTERMS.source), terms.text(source)
    for issue in sorted(set(issues)):
        yield from issue_triples(node, issue)
