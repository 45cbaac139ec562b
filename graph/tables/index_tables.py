"""What an index is made from, as columns: the repositories of a graph and the links between them.

A repository's row number is its number in the index: rows are sorted by id, then kind, which is
the order in which answers list repositories.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from graph.lineage.adjacency import Steps
from graph.model.records import Kind
from graph.store.arrays import Array

__all__ = ["KINDS", "NO_DATE", "UNKNOWN", "Tables", "sort_tables"]

KINDS = tuple(sorted(Kind))
"""The kinds in the order of their names; a kind's place is its code."""

NO_DATE = np.datetime64("NaT", "s")
UNKNOWN = -1
"""Stands for a number, a licence or a node that nobody knows."""


class Tables(NamedTuple):
    """The columns of the repositories, and the links between them.

    ``licenses`` are codes, places in ``license_keys``, and ``tasks`` are places in ``task_names``.
    ``lineage`` leads from the child to the parent, ``uses`` from a model or dataset to a Space that
    uses it.
    """

    ids: Sequence[str]
    kinds: Array
    known: Array
    created: Array
    downloads: Array
    licenses: Array
    license_keys: tuple[str, ...]
    tasks: Array
    task_names: tuple[str, ...]
    lineage: Steps
    uses: Steps


def sort_tables(tables: Tables) -> Tables:
    """Return the same tables with their rows in the order of the index."""
    by_kind = np.argsort(tables.kinds, kind="stable").tolist()
    rows = np.array(sorted(by_kind, key=tables.ids.__getitem__), np.int64)  # stable
    numbers = np.empty(len(rows), np.int32)
    numbers[rows] = np.arange(len(rows), dtype=np.int32)
    return tables._replace(
        ids=[tables.ids[row] for row in rows.tolist()],
        **{name: getattr(tables, name)[rows] for name in _COLUMNS},
        lineage=_renumber(tables.lineage, numbers),
        uses=_renumber(tables.uses, numbers),
    )


_COLUMNS = ("kinds", "known", "created", "downloads", "licenses", "tasks")


def _renumber(links: Steps, numbers: Array) -> Steps:
    return Steps(numbers[links.origins], numbers[links.ends], links.relations)
