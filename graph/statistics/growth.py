"""Growth: what was created in each month, and how it was made, from the index alone."""

from __future__ import annotations

from collections.abc import Collection

import msgspec
import numpy as np

from graph.lineage.adjacency import mask
from graph.lineage.index import LineageIndex
from graph.model.arrays import Array, distinct
from graph.model.records import Kind, Relation
from graph.model.relations import MODEL_RELATIONS
from graph.statistics.model_links import apart, has_relation, model_links, months
from graph.tables.codes import KINDS

__all__ = ["Growth", "growth"]


class Growth(msgspec.Struct, frozen=True, kw_only=True):
    """What a month brought: repositories of each kind, and the steps that lead from its models.

    ``edges`` counts the steps of each relation; a pair of several relations counts in each.
    """

    month: str
    models: int
    datasets: int
    spaces: int
    steps: int
    edges: dict[Relation, int]


def growth(index: LineageIndex, relations: Collection[Relation] = MODEL_RELATIONS) -> list[Growth]:
    """Return a row for each month in which a repository that the graph holds was created."""
    created = months(index.created)
    dated = index.known & ~np.isnat(created)
    every = distinct(created[dated])
    links = apart(model_links(index, mask(relations)))
    of_links = created[links.origins]
    kinds = [_counts(created[dated & (index.kinds == KINDS.index(kind))], every) for kind in Kind]
    edges = [
        _counts(of_links[has_relation(links, relation)], every) for relation in MODEL_RELATIONS
    ]
    return [
        Growth(
            month=str(month),
            **{f"{kind}s": column[place] for kind, column in zip(Kind, kinds, strict=True)},
            steps=steps,
            edges={
                relation: column[place]
                for relation, column in zip(MODEL_RELATIONS, edges, strict=True)
                if relation in relations
            },
        )
        for place, (month, steps) in enumerate(zip(every, _counts(of_links, every), strict=True))
    ]


def _counts(found: Array, every: Array) -> list[int]:
    """Return how often each month occurs; what has no month is left out."""
    places = np.searchsorted(every, found[~np.isnat(found)])
    counts: list[int] = np.bincount(places, minlength=len(every)).tolist()
    return counts
