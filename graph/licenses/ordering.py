"""The order in which a lineage can be worked off: whoever is named as a parent comes first.

Without recursion, and in time that grows with the edges: most of the Hub is peeled off by
counting the parents that are still to come. What remains are cycles and what hangs on them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from typing import TypeVar

import networkx as nx

__all__ = ["ancestors_first"]

Node = TypeVar("Node", bound=Hashable)


def ancestors_first(parents: Mapping[Node, Collection[Node]]) -> Iterator[Sequence[Node]]:
    """Yield every node that has parents after them, and the nodes of a cycle together.

    A node that is its own parent makes no cycle.

    >>> list(ancestors_first({"c": ["b"], "b": ["a"]}))
    [('b',), ('c',)]
    """
    missing = {node: _count(node, parents) for node in parents}
    children = _children(parents)
    ready = [node for node, count in missing.items() if not count]
    while ready:
        yield (node := ready.pop(),)
        del missing[node]
        for child in children.get(node, ()):
            missing[child] -= 1
            if not missing[child]:
                ready.append(child)
    yield from _cycles(missing, parents)


def _count(node: Node, parents: Mapping[Node, Collection[Node]]) -> int:
    return len({one for one in parents[node] if one != node and one in parents})


def _children(parents: Mapping[Node, Collection[Node]]) -> dict[Node, list[Node]]:
    children: dict[Node, list[Node]] = defaultdict(list)
    for node, above in parents.items():
        for parent in set(above):
            if parent != node:
                children[parent].append(node)
    return children


def _cycles(
    left: Collection[Node], parents: Mapping[Node, Collection[Node]]
) -> Iterator[Sequence[Node]]:
    """Yield the strongly connected components of what is left, ancestors first."""
    graph: nx.DiGraph[Node] = nx.DiGraph()
    graph.add_nodes_from(left)
    graph.add_edges_from((one, node) for node in left for one in parents[node] if one in left)
    condensed = nx.condensation(graph)
    for component in nx.topological_sort(condensed):
        yield tuple(condensed.nodes[component]["members"])
