"""Highlights of a graph that one does not know yet: one of each kind of thing worth looking at.

They are found when a graph is built; where it has nothing of a kind, there is None. Rule: arrays
of the index where all is looked at, so that it costs little however large the graph is. What is
only in the store, a conflict and a change, ``striking`` looks up.
"""

from __future__ import annotations

import msgspec
import numpy as np
import pyarrow as pa

from graph.licenses.findings import Level
from graph.lineage.adjacency import EVERY, mask
from graph.lineage.index import LineageIndex
from graph.lineage.walking import reach_down
from graph.model.arrays import Array, distinct
from graph.model.records import Kind, Relation
from graph.model.relations import DERIVATIONS, TRAINING_RELATIONS
from graph.rdf.history import Change
from graph.statistics.pulse import owners
from graph.store.lineage_graph import Node
from graph.tables.schema import KINDS

__all__ = ["Base", "Changed", "Conflict", "Data", "Highlights", "Merge", "Newest", "highlights"]

_MERGES_COMPARED = 100


class Base(msgspec.Struct, frozen=True):
    """The model that most others descend from, and how many owners made these."""

    node: Node
    descendants: int
    owners: int


class Merge(msgspec.Struct, frozen=True):
    """The merge of most parents, and the different licences that are known of these."""

    node: Node
    parents: int
    licenses: tuple[str, ...]


class Conflict(msgspec.Struct, frozen=True):
    """The gravest finding about the licence of an ancestor, and what it is about."""

    node: Node
    level: Level
    reason: str
    cause: Node


class Data(msgspec.Struct, frozen=True):
    """The dataset behind most: ``trained`` name it themselves, the rest through others."""

    node: Node
    trained: int
    models: int
    datasets: int


class Changed(msgspec.Struct, frozen=True, tag=True):
    """The change of the most downloaded repository that the latest run saw, among ``changes``.

    Where ``is_all`` is False there are more than these.
    """

    node: Node
    change: Change
    changes: int
    is_all: bool


class Newest(msgspec.Struct, frozen=True, tag=True):
    """The most downloaded of the ``models`` that were created in the latest month."""

    node: Node
    month: str
    models: int


class Highlights(msgspec.Struct, frozen=True):
    """A highlight of each kind; None where the graph has nothing of it."""

    base: Base | None
    merge: Merge | None
    conflict: Conflict | None
    data: Data | None
    latest: Changed | Newest | None


def highlights(
    index: LineageIndex, *, conflict: Conflict | None = None, changed: Changed | None = None
) -> Highlights:
    """Return the highlights of a graph, with the conflict and the change that stand out in it."""
    return Highlights(
        base=_base(index),
        merge=_merge(index),
        conflict=conflict,
        data=_data(index),
        latest=changed or _newest(index),
    )


def _base(index: LineageIndex) -> Base | None:
    models = _of(index, Kind.MODEL)
    number = _first(index, models, index.influence[models])
    if number is None:
        return None
    below = reach_down(index, number, wanted=mask(DERIVATIONS)).numbers
    codes, _ = owners(pa.array(index.ids(below), pa.string()))
    return Base(index.node(number), len(below), len(distinct(codes)))


def _merge(index: LineageIndex) -> Merge | None:
    """Return the merge of most parents; of equal ones that of most licences, then downloads."""
    links = index.up.steps(np.arange(len(index)), mask([Relation.MERGE]))
    counts = np.bincount(links.origins[links.origins != links.ends], minlength=len(index))
    widest = np.flatnonzero(counts == counts.max(initial=0))
    if not len(widest) or counts[widest[0]] < 2:  # noqa: PLR2004 - one parent is no mixture
        return None
    merges = [
        Merge(index.node(number), int(counts[number]), _licenses(index, number))
        for number in index.by_downloads(widest)[:_MERGES_COMPARED].tolist()
    ]
    return max(merges, key=lambda merge: len(merge.licenses))  # of equal ones the first


def _licenses(index: LineageIndex, number: int) -> tuple[str, ...]:
    """Return the different licences of the parents that a merge has."""
    parents = index.up.steps(np.array([number]), mask([Relation.MERGE])).ends
    codes = distinct(index.licenses[parents[parents != number]])
    return tuple(sorted(index.manifest.licenses[code] for code in codes.tolist() if code >= 0))


def _data(index: LineageIndex) -> Data | None:
    """Return the dataset that most models name; one that is only named itself comes last."""
    links = index.down.steps(_of(index, Kind.DATASET), mask(TRAINING_RELATIONS))
    counts = np.bincount(links.origins, minlength=len(index))
    named = distinct(links.origins)
    known = named[index.known[named]]
    candidates = known if len(known) else named
    number = _first(index, candidates, counts[candidates])
    if number is None:
        return None
    below = index.kinds[reach_down(index, number, wanted=EVERY).numbers]
    made = np.bincount(below, minlength=len(KINDS)).tolist()
    models, datasets = (made[KINDS.index(kind)] for kind in (Kind.MODEL, Kind.DATASET))
    return Data(index.node(number), int(counts[number]), models, datasets)


def _newest(index: LineageIndex) -> Newest | None:
    models = _of(index, Kind.MODEL)
    models = models[index.known[models] & ~np.isnat(index.created[models])]
    if not len(models):
        return None
    months = index.created[models].astype("datetime64[M]")
    latest = models[months == months.max()]
    first = int(index.by_downloads(latest)[0])
    return Newest(index.node(first), str(months.max()), len(latest))


def _of(index: LineageIndex, kind: Kind) -> Array:
    return np.flatnonzero(index.kinds == KINDS.index(kind))


def _first(index: LineageIndex, numbers: Array, counts: Array) -> int | None:
    """Return the one of the greatest count above zero; of equal ones the most downloaded."""
    if not len(numbers) or counts.max() <= 0:
        return None
    return int(index.by_downloads(numbers[counts == counts.max()])[0])
