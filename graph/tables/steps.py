"""The steps of lineage out of the table of derivations."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

import numpy as np

from graph.model.arrays import Array, distinct
from graph.model.records import Relation
from graph.model.relations import DERIVATIONS
from graph.tables.schema import RELATIONS, UNKNOWN, Tables, numbers_of

__all__ = ["Steps", "ancestry", "steps"]


class Steps(NamedTuple):
    """Steps from a child to a parent by a relation, a place in ``RELATIONS``, each once."""

    child: Array
    parent: Array
    relation: Array


def ancestry(tables: Tables) -> Steps:
    """Return the steps that make ancestors."""
    return steps(tables, DERIVATIONS)


def steps(tables: Tables, relations: Collection[Relation]) -> Steps:
    """Return the steps of some relations, sorted by child, parent and relation."""
    child, parent, relation = (
        numbers_of(tables.derivations, name) for name in ("child", "parent", "relation")
    )
    wanted = np.array([one in relations for one in RELATIONS])
    chosen = (parent != UNKNOWN) & wanted[relation]
    size, many = max(1, len(tables)), len(RELATIONS)
    pairs = child[chosen].astype(np.int64) * size + parent[chosen]
    keys = distinct(pairs * many + relation[chosen])
    pairs = keys // many
    return Steps(pairs // size, pairs % size, keys % many)
