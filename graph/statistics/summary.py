"""What every kind of summary is written with: a node of its own, counts, the names of things."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from graph.model import vocabulary as v
from graph.model.arrays import Array
from graph.rdf import terms
from graph.rdf.triples import Triple, type_
from graph.tables.schema import KINDS, Tables

__all__ = ["counted", "iris", "node"]


def node(class_: str, word: str, *key: object) -> tuple[str, Triple]:
    """Return the IRI of a summary, as text, and the triple that types it."""
    summary = terms.iri(v.summary_iri(word, *key))
    return summary, (summary, type_, terms.iri(class_))


def iris(tables: Tables, numbers: Array) -> list[str]:
    """Return the IRIs of repositories."""
    chosen = tables.repositories.select(["kind", "id"]).take(numbers)
    kinds, ids = (column.to_pylist() for column in chosen.columns)
    return [v.repository_iri(KINDS[kind], id_) for kind, id_ in zip(kinds, ids, strict=True)]


def counted(columns: Sequence[Array]) -> tuple[Sequence[Array], list[int]]:
    """Return the different rows of columns of numbers from zero, sorted, and how many are alike."""
    sizes = tuple(int(column.max(initial=0)) + 1 for column in columns)
    keys, counts = np.unique(np.ravel_multi_index(tuple(columns), sizes), return_counts=True)
    return np.unravel_index(keys, sizes), counts.tolist()
