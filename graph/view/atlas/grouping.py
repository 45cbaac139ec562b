"""What the points of the atlas are grouped by: one group for each point, and what the groups are.

The points of all groups together are all points; what stands alone has none, and is counted apart.
A group is a key; who draws it gives it words and a colour.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import StrEnum
from typing import NamedTuple

import numpy as np

from graph.licenses.classes import LICENSE_CLASSES, NO_LICENSE, class_of_keys
from graph.lineage.adjacency import BITS, Bits, mask
from graph.lineage.index import LineageIndex
from graph.model.arrays import Array
from graph.model.records import Relation
from graph.model.relations import DERIVATIONS
from graph.tables.codes import UNKNOWN

__all__ = [
    "MOST_HALVES",
    "MOST_TASKS",
    "NONE",
    "REST",
    "UNTIL",
    "GroupBy",
    "Grouping",
    "group_points",
    "month_name",
    "months_of",
    "read_month",
]

NONE, REST = "", "*"
"""The groups of what has no value, and of all values that are too rare for a group of their own."""

UNTIL = ".."
"""Stands before the first half-year where its group has all that is older, too."""

MOST_TASKS = 8
"""As many tasks as have a group of their own."""

MOST_HALVES = 10
"""As many half-years as have a group of their own."""

_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")
_PRECEDENCE = sorted(DERIVATIONS, key=lambda relation: relation is Relation.UNSPECIFIED)
"""Of several relations the first counts; what says least comes last."""


class GroupBy(StrEnum):
    """What the groups of an atlas tell apart."""

    LICENSE = "licence"
    TASK = "task"
    RELATION = "relation"
    MONTH = "month"


class Grouping(NamedTuple):
    """The groups in the order of a legend, and for each point the place of its own among them.

    Keys are those of ``LICENSE_CLASSES``; names of tasks, then ``REST`` and ``NONE``; ``NONE`` for
    roots, then words of ``Relation``; half-years such as ``2024-H1``, then ``NONE``.
    """

    groups: tuple[str, ...]
    codes: Array


def group_points(index: LineageIndex, nodes: Array, by: GroupBy) -> Grouping:
    """Return the groups of some nodes, such as the points of an atlas."""
    return _GROUPINGS[by](index, nodes)


def months_of(index: LineageIndex, nodes: Array) -> Array:
    """Return the months in which nodes were created, counted from 1970; 0 where nobody knows."""
    created = index.created[nodes]
    months = created.astype("datetime64[M]").astype(np.int64)
    return np.where(np.isnat(created), 0, months).astype(np.int16)


def month_name(month: int) -> str:
    """Return a month that is counted from 1970 as it is written.

    >>> month_name(652)
    '2024-05'
    """
    return str(np.datetime64(month, "M"))


def read_month(text: str) -> int | None:
    """Return a month as counted from 1970; None for what is no month.

    >>> read_month("2024-05"), read_month("soon")
    (652, None)
    """
    if not _MONTH.fullmatch(text):
        return None
    return int(np.datetime64(text, "M").astype(np.int64))


def _by_license(index: LineageIndex, nodes: Array) -> Grouping:
    groups = tuple(entry.key for entry in LICENSE_CLASSES)
    table = [groups.index(class_of_keys(keys).key) for keys in index.manifest.licenses]
    table.append(groups.index(NO_LICENSE.key))  # found by -1
    return Grouping(groups, np.array(table, np.uint8)[index.licenses[nodes]])


def _by_task(index: LineageIndex, nodes: Array) -> Grouping:
    """Give the most frequent tasks a group each; several tasks of one node are none of them."""
    names = index.manifest.tasks
    codes = index.tasks[nodes]
    counts = np.bincount(codes[codes != UNKNOWN], minlength=len(names))
    frequent = [
        code
        for code in np.argsort(-counts, kind="stable").tolist()
        if counts[code] and ", " not in names[code]
    ][:MOST_TASKS]
    table = np.full(len(names) + 1, len(frequent), np.uint8)
    table[frequent] = np.arange(len(frequent))
    table[UNKNOWN] = len(frequent) + 1
    return Grouping((*(names[code] for code in frequent), REST, NONE), table[codes])


def _by_relation(index: LineageIndex, nodes: Array) -> Grouping:
    children, parents, bits = index.up.all()
    joined = (children != parents) & (bits & mask(DERIVATIONS) != 0)
    met = np.zeros(len(index), Bits)
    np.bitwise_or.at(met, children[joined], bits[joined])
    codes = np.zeros(len(nodes), np.uint8)
    for place, relation in reversed(list(enumerate(_PRECEDENCE, 1))):
        codes[met[nodes] & BITS[relation] != 0] = place
    return Grouping((NONE, *_PRECEDENCE), codes)


def _by_month(index: LineageIndex, nodes: Array) -> Grouping:
    months = months_of(index, nodes).astype(np.int64)
    halves = np.where(months == 0, UNKNOWN, months // 6)
    dated = halves[halves != UNKNOWN]
    if not len(dated):
        dated = np.zeros(1, np.int64)
    last = int(dated.max())
    first = max(int(dated.min()), last - MOST_HALVES + 1)
    groups = [f"{1970 + half // 2}-H{half % 2 + 1}" for half in range(first, last + 1)]
    if (dated < first).any():
        groups[0] = UNTIL + groups[0]
    codes = np.where(halves == UNKNOWN, len(groups), np.maximum(halves - first, 0))
    return Grouping((*groups, NONE), codes.astype(np.uint8))


_GROUPINGS: dict[GroupBy, Callable[[LineageIndex, Array], Grouping]] = {
    GroupBy.LICENSE: _by_license,
    GroupBy.TASK: _by_task,
    GroupBy.RELATION: _by_relation,
    GroupBy.MONTH: _by_month,
}
