"""Discs beside one another without overlap: the largest by the front chain, the rest in rings.

The front chain is that of Wang et al. (Visualization of large hierarchical data by circle packing,
2006), which d3 made known: the next disc touches the two neighbours of the outline that are nearest
to the middle. It is dense, but looks at the whole outline for each disc; so of many discs only the
largest are packed by it, and the others laid around them, ring by ring.
"""

from __future__ import annotations

from collections.abc import Sequence
from heapq import heappop, heappush
from math import sqrt
from operator import mul
from typing import NamedTuple

import numpy as np

from graph.model.arrays import Array

__all__ = ["GOLDEN_ANGLE", "Packing", "enclose", "front_chain", "pack"]

GOLDEN_ANGLE = float(np.pi * (3 - 5**0.5))
"""Turned by it again and again, nothing ever points the same way twice."""

_CHAINED = 5_000  # discs for the front chain: a quarter of a second
_STEPS, _STRIDE, _SHORTER = 24, 0.3, 0.78  # of moving a middle: within a thousandth in the end
_GONE = -1
_SLACK = 1e-7  # by how much discs may seem to overlap that only touch


class Packing(NamedTuple):
    """Where the middle of each disc lies, in a circle of this radius around 0, 0."""

    x: Array
    y: Array
    radius: float


def pack(radii: Array) -> Packing:
    """Return places for discs: the first of them inside, so best the largest first."""
    inner = radii[:_CHAINED].astype(np.float64)
    x, y = front_chain(inner.tolist())
    middle_x, middle_y, around = enclose(x, y, inner, np.zeros(1, np.int64))
    outer_x, outer_y, radius = _rings(radii[_CHAINED:].astype(np.float64), float(around[0]))
    return Packing(
        np.concatenate([x - middle_x, outer_x]), np.concatenate([y - middle_y, outer_y]), radius
    )


def enclose(x: Array, y: Array, radii: Array, starts: Array) -> tuple[Array, Array, Array]:
    """Return the middles and radii of circles around groups of discs, nearly the smallest ones.

    A group begins at each of ``starts``. Each middle is moved towards the disc that reaches
    farthest, by shorter and shorter strides; the best of its places counts.
    """
    sizes = np.diff(np.append(starts, len(x)))
    weights = radii * radii
    total = np.add.reduceat(weights, starts)
    here_x, here_y = (np.add.reduceat(each * weights, starts) / total for each in (x, y))
    best = np.full(len(starts), np.inf)
    best_x, best_y = here_x, here_y
    stride = _STRIDE
    for _ in range(_STEPS):
        right, down = x - np.repeat(here_x, sizes), y - np.repeat(here_y, sizes)
        apart = np.hypot(right, down)
        reach = apart + radii
        around = np.maximum.reduceat(reach, starts)
        better = around < best
        best = np.where(better, around, best)
        best_x, best_y = np.where(better, here_x, best_x), np.where(better, here_y, best_y)
        far = _firsts(reach == np.repeat(around, sizes), starts)
        share = np.minimum(1, stride * around / np.maximum(apart[far], _SLACK))
        here_x, here_y = here_x + right[far] * share, here_y + down[far] * share
        stride *= _SHORTER
    return best_x, best_y, best


def _firsts(chosen: Array, starts: Array) -> Array:
    """Return the place of the first chosen one of each group."""
    places = np.where(chosen, np.arange(len(chosen)), len(chosen))
    first: Array = np.minimum.reduceat(places, starts)
    return first


def front_chain(radii: Sequence[float]) -> tuple[Array, Array]:
    """Return places for discs that touch one another, in this order from the middle out."""
    chain = _Chain(radii)
    for disc in range(min(len(radii), 3), len(radii)):
        chain.add(disc)
    return chain.places


