"""What the pages share while the app runs: the opened graph, its index, and workers for queries.

The key of the first two is the build that ``graph.json`` names, so that the app follows as soon as
a new one is published; of older builds, one is kept for pages that still draw it. The workers see
to that by themselves. All sessions share one of each, so what is mapped is in memory once.
"""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from graph.lineage import of
from graph.lineage.index import LineageIndex
from graph.model.errors import RemixgraphError
from graph.model.records import Relation
from graph.model.relations import MODEL_RELATIONS
from graph.quality.license_findings import LicenseFindings, license_findings_of
from graph.quality.report import QualityReport, quality_report_of
from graph.search.start import Found, starting_points
from graph.search.suggestions import NameIndex
from graph.sparql.pool import WorkerPool
from graph.statistics import results
from graph.statistics.highlights import Highlights
from graph.statistics.overview import Overview
from graph.statistics.pulse import Pulse, pulse
from graph.statistics.transitions import Transitions
from graph.store.directory import read_info
from graph.store.lineage_graph import LineageGraph
from graph.view.atlas.reading import Atlas
from ui.app.markup import note
from ui.paths import default_graph_directory

__all__ = [
    "atlas_of",
    "beginnings",
    "highlights_of",
    "license_findings",
    "lineage_index",
    "opened_graph",
    "overview_of",
    "pulse_along",
    "quality_report",
    "query_workers",
    "search_index",
    "transitions_of",
    "warm",
]


def opened_graph(*, quiet: bool = False) -> LineageGraph | None:
    """Return the graph that the app shows; where there is none, say so, unless ``quiet``."""
    directory = default_graph_directory()
    try:
        info = read_info(directory)
        if info is not None and info.models + info.datasets + info.spaces:
            graph = _open(str(directory), info.build)
            lineage_index(graph)  # which may be of another version, or damaged
            return graph
        failure = None
    except RemixgraphError as error:
        failure = note("error", "The graph cannot be opened", str(error))
    if not quiet:
        _draw_no_graph(directory) if failure is None else st.html(failure)
    return None


def lineage_index(graph: LineageGraph) -> LineageIndex:
    """Return the lineage of a graph as arrays."""
    return _lineage(str(graph.directory), graph.info.build, graph)


def search_index(graph: LineageGraph) -> NameIndex:
    """Return the index over the ids of a graph."""
    return _index(str(graph.directory), graph.info.build, graph)


def atlas_of(graph: LineageGraph) -> Atlas:
    """Return where everything in a graph is on the atlas."""
    return _atlas(str(graph.directory), graph.info.build, graph)


def beginnings(graph: LineageGraph) -> list[Found]:
    """Return where to begin: the repositories that most others were made from."""
    return _beginnings(str(graph.directory), graph.info.build, graph)


def warm() -> None:
    """Open the graph and touch what a search reads, before anybody asks."""
    if graph := opened_graph(quiet=True):
        beginnings(graph)
        search_index(graph).search("a b")


def overview_of(graph: LineageGraph) -> Overview:
    """Return what a graph holds, at a glance."""
    return _overview(str(graph.directory), graph.info.build, graph)


def highlights_of(graph: LineageGraph) -> Highlights:
    """Return the highlights of a graph."""
    return _highlights(str(graph.directory), graph.info.build, graph)


def pulse_along(graph: LineageGraph, relations: tuple[Relation, ...]) -> Pulse:
    """Return the pulse of a graph, for steps of these relations in all months."""
    return _pulse(str(graph.directory), graph.info.build, graph, relations)


def license_findings(graph: LineageGraph) -> LicenseFindings:
    """Return what the licence rules found in a graph."""
    return _license_findings(str(graph.directory), graph.info.build, graph)


def quality_report(graph: LineageGraph) -> QualityReport:
    """Return what is wrong in a graph."""
    return _quality_report(str(graph.directory), graph.info.build, graph)


def transitions_of(graph: LineageGraph) -> Transitions:
    """Return from which licence to which the steps of a graph lead."""
    return _transitions(str(graph.directory), graph.info.build, graph)


def query_workers(graph: LineageGraph) -> WorkerPool:
    """Return the workers for queries on a graph, whatever its build; they start at the first call.

    Raises InvalidGraph where the graph is gone meanwhile.
    """
    return _workers(str(graph.directory))


# Two entries: the current build, and the one that a page may still be drawing.
@st.cache_resource(max_entries=2, show_spinner=False, on_release=LineageGraph.close)
def _open(directory: str, build: str) -> LineageGraph:
    del build  # part of the key only
    return LineageGraph.open(directory)


@st.cache_resource(max_entries=2, show_spinner=False)
def _lineage(directory: str, build: str, _graph: LineageGraph) -> LineageIndex:
    del directory, build
    return of(_graph)


@st.cache_resource(max_entries=2, show_spinner=False)
def _index(directory: str, build: str, _graph: LineageGraph) -> NameIndex:
    del directory, build
    return NameIndex(lineage_index(_graph))


@st.cache_resource(max_entries=2, show_spinner="Opening the atlas …")
def _atlas(directory: str, build: str, _graph: LineageGraph) -> Atlas:
    del directory, build
    return Atlas(lineage_index(_graph))


@st.cache_resource(max_entries=2, show_spinner=False)
def _beginnings(directory: str, build: str, _graph: LineageGraph) -> list[Found]:
    del directory, build
    return starting_points(lineage_index(_graph))


@st.cache_resource(max_entries=2, show_spinner=False)
def _quality_report(directory: str, build: str, _graph: LineageGraph) -> QualityReport:
    del directory, build
    return quality_report_of(_graph, lineage_index(_graph))


@st.cache_resource(max_entries=2, show_spinner=False)
def _license_findings(directory: str, build: str, _graph: LineageGraph) -> LicenseFindings:
    del directory, build
    return license_findings_of(_graph, lineage_index(_graph))


@st.cache_resource(max_entries=2, show_spinner="Counting what there is …")
def _overview(directory: str, build: str, _graph: LineageGraph) -> Overview:
    del directory, build
    return results.read_overview(_graph)


@st.cache_resource(max_entries=2, show_spinner=False)
def _highlights(directory: str, build: str, _graph: LineageGraph) -> Highlights:
    del directory, build
    return results.read_highlights(_graph)


@st.cache_resource(max_entries=32, show_spinner="Counting who remixed whom, month by month …")
def _pulse(
    directory: str, build: str, _graph: LineageGraph, relations: tuple[Relation, ...]
) -> Pulse:
    del directory, build
    if set(relations) == set(MODEL_RELATIONS):
        return results.read_pulse(_graph)
    active = results.read_activity(_graph)
    return pulse(active, lineage_index(_graph), relations=relations)


@st.cache_resource(max_entries=2, show_spinner=False)
def _transitions(directory: str, build: str, _graph: LineageGraph) -> Transitions:
    del directory, build
    return results.read_transitions(_graph)


@st.cache_resource(max_entries=2, show_spinner=False, on_release=WorkerPool.close)
def _workers(directory: str) -> WorkerPool:
    pool = WorkerPool(directory)
    pool.warm()
    return pool


def _draw_no_graph(directory: Path) -> None:
    st.html(
        note(
            "info",
            "There is no graph yet",
            f"The folder {directory} holds none. Ingest a dump of the Hub, or load a"
            " snapshot; this page follows as soon as it is there.",
            code="remixgraph ingest dump PATH",
        )
    )
    st.button("Look again", icon=":material/refresh:")
