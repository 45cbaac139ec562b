"""Views of what a graph holds, one artefact at a time: what a single verdict needs."""

from __future__ import annotations

from collections.abc import Callable

from graph import vocabulary as v
from graph.licenses.inheritance import Inheritance, inherit, lineage_of
from graph.licenses.views import Artefact, LicenseView, view_of
from graph.store import LineageGraph

__all__ = ["inheritance_in", "look_up_in"]


def look_up_in(graph: LineageGraph) -> Callable[[Artefact], LicenseView | None]:
    """Return how to look an artefact up in a graph; None is for what is only named there."""

    def look_up(artefact: Artefact) -> LicenseView | None:
        node = graph.node(v.repository_iri(artefact.kind, artefact.id))
        return view_of(graph.record(node)) if node is not None and node.known else None

    return look_up


def inheritance_in(graph: LineageGraph, artefact: Artefact) -> Inheritance:
    """Return what an artefact of a graph and its ancestors carry, and nothing of the rest."""
    return inherit(lineage_of(artefact, look_up_in(graph)))
