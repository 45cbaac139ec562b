"""The statistics of a build, worked out when it is made and read by whoever shows them.

Documents (counts, overview, highlights, pulse) are there at once however large the graph is; the
arrays behind the pulse and behind licence drift answer for other months, relations and families.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import msgspec
import pyoxigraph as ox

from graph.lineage.index import LineageIndex
from graph.model.arrays import Array
from graph.statistics.concentration import Activity
from graph.statistics.counts import Statistics, statistics
from graph.statistics.highlights import Highlights, highlights
from graph.statistics.overview import Overview, overview
from graph.statistics.pulse import Pulse, activity, pulse
from graph.statistics.striking import gravest_conflict, latest_change
from graph.statistics.transitions import Transitions
from graph.store.lineage_graph import LineageGraph
from graph.tables.schema import Tables

__all__ = [
    "Made",
    "closing_documents",
    "measure",
    "read_activity",
    "read_highlights",
    "read_overview",
    "read_pulse",
    "read_statistics",
    "read_transitions",
]

_COUNTS, _OVERVIEW, _HIGHLIGHTS, _PULSE = (
    f"{name}.json" for name in ("counts", "overview", "highlights", "pulse")
)
_ACTIVITY, _TRANSITIONS = "activity_", "transitions_"


class Made(NamedTuple):
    """Arrays and documents by their names."""

    arrays: dict[str, Array]
    documents: dict[str, bytes]


def measure(tables: Tables, index: LineageIndex, found: Transitions) -> Made:
    """Return the statistics that follow from the tables alone."""
    active = activity(tables, index)
    arrays = _named(_ACTIVITY, active) | _named(_TRANSITIONS, found)
    documents = {_OVERVIEW: overview(index), _PULSE: pulse(active, index)}
    return Made(arrays, _encoded(documents))


def closing_documents(tables: Tables, index: LineageIndex, store: ox.Store) -> dict[str, bytes]:
    """Return the documents that need the finished store: what it counts, and what stands out."""
    conflict, changed = gravest_conflict(store, index), latest_change(store, index)
    documents = {
        _COUNTS: statistics(tables, index, triples=len(store)),
        _HIGHLIGHTS: highlights(index, conflict=conflict, changed=changed),
    }
    return _encoded(documents)


def read_statistics(graph: LineageGraph) -> Statistics:
    """Return the counts of a graph; raises InvalidGraph, as all that read do."""
    return graph.results.document(_COUNTS, dict)


def read_overview(graph: LineageGraph) -> Overview:
    """Return what a graph holds, at a glance."""
    return graph.results.document(_OVERVIEW, Overview)


def read_highlights(graph: LineageGraph) -> Highlights:
    """Return the highlights of a graph."""
    return graph.results.document(_HIGHLIGHTS, Highlights)


def read_pulse(graph: LineageGraph) -> Pulse:
    """Return the pulse of a graph in all months, along all relations."""
    return graph.results.document(_PULSE, Pulse)


def read_activity(graph: LineageGraph) -> Activity:
    """Return what the pulse is worked out from, for other months and relations."""
    return Activity(**_arrays(graph, _ACTIVITY))


def read_transitions(graph: LineageGraph) -> Transitions:
    """Return the licence transitions of a graph."""
    return Transitions(**_arrays(graph, _TRANSITIONS))


def _named(prefix: str, columns: Activity | Transitions) -> dict[str, Array]:
    return {f"{prefix}{name}": column for name, column in columns._asdict().items()}


def _encoded(documents: Mapping[str, object]) -> dict[str, bytes]:
    return {name: msgspec.json.encode(document) for name, document in documents.items()}


def _arrays(graph: LineageGraph, prefix: str) -> dict[str, Array]:
    """Return the arrays whose names begin so, without that; they are mapped, not read."""
    arrays = graph.results.arrays
    return {name.removeprefix(prefix): arrays[name] for name in arrays if name.startswith(prefix)}
