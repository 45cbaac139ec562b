"""Highlights of a graph that one does not know yet: one of each kind of thing worth looking at.

Each is found in the graph that is loaded; what a graph has none of stays shut (None). Rule:
arrays of the index where all is looked at, and so many look-ups in the store at most as the
constants here say, so that it costs little however large the graph is.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pyoxigraph as ox

from graph.licenses.findings import Level
from graph.lineage.adjacency import mask
from graph.lineage.index import LineageIndex
from graph.lineage.stepping import DERIVATIONS
from graph.lineage.walking import reach_down
from graph.model import vocabulary as v
from graph.model.records import Kind, Relation
from graph.rdf.history import Change, changes_seen_by
from graph.rdf.runs import ended_runs
from graph.statistics.pulse import owners
from graph.store.arrays import Array, distinct
from graph.store.lineage_graph import LineageGraph, Node
from graph.tables.codes import KINDS, UNKNOWN

__all__ = ["Base", "Changed", "Conflict", "Data", "Highlights", "Merge", "Newest", "highlights"]

_MODELS_ASKED = 3_000  # the most downloaded, whose findings are looked up
_RUNS_ASKED = 20  # the latest, of which most saw no change
_CHANGES_READ = 2_000
_MERGES_COMPARED = 100
_EVERY = mask(tuple(Relation))


class Base(NamedTuple):
    """The model that most others descend from, and how many owners made these."""

    node: Node
    descendants: int
    owners: int


class Merge(NamedTuple):
    """The merge of most parents, and the different licences that are known of these."""

    node: Node
    parents: int
    licenses: tuple[str, ...]


class Conflict(NamedTuple):
    """The gravest finding about the licence of an ancestor, and what it is about."""

    node: Node
    level: Level
    reason: str
    cause: Node


class Data(NamedTuple):
    """The dataset behind most: ``trained`` name it themselves, the rest through others."""

    node: Node
    trained: int
    models: int
    datasets: int


class Changed(NamedTuple):
    """The change of the most downloaded repository that the latest run saw, among ``changes``.

    Where ``is_all`` is False there are more than these.
    """

    node: Node
    change: Change
    changes: int
    is_all: bool


class Newest(NamedTuple):
    """The most downloaded of the ``models`` that were created in the latest month."""

    node: Node
    month: str
    models: int


class Highlights(NamedTuple):
    """A highlight of each kind; None where the graph has nothing of it."""

    base: Base | None
    merge: Merge | None
    conflict: Conflict | None
    data: Data | None
    latest: Changed | Newest | None


def highlights(graph: LineageGraph, index: LineageIndex) -> Highlights:
    """Return the highlights of a graph."""
    return Highlights(
        base=_base(index),
        merge=_merge(index),
        conflict=_conflict(graph, index),
        data=_data(index),
        latest=_changed(graph, index) or _newest(index),
    )


# --- from the index alone -------------------------------------------------------------------------


def _base(index: LineageIndex) -> Base | None:
    models = _of(index, Kind.MODEL)
    number = _first(index, models, index.influence[models])
    if number is None:
        return None
    below = reach_down(index, number, wanted=mask(DERIVATIONS)).numbers
    codes, _ = owners(index.ids(below))
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
    links = index.down.steps(_of(index, Kind.DATASET), mask([Relation.TRAINED_ON]))
    counts = np.bincount(links.origins, minlength=len(index))
    named = distinct(links.origins)
    known = named[index.known[named]]
    candidates = known if len(known) else named
    number = _first(index, candidates, counts[candidates])
    if number is None:
        return None
    below = index.kinds[reach_down(index, number, wanted=_EVERY).numbers]
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


# --- by looking things up in the store ------------------------------------------------------------


def _conflict(graph: LineageGraph, index: LineageIndex) -> Conflict | None:
    """Return the gravest of what is found of the most downloaded models."""
    found: Conflict | None = None
    ranked = index.arrays["by_downloads"]
    models = ranked[index.kinds[ranked] == KINDS.index(Kind.MODEL)][:_MODELS_ASKED]
    for number in models.tolist():
        for conflict in _conflicts(graph, index.node(number)):
            if found is None or conflict.level.rank < found.level.rank:
                found = conflict
        if found is not None and found.level is Level.HIGH:
            break
    return found


def _conflicts(graph: LineageGraph, node: Node) -> Iterator[Conflict]:
    """Yield what is found of a repository because of the licence of an ancestor, in order."""
    store, findings = graph.store, ox.NamedNode(v.FINDINGS)
    link = ox.NamedNode(v.REMIX.licenseFinding)
    quads = store.quads_for_pattern(ox.NamedNode(node.iri), link, None, findings)
    for finding in sorted(str(quad.object)[1:-1] for quad in quads):
        said = {
            quad.predicate.value: getattr(quad.object, "value", "")
            for quad in store.quads_for_pattern(ox.NamedNode(finding), None, None, findings)
        }
        cause = graph.node(said.get(v.REMIX.cause, ""))
        if cause is not None and v.REMIX.concernsLicense in said:
            level = Level(said[v.REMIX.level])
            yield Conflict(node, level, said[v.REMIX.reason], cause)


def _changed(graph: LineageGraph, index: LineageIndex) -> Changed | None:
    """Return the change that most will care about, of those that the latest run saw."""
    for _, run in ended_runs(graph.store)[:_RUNS_ASKED]:
        changes = changes_seen_by(graph.store, run, limit=_CHANGES_READ)
        ranked = [(_downloads(index, change), change) for change in changes]
        if ranked:
            _, change = max(ranked, key=lambda found: found[0])  # of equal ones the first
            node = Node(change.kind, change.id)
            is_all = len(changes) < _CHANGES_READ
            return Changed(graph.node(node.iri) or node, change, len(changes), is_all)
    return None


def _downloads(index: LineageIndex, change: Change) -> int:
    number = index.number(v.repository_iri(change.kind, change.id))
    return UNKNOWN if number is None else int(index.downloads[number])
