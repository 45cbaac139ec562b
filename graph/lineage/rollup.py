"""Rolling up quantised copies and adapters, which flood every list, to counts beside the rest."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from graph.lineage.adjacency import BITS, Bits, mask, relations_of
from graph.lineage.index import LineageIndex
from graph.lineage.walking import reach_down
from graph.model.arrays import Array, distinct
from graph.model.records import Relation
from graph.model.relations import DERIVATIONS
from graph.store.lineage_graph import Node

__all__ = ["Rolled", "roll_up"]

_COPIES = mask([Relation.QUANTIZED, Relation.ADAPTER])
_NOBODY = -1


class Rolled(NamedTuple):
    """A repository and how many quantised copies and adapters of it a list leaves out.

    Copies of copies count for what is shown; a quantised adapter is a quantised copy.
    """

    node: Node
    depth: int
    relations: tuple[Relation, ...]
    downloads: int | None
    quantized: int
    adapters: int


def roll_up(index: LineageIndex, focus: Node, *, depth: int | None = None) -> list[Rolled]:
    """Return a repository and its descendants, without those that are quantised or adapters only.

    A copy that something else was made from stays. Ordered by distance, then id.
    """
    start, wanted = index.find(focus), mask(DERIVATIONS)
    reached = reach_down(index, start, wanted=wanted, depth=depth)
    numbers = np.append(start, reached.numbers)
    shown = _shown(index, numbers, wanted)
    owners = _owners(index, numbers, shown, wanted)
    quantized = np.append(0, reached.relations) & BITS[Relation.QUANTIZED] != 0
    hidden = ~shown & (owners != _NOBODY)
    columns = [
        np.bincount(owners[hidden & chosen], minlength=len(numbers))[shown].tolist()
        for chosen in (quantized, ~quantized)
    ]
    return list(
        map(
            Rolled,
            index.nodes(numbers[shown]),
            np.append(0, reached.depths)[shown].tolist(),
            map(relations_of, np.append(Bits(0), reached.relations)[shown].tolist()),
            index.downloads_of(numbers[shown]),
            *columns,
        )
    )


def _shown(index: LineageIndex, numbers: Array, wanted: int) -> Array:
    """Tell which of a start and its descendants stay: no mere copies, and what these are from."""
    inside = np.zeros(len(index), np.bool_)
    inside[numbers] = True
    shown = np.zeros(len(index), np.bool_)
    shown[numbers[0]] = True
    children, parents, bits = index.up.steps(numbers, wanted)
    made = inside[parents] & (children != parents) & (bits & ~Bits(_COPIES) != 0)
    level = distinct(children[made])
    while len(level):
        shown[level] = True
        above = index.up.steps(level, wanted).ends
        level = distinct(above[inside[above] & ~shown[above]])
    return shown[numbers]


def _owners(index: LineageIndex, numbers: Array, shown: Array, wanted: int) -> Array:
    """Return for each number the place of the nearest shown one that it comes from."""
    owners = np.full(len(index), _NOBODY, np.int32)
    inside = np.zeros(len(index), np.bool_)
    inside[numbers] = True
    level = numbers[shown]
    owners[level] = np.flatnonzero(shown)
    while len(level):
        parents, children, _ = index.down.steps(level, wanted)
        new = inside[children] & (owners[children] == _NOBODY)
        far, firsts = np.unique(children[new], return_index=True)
        owners[far] = owners[parents[new][firsts]]
        level = far
    return owners[numbers]
