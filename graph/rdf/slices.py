"""A slice of a graph in memory, as pyshacl reads it: rdflib's API over two dictionaries.

rdflib's own store keeps the contexts of each triple, and looking through them takes most of the
time of a validation; a slice has none. What pyshacl asks most often is answered without a detour.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from rdflib import Graph, URIRef
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.sparql import Query
from rdflib.query import Result
from rdflib.store import Store
from rdflib.term import Node

from graph.rdf.rdflib_triples import shared_term

__all__ = ["Slice"]

Terms = tuple[Node, Node, Node]
Pattern = tuple[Node | None, Node | None, Node | None]

_NONE: Iterator[Graph | None] = iter(())


class Slice(Graph):
    """A graph in memory that is only added to; a query that comes again is parsed once."""

    def __init__(self, triples: Iterable[Terms] = ()) -> None:
        self._triples = _Triples()
        super().__init__(store=self._triples)
        self.add_all(triples)

    @classmethod
    def of(cls, graph: Graph) -> Slice:
        """Return a slice with the triples of a graph, and with the terms that slices share."""
        return cls((_shared(s), _shared(p), _shared(o)) for s, p, o in graph)

    def add_all(self, triples: Iterable[Terms]) -> None:
        """Add triples, whose terms are rdflib's."""
        for triple in triples:
            self._triples.add(triple)

    def objects(  # type: ignore[override]  # of properties that are no path, the usual question
        self,
        subject: Node | None = None,
        predicate: Node | None = None,
        unique: bool = False,  # noqa: FBT001, FBT002 - the signature of what it replaces
    ) -> Iterator[Node]:
        """Yield what a property of a node points at."""
        if subject is not None and isinstance(predicate, URIRef):
            return iter(self._triples.objects(subject, predicate))
        return super().objects(subject, predicate, unique)

    def subjects(  # type: ignore[override]  # likewise
        self,
        predicate: Node | None = None,
        object: Node | None = None,  # noqa: A002
        unique: bool = False,  # noqa: FBT001, FBT002
    ) -> Iterator[Node]:
        """Yield the nodes that have a property pointing at something."""
        if object is not None and isinstance(predicate, URIRef):
            return iter(self._triples.subjects(predicate, object))
        return super().subjects(predicate, object, unique)

    def query(  # type: ignore[override]  # the other arguments are handed on as they are
        self,
        query_object: str,
        *args: Any,  # noqa: ANN401 - the signature of what it replaces
        **kwargs: Any,  # noqa: ANN401
    ) -> Result:
        """Answer a query; pyshacl hands in the same text for every node."""
        return super().query(_prepared(query_object), *args, **kwargs)


class _Triples(Store):
    """Triples by subject and property, and by property and object, as rdflib asks for them.

    It says that it is aware of contexts, for pyshacl wraps it as a dataset; it has but the one.
    """

    context_aware = True
    graph_aware = True

    def __init__(self) -> None:
        super().__init__()
        self._by_subject: dict[Node, dict[Node, dict[Node, None]]] = {}
        self._by_property: dict[Node, dict[Node, dict[Node, None]]] = {}
        self._count = 0

    def add_graph(self, graph: Graph) -> None:
        """Do nothing: there is one graph."""

    def add(
        self,
        triple: Terms,
        context: object = None,  # noqa: ARG002 - rdflib hands it over
        quoted: bool = False,  # noqa: ARG002, FBT001, FBT002
    ) -> None:
        """Add a triple."""
        s, p, o = triple
        values = self._by_subject.setdefault(s, {}).setdefault(p, {})
        self._count += o not in values
        values[o] = None
        self._by_property.setdefault(p, {}).setdefault(o, {})[s] = None

    def objects(self, subject: Node, predicate: Node) -> tuple[Node, ...]:
        """Return what a property of a node points at."""
        return tuple(self._by_subject.get(subject, {}).get(predicate, ()))

    def subjects(self, predicate: Node, object_: Node) -> tuple[Node, ...]:
        """Return the nodes that have a property pointing at something."""
        return tuple(self._by_property.get(predicate, {}).get(object_, ()))

    def triples(
        self,
        triple_pattern: Pattern,
        context: object = None,  # noqa: ARG002 - there is but one
    ) -> Iterator[tuple[Terms, Iterator[Graph | None]]]:
        """Yield the triples of a pattern; there are no contexts to tell."""
        s, p, o = triple_pattern
        if s is not None:
            for each in self._by_subject.get(s, {}) if p is None else (p,):
                found = self.objects(s, each)
                yield from (((s, each, one), _NONE) for one in found if o is None or o == one)
            return
        for each in self._by_property if p is None else (p,):
            for value in self._by_property.get(each, {}) if o is None else (o,):
                yield from (((one, each, value), _NONE) for one in self.subjects(each, value))

    def __len__(self, context: object = None) -> int:
        return self._count  # pyshacl asks for each violation


@cache
def _prepared(query: str) -> Query:
    return prepareQuery(query)


def _shared(term: Node) -> Node:
    return shared_term(term.n3()) if isinstance(term, URIRef) else term
