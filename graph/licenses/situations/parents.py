"""Who was made from what, as compressed rows of numbers: the lineage as the rules see it."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from graph.licenses.topological_order import ancestors_first
from graph.licenses.views import is_declared
from graph.model.arrays import Array
from graph.tables.schema import RELATIONS, SOURCES, UNKNOWN, Tables, numbers_of

__all__ = ["HOWS", "Parents", "ancestors", "parents_of"]

HOWS = tuple((relation, declared) for relation in RELATIONS for declared in (False, True))
"""How a step leads up: by which relation, and whether anybody declared it."""

_DECLARED = np.array(
    [
        [
            is_declared(
                relation, tuple(one for place, one in enumerate(SOURCES) if bits >> place & 1)
            )
            for bits in range(1 << len(SOURCES))
        ]
        for relation in RELATIONS
    ]
)


class Parents(NamedTuple):
    """The steps up from each repository: those of ``n`` lie from ``starts[n]`` to ``ends[n]``.

    They are in the order of the parents' kinds, then ids; ``hows`` are places in ``HOWS``.
    """

    derived: Array
    starts: array[int]
    ends: array[int]
    parents: array[int]
    hows: array[int]

    def ancestors_first(self) -> Iterator[list[int]]:
        """Yield every repository that has parents after them, those of a cycle together."""
        is_derived = np.zeros(len(self.starts), np.bool_)
        is_derived[self.derived] = True
        above = np.asarray(self.parents)
        deep = is_derived[above]
        counts = np.concatenate([[0], np.cumsum(deep)])
        first, last = np.asarray(self.starts)[self.derived], np.asarray(self.ends)[self.derived]
        is_deep = counts[last] > counts[first]
        yield from ([number] for number in self.derived[~is_deep].tolist())
        rows = zip(
            *(column[is_deep].tolist() for column in (self.derived, first, last)), strict=True
        )
        yield from ancestors_first({n: self.parents[start:end] for n, start, end in rows})


def parents_of(tables: Tables, wanted: Array) -> Parents:
    """Return the steps up from the repositories that are flagged as wanted; none is its own."""
    table, count = tables.derivations, len(tables)
    children, parents = numbers_of(table, "child"), numbers_of(table, "parent")
    rows = np.flatnonzero((parents != UNKNOWN) & (parents != children) & wanted[children])
    children, parents = children[rows], parents[rows]
    relations, sources = numbers_of(table, "relation")[rows], numbers_of(table, "sources")[rows]
    hows = relations.astype(np.int64) * 2 + _DECLARED[relations, sources]
    kinds = numbers_of(tables.repositories, "kind")[parents]
    order = np.lexsort((hows, parents, kinds, children))
    ends = np.cumsum(np.bincount(children, minlength=count))
    starts = np.concatenate([[0], ends[:-1]]) if count else ends
    return Parents(
        np.unique(children),
        *(_compact(column) for column in (starts, ends, parents[order], hows[order])),
    )


def ancestors(tables: Tables, numbers: Array) -> Array:
    """Flag repositories and all that they were made from."""
    flags = np.zeros(len(tables), np.bool_)
    flags[numbers] = True
    children = numbers_of(tables.derivations, "child")
    parents = numbers_of(tables.derivations, "parent")
    starts = np.searchsorted(children, np.arange(len(tables) + 1))
    level = np.asarray(numbers)
    while len(level):
        counts = starts[level + 1] - starts[level]
        offsets = np.repeat(starts[level] - (np.cumsum(counts) - counts), counts)
        found = np.unique(parents[offsets + np.arange(len(offsets))])
        level = found[(found != UNKNOWN) & ~flags[found]]
        flags[level] = True
    return flags


def _compact(column: Array) -> array[int]:
    return array("i", column.astype(np.int32).tobytes())
