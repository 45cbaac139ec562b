"""What repositories declare, in words: licences, languages and tasks."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graph.model.arrays import Array, distinct
from graph.tables.schema import Tables, codes_of, numbers_of, words_of

__all__ = ["Declared", "Words", "declared", "license_words"]


class Words(NamedTuple):
    """What repositories have, in words: ``owner`` has the word at the place ``word``, once."""

    owner: Array
    word: Array
    words: list[str]


class Declared(NamedTuple):
    """What repositories declare."""

    license: Words
    language: Words
    task: Words


def declared(tables: Tables) -> Declared:
    """Return what every repository declares."""
    return Declared(
        license=license_words(tables),
        language=_words(tables.languages, "language"),
        task=_words(tables.tasks, "task"),
    )


def license_words(tables: Tables) -> Words:
    """Return the licences that are declared: by key, or in small letters where none is meant."""
    table = tables.licenses
    keys, texts = (table[name].cast(pa.string()) for name in ("license", "declared"))
    said = pc.coalesce(keys, pc.utf8_lower(texts)).combine_chunks().dictionary_encode()
    owner, code = numbers_of(table, "repository"), said.indices.to_numpy()
    return _distinct(owner, code, said.dictionary.to_pylist())


def _words(table: pa.Table, name: str) -> Words:
    return _distinct(numbers_of(table, "repository"), codes_of(table, name), words_of(table, name))


def _distinct(owner: Array, word: Array, words: list[str]) -> Words:
    many = max(1, len(words))
    keys = distinct(owner.astype(np.int64) * many + word)
    return Words(keys // many, keys % many, words)
