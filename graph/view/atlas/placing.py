"""The layout of the atlas: every family a disc, every repository in it beside its main parent.

A repository and its childless children are a *flower*: they stand around it in the spiral of a
sunflower, the oldest innermost, so that it grows outwards with time. Flowers and the discs of
branches are packed into the disc of the family; the discs of the families are packed into
the atlas. Distances are such that a repository has the area of a circle of radius 1; in the end
everything is scaled into the circle of radius 1 around 0, 0.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from graph.lineage.adjacency import Steps
from graph.model.arrays import Array
from graph.view.atlas.branches import Branches, branch_out
from graph.view.atlas.forest import NOBODY, Forest, plant
from graph.view.atlas.packing import GOLDEN_ANGLE, enclose, front_chain, pack

__all__ = ["lay_out"]

_APART, _RIM = 0.2, 0.04  # around a family, and so much of its radius more
_MARGIN = 0.25  # around what is within one
_INNERMOST = 0.7  # what a sunflower's spiral leaves free around its middle
_MANY, _PAIR = 200, 2


class _Places(NamedTuple):
    """For each node where it is, the radius of its flower, and the middle and radius of its disc.

    Until everything is in its place, a place is told from the middle of what it lies in.
    """

    x: Array
    y: Array
    flowers: Array
    middle_x: Array
    middle_y: Array
    radii: Array


def lay_out(derived: Steps, influence: Array, created: Array) -> dict[str, Array]:
    """Return the arrays of the atlas: points ordered by family, the largest first, then by number.

    ``derived`` are the links from child to parent between two, ``influence`` and ``created``
    columns of all nodes. ``atlas_nodes`` has the number of each point, ``atlas_points`` the point
    of each number or -1, ``atlas_parents`` the point of its main parent or -1, ``atlas_families``
    where each family begins, and the end. ``atlas_discs`` are the points that others hang on, the
    largest disc first, beside the middles and radii of the discs; ``atlas_unit`` is what 1 has
    become.
    """
    forest = plant(derived, influence)
    branches = branch_out(forest)
    places = _Places(*(np.zeros(len(influence)) for _ in _Places._fields))
    roots, radius = np.empty(0, np.int64), 1.0
    if forest.levels:
        leaves = _arrange_flowers(forest, branches, places, created)
        _pack_branches(branches, places)
        roots = forest.levels[0][np.argsort(-places.radii[forest.levels[0]], kind="stable")]
        packed = pack(places.radii[roots] * (1 + _RIM) + _APART)
        places.middle_x[roots], places.middle_y[roots] = packed.x, packed.y
        radius = packed.radius
        _settle(forest, branches, places, leaves)
    arrays = _points(forest, places, radius, roots)
    return arrays | _discs(branches, places, radius, arrays["atlas_points"])


def _arrange_flowers(forest: Forest, branches: Branches, places: _Places, created: Array) -> Array:
    """Place childless children around their parents in the order of their age; return them."""
    leaves = np.flatnonzero((forest.parents != NOBODY) & (branches.owners == NOBODY))
    seconds = np.where(np.isnat(created), 0, created.astype(np.int64))[leaves]
    keys = forest.parents[leaves].astype(np.uint64) << np.uint64(33) | seconds.astype(np.uint64)
    leaves = leaves[np.argsort(keys, kind="stable")]
    parents = forest.parents[leaves]
    counts = np.bincount(parents, minlength=len(created))
    ranks = np.arange(len(leaves)) - np.repeat(np.cumsum(counts) - counts, counts)
    away, angles = np.sqrt(ranks + 1 + _INNERMOST), GOLDEN_ANGLE * (ranks + parents)
    places.x[leaves], places.y[leaves] = away * np.cos(angles), away * np.sin(angles)
    held = counts[branches.stems]
    radii = np.where(held, np.sqrt(held + 1 + _INNERMOST) + _MARGIN, 1.0)
    places.flowers[branches.stems] = places.radii[branches.stems] = radii
    return leaves


def _pack_branches(branches: Branches, places: _Places) -> None:
    """Pack what is in each disc, from the innermost discs outwards."""
    stems = branches.stems
    depths = branches.depths[stems]
    is_owner = branches.owners[stems] == stems
    for depth in range(int(depths.max()), -1, -1):
        flowers = stems[depths == depth]
        discs = stems[(depths == depth + 1) & is_owner]
        groups = np.concatenate([branches.owners[flowers], branches.outer[discs]])
        _pack_discs(flowers, discs, groups, places)


def _pack_discs(flowers: Array, discs: Array, groups: Array, places: _Places) -> None:
    """Pack flowers and discs, each into the disc of the node that its group is called by."""
    nodes = np.concatenate([flowers, discs])
    radii = np.concatenate([places.flowers[flowers], places.radii[discs]])
    is_disc = np.arange(len(nodes)) >= len(flowers)
    order = np.lexsort((nodes, -radii, nodes != groups, groups))  # an owner comes first
    nodes, radii, is_disc, groups = nodes[order], radii[order], is_disc[order], groups[order]
    starts = np.flatnonzero(np.diff(groups, prepend=NOBODY))
    x, y = _packed(radii, starts)
    middle_x, middle_y, around = enclose(x, y, radii, starts)
    sizes = np.diff(np.append(starts, len(x)))
    x, y = x - np.repeat(middle_x, sizes), y - np.repeat(middle_y, sizes)
    x, y = _turned(x, y, GOLDEN_ANGLE * groups)  # lest all of them look the same way
    places.x[nodes[~is_disc]], places.y[nodes[~is_disc]] = x[~is_disc], y[~is_disc]
    places.middle_x[nodes[is_disc]], places.middle_y[nodes[is_disc]] = x[is_disc], y[is_disc]
    places.radii[groups[starts]] = around + np.where(sizes > 1, _MARGIN, 0)


def _packed(radii: Array, starts: Array) -> tuple[Array, Array]:
    """Return places for groups of discs; most are one or two, which need no outline."""
    x, y = np.zeros(len(radii)), np.zeros(len(radii))
    ends = np.append(starts[1:], len(radii))
    sizes = ends - starts
    pairs = starts[sizes == _PAIR]
    x[pairs], x[pairs + 1] = -radii[pairs + 1], radii[pairs]
    more = sizes > _PAIR
    for start, end in zip(starts[more].tolist(), ends[more].tolist(), strict=True):
        group = radii[start:end]
        x[start:end], y[start:end] = (
            pack(group)[:2] if end - start > _MANY else front_chain(group.tolist())
        )
    return x, y


def _turned(x: Array, y: Array, angles: Array) -> tuple[Array, Array]:
    cosines, sines = np.cos(angles), np.sin(angles)
    return x * cosines - y * sines, x * sines + y * cosines


def _settle(forest: Forest, branches: Branches, places: _Places, leaves: Array) -> None:
    """Turn places within something into places in the atlas, from the families inwards."""
    stems, owners = branches.stems, branches.owners
    for own, middle in ((places.x, places.middle_x), (places.y, places.middle_y)):
        for depth in range(1, int(branches.depths[stems].max()) + 1):
            discs = stems[(branches.depths[stems] == depth) & (owners[stems] == stems)]
            middle[discs] += middle[branches.outer[discs]]
        own[stems] += middle[owners[stems]]
        own[leaves] += own[forest.parents[leaves]]


def _points(forest: Forest, places: _Places, radius: float, roots: Array) -> dict[str, Array]:
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
    return {
        "atlas_nodes": nodes,
        "atlas_points": points,
        "atlas_parents": np.where(above == NOBODY, NOBODY, points[above]).astype(np.int32),
        "atlas_families": np.concatenate(([0], np.cumsum(sizes))).astype(np.int32),
        "atlas_x": (places.x[nodes] / radius).astype(np.float32),
        "atlas_y": (places.y[nodes] / radius).astype(np.float32),
    }


def _discs(branches: Branches, places: _Places, radius: float, points: Array) -> dict[str, Array]:
    """Return the discs of owners, and the flowers of those that share one."""
    stems = branches.stems
    shares = branches.owners[stems] != stems
    radii = np.where(shares, places.flowers[stems], places.radii[stems])
    columns = {
        "disc_x": np.where(shares, places.x[stems], places.middle_x[stems]),
        "disc_y": np.where(shares, places.y[stems], places.middle_y[stems]),
        "disc_radii": radii,
    }
    order = np.lexsort((points[stems], -radii))
    return {
        "atlas_discs": points[stems[order]],
        "atlas_unit": np.array([1 / radius], np.float32),
        **{
            f"atlas_{name}": (column[order] / radius).astype(np.float32)
            for name, column in columns.items()
        },
    }
