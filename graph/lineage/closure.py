"""The ancestor closure: who was made from whom over any number of steps, worked out with arrays.

``remix:ancestor`` says in one triple what ``prov:wasDerivedFrom+`` has to walk for. The walk goes
level by level and never twice to the same pair, so it ends where there are cycles. A repository
is not its own ancestor, also where a cycle leads back to it; so says the ontology.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

__all__ = ["FREE_PAIRS", "Groups", "Ints", "Pairs", "ancestor_closure", "most_pairs"]

Ints: TypeAlias = NDArray[np.int64]

FREE_PAIRS = 100_000
"""How many pairs the closure of the smallest graph may have, whatever its shape."""

_RELATIONS = 32  # how many relations have room in a key beside a pair


class Pairs(NamedTuple):
    """Every descendant with every ancestor of its, ordered by ancestor, then descendant.

    ``distance`` counts the steps of the shortest way between the two, ``relation`` is the first of
    the relations with which the descendant ends such a way. ``depth`` is None where all pairs are
    there, else the distance up to which they are.
    """

    descendant: Ints
    ancestor: Ints
    distance: Ints
    relation: Ints
    depth: int | None = None


class Groups:
    """Values by key, for keys counted from zero: a table that many look-ups are made in at once."""

    def __init__(self, keys: Ints, values: Ints, size: int) -> None:
        order = np.argsort(keys, kind="stable")
        self.values = values[order]
        self.order = order
        self._starts = np.searchsorted(keys[order], np.arange(size + 1))

    def take(self, keys: Ints) -> tuple[Ints, Ints]:
        """Return the places of the values of all these keys, each with the place of its key.

        >>> groups = Groups(np.array([0, 0, 2]), np.array([7, 8, 9]), 3)
        >>> owner, place = groups.take(np.array([2, 0]))
        >>> owner.tolist(), groups.values[place].tolist()
        ([0, 1, 1], [9, 7, 8])
        """
        counts = self.counts(keys)
        owner = np.repeat(np.arange(len(keys)), counts)
        before = np.repeat(np.cumsum(counts) - counts, counts)
        return owner, np.arange(len(owner)) - before + np.repeat(self._starts[keys], counts)

    def counts(self, keys: Ints) -> Ints:
        """Return how many values each of these keys has."""
        return self._starts[keys + 1] - self._starts[keys]


def most_pairs(steps: int) -> int:
    """Return how many pairs a closure may have: real lineages have six times their steps at most.

    A chain of 100,000 would have five thousand million, and a graph may be made to be that.
    """
    return FREE_PAIRS + 20 * steps


def ancestor_closure(
    child: Ints, parent: Ints, relation: Ints, size: int, *, most: int | None = None
) -> Pairs:
    """Return the closure of steps between repositories that are numbered from zero to ``size``.

    Where it would have more pairs than ``most`` (by default ``most_pairs``), it ends at the last
    distance that fits, and says so.

    >>> pairs = ancestor_closure(*np.array([[0, 1, 2], [1, 2, 0], [0, 0, 0]]), 3)
    >>> list(zip(pairs.descendant.tolist(), pairs.ancestor.tolist(), pairs.distance.tolist()))
    [(1, 0, 2), (2, 0, 1), (0, 1, 1), (2, 1, 2), (0, 2, 2), (1, 2, 1)]
    """
    below = Groups(parent, child, size)
    ranks = relation[below.order]
    reached = _Reached()
    levels: list[tuple[Ints, Ints]] = []
    left = most_pairs(len(child)) if most is None else most
    keys, ends = _distinct(parent * size + child, relation, size)
    while len(keys := reached.add(keys, ends)):
        levels.append((keys, ends := reached.ends))
        left -= len(keys)
        if below.counts(keys % size).sum() > left:
            return _pairs(levels, size, len(levels))
        owner, place = below.take(keys % size)
        keys, ends = _distinct(keys[owner] // size * size + below.values[place], ranks[place], size)
    return _pairs(levels, size, None)


class _Reached:
    """The pairs that were reached: sorted runs, each longer than all after it together."""

    def __init__(self) -> None:
        self.ends = np.empty(0, np.int64)
        self._runs: list[Ints] = []

    def add(self, keys: Ints, ends: Ints) -> Ints:
        """Add sorted keys and return those that are new; ``ends`` is then what belongs to them."""
        new = np.ones(len(keys), bool)
        for run in self._runs:
            place = np.minimum(np.searchsorted(run, keys), len(run) - 1)
            new &= run[place] != keys
        keys, self.ends = keys[new], ends[new]
        if len(keys):
            self._runs.append(keys)
        while len(self._runs) > 1 and len(self._runs[-2]) < 2 * len(self._runs[-1]):
            last = self._runs.pop()
            self._runs[-1] = np.sort(np.concatenate([self._runs[-1], last]), kind="stable")
        return keys


def _distinct(keys: Ints, relation: Ints, size: int) -> tuple[Ints, Ints]:
    """Return the pairs of two, sorted and each once, with the first relation of each."""
    two = keys // size != keys % size if size else np.empty(0, bool)
    ranked = np.sort(keys[two] * _RELATIONS + relation[two])
    keys = ranked // _RELATIONS
    first = np.ones(len(keys), bool)
    first[1:] = keys[1:] != keys[:-1]
    return keys[first], (ranked % _RELATIONS)[first]


def _pairs(levels: Iterable[tuple[Ints, Ints]], size: int, depth: int | None) -> Pairs:
    found = [
        np.stack([keys, np.full(len(keys), distance), ends])
        for distance, (keys, ends) in enumerate(levels, 1)
    ]
    if not found:
        return Pairs(*np.empty((4, 0), np.int64))
    keys, distance, relation = np.concatenate(found, axis=1)
    order = np.argsort(keys, kind="stable")
    keys = keys[order]
    return Pairs(keys % size, keys // size, distance[order], relation[order], depth)
