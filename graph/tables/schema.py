"""The whole graph as columns: the one input of everything that is derived from it.

Rule: one numbering. A repository's number is its row in ``repositories``, which are in the order of
their ids (as bytes), then kinds; every other table names repositories by it, and has its rows in
that order. What nobody knows is null. So the same graph has the same tables, to the byte, whether
they were read from its store or came with the records that it was loaded from.

Words that occur again and again are Arrow dictionaries; closed lists (kinds, relations) are codes,
places in the tuples of ``codes``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graph.model.arrays import Array
from graph.tables.codes import (
    GATINGS,
    ISSUE_KINDS,
    KINDS,
    RELATIONS,
    SOURCES,
    STATES,
    UNKNOWN,
)

__all__ = [
    "GATINGS",
    "ISSUE_KINDS",
    "KINDS",
    "NO_DATE",
    "RELATIONS",
    "SCHEMAS",
    "SOURCES",
    "STATES",
    "TABLES_VERSION",
    "UNKNOWN",
    "Tables",
    "codes_of",
    "dates_of",
    "flags_of",
    "numbers_of",
    "words_of",
]

TABLES_VERSION = 1
"""The version of the schema; tables of another version are made anew from the store."""

NO_DATE = np.datetime64("NaT", "s")

_NUMBER, _CODE, _COUNT, _DATE = pa.int32(), pa.uint8(), pa.int64(), pa.timestamp("s")
_WORD = pa.dictionary(pa.int32(), pa.string())

SCHEMAS: dict[str, pa.Schema] = {
    "repositories": pa.schema(
        {
            "id": pa.string(),
            "kind": _CODE,  # in KINDS
            "known": pa.bool_(),  # False: only named by others
            "created": _DATE,
            "modified": _DATE,
            "downloads": _COUNT,
            "likes": _COUNT,
            "parameters": _COUNT,
            "library": _WORD,
            "gating": _CODE,  # in GATINGS
            "state": _CODE,  # in STATES: of a tombstone, or of what is only named
            "new_version": _NUMBER,  # the repository that its card says replaces it
        }
    ),
    "derivations": pa.schema(
        {
            "child": _NUMBER,
            "relation": _CODE,  # in RELATIONS
            "parent": _NUMBER,  # null: the declared value names no repository
            "raw": pa.list_(pa.string()),
            "sources": _CODE,  # a bit for each place in SOURCES
            "position": _NUMBER,
            "aliased": pa.bool_(),
        }
    ),
    "licenses": pa.schema(
        {
            "repository": _NUMBER,
            "declared": _WORD,
            "source": _CODE,  # in SOURCES
            "field": _WORD,
            "name": _WORD,
            "link": _WORD,
            "license": _WORD,  # the key that it resolves to
        }
    ),
    "tasks": pa.schema({"repository": _NUMBER, "task": _WORD}),
    "languages": pa.schema({"repository": _NUMBER, "language": _WORD}),
    "evaluations": pa.schema(
        {
            "repository": _NUMBER,
            "dataset": _NUMBER,
            "task": _WORD,
            "metric": _WORD,
            "value": pa.float64(),
        }
    ),
    "uses": pa.schema({"repository": _NUMBER, "other": _NUMBER}),  # one of the two is a Space
    "issues": pa.schema(
        {"repository": _NUMBER, "kind": _CODE, "field": _WORD, "value": pa.string()}
    ),
    "answers": pa.schema(  # what the Hub said of ids by name; not numbered, for few are named
        {"id": pa.string(), "kind": _CODE, "state": _CODE, "replaced_by": pa.string()}
    ),
}
"""The columns of each table."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """The columns of a graph; ``SCHEMAS`` says what each table has."""

    repositories: pa.Table
    derivations: pa.Table
    licenses: pa.Table
    tasks: pa.Table
    languages: pa.Table
    evaluations: pa.Table
    uses: pa.Table
    issues: pa.Table
    answers: pa.Table

    def __len__(self) -> int:
        """Return how many repositories are held or named."""
        return int(self.repositories.num_rows)


def numbers_of(table: pa.Table, name: str) -> Array:
    """Return a column of numbers, codes or counts as an array; null is ``UNKNOWN``."""
    column = table[name]
    if column.type == _CODE and column.null_count:
        column = column.cast(pa.int16())
    return _array(pc.fill_null(column, UNKNOWN) if column.null_count else column)


def codes_of(table: pa.Table, name: str) -> Array:
    """Return the codes of a column of words, places in ``words_of``; null is ``UNKNOWN``."""
    column = _whole(table[name])
    return _array(pc.fill_null(column.indices, UNKNOWN))


def words_of(table: pa.Table, name: str) -> list[str]:
    """Return the different words of a column, sorted."""
    words: list[str] = _whole(table[name]).dictionary.to_pylist()
    return words


def dates_of(table: pa.Table, name: str) -> Array:
    """Return a column of dates, in seconds; null is ``NO_DATE``."""
    return _array(table[name]).astype("datetime64[s]")


def flags_of(table: pa.Table, name: str) -> Array:
    """Return a column of truth values."""
    return _array(table[name]).astype(np.bool_)


def _whole(column: pa.ChunkedArray) -> Any:  # noqa: ANN401 - pyarrow has no types
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()


def _array(column: pa.ChunkedArray | pa.Array) -> Array:
    whole = _whole(column) if isinstance(column, pa.ChunkedArray) else column
    array: Array = whole.to_numpy(zero_copy_only=False)
    return array
