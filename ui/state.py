"""What the pages share while the app runs: the opened graph, its index, and workers for queries.

The key of the first two is the build that ``graph.json`` names, so that the app follows as soon as
a new one is published; an old build is let go when no page looks at it any more. The workers see to
that by themselves.
"""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from graph.atlas.reading import Atlas
from graph.directory import read_info
from graph.errors import RemixgraphError
from graph.index import of
from graph.index.names import NameIndex
from graph.pool import WorkerPool
from graph.search import Found, starting_points
from graph.store import LineageGraph
from ui.markup import note
from ui.paths import default_graph_directory

__all__ = ["atlas_of", "beginnings", "opened_graph", "query_workers", "search_index"]


def opened_graph(*, quiet: bool = False) -> LineageGraph | None:
    """Return the graph that the app shows; where there is none, say so, unless ``quiet``."""
    directory = default_graph_directory()
    try:
        info = read_info(directory)
        if info is not None and info.models + info.datasets + info.spaces:
            return _open(str(directory), info.build)
        failure = None
    except RemixgraphError as error:
        failure = note("error", "The graph cannot be opened", str(error))
    if not quiet:
        _draw_no_graph(directory) if failure is None else st.html(failure)
    return None


def search_index(graph: LineageGraph) -> NameIndex:
    """Return the index over the ids of a graph."""
    return _index(str(graph.directory), graph.info.build, graph)


def atlas_of(graph: LineageGraph) -> Atlas:
    """Return where everything in a graph is on the atlas."""
    return _atlas(str(graph.directory), graph.info.build, graph)


def beginnings(graph: LineageGraph) -> list[Found]:
    """Return where to begin: the repositories that most others were made from."""
    return _beginnings(str(graph.directory), graph.info.build, graph)


def query_workers(graph: LineageGraph) -> WorkerPool:
    """Return the workers for queries on a graph, whatever its build; they start at the first call.

    Raises InvalidGraph where the graph is gone meanwhile.
    """
    return _workers(str(graph.directory))


# Two entries: the current build, and the one that a page may still be drawing.
@st.cache_resource(max_entries=2, show_spinner="Opening the graph …", on_release=LineageGraph.close)
def _open(directory: str, build: str) -> LineageGraph:
    del build  # part of the key only
    return LineageGraph.open(directory)


@st.cache_resource(max_entries=2, show_spinner="Reading the names …")
def _index(directory: str, build: str, _graph: LineageGraph) -> NameIndex:
    del directory, build
    return NameIndex(of(_graph))


@st.cache_resource(max_entries=2, show_spinner="Opening the atlas …")
def _atlas(directory: str, build: str, _graph: LineageGraph) -> Atlas:
    del directory, build
    return Atlas(of(_graph))


@st.cache_resource(max_entries=2, show_spinner=False)
def _beginnings(directory: str, build: str, _graph: LineageGraph) -> list[Found]:
    del directory, build
    return starting_points(_graph)


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
