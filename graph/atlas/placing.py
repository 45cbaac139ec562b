"""The layout of the atlas: every family a disc, every repository in it beside its main parent.

A repository and its childless children are a *flower*: they stand around it in the spiral of a
sunflower, the oldest innermost, so that it grows outwards with time. A flower and the discs of the
children that have children themselves are packed into one disc, and so on up to the root; the discs
of the families are packed into the atlas. Distances are such that a repository has the area of a
circle of radius 1; in the end everything is scaled into the circle of radius 1 around 0, 0.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from graph.atlas.forest import NOBODY, Forest, plant
from graph.atlas.packing import GOLDEN_ANGLE, enclose, front_chain, pack
from graph.index.adjacency import Steps
from graph.index.arrays import Array

__all__ = ["lay_out"]

_APART, _RIM = 0.2, 0.04  # around a family, and so much of its radius more
_MARGIN = 0.25  # around the discs within one
_INNERMOST = 0.7  # what a sunflower's spiral leaves free around its middle


class _Places(NamedTuple):
    """For each node where it is, where the middle of its disc is, and the radius of the disc.

    Until everything is in its place, these lead on from the parent: a childless node from the
    parent's place, a disc from the middle of the parent's disc, a node in it from its middle.
    """

    x: Array
    y: Array
    middle_x: Array
    middle_y: Array
    radii: Array

    @classmethod
    def of(cls, count: int) -> _Places:
        """Return places that are all at the same spot."""
        return cls(*(np.zeros(count) for _ in range(4)), np.ones(count))


def lay_out(derived: Steps, influence: Array, created: Array) -> dict[str, Array]:
    """Return the arrays of the atlas: points ordered by family, the largest first, then by number.

    ``derived`` are the links from child to parent between two, ``influence`` and ``created`` columns
    of all nodes. ``atlas_nodes`` has the number of each point, ``atlas_points`` the point of each
    number or -1, ``atlas_parents`` the point of its main parent or -1, ``atlas_families`` where each
    family begins, and the end. ``atlas_discs`` are the points that others hang on, the largest disc
    first, beside the middles and radii of the discs; ``atlas_unit`` is what the distance 1 has become.
    """
    forest = plant(derived, influence)
    places = _Places.of(len(influence))
    if not forest.levels:
        return _arrays(forest, places, np.empty(0, np.int32), 1.0)
    childless = forest.children.degrees() == 0
    _arrange_flowers(forest, places, childless, created)
    for level in reversed(forest.levels):
        _pack_level(forest, places, level[~childless[level]], childless)
    roots = _largest_first(forest.levels[0], places.radii)
    packed = pack(places.radii[roots] * (1 + _RIM) + _APART)
    places.middle_x[roots], places.middle_y[roots] = packed.x, packed.y
    _settle(forest, places, childless)
    return _arrays(forest, places, roots, packed.radius)


def _arrange_flowers(forest: Forest, places: _Places, childless: Array, created: Array) -> None:
    """Place childless children around their parents, in the order of their age."""
    nodes = np.flatnonzero(childless & (forest.parents != NOBODY))
    parents = forest.parents[nodes].astype(np.uint64)
    seconds = np.where(np.isnat(created), 0, created.astype(np.int64))[nodes]
    order = np.argsort(parents << np.uint64(33) | seconds.astype(np.uint64), kind="stable")
    nodes, parents = nodes[order], forest.parents[nodes[order]]
    counts = np.bincount(parents, minlength=len(childless))
    ranks = np.arange(len(nodes)) - np.repeat(np.cumsum(counts) - counts, counts)
    away, angles = np.sqrt(ranks + 1 + _INNERMOST), GOLDEN_ANGLE * (ranks + parents)
    places.x[nodes], places.y[nodes] = away * np.cos(angles), away * np.sin(angles)
    stems = np.flatnonzero(counts)
    places.radii[stems] = np.sqrt(counts[stems] + 1 + _INNERMOST) + _MARGIN


def _pack_level(forest: Forest, places: _Places, stems: Array, childless: Array) -> None:
    """Pack the flower of each of these nodes with the discs of its children that have some."""
    links = forest.children.steps(stems)
    inner = ~childless[links.ends]
    parents, children = links.origins[inner], links.ends[inner]
    if not len(children):
        return
    stems = parents[np.flatnonzero(np.diff(parents, prepend=NOBODY))]
    nodes = np.concatenate([stems, children])  # the flower, then the children
    groups = np.concatenate([stems, parents])
    is_child = np.arange(len(nodes)) >= len(stems)
    radii = places.radii[nodes]
    order = np.lexsort((nodes, -radii, is_child, groups))
    nodes, radii, is_child = nodes[order], radii[order], is_child[order]
    starts = np.flatnonzero(~is_child)
    x, y = _packed(radii, starts)
    middle_x, middle_y, around = enclose(x, y, radii, starts)
    sizes = np.diff(np.append(starts, len(x)))
    x, y = _turned(
        x - np.repeat(middle_x, sizes),
        y - np.repeat(middle_y, sizes),
        GOLDEN_ANGLE * np.repeat(stems, sizes),
    )
    flowers, discs = nodes[starts], nodes[is_child]
    places.x[flowers], places.y[flowers] = x[starts], y[starts]
    places.middle_x[discs], places.middle_y[discs] = x[is_child], y[is_child]
    places.radii[flowers] = around + _MARGIN


def _packed(radii: Array, starts: Array) -> tuple[Array, Array]:
    """Return places for groups of discs; most are two, which need no outline."""
    x, y = np.zeros(len(radii)), np.zeros(len(radii))
    ends = np.append(starts[1:], len(radii))
    pairs = starts[ends - starts == 2]  # noqa: PLR2004 - two discs
    x[pairs], x[pairs + 1] = -radii[pairs + 1], radii[pairs]
    more = ends - starts > 2  # noqa: PLR2004 - likewise
    for start, end in zip(starts[more].tolist(), ends[more].tolist(), strict=True):
        x[start:end], y[start:end] = _many(radii[start:end])
    return x, y


def _many(radii: Array) -> tuple[Array, Array]:
    if len(radii) > 200:
        packed = pack(radii)
        return packed.x, packed.y
    return front_chain(radii.tolist())


def _turned(x: Array, y: Array, angles: Array) -> tuple[Array, Array]:
    cosines, sines = np.cos(angles), np.sin(angles)
    return x * cosines - y * sines, x * sines + y * cosines


def _settle(forest: Forest, places: _Places, childless: Array) -> None:
    """Turn the ways from parents into places, from the roots on."""
    for level in forest.levels:
        nodes = level[forest.parents[level] != NOBODY]
        parents = forest.parents[nodes]
        leaves, discs = childless[nodes], ~childless[nodes]
        for own, middle in ((places.x, places.middle_x), (places.y, places.middle_y)):
            middle[nodes[discs]] += middle[parents[discs]]
            own[nodes[leaves]] += own[parents[leaves]]
            stems = level[~childless[level] | (forest.parents[level] == NOBODY)]
            own[stems] += middle[stems]
            middle[nodes[leaves]] = own[nodes[leaves]]


def _largest_first(nodes: Array, radii: Array) -> Array:
    ordered: Array = nodes[np.lexsort((nodes, -radii[nodes]))]
    return ordered


def _arrays(forest: Forest, places: _Places, roots: Array, radius: float) -> dict[str, Array]:
    count = len(forest.parents)
    families = np.full(count, NOBODY, np.int32)
    families[roots] = np.arange(len(roots))
    for level in forest.levels[1:]:
        families[level] = families[forest.parents[level]]
    nodes = np.flatnonzero(families != NOBODY).astype(np.int32)
    nodes = nodes[np.argsort(families[nodes], kind="stable")]
    points = np.full(count, NOBODY, np.int32)
    points[nodes] = np.arange(len(nodes), dtype=np.int32)
    above = forest.parents[nodes]
    sizes = np.bincount(families[nodes], minlength=len(roots))
    discs = np.flatnonzero(places.radii[nodes] > 1)
    discs = _largest_first(discs, places.radii[nodes])
    columns = {
        "x": places.x[nodes],
        "y": places.y[nodes],
        "disc_x": places.middle_x[nodes[discs]],
        "disc_y": places.middle_y[nodes[discs]],
        "disc_radii": places.radii[nodes[discs]],
        "unit": np.ones(1),
    }
    columns = {
        f"atlas_{name}": (column / radius).astype(np.float32) for name, column in columns.items()
    }
    return columns | {
        "atlas_discs": discs.astype(np.int32),
        "atlas_nodes": nodes,
        "atlas_points": points,
        "atlas_parents": np.where(above == NOBODY, NOBODY, points[above]).astype(np.int32),
        "atlas_families": np.concatenate(([0], np.cumsum(sizes))).astype(np.int32),
    }
