"""What an export holds: the whole graph, or what belongs to the lineage of one repository.

Around a focus that is the focus, everything it was made from, everything that was made from it,
the data that any of these was trained on or decontaminated against, and what was so with the focus
or with what was made from it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from graph.lineage.stepping import Edge, Relative, ancestors, children, descendants, parents
from graph.model import vocabulary as v
from graph.model.records import Relation
from graph.rdf.triples import mentions, nquads
from graph.snapshots.dumping import sorted_quads
from graph.store.lineage_graph import LineageGraph, Node, repository_triples
from graph.store.sorting import SortedRuns, merge_runs

__all__ = ["links", "quads", "repositories"]

_ALL = tuple(Relation)
_DATA = tuple(relation for relation in Relation if not relation.is_derivation)


def repositories(graph: LineageGraph, focus: Node | None) -> list[str]:
    """Return the IRIs of the repositories to export, sorted.

    They are those around the focus, or without one those with a link of any relation.
    """
    return sorted(_linked(graph) if focus is None else _around(graph, focus))


def links(graph: LineageGraph, iris: Iterable[str]) -> Iterator[Edge]:
    """Yield every link between these repositories, in their order."""
    order = list(iris)
    chosen = set(order)
    for iri in order:
        yield from sorted(edge for edge in parents(graph, iri, _ALL) if edge.parent in chosen)


def quads(graph: LineageGraph, focus: Node | None, folder: Path) -> Iterator[bytes]:
    """Yield the N-Quads to export as blocks of sorted lines: all, or those around the focus.

    ``folder`` is for working files. Around a focus, shared nodes (owners, licences, papers …) come
    with their description, other repositories are only pointed at.
    """
    if focus is None:
        yield from sorted_quads(graph, folder)
        return
    runs = SortedRuns(folder)
    chosen = _around(graph, focus)
    shared: set[str] = set()
    for iri in chosen:
        triples = list(repository_triples(graph.store, iri))
        shared.update(mentions(triples))
        runs.write(nquads(triples))
    for iri in shared - chosen:
        node = graph.node(iri)
        if node is None or not node.known:
            runs.write(nquads(repository_triples(graph.store, iri)))
    yield from merge_runs(runs.close())


def _linked(graph: LineageGraph) -> set[str]:
    found: set[str] = set()
    for relation in Relation:
        for pair in graph.links(v.relation_shortcut(relation)):
            found.update(pair)
    return found


def _around(graph: LineageGraph, focus: Node) -> set[str]:
    younger = {focus.iri, *_iris(descendants(graph, focus))}
    found = younger | _iris(ancestors(graph, focus))
    data = {edge.parent for iri in found for edge in parents(graph, iri, _DATA)}
    trained = {edge.child for iri in younger for edge in children(graph, iri, _DATA)}
    return found | data | trained


def _iris(relatives: Iterable[Relative]) -> set[str]:
    return {v.repository_iri(relative.kind, relative.id) for relative in relatives}
