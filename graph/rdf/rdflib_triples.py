"""The triples of the mapping in rdflib's terms, for those who expect its API."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rdflib import Literal, URIRef

from graph.rdf import terms
from graph.rdf.triples import Triple

__all__ = ["rdflib_triples"]


def rdflib_triples(
    triples: Iterable[Triple],
) -> Iterator[tuple[URIRef, URIRef, URIRef | Literal]]:
    """Yield triples in rdflib's terms."""
    for s, p, o in triples:
        yield URIRef(s[1:-1]), URIRef(p[1:-1]), _rdflib_term(o)


def _rdflib_term(term: str) -> URIRef | Literal:
    if terms.is_iri(term):
        return URIRef(terms.iri_value(term))
    datatype = term[term.rindex('"') + 1 :].removeprefix("^^")
    return Literal(
        terms.literal_value(term),
        datatype=URIRef(terms.iri_value(datatype)) if datatype else None,
        normalize=False,
    )
