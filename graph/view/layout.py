"""Places for the nodes of a lineage, so that parents stand left of their children.

The steps of Sugiyama's method, each in a few lines: break cycles, give every node a column by
its longest path, order the columns by barycentres, and let nodes slide to where their neighbours
are. What came later is put in between: it takes the place with the fewest crossings, and the rest
keeps its order and moves no farther than it must. Nothing is random, nothing recurses, and 300
nodes take some milliseconds.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple, TypeAlias

import networkx as nx

__all__ = ["Layout", "layered"]

_SWEEPS = 6

_Neighbours: TypeAlias = Mapping[str, Sequence[str]]
_Layers: TypeAlias = list[list[str]]


class Layout(NamedTuple):
    """Where each node goes, and which edges (child, parent) had to be turned to break cycles."""

    positions: dict[str, tuple[float, float]]
    turned: frozenset[tuple[str, str]]


def layered(
    view: nx.MultiDiGraph[str] | nx.DiGraph[str],
    *,
    column: float = 280,
    row: float = 60,
    since: Mapping[str, int] = MappingProxyType({}),
) -> Layout:
    """Lay out a graph whose edges run from the child to the parent.

    Every parent is left of its child, except along the edges reported as ``turned``. ``column``
    and ``row`` are the distances between columns, and at least between neighbours in one. Nodes
    that nothing else sets apart keep the order that they have in the graph. ``since`` tells which
    nodes came later than the others (0), and in which order: the layout without them comes first.

    >>> chain = nx.DiGraph([("chat", "tuned"), ("tuned", "base")])
    >>> layered(chain, column=1.0).positions
    {'chat': (2.0, 0.0), 'tuned': (1.0, 0.0), 'base': (0.0, 0.0)}
    """
    nodes = list(view)
    edges = {(child, parent) for child, parent in view.edges() if child != parent}
    turned = _closing_edges(nodes, edges)
    edges = (edges - turned) | {(parent, child) for child, parent in turned}
    layers, columns, heights = _Layers(), dict[str, int](), dict[str, float]()
    for stage in sorted({since.get(node, 0) for node in nodes}):
        there = [node for node in nodes if since.get(node, 0) <= stage]
        known = set(there)
        parents, children = _neighbours(there, (edge for edge in edges if known.issuperset(edge)))
        before, columns = (
            columns,
            _columns(_topological(there, parents, children), parents, children),
        )
        if not before:
            layers = _order(there, columns, parents, children)
            heights = _heights(layers, parents, children)
        else:
            layers = _put_between(layers, _kept(nodes, before, columns), columns, parents, children)
            heights = _make_room(layers, heights, parents, children)
    positions = {node: (columns[node] * column, heights[node] * row) for node in nodes}
    return Layout(positions, frozenset(turned))


def _closing_edges(
    nodes: Sequence[str], edges: Collection[tuple[str, str]]
) -> set[tuple[str, str]]:
    """Return the edges that close a cycle in a depth-first walk from the roots down."""
    below: dict[str, list[str]] = {node: [] for node in nodes}
    for child, parent in sorted(edges, reverse=True):
        below[parent].append(child)
    rooted = {child for child, _ in edges}
    closing: set[tuple[str, str]] = set()
    state: dict[str, int] = {}
    for start in sorted(nodes, key=lambda node: (node in rooted, node)):
        stack = [start]
        while stack:
            node = stack[-1]
            if node not in state:
                state[node] = 1
            waiting = below[node]
            if not waiting:
                state[node] = 2
                stack.pop()
            elif state.get(child := waiting.pop()) == 1:
                closing.add((child, node))
            elif child not in state:
                stack.append(child)
    return closing


def _neighbours(
    nodes: Sequence[str], edges: Iterable[tuple[str, str]]
) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    parents: dict[str, list[str]] = {node: [] for node in nodes}
    children: dict[str, list[str]] = {node: [] for node in nodes}
    for child, parent in sorted(edges):
        parents[child].append(parent)
        children[parent].append(child)
    return parents, children


def _topological(nodes: Sequence[str], parents: _Neighbours, children: _Neighbours) -> list[str]:
    waiting = {node: len(parents[node]) for node in nodes}
    order = [node for node in nodes if not waiting[node]]
    for node in order:  # grows while it is walked
        for child in children[node]:
            waiting[child] -= 1
            if not waiting[child]:
                order.append(child)
    return order


def _columns(order: Sequence[str], parents: _Neighbours, children: _Neighbours) -> dict[str, int]:
    """Return the length of each node's longest path from a root.

    A node with more children than parents is then drawn up to them, so that edges get short.
    """
    columns: dict[str, int] = {}
    for node in order:
        columns[node] = max((columns[parent] + 1 for parent in parents[node]), default=0)
    for node in reversed(order):
        if len(children[node]) > len(parents[node]):
            columns[node] = min(columns[child] for child in children[node]) - 1
    return columns


def _order(
    nodes: Iterable[str],
    columns: Mapping[str, int],
    parents: _Neighbours,
    children: _Neighbours,
) -> list[list[str]]:
    """Order each column by the mean rank of its nodes' neighbours, to and fro."""
    layers: list[list[str]] = [[] for _ in range(max(columns.values(), default=-1) + 1)]
    for node in nodes:
        layers[columns[node]].append(node)
    rank = {node: _rank(index, layer) for layer in layers for index, node in enumerate(layer)}
    for sweep in range(_SWEEPS):
        forth = sweep % 2 == 0
        neighbours = parents if forth else children
        for layer in layers if forth else reversed(layers):
            mean = {node: _mean((rank[n] for n in neighbours[node]), rank[node]) for node in layer}
            layer.sort(key=lambda node, mean=mean: (mean[node], rank[node], node))  # type: ignore[misc]
            rank.update((node, _rank(index, layer)) for index, node in enumerate(layer))
    return layers


