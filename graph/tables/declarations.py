"""What repositories declare, by their numbers in the index: licences, languages, tasks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyoxigraph as ox

from graph.lineage.index import LineageIndex
from graph.model.arrays import Array
from graph.model.licenses import licenses_by_iri
from graph.tables.columns import read_columns
from graph.tables.lineage_arrays import Words

__all__ = ["Declared", "read_declared"]

_NOTHING = Words(np.empty(0, np.int64), np.empty(0, np.int64), [])


class Declared(NamedTuple):
    """What some repositories declare; a repository has a word once.

    A licence is the Hub's identifier, or the text in small letters where it resolves to none.
    """

    license: Words = _NOTHING
    language: Words = _NOTHING
    task: Words = _NOTHING


def read_declared(store: ox.Store, index: LineageIndex, numbers: Array) -> Declared:
    """Read what the repositories with these numbers declare."""
    if not len(numbers):
        return Declared()
    iris = (node.iri for node in index.nodes(numbers))
    places = dict(zip(iris, numbers.tolist(), strict=True))
    licenses, unresolved, languages, tasks = (
        _pairs(table)
        for table in read_columns(store, ["licenses", "unresolved", "languages", "tasks"])
    )
    keys = {iri: entry.key for iri, entry in licenses_by_iri().items()}
    resolved = ((subject, keys[iri]) for subject, iri in licenses)
    others = ((subject, text.lower()) for subject, text in unresolved)
    return Declared(
        *(_words(places, pairs) for pairs in (chain(resolved, others), languages, tasks))
    )


def _pairs(table: pa.Table) -> Iterator[tuple[str, str]]:
    return zip(*(column.to_pylist() for column in table.columns), strict=True)


def _words(places: dict[str, int], pairs: Iterable[tuple[str, str]]) -> Words:
    """Return the values of those repositories that have a place, which is their owner's number."""
    words: dict[str, int] = {}
    found = {
        (place, words.setdefault(value, len(words)))
        for subject, value in pairs
        if (place := places.get(subject)) is not None
    }
    columns = np.array(sorted(found), np.int64).reshape(-1, 2)
    return Words(columns[:, 0], columns[:, 1], list(words))
