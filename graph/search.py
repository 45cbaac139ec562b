"""Where to begin: repositories as a search finds them, and those that most others come from."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from graph import vocabulary as v
from graph.records import Kind
from graph.store import LineageGraph

__all__ = ["Found", "starting_points"]


class Found(NamedTuple):
    """A repository that a search found; ``known`` is False where it is only named by others."""

    kind: Kind
    id: str
    downloads: int | None = None
    known: bool = True


def starting_points(graph: LineageGraph, *, limit: int = 8) -> list[Found]:
    """Return the repositories that most others were made from: good places to begin."""
    links = graph.links(v.PROV.wasDerivedFrom)
    counts = Counter(parent for child, parent in links if parent != child)
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    nodes = (graph.node(iri) for iri, _ in ranked[:limit])
    return [Found(node.kind, node.id, None, node.known) for node in nodes if node]