class _Chain:
    """The outline of the discs packed so far: from each disc to the next one around it.

    The gaps of the outline wait in a heap, the one nearest to the middle first. A gap that is no
    more, because a disc was laid over it, is left there and passed over.
    """

    def __init__(self, radii: Sequence[float]) -> None:
        self.radii = radii
        count = len(radii)
        self.x, self.y = [0.0] * count, [0.0] * count
        self.next, self.before = [_GONE] * count, [_GONE] * count
        self.gaps: list[tuple[float, int, int]] = []
        self.placed = np.zeros((3, count))  # the same x, y and radii once more, for quick looks
        self.placed[2] = radii
        if count > 1:
            self.x[0], self.x[1] = -radii[1], radii[0]
        if count > 2:  # noqa: PLR2004 - an outline takes three
            self._touch(2, 1, 0)
            self._centre()
            for one, other in ((0, 1), (1, 2), (2, 0)):
                self._link(one, other)
        self.placed[0, :3], self.placed[1, :3] = self.x[:3], self.y[:3]

    @property
    def places(self) -> tuple[Array, Array]:
        """The places of the discs that were added."""
        return self.placed[0], self.placed[1]

    def add(self, disc: int) -> None:
        """Place a disc where the outline is nearest to the middle, and let it join the outline."""
        one, other = self._nearest()
        self._touch(disc, one, other)
        while not self._fits(disc):
            met, ahead = self._met(disc, one, other)
            if met == _GONE:  # it overlaps what was laid over: another gap will do
                one, other = self._nearest()
            elif ahead:
                self._drop(self.next[one], met)
                other = met
            else:
                self._drop(self.next[met], other)
                one = met
            self.next[one], self.before[other] = other, one
            self._touch(disc, one, other)
        self.placed[:2, disc] = self.x[disc], self.y[disc]
        self._link(one, disc)
        self._link(disc, other)

    def _centre(self) -> None:
        """Move the first three so that their common middle is where distances are counted from."""
        weights = [radius * radius for radius in self.radii[:3]]
        for places in (self.x, self.y):
            middle = sum(map(mul, weights, places)) / sum(weights)
            places[:3] = [place - middle for place in places[:3]]

    def _link(self, one: int, other: int) -> None:
        """Let a disc follow another in the outline, and note the gap between the two."""
        self.next[one], self.before[other] = other, one
        near, far = self.radii[one], self.radii[other]
        right = (self.x[one] * far + self.x[other] * near) / (near + far)
        down = (self.y[one] * far + self.y[other] * near) / (near + far)
        heappush(self.gaps, (right * right + down * down, one, other))

    def _nearest(self) -> tuple[int, int]:
        """Return the two neighbours of the outline between which it is nearest to the middle."""
        while True:
            _, one, other = heappop(self.gaps)
            if self.next[one] == other:
                return one, other

    def _drop(self, disc: int, end: int) -> None:
        """Take a stretch of the outline out of it, up to a disc that stays."""
        while disc != end:
            self.next[disc], disc = _GONE, self.next[disc]

    def _touch(self, disc: int, one: int, other: int) -> None:
        """Place a disc so that it touches two others, outside of the outline that they are of."""
        x, y, radii = self.x, self.y, self.radii
        right, down = x[other] - x[one], y[other] - y[one]
        apart = right * right + down * down
        near, far = (radii[one] + radii[disc]) ** 2, (radii[other] + radii[disc]) ** 2
        along = (apart + near - far) / (2 * apart)
        aside = sqrt(max(0.0, near / apart - along * along))
        x[disc] = x[one] + along * right + aside * down
        y[disc] = y[one] + along * down - aside * right

    def _fits(self, disc: int) -> bool:
        """Tell whether a disc overlaps none of those before it."""
        x, y, radii = self.placed[:, :disc]
        right, down, reach = x - self.x[disc], y - self.y[disc], radii + self.radii[disc]
        return bool((right * right + down * down >= reach * reach * (1 - _SLACK)).all())

    def _met(self, disc: int, one: int, other: int) -> tuple[int, bool]:
        """Return the disc of the outline that a new one overlaps, and whether it lies ahead.

        The outline is walked both ways round from the gap, and what is nearer is looked at first.
        """
        radii, after, before = self.radii, self.next, self.before
        ahead, back = after[other], before[one]
        way_ahead, way_back = radii[other], radii[one]
        last = False
        while not last:
            last = ahead == back
            if way_ahead <= way_back:
                if self._overlap(ahead, disc):
                    return ahead, True
                way_ahead += radii[ahead]
                ahead = after[ahead]
            else:
                if self._overlap(back, disc):
                    return back, False
                way_back += radii[back]
                back = before[back]
        return _GONE, False

    def _overlap(self, one: int, other: int) -> bool:
        reach = self.radii[one] + self.radii[other]
        right, down = self.x[one] - self.x[other], self.y[one] - self.y[other]
        return right * right + down * down < reach * reach * (1 - _SLACK)


def _rings(radii: Array, inside: float) -> tuple[Array, Array, float]:
    """Return places for discs around a circle, ring by ring, and the radius of the last ring."""
    x, y = np.empty(len(radii)), np.empty(len(radii))
    start, turn = 0, 0.0
    while start < len(radii):
        # As many as a ring may hold, were they all as small as can be; the widest decides.
        ahead = radii[start : start + int(4 * (inside / radii[start] + 2))]
        widest = float(ahead.max())
        middle = inside + widest
        widths = 2 * np.arcsin(ahead / middle)
        ends = np.cumsum(widths)
        count = max(1, int(np.searchsorted(ends, 2 * np.pi, side="right")))
        gap = (2 * np.pi - ends[count - 1]) / count
        angles = turn + ends[:count] - widths[:count] / 2 + gap * np.arange(count)
        x[start : start + count] = middle * np.cos(angles)
        y[start : start + count] = middle * np.sin(angles)
        inside += 2 * widest
        start, turn = start + count, turn + GOLDEN_ANGLE
    return x, y, inside
