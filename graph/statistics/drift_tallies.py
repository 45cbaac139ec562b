"""Licence drift of a whole graph out of its index: the steps of ``drift``, counted by arrays.

What a repository declares is in the index wherever the Hub has a name for it. The rest, a few in a
hundred, is read from the store, and comes to the same as in ``drift``. So the count takes a
second where the steps one by one take a minute; a test holds that both agree.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from importlib.resources import files
from typing import NamedTuple

import numpy as np
import pyoxigraph as ox

from graph.lineage.adjacency import BITS, mask
from graph.lineage.index import LineageIndex
from graph.model.arrays import Array
from graph.model.records import ClaimSource, LicenseDeclaration, Relation
from graph.model.relations import TYPED_RELATIONS
from graph.statistics.drift import NOTHING, RELATIONS, Drift, Outcome, compare, label
from graph.store.lineage_graph import LineageGraph
from graph.tables.codes import UNKNOWN

__all__ = ["Tally", "by_month", "matrix", "tally"]

_NO_MONTH = "unknown"


class Tally(NamedTuple):
    """How many steps there are with a relation, two licences, and a month."""

    relation: Relation
    parent: str
    child: str
    month: str
    steps: int

    @property
    def outcome(self) -> Outcome:
        """What became of the parent's licence."""
        return compare(self.parent, self.child)


def tally(graph: LineageGraph, index: LineageIndex) -> list[Tally]:
    """Count the steps of a graph, sorted by relation, licences and month."""
    words, labels = _labels(graph, index)
    months, born = _months(index)
    found: list[Tally] = []
    for relation, child, parent in _steps(index):
        rows = np.stack([labels[parent], labels[child], born[child]])
        keys, counts = np.unique(rows, axis=1, return_counts=True)
        for (before, after, month), count in zip(keys.T.tolist(), counts.tolist(), strict=True):
            found.append(Tally(relation, words[before], words[after], months[month], count))
    return sorted(found)


def by_month(tallies: Iterable[Tally]) -> list[Drift]:
    """Return the outcomes in each month, the months in order."""
    groups: dict[str, Counter[Outcome]] = defaultdict(Counter)
    for one in tallies:
        groups[one.month][one.outcome] += one.steps
    return [Drift(month, groups[month]) for month in sorted(groups)]


def matrix(tallies: Iterable[Tally]) -> Counter[tuple[str, str]]:
    """Return how many steps lead from a parent's licence to a child's."""
    counts: Counter[tuple[str, str]] = Counter()
    for one in tallies:
        counts[one.parent, one.child] += one.steps
    return counts


def _steps(index: LineageIndex) -> Iterable[tuple[Relation, Array, Array]]:
    """Yield the steps between what is known, by relation: the children and the parents."""
    links = index.up.all()
    inside = index.known[links.origins] & index.known[links.ends] & (links.origins != links.ends)
    origins, ends, bits = (column[inside] for column in links)
    is_twin = (bits & mask(TYPED_RELATIONS)) != 0
    for relation in RELATIONS:
        chosen = (bits & BITS[relation]) != 0
        if relation is Relation.UNSPECIFIED:
            chosen &= ~is_twin
        yield relation, origins[chosen], ends[chosen]


def _months(index: LineageIndex) -> tuple[list[str], Array]:
    """Return the names of the months, and the place of everyone's among them."""
    months, places = np.unique(index.created.astype("datetime64[M]"), return_inverse=True)
    return [_NO_MONTH if np.isnat(one) else str(one) for one in months], places


def _labels(graph: LineageGraph, index: LineageIndex) -> tuple[list[str], Array]:
    """Return words for what is declared, and for everyone the place of theirs."""
    words: dict[str, int] = {}
    combinations = [label(_declared(keys)) for keys in index.manifest.licenses]
    places = [words.setdefault(word, len(words)) for word in (*combinations, NOTHING)]
    codes = np.where(index.licenses == UNKNOWN, len(combinations), index.licenses)
    labels = np.array(places, np.int64)[codes]
    for number, claims in _unresolved(graph, index).items():
        resolved = _declared(index.license_of(number) or "")
        word = label((*claims, *resolved))
        labels[number] = words.setdefault(word, len(words))
    return list(words), labels


def _declared(keys: str) -> tuple[LicenseDeclaration, ...]:
    """Return declarations of licences as the index names them: their keys, with commas between."""
    return tuple(
        LicenseDeclaration(declared=key, source=ClaimSource.CARD, license=key)
        for key in keys.split(", ")
        if key
    )


def _unresolved(graph: LineageGraph, index: LineageIndex) -> dict[int, list[LicenseDeclaration]]:
    """Return what is declared without a name on the Hub's list, by who declares it."""
    query = files(__package__).joinpath("unresolved.rq").read_text(encoding="utf-8")
    found = graph.store.query(query)
    assert isinstance(found, ox.QuerySolutions)  # noqa: S101 - it is a SELECT
    claims: dict[int, list[LicenseDeclaration]] = defaultdict(list)
    for row in found:
        repository, declared, name, link = (row[at] for at in range(4))
        number = index.number(repository.value)
        if number is not None:
            claims[number].append(
                LicenseDeclaration(
                    declared=declared.value,
                    source=ClaimSource.CARD,
                    name=name and name.value,
                    link=link and link.value,
                )
            )
    return claims
