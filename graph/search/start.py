"""Where to begin: repositories as a search finds them, and those that most others come from."""

from __future__ import annotations

from typing import NamedTuple

from graph.lineage.descendant_counts import influence
from graph.lineage.index import LineageIndex
from graph.model.records import Kind

__all__ = ["Found", "starting_points"]


class Found(NamedTuple):
    """A repository that a search found; ``known`` is False where it is only named by others."""

    kind: Kind
    id: str
    downloads: int | None = None
    known: bool = True


def starting_points(index: LineageIndex, *, limit: int = 8) -> list[Found]:
    """Return the repositories that most others descend from: good places to begin."""
    return [
        Found(found.node.kind, found.node.id, found.downloads, found.node.known)
        for found in influence(index, limit=limit)
    ]
