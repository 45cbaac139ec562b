"""Ways between two repositories: the shortest path, all of them, and what two have in common."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from itertools import islice
from typing import NamedTuple

import numpy as np

from graph.lineage.adjacency import Adjacency, Steps, mask, relations_of, turned, unique_pairs
from graph.lineage.components import strong_components
from graph.lineage.index import LineageIndex
from graph.lineage.walking import Reached, reach_up
from graph.model.arrays import Array, distinct
from graph.model.records import Relation
from graph.model.relations import DERIVATIONS
from graph.store.lineage_graph import Node

__all__ = ["CommonAncestor", "Step", "common_ancestors", "shortest_path", "shortest_paths"]


class Step(NamedTuple):
    """One step of a path: the child was made from the parent in these ways."""

    child: Node
    parent: Node
    relations: tuple[Relation, ...]


class CommonAncestor(NamedTuple):
    """What two repositories both come from, with the distance of each to it."""

    node: Node
    first_depth: int
    second_depth: int


Path = tuple[Step, ...]


def shortest_path(
    index: LineageIndex,
    descendant: Node,
    ancestor: Node,
    *,
    relations: Collection[Relation] = DERIVATIONS,
) -> Path | None:
    """Return the shortest path up from one repository to another, or None where there is none.

    Of several, the one whose ids come first. From a repository to itself the path is empty.
    """
    paths = shortest_paths(index, descendant, ancestor, relations=relations)
    return next(islice(paths, 1), None)


def shortest_paths(
    index: LineageIndex,
    descendant: Node,
    ancestor: Node,
    *,
    relations: Collection[Relation] = DERIVATIONS,
) -> Iterator[Path]:
    """Yield every shortest path up from one repository to another, in the order of ids.

    There may be more than anyone can count: take as many as are needed.
    """
    start, goal, wanted = index.find(descendant), index.find(ancestor), mask(relations)
    depths = np.zeros(len(index), np.int32)  # one more than the distance; zero: not reached
    numbers, steps = _with_start(start, reach_up(index, start, wanted=wanted))
    depths[numbers] = steps + 1
    if not depths[goal]:
        return
    above = _towards(index, goal, depths, wanted)
    way: list[int] = []
    waiting = [(start, 0)]  # with how many come before it on the way
    while waiting:
        node, before = waiting.pop()
        way[before:] = [node]
        if node == goal:
            yield _path(index, way, wanted)
        else:
            waiting += [(parent, before + 1) for parent in sorted(above[node], reverse=True)]


def common_ancestors(
    index: LineageIndex,
    first: Node,
    second: Node,
    *,
    relations: Collection[Relation] = DERIVATIONS,
) -> list[CommonAncestor]:
    """Return the nearest common ancestors: those that none of the others comes from.

    A repository counts as its own ancestor here, so that of two where one comes from the other
    the answer is the latter. Of a cycle all members are told. Ordered by distance, then id.
    """
    wanted = mask(relations)
    (one, near), (other, far) = (
        _with_start(number, reach_up(index, number, wanted=wanted))
        for number in map(index.find, (first, second))
    )
    common, here, there = np.intersect1d(one, other, assume_unique=True, return_indices=True)
    lowest = _lowest(index, common, wanted)
    order = lowest[np.lexsort((lowest, (near[here] + far[there])[lowest]))]
    nodes = index.nodes(common[order])
    steps = near[here[order]].tolist(), far[there[order]].tolist()
    return list(map(CommonAncestor, nodes, *steps))


def _with_start(start: int, reached: Reached) -> tuple[Array, Array]:
    """Return the nodes that were reached and their distances, the start being one of them."""
    return np.append(reached.numbers, start), np.append(reached.depths, 0)


def _towards(index: LineageIndex, goal: int, depths: Array, wanted: int) -> dict[int, set[int]]:
    """Return the links of all shortest paths to a goal: for each child its parents on the way."""
    above: dict[int, set[int]] = defaultdict(set)
    level = np.array([goal])
    while len(level):
        parents, children, _ = index.down.steps(level, wanted)
        nearer = (depths[children] > 0) & (depths[children] == depths[parents] - 1)
        for child, parent in zip(children[nearer].tolist(), parents[nearer].tolist(), strict=True):
            above[child].add(parent)
        level = distinct(children[nearer])
    return above


def _path(index: LineageIndex, way: list[int], wanted: int) -> Path:
    nodes = index.nodes(np.array(way))
    return tuple(
        Step(child, parent, relations_of(_bits(index, low, high) & wanted))
        for child, parent, low, high in zip(nodes[:-1], nodes[1:], way[:-1], way[1:], strict=True)
    )


def _bits(index: LineageIndex, child: int, parent: int) -> int:
    _, ends, relations = index.up.steps(np.array([child]))
    return int(relations[ends == parent][0])


def _lowest(index: LineageIndex, common: Array, wanted: int) -> Array:
    """Return the places of those that lead down to no other, unless the two are in a cycle.

    Everything on a way down to another is common as well, so one step tells.
    """
    children, parents, bits = index.up.steps(common, wanted)
    inside = np.isin(parents, common) & (children != parents)
    lower, upper = (np.searchsorted(common, side[inside]) for side in (children, parents))
    links = unique_pairs(Steps(lower, upper, bits[inside]))
    up, down = Adjacency.of(links, len(common)), Adjacency.of(turned(links), len(common))
    groups = strong_components(up, down)
    lower, upper = groups[links.origins], groups[links.ends]
    return np.flatnonzero(~np.isin(groups, upper[lower != upper]))
