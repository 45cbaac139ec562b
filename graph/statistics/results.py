"""The statistics of a build, worked out when it is made and read by whoever shows them.

    <build>/statistics/*.json    documents: counts, overview, highlights, pulse
    <build>/statistics/*.npy     arrays: licence transitions, and the activity behind the pulse

Rule: what is shown first is a document, so it is there at once however large the graph is.
"""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

import msgspec
import pyoxigraph as ox

from graph.lineage import LineageIndex
from graph.model.errors import InvalidGraph
from graph.model.files import replace_document
from graph.statistics.concentration import Activity
from graph.statistics.counts import Statistics, statistics
from graph.statistics.highlights import Highlights, highlights
from graph.statistics.overview import Overview, overview
from graph.statistics.pulse import Pulse, activity, pulse
from graph.statistics.striking import gravest_conflict, latest_change
from graph.statistics.transitions import Transitions, transitions
from graph.store.arrays import Array, read_arrays, write_arrays
from graph.store.directory import build_directory
from graph.store.lineage_graph import LineageGraph
from graph.tables.schema import Tables

__all__ = [
    "STATISTICS",
    "read_activity",
    "read_highlights",
    "read_overview",
    "read_pulse",
    "read_statistics",
    "read_transitions",
    "write_results",
]

STATISTICS = "statistics"
"""The directory of the statistics, in that of their build."""

_COUNTS, _OVERVIEW, _HIGHLIGHTS, _PULSE = "counts", "overview", "highlights", "pulse"
_ACTIVITY, _TRANSITIONS = "activity_", "transitions_"

_Document = TypeVar("_Document")


def write_results(tables: Tables, index: LineageIndex, store: ox.Store, directory: Path) -> None:
    """Write the statistics of a graph into a directory, which is made."""
    active = activity(tables, index)
    found = transitions(tables, index.roots)
    write_arrays(directory, _named(_ACTIVITY, active) | _named(_TRANSITIONS, found), {})
    standing_out = gravest_conflict(store, index), latest_change(store, index)
    documents: dict[str, object] = {
        _COUNTS: statistics(tables, index, triples=len(store)),
        _OVERVIEW: overview(index),
        _HIGHLIGHTS: highlights(index, conflict=standing_out[0], changed=standing_out[1]),
        _PULSE: pulse(active, index),
    }
    for name, document in documents.items():
        replace_document(directory / f"{name}.json", document)


def read_statistics(graph: LineageGraph) -> Statistics:
    """Return the counts of a graph; raises InvalidGraph, as all that read do."""
    return _read(graph, _COUNTS, dict)


def read_overview(graph: LineageGraph) -> Overview:
    """Return what a graph holds, at a glance."""
    return _read(graph, _OVERVIEW, Overview)


def read_highlights(graph: LineageGraph) -> Highlights:
    """Return the highlights of a graph."""
    return _read(graph, _HIGHLIGHTS, Highlights)


def read_pulse(graph: LineageGraph) -> Pulse:
    """Return the pulse of a graph in all months, along all relations."""
    return _read(graph, _PULSE, Pulse)


def read_activity(graph: LineageGraph) -> Activity:
    """Return what the pulse is worked out from, for other months and relations."""
    return Activity(**_arrays(graph, _ACTIVITY))


def read_transitions(graph: LineageGraph) -> Transitions:
    """Return the licence transitions of a graph."""
    return Transitions(**_arrays(graph, _TRANSITIONS))


def _named(prefix: str, columns: Activity | Transitions) -> dict[str, Array]:
    return {f"{prefix}{name}": column for name, column in columns._asdict().items()}


def _arrays(graph: LineageGraph, prefix: str) -> dict[str, Array]:
    """Return the arrays whose names begin so, without that; they are mapped, not read."""
    _, arrays = read_arrays(_directory(graph))
    return {
        name.removeprefix(prefix): array
        for name, array in arrays.items()
        if name.startswith(prefix)
    }


def _read(graph: LineageGraph, name: str, type_: type[_Document]) -> _Document:
    path = _directory(graph) / f"{name}.json"
    try:
        return msgspec.json.decode(path.read_bytes(), type=type_)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError) as error:
        raise InvalidGraph(
            f"{path} cannot be read ({error}): run `remixgraph index`, or build the graph again"
        ) from None


def _directory(graph: LineageGraph) -> Path:
    return build_directory(graph.directory, graph.info.build) / STATISTICS
