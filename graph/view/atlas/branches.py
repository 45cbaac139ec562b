"""Which repositories have a disc of their own in a family, and which share that of their parent.

Were every generation a disc within that of the one before, a chain of merges would be an onion of
forty skins around one dot. So a branch shares its parent's disc where it is nearly all of it, and
where it is too small to be told apart; every other one has its own.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from graph.model.arrays import Array
from graph.view.atlas.forest import NOBODY, Forest

__all__ = ["Branches", "branch_out"]

_NEARLY_ALL = 0.6  # of what hangs on the parent
_SMALL = 5  # repositories


class Branches(NamedTuple):
    """For each node that others hang on the one in whose disc it is; -1 for all others.

    ``outer`` is the node in whose disc the disc of an owner is, ``depths`` the number of discs
    around it. ``stems`` are the nodes that others hang on, and the roots.
    """

    stems: Array
    owners: Array
    outer: Array
    depths: Array


def branch_out(forest: Forest) -> Branches:
    """Return which disc each node of a forest is in."""
    count = len(forest.parents)
    sizes = _sizes(forest)
    owners, outer = np.full(count, NOBODY, np.int32), np.full(count, NOBODY, np.int32)
    depths = np.full(count, NOBODY, np.int32)
    for place, level in enumerate(forest.levels):
        stems = level[(sizes[level] > 1) | (place == 0)]
        above = forest.parents[stems]
        shares = (sizes[stems] <= _SMALL) | (sizes[stems] >= _NEARLY_ALL * sizes[above])
        shares &= place > 0
        owners[stems] = np.where(shares, owners[above], stems)
        outer[stems] = np.where(shares | (place == 0), NOBODY, owners[above])
        depths[stems] = depths[above] + ~shares if place else 0
    return Branches(np.flatnonzero(owners != NOBODY), owners, outer, depths)


def _sizes(forest: Forest) -> Array:
    """Return how many nodes hang on each one, itself included."""
    sizes = np.ones(len(forest.parents), np.int64)
    for level in reversed(forest.levels[1:]):
        np.add.at(sizes, forest.parents[level], sizes[level])
    return sizes
