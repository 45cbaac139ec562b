"""Walking the index: ancestors and descendants of one repository, level by level over arrays.

The answers are those of ``graph.lineage.stepping``, row for row. ``reach_up`` and ``reach_down``
give them as arrays, for whoever wants a hundred thousand of them counted or drawn, not listed.
"""

from __future__ import annotations

from collections.abc import Collection
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from graph.lineage.adjacency import EVERY, Adjacency, Bits, mask, relations_of
from graph.lineage.index import LineageIndex
from graph.lineage.stepping import Relative
from graph.model.arrays import Array, distinct
from graph.model.records import Relation
from graph.model.relations import DERIVATIONS
from graph.store.lineage_graph import Node

__all__ = [
    "Reached",
    "Sibling",
    "ancestors",
    "descendants",
    "reach",
    "reach_down",
    "reach_up",
    "roots",
    "siblings",
]


class Reached(NamedTuple):
    """What a walk has reached: numbers by distance, then id, without the start.

    ``relations`` are bits: those of the links between each node and the ones a step nearer.
    """

    numbers: Array
    depths: Array
    relations: Array


class Sibling(NamedTuple):
    """A repository that was made from the same parent as the focus, in the same way."""

    node: Node
    parent: Node
    relation: Relation
    downloads: int | None


def reach_up(index: LineageIndex, start: int, *, wanted: int, depth: int | None = None) -> Reached:
    """Return all ancestors of a node along links that have a wanted bit."""
    return reach(index.up, np.array([start]), wanted=wanted, depth=depth)


def reach_down(
    index: LineageIndex, start: int, *, wanted: int, depth: int | None = None
) -> Reached:
    """Return all descendants of a node along links that have a wanted bit."""
    return reach(index.down, np.array([start]), wanted=wanted, depth=depth)


def reach(
    adjacency: Adjacency, starts: Array, *, wanted: int = EVERY, depth: int | None = None
) -> Reached:
    """Return what some nodes lead to, by the distance from the nearest of them."""
    count = len(adjacency.offsets) - 1
    seen = np.zeros(count, np.bool_)  # the system hands out zeros page by page, when touched
    met = np.zeros(count, Bits)
    seen[starts] = True
    levels: list[Array] = []
    level = starts
    while len(level) and (depth is None or len(levels) < depth):
        _, ends, relations = adjacency.steps(level, wanted)
        new = ~seen[ends]
        far = ends[new]
        np.bitwise_or.at(met, far, relations[new])
        level = distinct(far)
        seen[level] = True
        levels.append(level)
    numbers = np.concatenate([starts[:0], *levels])
    depths = np.repeat(np.arange(1, len(levels) + 1), list(map(len, levels)))
    return Reached(numbers, depths, met[numbers])


def ancestors(
    index: LineageIndex,
    focus: Node,
    *,
    relations: Collection[Relation] = DERIVATIONS,
    depth: int | None = None,
) -> list[Relative]:
    """Return everything a repository was made from, as ``stepping.ancestors`` does."""
    start, wanted = index.find(focus), mask(relations)
    reached = reach_up(index, start, wanted=wanted, depth=depth)
    return _relatives(index, start, reached, wanted)


def descendants(
    index: LineageIndex,
    focus: Node,
    *,
    relations: Collection[Relation] = DERIVATIONS,
    depth: int | None = None,
) -> list[Relative]:
    """Return everything that was made from a repository, as ``stepping.descendants`` does."""
    start, wanted = index.find(focus), mask(relations)
    reached = reach_down(index, start, wanted=wanted, depth=depth)
    return _relatives(index, start, reached, wanted)


def roots(index: LineageIndex, focus: Node) -> list[Node]:
    """Return the ancestors of a repository that have no parent but themselves, by id.

    What has no parents has no roots either: it is one.
    """
    wanted = mask(DERIVATIONS)
    found = np.sort(reach_up(index, index.find(focus), wanted=wanted).numbers)
    origins, ends, _ = index.up.steps(found, wanted)
    return index.nodes(np.setdiff1d(found, origins[origins != ends]))


def siblings(index: LineageIndex, focus: Node) -> list[Sibling]:
    """Return what was made from the same parents in the same way.

    Ordered by relation and parent, then downloads, most first.
    """
    own = index.find(focus)
    _, parents, bits = index.up.steps(np.array([own]), mask(DERIVATIONS))
    rows: list[Sibling] = []
    for relation in sorted(relations_of(int(np.bitwise_or.reduce(bits)))):
        wanted = mask([relation])
        for parent in parents[(bits & wanted) != 0].tolist():
            made = index.down.steps(np.array([parent]), wanted).ends
            numbers = index.by_downloads(made[made != own])
            above = index.node(parent)
            for node, count in zip(index.nodes(numbers), index.downloads_of(numbers), strict=True):
                rows.append(Sibling(node, above, relation, count))
    return rows


def _relatives(index: LineageIndex, start: int, reached: Reached, wanted: int) -> list[Relative]:
    numbers = reached.numbers
    return list(
        map(
            Relative,
            index.kinds_of(numbers),
            index.ids(numbers),
            reached.depths.tolist(),
            map(relations_of, reached.relations.tolist()),
            parents_within(index, start, numbers, wanted),
        )
    )


def parents_within(
    index: LineageIndex, start: int, numbers: Array, wanted: int
) -> list[tuple[str, ...]]:
    """Return for each number the ids of its parents that are among them, or the start."""
    inside = np.zeros(len(index), np.bool_)
    inside[numbers] = inside[start] = True
    origins, ends, _ = index.up.steps(numbers, wanted)
    kept = inside[ends]
    origins, ends = origins[kept], ends[kept]
    different, places = np.unique(ends, return_inverse=True)
    names = index.ids(different)
    above = [names[place] for place in places.tolist()]
    counts = np.zeros(len(index), np.int32)
    np.add.at(counts, origins, 1)
    bounds = np.concatenate(([0], np.cumsum(counts[numbers]))).tolist()
    # A model and a dataset may share an id, which is named once.
    return [
        (above[low],) if high - low == 1 else tuple(dict.fromkeys(above[low:high]))
        for low, high in pairwise(bounds)
    ]
