"""Families: what is connected by lineage at all; and cycles, which no lineage should have."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from graph.lineage.index import LineageIndex
from graph.model.arrays import Array, distinct
from graph.store.lineage_graph import Node

__all__ = ["Cycle", "Family", "Member", "cycles", "family", "family_numbers"]


class Member(NamedTuple):
    """One of a family: the steps of its longest line of descent, and what descends from it."""

    node: Node
    depth: int
    descendants: int
    downloads: int | None


class Family(NamedTuple):
    """All that is connected with a repository; ``members`` are the most downloaded of ``size``."""

    size: int
    roots: int
    generations: int
    members: list[Member]


class Cycle(NamedTuple):
    """Repositories that are made from one another, by id, and the most downloads of any."""

    members: tuple[Node, ...]
    downloads: int | None


def family(
    index: LineageIndex, focus: Node, *, merges: bool = True, limit: int | None = None
) -> Family:
    """Return all that lineage connects with a repository, in whatever direction.

    Without ``merges`` a merged model does not join the families of its parents: with them, most
    of the Hub is one.
    """
    numbers = family_numbers(index, index.find(focus), merges=merges)
    shown = index.by_downloads(numbers)[:limit]
    return Family(
        len(numbers),
        len(distinct(index.roots[numbers][index.roots[numbers] >= 0])),
        int(index.depths[numbers].max()) + 1,
        _members(index, shown),
    )


def family_numbers(index: LineageIndex, number: int, *, merges: bool = True) -> Array:
    """Return the numbers of a repository's family, itself included."""
    families = index.families if merges else index.families_without_merges
    return np.flatnonzero(families == families[number])


def cycles(index: LineageIndex) -> list[Cycle]:
    """Return every group of repositories that all descend from one another, most downloaded first.

    A repository that names itself is no cycle.
    """
    groups = index.components
    several = np.flatnonzero(np.bincount(groups, minlength=len(groups))[groups] > 1)
    several = several[np.argsort(groups[several], kind="stable")]
    bounds = np.flatnonzero(np.diff(groups[several])) + 1
    found = [index.nodes(numbers) for numbers in np.split(several, bounds) if len(numbers)]
    rows = [Cycle(tuple(members), _most_downloads(index, members)) for members in found]
    return sorted(rows, key=lambda row: (-1 if row.downloads is None else -row.downloads - 2, row))


def _members(index: LineageIndex, numbers: Array) -> list[Member]:
    return list(
        map(
            Member,
            index.nodes(numbers),
            index.depths[numbers].tolist(),
            index.influence[numbers].tolist(),
            index.downloads_of(numbers),
        )
    )


def _most_downloads(index: LineageIndex, members: list[Node]) -> int | None:
    return max(
        (n for n in index.downloads_of(index.numbers(members)) if n is not None), default=None
    )
