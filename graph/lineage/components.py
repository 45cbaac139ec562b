"""What follows from the shape of a lineage as a whole: families, cycles, depths, roots, influence.

Plain arrays in, plain arrays out; nodes are numbers. Everything goes level by level over whole
arrays. Only the heart of the graph, what lies between cycles, is left to networkx: it is tiny.
"""

from __future__ import annotations

import numpy as np

from graph.lineage.adjacency import Adjacency, Steps, turned, unique_pairs
from graph.lineage.closure import ancestor_closure, most_pairs
from graph.model.arrays import Array, distinct

__all__ = ["depths", "descendant_counts", "nearest_roots", "strong_components", "weak_components"]

_UNSEEN = -1


def weak_components(links: Steps, count: int) -> Array:
    """Return for each node the smallest one that links connect it with, in whatever direction."""
    labels = np.arange(count, dtype=np.int32)
    one, other = links.origins, links.ends
    while len(one):
        low = np.minimum(labels[one], labels[other])
        np.minimum.at(labels, labels[one], low)
        np.minimum.at(labels, labels[other], low)
        labels = _settle(labels)
        apart = labels[one] != labels[other]
        one, other = one[apart], other[apart]
    return labels


def strong_components(up: Adjacency, down: Adjacency) -> Array:
    """Return for each node the smallest one that leads to it and that it leads to."""
    labels = np.arange(len(up.offsets) - 1, dtype=np.int32)
    open_ = (_levels(up, down) == _UNSEEN) & (_levels(down, up) == _UNSEEN)
    links = up.steps(np.flatnonzero(open_))
    inside = open_[links.ends]
    pairs = zip(links.origins[inside].tolist(), links.ends[inside].tolist(), strict=True)
    import networkx as nx  # noqa: PLC0415 - takes as long to import as an index to open and search

    for group in nx.strongly_connected_components(nx.DiGraph(pairs)):
        labels[list(group)] = min(group)
    return labels


def depths(up: Adjacency, components: Array) -> Array:
    """Return for each node the steps of its longest line of descent, a cycle taken as one node."""
    above, below = _condensed(up, components)
    deepest: Array = _levels(above, below)[components]
    return deepest


def nearest_roots(up: Adjacency, down: Adjacency) -> Array:
    """Return for each node the nearest one without parents that it comes from.

    Of several equally near ones the smallest; -1 for what comes from nothing but cycles.
    """
    level = np.flatnonzero(up.degrees() == 0)
    roots = np.full(len(up.offsets) - 1, _UNSEEN, np.int32)
    roots[level] = level
    while len(level):
        links = down.steps(level)
        new = roots[links.ends] == _UNSEEN
        far, near = links.ends[new], roots[links.origins[new]]
        level = distinct(far)
        found = np.full(len(level), np.iinfo(np.int32).max, np.int32)
        np.minimum.at(found, np.searchsorted(level, far), near)
        roots[level] = found
    return roots


def descendant_counts(up: Adjacency, components: Array) -> tuple[Array, int | None]:
    """Return for each node how many others descend from it, over any number of steps.

    A cycle counts as one node, and branches without a merge are folded into their stem; of the rest
    the ancestors are listed. Where these are too many (``most_pairs``) descendants count up to a
    distance, which is returned beside the counts; None: they are exact.
    """
    sizes = np.bincount(components, minlength=len(components))
    above, below = _condensed(up, components)
    counts, weights, rest = _fold(above, below, sizes)
    links = above.steps(rest)
    ends = links.origins.astype(np.int64), links.ends.astype(np.int64)
    pairs = ancestor_closure(
        *ends, np.zeros(len(links.ends), np.int64), len(counts), most=most_pairs(len(up.ends))
    )
    np.add.at(counts, pairs.ancestor, weights[pairs.descendant])
    return counts[components] + sizes[components] - 1, pairs.depth


def _condensed(up: Adjacency, components: Array) -> tuple[Adjacency, Adjacency]:
    """Return the links between components, up and down; each is the smallest of its nodes."""
    links = up.all()
    joined = Steps(components[links.origins], components[links.ends], links.relations)
    apart = joined.origins != joined.ends
    pairs = unique_pairs(Steps(*(column[apart] for column in joined)))
    count = len(components)
    return Adjacency.of(pairs, count), Adjacency.of(turned(pairs), count)


def _settle(labels: Array) -> Array:
    while True:
        further = labels[labels]
        if np.array_equal(further, labels):
            return further
        labels = further


def _levels(up: Adjacency, down: Adjacency) -> Array:
    """Return for each node the length of the longest way to it; -1 for cycles and beyond."""
    waiting = up.degrees()
    levels = np.full(len(waiting), _UNSEEN, np.int32)
    level = np.flatnonzero(waiting == 0)
    depth = 0
    while len(level):
        levels[level] = depth
        ends = down.steps(level).ends
        np.subtract.at(waiting, ends, 1)
        level = distinct(ends[waiting[ends] == 0])
        depth += 1
    return levels


def _fold(up: Adjacency, down: Adjacency, sizes: Array) -> tuple[Array, Array, Array]:
    """Fold nodes with one parent and no children left into the parent, as long as there are any.

    Returns what that counts for each node, how many nodes each stands for now (at first its size),
    and the nodes with parents that are left.
    """
    parents, waiting = up.degrees(), down.degrees()
    counts = np.zeros(len(parents), np.int64)
    weights = sizes.astype(np.int64)
    left = parents > 0
    level = np.flatnonzero((waiting == 0) & (parents == 1))
    while len(level):
        left[level] = False
        stems = up.ends[up.offsets[level]]
        np.add.at(counts, stems, weights[level])
        np.add.at(weights, stems, weights[level])
        np.subtract.at(waiting, stems, 1)
        level = distinct(stems[(waiting[stems] == 0) & (parents[stems] == 1)])
    return counts, weights, np.flatnonzero(left)
