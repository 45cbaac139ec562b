"""Oligopoly, or power to the people? How remixing is shared out among owners, month by month.

Plain arrays in, frozen rows out. docs/statistics.md has every definition with its formula and
caveats. The month of a step is that of its child; a step that leads from an owner's repository to
another of the same owner counts in all figures but those named ``crossing``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import msgspec
import numpy as np

from graph.model.arrays import Array, distinct

__all__ = ["TOPS", "Activity", "Concentration", "Month", "concentration", "participation"]

TOPS = (1, 5, 10)
"""How many of the greatest base owners a share is told of."""

_SECOND_HAND = 2  # the depth from which on a derivative was made from a derivative


class Concentration(msgspec.Struct, frozen=True, kw_only=True):
    """How steps, or derivatives, are shared out among owners; ``total`` is how many there are.

    ``top_1`` is the share of the greatest owner, ``top_5`` and ``top_10`` those of the greatest
    five and ten; ``herfindahl`` is the sum of squared shares, ``effective_owners`` its reciprocal:
    as many owners of equal size would give the same. All are None where there is nothing.
    """

    total: int
    owners: int
    top_1: float | None = None
    top_5: float | None = None
    top_10: float | None = None
    herfindahl: float | None = None
    effective_owners: float | None = None


class Month(msgspec.Struct, frozen=True, kw_only=True):
    """What was made in a month; ``month`` is None for all months together.

    ``derivatives`` are the models of the month that were made from another; ``cross_owner`` is the
    share of their steps that leads to another owner. ``bases`` shares all these steps out by what
    they lead to, ``crossing`` those to other owners, ``origins`` the derivatives by their nearest
    roots. Shares are None where nothing is shared.
    """

    month: str | None
    models: int
    derivatives: int
    derivative_share: float | None
    remixers: int
    bases: Concentration
    crossing: Concentration
    origins: Concentration
    cross_owner: float | None
    ownerless: float | None
    licensed: int
    permissive: float | None
    naming_data: int
    open_data: float | None
    mean_depth: float | None
    greatest_depth: int
    second_hand: float | None


class Activity(NamedTuple):
    """Models with what is known of each, and the steps that lead from them to their parents.

    For each node: its ``month`` (NaT where it has none), the number of its ``owner``, whether that
    is the name of the repository itself (``is_ownerless``), its ``depth``, the node that is its
    ``origin``, the nearest root (-1 where it has none); and whether it
    ``is_model`` (of this graph), ``is_licensed``, ``is_permissive``, ``names_data``,
    ``has_open_data``. ``child`` and ``parent`` are nodes, each pair once, never the same, and
    ``relations`` the bits of the relations between the two.
    """

    month: Array
    owner: Array
    is_ownerless: Array
    depth: Array
    origin: Array
    is_model: Array
    is_licensed: Array
    is_permissive: Array
    names_data: Array
    has_open_data: Array
    child: Array
    parent: Array
    relations: Array


def participation(
    activity: Activity, *, first: str | None = None, last: str | None = None
) -> list[Month]:
    """Return a row for each month with a model, and one for all of them as the last.

    ``first`` and ``last``, such as "2024-07", leave out what is earlier and later.
    """
    month = activity.month
    chosen = activity.is_model & ~np.isnat(month)
    if first is not None:
        chosen &= month >= np.datetime64(first, "M")
    if last is not None:
        chosen &= month <= np.datetime64(last, "M")
    models, steps = np.flatnonzero(chosen), np.flatnonzero(chosen[activity.child])
    of_models, of_steps = month[models], month[activity.child[steps]]
    every = distinct(of_models)
    groups = _groups(models, of_models, every), _groups(steps, of_steps, every)
    rows = [
        _month(activity, str(one), of_month, steps_of_month)
        for one, of_month, steps_of_month in zip(every, *groups, strict=True)
    ]
    return [*rows, _month(activity, None, models, steps)]


def _groups(values: Array, keys: Array, every: Array) -> Iterator[Array]:
    """Yield the values of each key, the keys being some of ``every``, which are sorted."""
    order = np.argsort(keys, kind="stable")
    if len(every):
        yield from np.split(values[order], np.searchsorted(keys[order], every[1:]))


def concentration(owners: Array) -> Concentration:
    """Return how steps are shared out, given the owner that each of them leads to.

    >>> concentration(np.array([7, 7, 7, 2])).herfindahl
    0.625
    """
    counts = np.sort(np.unique(owners, return_counts=True)[1])[::-1]
    total = len(owners)
    if not total:
        return Concentration(total=0, owners=0)
    squares = int((counts * counts).sum())
    top_1, top_5, top_10 = (int(counts[:top].sum()) / total for top in TOPS)
    return Concentration(
        total=total,
        owners=len(counts),
        top_1=top_1,
        top_5=top_5,
        top_10=top_10,
        herfindahl=squares / total**2,
        effective_owners=total**2 / squares,
    )


def _month(activity: Activity, name: str | None, models: Array, steps: Array) -> Month:
    child, parent = activity.child[steps], activity.parent[steps]
    derivatives = distinct(child)
    to = activity.owner[parent]
    crosses = activity.owner[child] != to
    depths, origins = activity.depth[derivatives], activity.origin[derivatives]
    licensed = models[activity.is_licensed[models]]
    naming = models[activity.names_data[models]]
    return Month(
        month=name,
        models=len(models),
        derivatives=len(derivatives),
        derivative_share=_share(len(derivatives), len(models)),
        remixers=len(distinct(activity.owner[derivatives])),
        bases=concentration(to),
        crossing=concentration(to[crosses]),
        origins=concentration(activity.owner[origins[origins >= 0]]),
        cross_owner=_part(crosses),
        ownerless=_part(activity.is_ownerless[parent]),
        licensed=len(licensed),
        permissive=_part(activity.is_permissive[licensed]),
        naming_data=len(naming),
        open_data=_part(activity.has_open_data[naming]),
        mean_depth=_share(int(depths.sum()), len(depths)),
        greatest_depth=int(depths.max(initial=0)),
        second_hand=_part(depths >= _SECOND_HAND),
    )


def _part(is_so: Array) -> float | None:
    return _share(int(np.count_nonzero(is_so)), len(is_so))


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
