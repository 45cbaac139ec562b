"""The lineage index: the whole graph as arrays on disk, for answers in milliseconds.

arrays               works them out, from the tables of a graph
components           what follows from the shape as a whole: families, cycles, depths, roots
adjacency            links between numbered nodes, as compressed rows
index                opens them: LineageIndex
walking              ancestors, descendants, roots, siblings
offspring            what was made from a repository in one step
paths                shortest paths, nearest common ancestors
families             families and cycles
descendant_counts    impact, generations, the ranking by descendants
rollup               descendants without the copies, which are counted
paradoxes            children older than their parents
as_networkx          a part of it as a networkx graph
closure              all ancestors of all
closing              what the store holds of them
stepping             the same answers step by step, from a store
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from graph.store.lineage_graph import LineageGraph

if TYPE_CHECKING:
    from graph.lineage.index import LineageIndex

__all__ = ["of"]


def of(graph: LineageGraph) -> LineageIndex:
    """Return the index of an opened graph; raises InvalidGraph where it has none."""
    from graph.lineage.index import LineageIndex  # noqa: PLC0415 - NumPy, which no store needs

    return LineageIndex(graph.results)
