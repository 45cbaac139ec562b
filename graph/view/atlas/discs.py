"""Families and their branches in a window: the discs that are large enough to be seen."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from graph.model.arrays import Array
from graph.store.lineage_graph import Node
from graph.view.atlas.grouping import GroupBy
from graph.view.atlas.reading import Atlas
from graph.view.atlas.window import Window

__all__ = ["Disc", "FamilyRow", "discs_in", "families_in"]

_LEAST = 9.0  # pixels of a radius: what is smaller has no outline
_MOST = 260  # discs


class Disc(NamedTuple):
    """A repository and what hangs on it, as a circle in the plane, with its own place in it.

    ``made`` counts all that descend from it; ``members`` those of its family, 0 if it is no root.
    """

    number: int
    node: Node
    x: float
    y: float
    radius: float
    own_x: float
    own_y: float
    made: int
    members: int
    downloads: int | None


class FamilyRow(NamedTuple):
    """A family by its root, and how many of its members are in each group."""

    root: Node
    members: int
    groups: tuple[int, ...]


def discs_in(atlas: Atlas, window: Window) -> list[Disc]:
    """Return the discs that meet a window and are not too small to be seen, the largest first."""
    places = _meeting(atlas, window, _LEAST / window.scale)[:_MOST]
    points = atlas.discs[places]
    nodes = atlas.nodes[points]
    index = atlas.index
    return list(
        map(
            Disc,
            nodes.tolist(),
            index.nodes(nodes),
            *(
                column.tolist()
                for column in (
                    atlas.disc_x[places],
                    atlas.disc_y[places],
                    atlas.disc_radii[places],
                    atlas.x[points],
                    atlas.y[points],
                    index.influence[nodes],
                    _members(atlas, points),
                )
            ),
            index.downloads_of(nodes),
        )
    )


def families_in(atlas: Atlas, window: Window, by: GroupBy, *, limit: int = 25) -> list[FamilyRow]:
    """Return the largest families that meet a window, with the groups of all their members."""
    roots = np.flatnonzero(atlas.parents[atlas.discs] < 0)
    places = roots[_meets(atlas, window, roots)]
    families = _family_of(atlas, atlas.discs[places])
    order = np.argsort(families, kind="stable")[:limit]
    groups, codes = atlas.grouping(by)
    rows = []
    for place, family in zip(places[order].tolist(), families[order].tolist(), strict=True):
        first, end = atlas.families[family : family + 2].tolist()
        counts = np.bincount(codes[first:end], minlength=len(groups))
        root = atlas.index.node(int(atlas.nodes[atlas.discs[place]]))
        rows.append(FamilyRow(root, end - first, tuple(counts.tolist())))
    return sorted(rows, key=lambda row: -row.members)


def _family_of(atlas: Atlas, points: Array) -> Array:
    found: Array = np.searchsorted(atlas.families, points, side="right") - 1
    return found


def _members(atlas: Atlas, points: Array) -> Array:
    """Return the sizes of the families whose roots these points are, 0 for other points."""
    families = _family_of(atlas, points)
    sizes = atlas.families[families + 1] - atlas.families[families]
    return np.where(atlas.parents[points] < 0, sizes, 0)


def _meeting(atlas: Atlas, window: Window, least: float) -> Array:
    """Return the places of the discs of a radius or more that meet a window."""
    count = int(np.searchsorted(-atlas.disc_radii, -least, side="right"))
    large = np.arange(count)
    met: Array = large[_meets(atlas, window, large)]
    return met


def _meets(atlas: Atlas, window: Window, places: Array) -> Array:
    x, y, radii = atlas.disc_x[places], atlas.disc_y[places], atlas.disc_radii[places]
    across = (x + radii >= window.left) & (x - radii <= window.right)
    met: Array = across & (y + radii >= window.top) & (y - radii <= window.bottom)
    return met
