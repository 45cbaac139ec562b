"""Licence transitions: from which licence to which the steps of a graph lead, counted once.

What a step is, and what becomes of a licence, ``drift`` says. Everything that is told of it
(``remixgraph drift``, the page, question 11) is a sum over these counts.
"""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple, Self

import numpy as np

from graph.lineage.index import LineageIndex
from graph.model.arrays import Array
from graph.model.records import Relation
from graph.model.relations import TYPED_RELATIONS
from graph.statistics.drift import STEPS, Drift, Outcome, compare
from graph.statistics.license_labels import license_labels
from graph.tables.schema import RELATIONS, Tables, dates_of, flags_of
from graph.tables.steps import Steps, steps

__all__ = ["NO_MONTH", "NO_ROOT", "Transitions", "transitions"]

NO_MONTH, NO_ROOT = "unknown", "no root"
"""What stands for the month of a child without a date, and the family of one without a root."""

_OUTCOMES = tuple(Outcome)


class Transitions(NamedTuple):
    """How many steps there are with a relation, two licences, a month and a family, sorted so.

    ``relation`` is a place in ``RELATIONS``; ``parent`` and ``child`` are places in ``labels``;
    ``family`` is the number of the child's nearest root, -1 where it has none.
    """

    labels: Array
    relation: Array
    parent: Array
    child: Array
    month: Array
    family: Array
    steps: Array

    def of(self, *, relation: Relation | None = None, family: int | None = None) -> Self:
        """Return only the steps of a relation, or in a family."""
        chosen = np.ones(len(self.steps), np.bool_)
        if relation is not None:
            chosen &= self.relation == RELATIONS.index(relation)
        if family is not None:
            chosen &= self.family == family
        return type(self)(self.labels, *(column[chosen] for column in self[1:]))

    def total(self) -> int:
        """Return how many steps there are."""
        return int(self.steps.sum())

    def by_relation(self) -> list[Drift]:
        """Return the outcomes of each relation, in the order of their names."""
        found = self._by(self.relation)
        rows = [Drift(RELATIONS[code].value, counts) for code, counts in found]
        return sorted(rows, key=lambda one: one.group)

    def by_month(self) -> list[Drift]:
        """Return the outcomes of each month in order, those without a month at the end."""
        found = self._by(self.month.astype("datetime64[M]").astype(np.int64))
        named = [(np.datetime64(month, "M"), counts) for month, counts in found]
        rows = [Drift(str(month), counts) for month, counts in named if not np.isnat(month)]
        return rows + [Drift(NO_MONTH, counts) for month, counts in named if np.isnat(month)]

    def by_family(self, index: LineageIndex) -> list[Drift]:
        """Return the outcomes in each family, by the id of its root: the largest first."""
        rows = [
            Drift(NO_ROOT if number < 0 else index.id(number), counts)
            for number, counts in self._by(self.family)
        ]
        return sorted(rows, key=lambda one: (-one.steps, one.group))

    def whole(self) -> Drift:
        """Return the outcomes of all steps."""
        found = self._by(np.zeros(len(self.steps), np.int64))
        return Drift("all", found[0][1] if found else Counter())

    def matrix(self) -> Counter[tuple[str, str]]:
        """Return how many steps lead from a parent's licence to a child's."""
        counts = Counter[tuple[str, str]]()
        for _, parent, child, count in self.rows():
            counts[parent, child] += count
        return counts

    def rows(self) -> list[tuple[Relation, str, str, int]]:
        """Return relation, licence of the parent, of the child, and how many steps, most first."""
        keys = np.stack([self.relation, self.parent, self.child]).astype(np.int64)
        found, counts = _sums(keys, self.steps)
        words = self.labels.tolist()
        rows = [
            (RELATIONS[relation], words[parent], words[child], count)
            for (relation, parent, child), count in zip(found.T.tolist(), counts, strict=True)
        ]
        return sorted(rows, key=lambda row: (STEPS.index(row[0]), -row[3], row[1], row[2]))

    def _by(self, groups: Array) -> list[tuple[int, Counter[Outcome]]]:
        """Return for each group how many of its steps have each outcome."""
        found, counts = _sums(np.stack([groups.astype(np.int64), self._outcomes()]), self.steps)
        rows: dict[int, Counter[Outcome]] = {}
        for (group, outcome), count in zip(found.T.tolist(), counts, strict=True):
            rows.setdefault(group, Counter())[_OUTCOMES[outcome]] = count
        return list(rows.items())

    def _outcomes(self) -> Array:
        """Return the place of each row's outcome."""
        words, many = self.labels.tolist(), max(1, len(self.labels))
        pairs, places = np.unique(self.parent * np.int64(many) + self.child, return_inverse=True)
        found = [compare(words[pair // many], words[pair % many]) for pair in pairs.tolist()]
        return np.array([_OUTCOMES.index(one) for one in found], np.int64)[places]


def transitions(tables: Tables, roots: Array) -> Transitions:
    """Count the steps of a graph; ``roots`` has for each repository the number of its family."""
    labels, licensed = license_labels(tables)
    child, parent, relation = _between_known(tables)
    months = dates_of(tables.repositories, "created").astype("datetime64[M]")
    columns = (relation, licensed[parent], licensed[child], months[child], roots[child])
    found, counts = _sums(np.stack([column.astype(np.int64) for column in columns]), None)
    return Transitions(
        labels=labels,
        relation=found[0].astype(np.uint8),
        parent=found[1].astype(np.int32),
        child=found[2].astype(np.int32),
        month=found[3].astype("datetime64[M]"),
        family=found[4].astype(np.int32),
        steps=np.array(counts, np.int64),
    )


def _between_known(tables: Tables) -> Steps:
    """Return the steps between two different repositories that are held, without untyped twins."""
    every, typed = steps(tables, STEPS), steps(tables, TYPED_RELATIONS)
    known = flags_of(tables.repositories, "known")
    inside = known[every.child] & known[every.parent] & (every.child != every.parent)
    untyped = every.relation == RELATIONS.index(Relation.UNSPECIFIED)
    size = max(1, len(tables))
    twin = untyped & np.isin(every.child * size + every.parent, typed.child * size + typed.parent)
    return Steps(*(column[inside & ~twin] for column in every))


def _sums(columns: Array, weights: Array | None) -> tuple[Array, list[int]]:
    """Return the different columns, sorted, and how often each occurs, or what it weighs."""
    order = np.lexsort(columns[::-1])
    ordered = columns[:, order]
    first = np.ones(len(order), np.bool_)
    first[1:] = (ordered[:, 1:] != ordered[:, :-1]).any(axis=0)
    starts = np.flatnonzero(first)
    each = np.ones(len(order), np.int64) if weights is None else weights[order]
    sums: list[int] = np.add.reduceat(each, starts).tolist() if len(starts) else []
    return ordered[:, starts], sums
