"""Walking the lineage: who was made from whom, over any number of steps.

Breadth first, level by level, without recursion: real chains are 40 steps deep, and self-loops
and cycles occur. A walk that is cut by relation or depth is cut *while* walking, never by date:
a filter on dates would hide whole live branches, so it belongs after the walk.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator
from typing import NamedTuple

from graph.model import vocabulary as v
from graph.model.records import Kind, Relation
from graph.model.relations import DERIVATIONS
from graph.store.lineage_graph import LineageGraph, Node

__all__ = ["Edge", "Relative", "ancestors", "children", "descendants", "parents"]


class Edge(NamedTuple):
    """One step of lineage, from the child to the parent, as IRIs."""

    child: str
    parent: str
    relation: Relation


class Relative(NamedTuple):
    """An ancestor or descendant of the focus.

    ``relations`` are those of the edges between it and the nodes one step nearer to the focus;
    ``parents`` are the ids of its own parents that belong to the answer (or are the focus).
    """

    kind: Kind
    id: str
    depth: int
    relations: tuple[Relation, ...]
    parents: tuple[str, ...]


Step = Callable[[str], Iterator[Edge]]


def parents(
    graph: LineageGraph, iri: str, relations: Collection[Relation] = DERIVATIONS
) -> Iterator[Edge]:
    """Yield the edges from a repository to what it was made from, itself included if so said."""
    for relation in relations:
        for parent in graph.objects(iri, v.relation_shortcut(relation)):
            yield Edge(iri, parent, relation)


def children(
    graph: LineageGraph, iri: str, relations: Collection[Relation] = DERIVATIONS
) -> Iterator[Edge]:
    """Yield the edges from what was made from a repository to the repository."""
    for relation in relations:
        for child in graph.subjects(v.relation_shortcut(relation), iri):
            yield Edge(child, iri, relation)


def ancestors(
    graph: LineageGraph,
    focus: Node,
    *,
    relations: Collection[Relation] = DERIVATIONS,
    depth: int | None = None,
) -> list[Relative]:
    """Return everything a repository was made from, over any number of steps.

    Ordered by distance, then id; the focus itself is left out, also where a cycle leads back.
    """
    depths, edges = _walk(focus.iri, lambda iri: parents(graph, iri, relations), depth, _parent)
    return _relatives(depths, edges, nearer=_child)


def descendants(
    graph: LineageGraph,
    focus: Node,
    *,
    relations: Collection[Relation] = DERIVATIONS,
    depth: int | None = None,
) -> list[Relative]:
    """Return everything that was made from a repository, over any number of steps.

    Ordered by distance, then id; the focus itself is left out, also where a cycle leads back.
    """
    depths, edges = _walk(focus.iri, lambda iri: children(graph, iri, relations), depth, _child)
    return _relatives(depths, edges, nearer=_parent)


def _parent(edge: Edge) -> str:
    return edge.parent


def _child(edge: Edge) -> str:
    return edge.child


def _walk(
    start: str, step: Step, limit: int | None, farther: Callable[[Edge], str]
) -> tuple[dict[str, int], list[Edge]]:
    """Return the distance of every node reached, and every edge met on the way."""
    depths = {start: 0}
    edges: list[Edge] = []
    level = [start]
    depth = 0
    while met := [edge for node in level for edge in step(node)]:
        edges += met  # those of the last level, too: they may lead to others that were reached
        depth += 1
        if limit is not None and depth > limit:
            break
        level = list(dict.fromkeys(node for node in map(farther, met) if node not in depths))
        depths.update(dict.fromkeys(level, depth))
    return depths, edges


def _relatives(
    depths: dict[str, int], edges: list[Edge], nearer: Callable[[Edge], str]
) -> list[Relative]:
    relations: dict[str, set[Relation]] = defaultdict(set)
    above: dict[str, set[str]] = defaultdict(set)
    for edge in edges:
        if edge.child in depths and edge.parent in depths:
            above[edge.child].add(_identify(edge.parent)[1])
        far = edge.parent if nearer(edge) == edge.child else edge.child
        if depths.get(far, 0) == depths[nearer(edge)] + 1:
            relations[far].add(edge.relation)
    rows = [
        Relative(*_identify(iri), depth, tuple(sorted(relations[iri])), tuple(sorted(above[iri])))
        for iri, depth in depths.items()
        if depth
    ]
    return sorted(rows, key=lambda row: (row.depth, row.id, row.kind))


def _identify(iri: str) -> tuple[Kind, str]:
    parsed = v.parse_repository_iri(iri)
    assert parsed is not None, iri  # noqa: S101 - the mapping writes nothing else
    return parsed
