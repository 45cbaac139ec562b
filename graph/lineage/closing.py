"""The ancestor closure of a graph as lines: what SPARQL then finds in one step.

``remix:ancestor`` joins a repository with all that it was made from, ``remix:inheritedLicense``
with what these resolve to. After a change only the pairs that came or went become lines.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graph.lineage.closure import Groups, Pairs, ancestor_closure
from graph.model import vocabulary as v
from graph.model.arrays import Array
from graph.model.licenses import licenses
from graph.rdf import terms
from graph.tables.lines import Lines, join, subjects, taken
from graph.tables.schema import UNKNOWN, Tables, codes_of, numbers_of, words_of
from graph.tables.steps import ancestry
from graph.tables.uniting import keys_of

__all__ = ["Closure"]

_BATCH = 1_000_000  # lines that are one array: Arrow's texts end at two gigabytes


class _Joined(NamedTuple):
    """Repositories, each with something that a property joins it with, by their numbers."""

    predicate: str
    repositories: Array
    others: Array


class Closure:
    """Every repository with every ancestor of its, and with the licences that these resolve to."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables

    @cached_property
    def pairs(self) -> Pairs:
        """Every descendant with every ancestor, by their numbers."""
        steps = ancestry(self.tables)
        return ancestor_closure(steps.child, steps.parent, steps.relation, len(self.tables))

    def lines(self) -> Iterator[Lines]:
        """Yield a line for each ancestor and each inherited licence of each repository."""
        for joined in (self._ancestors, self._inherited):
            for start in range(0, len(joined.repositories), _BATCH):
                part = slice(start, start + _BATCH)
                yield self._lines(joined, joined.repositories[part], joined.others[part])

    def differences(self, before: Closure) -> tuple[list[Lines], list[Lines]]:
        """Return the lines that ``before`` has and this has not, and the other way round."""
        moved = pc.fill_null(
            pc.index_in(keys_of(before.tables), keys_of(self.tables)), UNKNOWN
        ).to_numpy()
        words = [
            self._words.index(word) if word in self._words else UNKNOWN for word in before._words
        ]
        gone, new = [], []
        for old, now, others in (
            (before._ancestors, self._ancestors, moved),
            (before._inherited, self._inherited, np.array([*words, UNKNOWN], np.int64)),
        ):
            many = max(len(self.tables), len(self._words), 1)
            kept = moved[old.repositories] * np.int64(many) + others[old.others]
            kept[(moved[old.repositories] == UNKNOWN) | (others[old.others] == UNKNOWN)] = UNKNOWN
            here = now.repositories * np.int64(many) + now.others
            lost, found = ~np.isin(kept, here), ~np.isin(here, kept)
            gone.append(before._lines(old, old.repositories[lost], old.others[lost]))
            new.append(self._lines(now, now.repositories[found], now.others[found]))
        return gone, new

    @cached_property
    def _subjects(self) -> pa.Array:
        return subjects(self.tables)

    @cached_property
    def _words(self) -> list[str]:
        return words_of(self.tables.licenses, "license")

    @property
    def _ancestors(self) -> _Joined:
        return _Joined(v.REMIX.ancestor, self.pairs.descendant, self.pairs.ancestor)

    @cached_property
    def _inherited(self) -> _Joined:
        table = self.tables.licenses
        owners, codes = numbers_of(table, "repository"), codes_of(table, "license")
        resolved = codes != UNKNOWN
        by_repository = Groups(owners[resolved], codes[resolved], len(self.tables))
        owner, place = by_repository.take(self.pairs.ancestor)
        many = max(1, len(self._words))
        keys = np.unique(self.pairs.descendant[owner] * many + by_repository.values[place])
        return _Joined(v.REMIX.inheritedLicense, keys // many, keys % many)

    def _lines(self, joined: _Joined, repositories: Array, others: Array) -> Lines:
        terms_of = self._subjects if joined.predicate == v.REMIX.ancestor else self._licenses
        return join(taken(self._subjects, repositories), joined.predicate, taken(terms_of, others))

    @cached_property
    def _licenses(self) -> pa.Array:
        return pa.array([terms.iri(licenses()[word].iri) for word in self._words], pa.string())
