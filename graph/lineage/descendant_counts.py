"""Influence: who depends on a repository, and which repositories most others come from."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

import numpy as np

from graph.lineage.adjacency import Bits, mask, relations_of
from graph.lineage.index import LineageIndex
from graph.lineage.walking import Reached, reach_down
from graph.model.arrays import Array, distinct
from graph.model.records import Kind, Relation
from graph.store.lineage_graph import Node
from graph.tables.codes import KINDS

__all__ = ["Affected", "Influence", "generations", "impact", "influence", "months"]


class Affected(NamedTuple):
    """What is affected when a repository is withdrawn; ``relations`` is empty for a Space."""

    node: Node
    depth: int
    relations: tuple[Relation, ...]
    downloads: int | None


class Influence(NamedTuple):
    """A repository, the month it was created in, and how many descend from it."""

    node: Node
    month: str | None
    descendants: int
    downloads: int | None


def impact(
    index: LineageIndex, focus: Node, *, relations: Collection[Relation] = tuple(Relation)
) -> list[Affected]:
    """Return the descendants of a repository and the Spaces that use any of them, or it.

    What was trained on it counts. Most downloaded first, then by distance and id; the Hub counts
    no downloads of Spaces.
    """
    start = index.find(focus)
    reached = reach_down(index, start, wanted=mask(relations))
    numbers, depths, bits = _with_spaces(index, start, reached)
    order = np.lexsort((numbers, depths, -index.downloads[numbers]))
    numbers = numbers[order]
    return list(
        map(
            Affected,
            index.nodes(numbers),
            depths[order].tolist(),
            map(relations_of, bits[order].tolist()),
            index.downloads_of(numbers),
        )
    )


def generations(
    index: LineageIndex, focus: Node, *, relations: Collection[Relation] = tuple(Relation)
) -> list[int]:
    """Return how many descendants there are at each distance, from one step on."""
    reached = reach_down(index, index.find(focus), wanted=mask(relations))
    counts: list[int] = np.bincount(reached.depths)[1:].tolist()
    return counts


def influence(
    index: LineageIndex,
    *,
    month: str | None = None,
    kind: Kind | None = None,
    limit: int | None = None,
) -> list[Influence]:
    """Return the repositories that others descend from, those with most descendants first.

    ``month``, such as "2024-07", keeps those created in it: the young with many are rising.
    """
    kept = index.influence > 0
    if month is not None:
        kept &= index.created.astype("datetime64[M]") == np.datetime64(month, "M")
    if kind is not None:
        kept &= index.kinds == KINDS.index(kind)
    numbers = np.flatnonzero(kept)
    return _ranked(index, numbers[np.lexsort((numbers, -index.influence[numbers]))][:limit])


def months(index: LineageIndex, *, limit: int = 3) -> dict[str, list[Influence]]:
    """Return for each month the repositories created in it that most others come from."""
    numbers = np.flatnonzero((index.influence > 0) & ~np.isnat(index.created))
    created = index.created[numbers].astype("datetime64[M]")
    order = np.lexsort((numbers, -index.influence[numbers], created))
    numbers, created = numbers[order], created[order]
    different = distinct(created)
    bounds = np.append(np.searchsorted(created, different), len(numbers)).tolist()
    return {
        str(month): _ranked(index, numbers[first:end][:limit])
        for month, first, end in zip(different, bounds, bounds[1:], strict=False)
    }


def _with_spaces(index: LineageIndex, start: int, reached: Reached) -> tuple[Array, Array, Array]:
    """Return what was reached and, a step further, the Spaces that use it or the start."""
    used = np.append(start, reached.numbers)  # the nearest first
    counts = index.spaces.degrees_of(used)
    spaces, firsts = np.unique(index.spaces.steps(used).ends, return_index=True)
    depths = np.repeat(np.append(0, reached.depths), counts)[firsts] + 1
    return (
        np.concatenate([reached.numbers, spaces]),
        np.concatenate([reached.depths, depths]),
        np.concatenate([reached.relations, np.zeros(len(spaces), Bits)]),
    )


def _ranked(index: LineageIndex, numbers: Array) -> list[Influence]:
    created = index.created[numbers]
    names = [
        "" if none else text
        for none, text in zip(
            np.isnat(created).tolist(),
            created.astype("datetime64[M]").astype(str).tolist(),
            strict=True,
        )
    ]
    return list(
        map(
            Influence,
            index.nodes(numbers),
            [name or None for name in names],
            index.influence[numbers].tolist(),
            index.downloads_of(numbers),
        )
    )
