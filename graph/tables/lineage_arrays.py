"""The lineage of a whole store as arrays: what its closure is worked out from.

A repository that has a parent or a child gets a number; its name is its IRI. The others play no
part in lineage and have none.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyoxigraph as ox

from graph.lineage.closure import Groups, Ints, Pairs, ancestor_closure
from graph.tables.columns import read_columns

__all__ = ["LineageArrays", "read_lineage"]


class Words(NamedTuple):
    """What repositories have, in words: ``owner`` has the word at the place ``word``."""

    owner: Ints
    word: Ints
    words: list[str]


@dataclass(frozen=True)
class LineageArrays:
    """The steps of lineage, each once, and the licences that are declared at their ends."""

    names: list[str]
    child: Ints
    parent: Ints
    relation: Ints
    licenses: Words

    @cached_property
    def pairs(self) -> Pairs:
        """The ancestor closure."""
        return ancestor_closure(self.child, self.parent, self.relation, len(self.names))

    @cached_property
    def _by_name(self) -> pa.Array:
        return pa.array(self.names, pa.string())

    def numbers(self, iris: Collection[str]) -> Ints:
        """Return the numbers of those repositories that have one."""
        found = pc.index_in(pa.array(sorted(iris), pa.string()), self._by_name)
        return _ints(found.drop_null())

    def inherited(self) -> tuple[Ints, Ints]:
        """Return repositories, each with a licence that an ancestor of its resolves to."""
        by_repository = Groups(self.licenses.owner, self.licenses.word, len(self.names))
        owner, place = by_repository.take(self.pairs.ancestor)
        many = max(1, len(self.licenses.words))
        keys = np.unique(self.pairs.descendant[owner] * many + by_repository.values[place])
        return keys // many, keys % many


def read_lineage(store: ox.Store) -> LineageArrays:
    """Read the lineage of a store, and what is declared of the repositories in it."""
    edges, licenses = read_columns(store, ["edges", "licenses"])
    ends = pa.concat_arrays([edges["child"].combine_chunks(), edges["parent"].combine_chunks()])
    names = (encoded := ends.dictionary_encode()).dictionary
    child, parent = _ints(encoded.indices).reshape(2, -1)
    return LineageArrays(
        names=names.to_pylist(),
        child=child,
        parent=parent,
        relation=_ints(edges["relation"].cast(pa.int64())),
        licenses=_words(names, licenses["repository"], licenses["license"]),
    )


def _words(names: pa.Array, subjects: pa.Array, values: pa.Array) -> Words:
    """Return the values of those subjects that have a number."""
    numbers = pc.index_in(subjects, names)
    chosen = pc.and_(pc.is_valid(numbers), pc.is_valid(values))
    encoded = _whole(values.filter(chosen)).dictionary_encode()
    owner, word = _ints(numbers.filter(chosen)), _ints(encoded.indices)
    return Words(owner, word, encoded.dictionary.to_pylist())


def _whole(values: pa.Array) -> pa.Array:
    return values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values


def _ints(values: pa.Array) -> Ints:
    return np.asarray(_whole(values).to_numpy(zero_copy_only=False), np.int64)