def _kept(
    nodes: Iterable[str], before: Mapping[str, int], columns: Mapping[str, int]
) -> frozenset[str]:
    """Return the nodes that kept their column, seen from the first: what comes left moves all."""
    first = next(node for node in nodes if node in before)
    shift = columns[first] - before[first]
    return frozenset(node for node, old in before.items() if columns[node] == old + shift)


def _put_between(
    layers: _Layers,
    kept: Collection[str],
    columns: Mapping[str, int],
    parents: _Neighbours,
    children: _Neighbours,
) -> _Layers:
    """Put what is new into its columns, where it crosses fewest lines; the rest keeps its order."""
    grown: _Layers = [[] for _ in range(max(columns.values()) + 1)]
    for node in (node for layer in layers for node in layer if node in kept):
        grown[columns[node]].append(node)
    rank = {node: _rank(index, layer) for layer in grown for index, node in enumerate(layer)}
    waiting = [node for node in parents if node not in kept]
    while waiting:
        node = next((one for one in waiting if _ranks(rank, parents, children, one)), waiting[0])
        waiting.remove(node)
        layer = grown[columns[node]]
        layer.insert(_least_crossed(node, layer, rank, (parents, children)), node)
        rank.update((each, _rank(index, layer)) for index, each in enumerate(layer))
    return grown


def _ranks(
    rank: Mapping[str, float], parents: _Neighbours, children: _Neighbours, node: str
) -> list[float]:
    return [rank[near] for near in (*parents[node], *children[node]) if near in rank]


def _least_crossed(
    node: str, layer: Sequence[str], rank: Mapping[str, float], sides: tuple[_Neighbours, ...]
) -> int:
    """Return the last of the places in a column where a node's lines cross fewest others."""
    cost = best = place = 0
    for index, other in enumerate(layer, 1):
        for neighbours in sides:
            own = [rank[near] for near in neighbours[node] if near in rank]
            others = [rank[near] for near in neighbours[other] if near in rank]
            # From above the other to below it: lines that go up cross now, those down no more.
            cost += sum((mine < theirs) - (mine > theirs) for mine in own for theirs in others)
        if cost <= best:
            best, place = cost, index
    return place


def _make_room(
    layers: _Layers, heights: Mapping[str, float], parents: _Neighbours, children: _Neighbours
) -> dict[str, float]:
    """Give what is new the height of its neighbours, and move the rest no farther than needed."""
    grown = dict(heights)
    for layer in layers:
        wanted = [
            heights[node]
            if node in heights
            else _mean(
                (grown[near] for near in (*parents[node], *children[node]) if near in grown), 0.0
            )
            for node in layer
        ]
        grown.update(zip(layer, _apart(wanted), strict=True))
    return grown


def _rank(index: int, layer: Sequence[str]) -> float:
    """Return a place in a column, counted from its middle, so that columns can be compared."""
    return index - (len(layer) - 1) / 2


def _heights(
    layers: Sequence[Sequence[str]],
    parents: _Neighbours,
    children: _Neighbours,
) -> dict[str, float]:
    """Let every node slide to the mean height of its neighbours, keeping order and distance."""
    height = {node: _rank(index, layer) for layer in layers for index, node in enumerate(layer)}
    for sweep in range(_SWEEPS):
        forth = sweep % 2 == 0
        neighbours = parents if forth else children
        for layer in layers if forth else reversed(layers):
            wanted = [_mean((height[n] for n in neighbours[node]), height[node]) for node in layer]
            height.update(zip(layer, _apart(wanted), strict=True))
    return height


def _apart(wanted: Sequence[float]) -> list[float]:
    """Return the heights nearest to the wanted ones that are at least one apart, in this order.

    Nearest by least squares: the pool-adjacent-violators method on what is left after taking
    the distances out.

    >>> _apart([0.0, 0.0, 0.0, 9.0])
    [-1.0, 0.0, 1.0, 9.0]
    """
    pools: list[tuple[float, int]] = []
    for index, height in enumerate(wanted):
        pool = (height - index, 1)
        while pools and pools[-1][0] > pool[0]:
            (mean, size), (last, count) = pools.pop(), pool
            pool = ((mean * size + last * count) / (size + count), size + count)
        pools.append(pool)
    free = [mean for mean, size in pools for _ in range(size)]
    return [round(mean + index, 4) for index, mean in enumerate(free)]


def _mean(values: Iterable[float], default: float) -> float:
    found = list(values)
    return sum(found) / len(found) if found else default
