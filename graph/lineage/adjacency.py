"""Links between numbered nodes as compressed rows: the neighbours of node n are one slice.

A pair of nodes is linked once, with a bit for each relation between the two.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import cache
from typing import NamedTuple, Self

import numpy as np

from graph.model.arrays import Array
from graph.model.records import Relation

__all__ = [
    "BITS",
    "EVERY",
    "Adjacency",
    "Bits",
    "Steps",
    "mask",
    "relations_of",
    "turned",
    "unique_pairs",
]

Bits = np.uint32
"""The type of bits in a column: there is room for 32 relations."""

BITS = {relation: 1 << position for position, relation in enumerate(Relation)}
"""The bit that stands for a relation."""

EVERY = sum(BITS.values())
"""The bits of all relations."""

_ONE, _BYTE, _HALF = np.uint64(1), np.uint64(8), np.uint64(28)  # 2**28 nodes are enough


def mask(relations: Collection[Relation]) -> int:
    """Return the bits of relations.

    >>> mask([Relation.FINETUNE, Relation.MERGE])
    5
    """
    return sum(BITS[relation] for relation in set(relations))


@cache
def relations_of(bits: int) -> tuple[Relation, ...]:
    """Return the relations that bits stand for, in the order of their names."""
    return tuple(sorted(relation for relation, bit in BITS.items() if bits & bit))


class Steps(NamedTuple):
    """Links that lead away from some nodes: ``origins`` and ``ends`` are the two ends of each."""

    origins: Array
    ends: Array
    relations: Array


class Adjacency(NamedTuple):
    """The links of every node, ordered by where they end."""

    offsets: Array
    ends: Array
    relations: Array

    @classmethod
    def of(cls, links: Steps, count: int) -> Self:
        """Return the links of ``count`` nodes; they are sorted by origin, then end."""
        offsets = np.zeros(count + 1, np.int32)
        np.cumsum(np.bincount(links.origins, minlength=count), out=offsets[1:])
        return cls(offsets, links.ends.astype(np.int32), links.relations.astype(Bits))

    def degrees(self) -> Array:
        """Return how many links each node has."""
        degrees: Array = np.diff(self.offsets)
        return degrees

    def degrees_of(self, nodes: Array) -> Array:
        """Return how many links some nodes have."""
        degrees: Array = self.offsets[nodes + 1] - self.offsets[nodes]
        return degrees

    def all(self) -> Steps:
        """Return every link."""
        origins = np.repeat(np.arange(len(self.offsets) - 1, dtype=np.int32), self.degrees())
        return Steps(origins, self.ends, self.relations)

    def steps(self, nodes: Array, wanted: int = EVERY) -> Steps:
        """Return the links of some nodes that have one of the wanted relations.

        ``relations`` of the answer holds the wanted ones only.
        """
        starts = self.offsets[nodes]
        counts = self.offsets[nodes + 1] - starts
        ends = np.cumsum(counts)
        total = int(ends[-1]) if len(ends) else 0
        places = np.repeat(starts - (ends - counts), counts) + np.arange(total)
        relations = self.relations[places] & Bits(wanted)
        kept = np.flatnonzero(relations)
        origins = np.repeat(nodes, counts)
        if len(kept) == total:
            return Steps(origins, self.ends[places], relations)
        return Steps(origins[kept], self.ends[places[kept]], relations[kept])


def unique_pairs(links: Steps) -> Steps:
    """Return links sorted by origin, then end, each pair once with all its relations."""
    if not len(links.origins):
        return links
    # A link as one number is sorted ten times as fast as its three columns.
    keys = np.sort(np.concatenate(list(_keys(links))))
    pairs, relations = keys >> _BYTE, Bits(1) << keys.astype(np.uint8)
    firsts = np.concatenate(([0], np.flatnonzero(pairs[1:] != pairs[:-1]) + 1))
    pairs, relations = pairs[firsts], np.bitwise_or.reduceat(relations, firsts)
    origins, ends = pairs >> _HALF, pairs & ((_ONE << _HALF) - _ONE)
    return Steps(origins.astype(np.int32), ends.astype(np.int32), relations)


def _keys(links: Steps) -> Iterator[Array]:
    """Yield each link as a number with the place of a relation at the end, once for each it has."""
    pairs = links.origins.astype(np.uint64) << _HALF | links.ends.astype(np.uint64)
    left = links.relations.astype(Bits)
    while len(left):
        lowest = left & (~left + Bits(1))
        yield pairs << _BYTE | np.bitwise_count(lowest - Bits(1))
        left = left ^ lowest
        more = np.flatnonzero(left)
        pairs, left = pairs[more], left[more]


def turned(links: Steps) -> Steps:
    """Return links the other way round, sorted again."""
    return unique_pairs(Steps(links.ends, links.origins, links.relations))
