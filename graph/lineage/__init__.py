"""The lineage index: the whole graph as arrays on disk, for answers in milliseconds.

index              opens it: LineageIndex
stepping           ancestors, descendants, parents and children, asked of the store
walking            ancestors, descendants, roots, siblings, asked of the index
paths              shortest paths, nearest common ancestors
families           families and cycles
descendant_counts  impact, generations, the ranking by descendants
rollup             descendants without the copies, which are counted
paradoxes          children older than their parents
as_networkx        a part of it as a networkx graph
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from graph.store.directory import build_directory
from graph.store.lineage_graph import LineageGraph

if TYPE_CHECKING:
    from graph.lineage.index import LineageIndex

__all__ = ["INDEX", "of"]

INDEX = "index"
"""The directory of the index, beside the store that it was made from."""


def of(graph: LineageGraph) -> LineageIndex:
    """Return the index of an opened graph: the one beside its store, else one made for now."""
    from graph.lineage.index import LineageIndex  # noqa: PLC0415 - NumPy, which no store needs

    directory = build_directory(graph.directory, graph.info.build) / INDEX
    if graph.info.build and directory.is_dir():
        return LineageIndex.open(directory)
    from graph.build.lineage_index import build_index  # noqa: PLC0415 - reading never builds

    # Windows keeps files that are mapped; elsewhere they stay mapped when their names are gone.
    with tempfile.TemporaryDirectory(prefix="remixgraph-", ignore_cleanup_errors=True) as folder:
        build_index(graph.store, Path(folder))
        return LineageIndex.open(Path(folder))
