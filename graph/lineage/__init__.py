"""The lineage index: the whole graph as arrays on disk, for answers in milliseconds.

building     writes it, from a finished store (scanning) or from tables
reading      opens it: LineageIndex
walking      ancestors, descendants, roots, siblings
paths        shortest paths, nearest common ancestors
families     families and cycles
influence    impact, generations, the ranking by descendants
rollup       descendants without the copies, which are counted
paradoxes    children older than their parents
views        a part of it as a networkx graph
names        search while someone types
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from graph.build.lineage_index import build_index
from graph.lineage.index import LineageIndex
from graph.store.builds import build_directory
from graph.store.lineage_graph import LineageGraph

__all__ = ["INDEX", "LineageIndex", "build_index", "of"]

INDEX = "index"
"""The directory of the index, beside the store that it was made from."""


def of(graph: LineageGraph) -> LineageIndex:
    """Return the index of an opened graph: the one beside its store, else one made for now."""
    directory = build_directory(graph.directory, graph.info.build) / INDEX
    if graph.info.build and directory.is_dir():
        return LineageIndex.open(directory)
    # Windows keeps files that are mapped; elsewhere they stay mapped when their names are gone.
    with tempfile.TemporaryDirectory(prefix="remixgraph-", ignore_cleanup_errors=True) as folder:
        build_index(graph.store, Path(folder))
        return LineageIndex.open(Path(folder))
