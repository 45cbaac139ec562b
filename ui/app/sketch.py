"""A drawing of a few triples: which nodes and edges there are, and where each node goes.

Nothing is random: the same triples give the same drawing. What belongs together is laid out by
springs, and the parts are set beside one another in rows, the largest first.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import networkx as nx

from graph.sparql.results import Cell

__all__ = ["Sketch", "sketch"]

_SPACE = 120.0  # between neighbours, about
_SEED = 1
_ROUNDS = 200
_SPREAD = 3.0


class Sketch(NamedTuple):
    """Nodes with their places, edges between their numbers, and how many triples were left out."""

    nodes: tuple[Cell, ...]
    places: tuple[tuple[float, float], ...]
    edges: tuple[tuple[int, int, Cell], ...]
    left_out: int = 0


def sketch(triples: Sequence[tuple[Cell, ...]], *, most: int = 200) -> Sketch:
    """Return a drawing of the first triples that have no more than ``most`` nodes together.

    >>> import pyoxigraph as ox
    >>> a, b, p = map(ox.NamedNode, ("x:a", "x:b", "x:p"))
    >>> sketch([(a, p, b)]).edges
    ((0, 1, <NamedNode value=x:p>),)
    """
    numbers: dict[Cell, int] = {}
    edges: list[tuple[int, int, Cell]] = []
    for subject, predicate, object_ in triples:
        new = {subject, object_} - numbers.keys()
        if len(numbers) + len(new) > most:
            continue
        ends = [numbers.setdefault(end, len(numbers)) for end in (subject, object_)]
        edges.append((ends[0], ends[1], predicate))
    places = _places(len(numbers), edges)
    return Sketch(tuple(numbers), places, tuple(edges), len(triples) - len(edges))


def _places(count: int, edges: Sequence[tuple[int, int, Cell]]) -> tuple[tuple[float, float], ...]:
    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from(range(count))
    graph.add_edges_from((start, end) for start, end, _ in edges)
    parts = sorted(map(sorted, nx.connected_components(graph)), key=lambda part: -len(part))
    found: dict[int, tuple[float, float]] = {}
    for part, (left, top) in zip(parts, _corners(list(map(_side, parts))), strict=True):
        found.update(_placed(graph.subgraph(part), left, top))
    return tuple(found[node] for node in range(count))


def _side(part: Sequence[int]) -> float:
    """Return how wide and high a part is."""
    return _SPACE * (math.sqrt(len(part)) + 0.6)


def _corners(sides: Sequence[float]) -> Iterator[tuple[float, float]]:
    """Yield where each square goes, in rows about twice as wide as all of them are high."""
    width = max(math.sqrt(2 * sum(side * side for side in sides)), max(sides, default=0.0))
    left = top = row = 0.0
    for side in sides:
        if left and left + side > width:
            left, top, row = 0.0, top + row, 0.0
        yield left, top
        left, row = left + side, max(row, side)


def _placed(
    part: nx.Graph[int], left: float, top: float
) -> Iterator[tuple[int, tuple[float, float]]]:
    """Yield the place of each node of a part that is connected, within its square."""
    half = _side(list(part)) / 2
    ordered: nx.Graph[int] = nx.Graph()  # a view has its nodes in the order of a set
    ordered.add_nodes_from(sorted(part))
    ordered.add_edges_from(sorted((min(edge), max(edge)) for edge in part.edges()))
    apart = _SPREAD / math.sqrt(len(part))  # the usual distance crowds the twigs of a large tree
    room = half - _SPACE * 0.4
    springs = nx.spring_layout(ordered, k=apart, seed=_SEED, iterations=_ROUNDS, scale=room)
    for node, (x, y) in springs.items():
        yield node, (left + half + float(x), top + half + float(y))
