"""The lineage as a forest: of several parents, the one that a repository's place hangs on.

It is the *main* parent: the one from which most others descend. So a merge stands with the greatest
of the families that it joins, where neither all of the Hub becomes one family nor a merge stands
alone. Only a parent of higher rank is taken, so that a cycle is cut by itself.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from graph.lineage.adjacency import Adjacency, Bits, Steps
from graph.model.arrays import Array, distinct

__all__ = ["MOST_LEVELS", "NOBODY", "Forest", "main_parents", "plant"]

NOBODY = -1
MOST_LEVELS = 100
"""Real chains are 40 steps long; what is deeper hangs on its ancestor in the last level."""


class Forest(NamedTuple):
    """Trees over numbered nodes: ``levels`` has the roots first, then their children, and so on.

    ``parents`` is -1 for roots, and for what belongs to no tree.
    """

    parents: Array
    children: Adjacency
    levels: list[Array]


def main_parents(derived: Steps, influence: Array) -> Array:
    """Return for each node the parent from which most descend, by number among equals; -1: none.

    ``derived`` are the links from child to parent, ``influence`` the counts of descendants.
    """
    count = len(influence)
    by_rank = np.argsort(-influence.astype(np.int64), kind="stable").astype(np.int32)
    ranks = np.empty(count, np.int32)
    ranks[by_rank] = np.arange(count, dtype=np.int32)
    best = np.full(count, count, np.int32)
    np.minimum.at(best, derived.origins, ranks[derived.ends])
    parents = np.full(count, NOBODY, np.int32)
    found = np.flatnonzero(best < ranks)
    parents[found] = by_rank[best[found]]
    return parents


def plant(derived: Steps, influence: Array) -> Forest:
    """Return the forest of what links join; a node without a link belongs to no tree."""
    linked = distinct(np.concatenate([derived.origins, derived.ends]))
    forest = _grown(main_parents(derived, influence), linked)
    if len(forest.levels) <= MOST_LEVELS:
        return forest
    return _grown(_shortened(forest, linked), linked)


def _grown(parents: Array, linked: Array) -> Forest:
    """Return the forest of these parents, up to the first level that is too many."""
    children = np.flatnonzero(parents != NOBODY).astype(np.int32)
    children = children[np.argsort(parents[children], kind="stable")]
    links = Steps(parents[children], children, np.ones(len(children), Bits))
    below = Adjacency.of(links, len(parents))
    levels: list[Array] = []
    level = linked[parents[linked] == NOBODY]
    while len(level) and len(levels) <= MOST_LEVELS:
        levels.append(level)
        level = below.steps(level).ends
    return Forest(parents, below, levels)


def _shortened(forest: Forest, linked: Array) -> Array:
    """Return parents so that what is too deep hangs on its ancestor in the last level."""
    is_deep = np.zeros(len(forest.parents), np.bool_)
    is_deep[linked] = True
    is_deep[np.concatenate(forest.levels[:MOST_LEVELS])] = False
    anchors = np.where(is_deep, forest.parents, np.arange(len(is_deep)))
    while not np.array_equal(anchors, further := anchors[anchors]):
        anchors = further
    return np.where(is_deep, anchors, forest.parents).astype(np.int32)
