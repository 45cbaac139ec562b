"""What stands out in a store: the gravest conflict, and the change that most will care about.

Rule: so many look-ups at most as the constants here say.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyoxigraph as ox

from graph.licenses.findings import Level
from graph.lineage.index import LineageIndex
from graph.model import vocabulary as v
from graph.model.records import Kind
from graph.rdf.history import Change, changes_seen_by
from graph.rdf.runs import ended_runs
from graph.statistics.highlights import Changed, Conflict
from graph.store.lineage_graph import Node
from graph.tables.schema import KINDS, UNKNOWN

__all__ = ["gravest_conflict", "latest_change"]

_MODELS_ASKED = 3_000  # the most downloaded, whose findings are looked up
_RUNS_ASKED = 20  # the latest, of which most saw no change
_CHANGES_READ = 2_000


def gravest_conflict(store: ox.Store, index: LineageIndex) -> Conflict | None:
    """Return the gravest of what is found of the most downloaded models."""
    found: Conflict | None = None
    models = index.by_downloads(np.flatnonzero(index.kinds == KINDS.index(Kind.MODEL)))
    for node in index.nodes(models[:_MODELS_ASKED]):
        for conflict in _conflicts(store, index, node):
            if found is None or conflict.level.rank < found.level.rank:
                found = conflict
        if found is not None and found.level is Level.HIGH:
            break
    return found


def latest_change(store: ox.Store, index: LineageIndex) -> Changed | None:
    """Return the change of what is downloaded most, of those that the latest run saw."""
    for _, run in ended_runs(store)[:_RUNS_ASKED]:
        changes = changes_seen_by(store, run, limit=_CHANGES_READ)
        if changes:
            change = max(changes, key=lambda one: _downloads(index, one))  # of equal ones the first
            number = index.number(v.repository_iri(change.kind, change.id))
            node = Node(change.kind, change.id) if number is None else index.node(number)
            return Changed(node, change, len(changes), len(changes) < _CHANGES_READ)
    return None


def _conflicts(store: ox.Store, index: LineageIndex, node: Node) -> Iterator[Conflict]:
    """Yield what is found of a repository because of the licence of an ancestor, in order."""
    findings = ox.NamedNode(v.FINDINGS)
    link = ox.NamedNode(v.REMIX.licenseFinding)
    quads = store.quads_for_pattern(ox.NamedNode(node.iri), link, None, findings)
    for finding in sorted(str(quad.object)[1:-1] for quad in quads):
        said = {
            quad.predicate.value: getattr(quad.object, "value", "")
            for quad in store.quads_for_pattern(ox.NamedNode(finding), None, None, findings)
        }
        cause = index.number(said.get(str(v.REMIX.cause), ""))
        if cause is not None and str(v.REMIX.concernsLicense) in said:
            level = Level(said[str(v.REMIX.level)])
            yield Conflict(node, level, said[str(v.REMIX.reason)], index.node(cause))


def _downloads(index: LineageIndex, change: Change) -> int:
    number = index.number(v.repository_iri(change.kind, change.id))
    return UNKNOWN if number is None else int(index.downloads[number])
