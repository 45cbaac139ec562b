"""The table of licences as triples: what each licence in use permits, asks for and forbids.

Every fact is a node with its clause, its source and how it was verified, so that a query can tell
what was read from what was not. Terms of the Creative Commons Rights Expression Language are said
of the licence itself, too, as other programs expect them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from graph.licenses.facts import Fact, facts
from graph.model import vocabulary as v
from graph.model.licenses import licenses
from graph.rdf import terms
from graph.rdf.triples import Triple, type_

__all__ = ["describe_facts"]

_FACT = terms.iri(v.REMIX.LicenseFact)
_FACT_OF = terms.iri(v.REMIX.licenseFact)
_TERM = terms.iri(v.REMIX.term)
_VALUE = terms.iri(v.REMIX.value)
_CLAUSE = terms.iri(v.REMIX.clause)
_SOURCE = terms.iri(v.DCTERMS.source)
_VERIFIED = terms.iri(v.REMIX.verification)
_RIGHTS = {
    "permits": terms.iri(v.CC.permits),
    "requires": terms.iri(v.CC.requires),
    "prohibits": terms.iri(v.CC.prohibits),
}


def describe_facts(keys: Iterable[str]) -> Iterator[Triple]:
    """Yield the facts of licences, by their keys."""
    for key in sorted(keys):
        for fact in facts().get(key, ()):
            yield from _describe(licenses()[key].iri, fact)


def _describe(license_: str, fact: Fact) -> Iterator[Triple]:
    subject = terms.iri(license_)
    node = terms.iri(v.claim_iri(license_, "fact", fact.term, fact.value))
    if fact.term in _RIGHTS:
        yield subject, _RIGHTS[fact.term], terms.iri(f"{v.CC.NS}{fact.value}")
    yield subject, _FACT_OF, node
    yield node, type_, _FACT
    yield node, _TERM, terms.text(fact.term)
    yield node, _VALUE, terms.text(fact.value)
    if fact.clause:
        yield node, _CLAUSE, terms.text(fact.clause)
    yield node, _SOURCE, terms.text(fact.source)
    yield node, _VERIFIED, terms.text(fact.verified)
