"""The atlas of an index: where everything is, opened for looking at any part of it.

Rule: what is asked of all points is asked of arrays, in milliseconds, and nothing is written. How
its points are grouped is worked out when it is first asked for, and kept: a byte a point.
"""

from __future__ import annotations

from functools import cached_property
from threading import Lock

import numpy as np

from graph.lineage.index import LineageIndex
from graph.model.arrays import Array
from graph.view.atlas.grouping import GroupBy, Grouping, group_points, months_of
from graph.view.atlas.window import Window

__all__ = ["Atlas"]


class Atlas:
    """The points of an index, ordered by family, the largest first.

    ``nodes`` has the number of each point in the index, ``points`` the reverse (-1: stands alone),
    ``x`` and ``y`` where it is, ``parents`` the point that it hangs on. ``discs`` are the points
    that others hang on, the largest disc first, with its middle and radius. ``unit`` is the radius
    of the room that a point has.
    """

    def __init__(self, index: LineageIndex) -> None:
        self.index = index
        arrays = index.arrays
        self.nodes, self.points = arrays["atlas_nodes"], arrays["atlas_points"]
        self.x, self.y = arrays["atlas_x"], arrays["atlas_y"]
        self.parents, self.discs = arrays["atlas_parents"], arrays["atlas_discs"]
        self.disc_x, self.disc_y = arrays["atlas_disc_x"], arrays["atlas_disc_y"]
        self.disc_radii = arrays["atlas_disc_radii"]
        self.families = arrays["atlas_families"]
        self.unit = float(arrays["atlas_unit"][0])
        self._groupings: dict[GroupBy, Grouping] = {}
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self.nodes)

    @property
    def alone(self) -> int:
        """How many repositories have no lineage, and no place."""
        return len(self.index) - len(self)

    @cached_property
    def named(self) -> int:
        """How many repositories are only named by others: the graph holds no record of them."""
        return len(self.index) - int(np.count_nonzero(self.index.known))

    @cached_property
    def created(self) -> Array:
        """The month of each point, counted from 1970; 0 where nobody knows."""
        return months_of(self.index, self.nodes)

    @cached_property
    def months(self) -> tuple[int, int] | None:
        """The first and the last month in which something was created."""
        dated = self.created[self.created > 0]
        return (int(dated.min()), int(dated.max())) if len(dated) else None

    @cached_property
    def history(self) -> list[int]:
        """How many points were created in each month, from the first to the last."""
        if self.months is None:
            return []
        first, last = self.months
        counts: list[int] = np.bincount(self.created, minlength=last + 1)[first:].tolist()
        return counts

    def grouping(self, by: GroupBy) -> Grouping:
        """Return the groups of the points, and the group of each."""
        with self._lock:
            if by not in self._groupings:
                self._groupings[by] = group_points(self.index, self.nodes, by)
            return self._groupings[by]

    def counts(self, by: GroupBy, until: int | None = None) -> list[int]:
        """Return how many points each group has, of those created up to a month if one is given."""
        groups, codes = self.grouping(by)
        if until is not None:
            codes = codes[self.lit(until)]
        counts: list[int] = np.bincount(codes, minlength=len(groups)).tolist()
        return counts

    def lit(self, until: int) -> Array:
        """Tell which points were created up to a month; what has no date is never among them."""
        lit: Array = (self.created > 0) & (self.created <= until)
        return lit

    def within(self, window: Window, until: int | None = None) -> Array:
        """Return the points in a window, in order."""
        inside = (self.x >= window.left) & (self.x < window.right)
        inside &= (self.y >= window.top) & (self.y < window.bottom)
        if until is not None:
            inside &= self.lit(until)
        return np.flatnonzero(inside)

    def point(self, number: int) -> int | None:
        """Return the point of a repository, if it has lineage."""
        point = int(self.points[number])
        return None if point < 0 else point

    def radius_of(self, point: int) -> float:
        """Return the radius of the disc of all that hangs on a point."""
        found = np.flatnonzero(self.discs == point)
        return float(self.disc_radii[found[0]]) if len(found) else self.unit

    def window_around(self, point: int, window: Window) -> Window:
        """Return the same window around a point, as near as its neighbours can be told."""
        near = max(self.radius_of(point), 8 * self.unit)
        place = window._replace(x=float(self.x[point]), y=float(self.y[point]))
        return place.spanning(near)
