"""Shares, distributions and rates: how a lineage is distributed, each figure one function.

Plain arrays in, plain values out, under the names of ``stats --json``. docs/statistics.md has the
definitions with their formulas and caveats.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

import numpy as np

from graph.lineage.adjacency import Steps
from graph.lineage.closure import Groups
from graph.model.arrays import Array
from graph.statistics.declared import Words

__all__ = ["Value", "change_rate", "distribution", "shares", "unknown_ends"]

Value: TypeAlias = "int | float | str | list[Value] | Mapping[str, Value] | None"
"""What one figure is in JSON."""


def shares(counts: Mapping[str, int]) -> dict[str, Value]:
    """Return each count as a part of their sum; nothing where the sum is zero.

    >>> shares({"merge": 3, "adapter": 1})
    {'merge': 0.75, 'adapter': 0.25}
    """
    whole = sum(counts.values())
    return {name: count / whole for name, count in counts.items()} if whole else {}


def distribution(values: Array) -> dict[str, Value]:
    """Return how often each value occurs, in the order of values, and what sums that up.

    >>> distribution(np.array([1, 1, 4]))
    {'count': 3, 'mean': 2.0, 'median': 1.0, 'max': 4, 'histogram': [[1, 2], [4, 1]]}
    """
    if not len(values):
        return {"count": 0, "mean": None, "median": None, "max": None, "histogram": []}
    found, counts = np.unique(values, return_counts=True)
    return {
        "count": len(values),
        "mean": float(values.mean()),
        "median": float(np.median(values)),
        "max": int(found[-1]),
        "histogram": np.stack([found, counts], axis=1).tolist(),
    }


def unknown_ends(month: Array, is_unknown: Array) -> list[Value]:
    """Return for each month how many links there are, and how many lead to what is only named.

    ``month`` is that of each link's child; links without one come last, under None.
    """
    dated = ~np.isnat(month)
    groups: list[tuple[str | None, Array]] = [
        (str(one), month == one) for one in np.unique(month[dated])
    ]
    if not dated.all():
        groups.append((None, ~dated))
    return [_unknown(name, is_unknown[chosen]) for name, chosen in groups]


def change_rate(links: Steps, words: Words, count: int) -> dict[str, Value]:
    """Return how often child and parent differ in their words, and how often only one has any.

    ``rate`` is the part that ``changed`` has in the links where both ends have words, ``declared``.
    """
    sizes = np.bincount(words.owner, minlength=count)
    child, parent = sizes[links.origins], sizes[links.ends]
    shared = _shared(links, words, count)
    both = (child > 0) & (parent > 0)
    changed = both & ((shared < child) | (shared < parent))
    return {
        "edges": len(both),
        "declared": _number(both),
        "changed": _number(changed),
        "rate": _number(changed) / _number(both) if both.any() else None,
        "narrowed": _number(changed & (shared == child)),
        "widened": _number(changed & (shared == parent)),
        "dropped": _number((parent > 0) & (child == 0)),
        "added": _number((child > 0) & (parent == 0)),
    }


def _shared(links: Steps, words: Words, count: int) -> Array:
    """Return for each link how many words its ends have in common; an owner has a word once."""
    place, at = (own := Groups(words.owner, words.word, count)).take(links.ends)
    many = max(1, len(words.words))
    wanted = links.origins[place].astype(np.int64) * many + own.values[at]
    is_shared = np.isin(wanted, words.owner * many + words.word)
    return np.bincount(place[is_shared], minlength=len(links.ends))


def _number(is_so: Array) -> int:
    return int(np.count_nonzero(is_so))


def _unknown(month: str | None, is_unknown: Array) -> dict[str, Value]:
    unknown = int(np.count_nonzero(is_unknown))
    edges = len(is_unknown)
    return {"month": month, "edges": edges, "unknown": unknown, "share": unknown / edges}
