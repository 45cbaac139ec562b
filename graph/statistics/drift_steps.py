"""The steps of a stored graph, for the count of licence drift."""

from __future__ import annotations

from collections.abc import Callable

from graph.licenses.views import Artefact
from graph.lineage.index import LineageIndex
from graph.statistics.drift import Step, steps
from graph.store.lineage_graph import LineageGraph
from graph.tables.columns import read_columns
from graph.tables.license_views import artefact_of, read_views

__all__ = ["steps_in"]


def steps_in(graph: LineageGraph, index: LineageIndex | None = None) -> list[Step]:
    """Return every step of a graph; their families are told where there is an index."""
    views = read_views(graph.store)
    (dates,) = read_columns(graph.store, ["dates"])
    rows = zip(dates["repository"].to_pylist(), dates["created"].to_pylist(), strict=True)
    created = {artefact_of(iri): date for iri, date in rows}
    family = (lambda _: "") if index is None else _roots(index)
    return list(steps(views, created=created, family=family))


def _roots(index: LineageIndex) -> Callable[[Artefact], str]:
    """Return how to tell the nearest root of an artefact; a cycle without one has no name."""
    roots = index.roots.tolist()
    nodes = (index.node(number) for number in range(len(roots)))
    names = {Artefact(node.kind, node.id): root for node, root in zip(nodes, roots, strict=True)}

    def root(artefact: Artefact) -> str:
        number = names.get(artefact, -1)
        return index.id(number) if number >= 0 else "no root"

    return root
