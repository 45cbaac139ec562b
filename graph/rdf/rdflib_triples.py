"""The triples of the mapping in rdflib's terms, for those who expect its API."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

from rdflib import Literal, URIRef

from graph.rdf import terms
from graph.rdf.triples import Triple

__all__ = ["rdflib_triples", "shared_term"]

_SHARED = 1 << 17  # terms: those of some thousand repositories


def rdflib_triples(triples: Iterable[Triple]) -> Iterator[tuple[URIRef, URIRef, URIRef | Literal]]:
    """Yield triples in rdflib's terms."""
    for s, p, o in triples:
        yield shared_term(s), shared_term(p), shared_term(o)  # type: ignore[misc]  # IRIs


@lru_cache(_SHARED)
def shared_term(term: str) -> URIRef | Literal:
    """Return an N-Triples term as rdflib has it.

    The same text gives the same object, as long as it is asked for: rdflib takes long to make a
    term, and to compare it with one that is not the very same.
    """
    if terms.is_iri(term):
        return URIRef(terms.iri_value(term))
    datatype = term[term.rindex('"') + 1 :].removeprefix("^^")
    return Literal(
        terms.literal_value(term),
        datatype=URIRef(terms.iri_value(datatype)) if datatype else None,
        normalize=False,
    )
