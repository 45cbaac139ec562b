"""Small edits of a store, and what has to be found for them: for a build in the making.

Rule: whatever is large goes through ``Build.load``, which is a hundred times as fast.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from graph.model import vocabulary as v
from graph.model.records import Kind
from graph.rdf import terms
from graph.rdf.properties import CLASSES, repository_id
from graph.rdf.triples import Triple, nquads

__all__ = ["clear", "insert", "naming", "repository_ids"]


def insert(store: ox.Store, triples: Iterable[Triple], graph: str = "") -> None:
    """Add a few triples to the default graph of a store, or to the one named."""
    store.extend(ox.parse(nquads(triples, graph), ox.RdfFormat.N_QUADS))


def clear(store: ox.Store, iri: str, graph: str) -> None:
    """Remove what a named graph of a store says of a node, and of the fragments it leads to."""
    waiting = [ox.NamedNode(iri)]
    while waiting:
        for quad in list(store.quads_for_pattern(waiting.pop(), None, None, ox.NamedNode(graph))):
            store.remove(quad)
            part = quad.object
            if isinstance(part, ox.NamedNode) and v.is_owned_by(part.value, iri):
                waiting.append(part)


def repository_ids(store: ox.Store, kind: Kind) -> Iterator[str]:
    """Yield the id of every known repository of a kind, in no order."""
    pattern = ox.NamedNode(v.RDF.type), ox.NamedNode(terms.iri_value(CLASSES[kind]))
    for quad in store.quads_for_pattern(None, *pattern, ox.DefaultGraph()):
        assert isinstance(quad.subject, ox.NamedNode)  # noqa: S101 - the mapping writes no other
        yield repository_id(quad.subject.value)


def naming(store: ox.Store, iri: str) -> list[str]:
    """Return the IRIs of the repositories that point at a node, or whose claims do."""
    quads = store.quads_for_pattern(None, None, ox.NamedNode(iri), ox.DefaultGraph())
    nodes = (quad.subject.value for quad in quads if isinstance(quad.subject, ox.NamedNode))
    return sorted({node.partition("#")[0] for node in nodes})
