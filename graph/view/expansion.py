"""Which repositories a view shows: some steps around a focus, and what was opened since.

It only works with numbers of the index, so a click costs the same however large the graph. The
view follows from its focus and its turns alone: the same clicks in the same order give the same
view, and a turn taken back leaves exactly what was there before it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from enum import StrEnum
from hashlib import blake2b
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from graph.lineage.adjacency import BITS, Adjacency, mask
from graph.lineage.index import LineageIndex
from graph.model import vocabulary as v
from graph.model.arrays import Array, distinct
from graph.model.records import Kind, Relation
from graph.model.relations import DERIVATIONS
from graph.store.lineage_graph import LineageGraph
from graph.tables.codes import KINDS

__all__ = ["Expansion", "Place", "Reach", "Side", "Turn", "helpings_of", "short_name"]

_FIRST, _NEXT = 12, 24  # how many of a node's neighbours are shown, and how many more a click shows
_FEWEST = 2  # copies that are worth rolling up
_SPACE = KINDS.index(Kind.SPACE)
_NAMES = "0123456789abcdefghjkmnpqrstvwxyz"


class Side(StrEnum):
    """What of a node can be opened: its parents, its children, and two groups among these."""

    PARENTS = "p"
    CHILDREN = "c"
    QUANTIZED = "q"
    ADAPTERS = "a"


_GROUPS = {Side.QUANTIZED: Relation.QUANTIZED, Side.ADAPTERS: Relation.ADAPTER}


class Turn(NamedTuple):
    """One thing that a viewer opened, or closed with no helping at all; more are more of it.

    ``node`` is the short name of a node in the view.
    """

    side: Side
    node: str
    helpings: int = 1


class Reach(NamedTuple):
    """What a viewer asks for: how far, along what, and what was opened since.

    ``spaces`` counts the Spaces that use a repository among its children; ``rolled`` gathers
    quantised copies and adapters in groups.
    """

    up: int = 1
    down: int = 1
    relations: Collection[Relation] = DERIVATIONS
    spaces: bool = False
    rolled: bool = True
    turns: Sequence[Turn] = ()
    limit: int = 240


class Place(NamedTuple):
    """Where a node of a view stands.

    ``generation`` counts from the focus, parents being before it; ``distance`` is the number of
    steps that lead to it; ``since`` is the turn that brought it.
    """

    generation: int = 0
    distance: int = 0
    since: int = 0


Handle = tuple[int, Side]


def short_name(iri: str) -> str:
    """Return six letters that stand for a repository in the address of a view.

    >>> len(short_name("acme/tiny"))
    6
    """
    number = int.from_bytes(blake2b(iri.encode(), digest_size=4).digest())
    return "".join(_NAMES[number >> shift & 31] for shift in range(25, -1, -5))


def helpings_of(helpings: int) -> int:
    """Return how many neighbours so many helpings show.

    >>> [helpings_of(n) for n in (0, 1, 2)]
    [0, 12, 36]
    """
    return _FIRST + _NEXT * (helpings - 1) if helpings > 0 else 0


class Expansion:
    """A view while it grows, in numbers of the index.

    ``places`` holds what is shown, ``helpings`` what is open and how far, ``usual`` what the steps
    open by themselves, ``groups`` the copies that are counted in place of being shown. ``helped``
    and ``formed`` are the turns in which something was opened last, and a group was made.
    """

    def __init__(self, graph: LineageGraph, index: LineageIndex, focus: int, reach: Reach) -> None:
        self.places: dict[int, Place] = {focus: Place()}
        self.helpings: dict[Handle, int] = {}
        self.usual: set[Handle] = set()
        self.groups: dict[Handle, Array] = {}
        self.helped: dict[Handle, int] = {}
        self.formed: dict[Handle, int] = {}
        self._focus = focus
        self._graph, self._index, self._reach = graph, index, reach
        self._wanted = mask(reach.relations)
        self._ends: dict[Handle, Array] = {}
        self._closed = {(turn.node, turn.side) for turn in reach.turns if not turn.helpings}
        self._stage = 0

    def grow(self, path: Sequence[int] = ()) -> None:
        """Take the steps around the focus, then every turn, then what a path lacks."""
        self._walk(Side.PARENTS, self._reach.up)
        self._walk(Side.CHILDREN, self._reach.down)
        for turn in self._reach.turns:
            self._stage += 1
            number = self._called(turn.node)
            if number is not None and turn.helpings:
                self._open((number, turn.side), turn.helpings)
        self._stage += 1
        self._join(path)

    def left_out(self) -> dict[Handle, int]:
        """Return for each side of each node how many neighbours are neither shown nor grouped."""
        shown = np.fromiter(self.places, np.int64)
        counts: dict[Handle, int] = {}
        for side, adjacency in ((Side.PARENTS, self._index.up), (Side.CHILDREN, self._index.down)):
            near = adjacency.steps(shown, self._wanted)
            self._count(counts, side, near.origins, near.ends)
        if self._reach.spaces:
            uses = self._index.spaces.steps(shown)
            self._count(counts, Side.CHILDREN, uses.origins, uses.ends)
        for number in shown[self._index.kinds[shown] == _SPACE].tolist():
            used = self._used(number)
            self._count(counts, Side.PARENTS, np.full(len(used), number), used)
        for (number, _), members in self.groups.items():
            children = number, Side.CHILDREN
            counts[children] = counts.get(children, 0) - self.hidden(members)
        return {handle: count for handle, count in counts.items() if count > 0}

    def hidden(self, numbers: Array) -> int:
        """Return how many of these are not shown."""
        return sum(number not in self.places for number in numbers.tolist())

    def uses(self) -> list[tuple[int, int]]:
        """Return which shown Space uses which shown repository, as pairs of child and parent."""
        shown = np.sort(np.fromiter(self.places, np.int64))
        used, spaces, _ = self._index.spaces.steps(shown)
        both = np.isin(spaces, shown)
        return list(zip(spaces[both].tolist(), used[both].tolist(), strict=True))

    def _count(self, counts: dict[Handle, int], side: Side, origins: Array, ends: Array) -> None:
        shown = np.fromiter(self.places, np.int64)
        hidden, found = np.unique(origins[~np.isin(ends, shown)], return_counts=True)
        for number, count in zip(hidden.tolist(), found.tolist(), strict=True):
            counts[number, side] = counts.get((number, side), 0) + count

    def _walk(self, side: Side, steps: int) -> None:
        walked: set[int] = set()
        frontier = [self._focus]
        for distance in range(1, steps + 1):
            reached: list[int] = []
            for number in frontier:
                walked.add(number)
                self.usual.add((number, side))
                if not self._is_closed((number, side)):
                    reached += self._open((number, side), 1, ends_here=distance == steps)
            frontier = [number for number in dict.fromkeys(reached) if number not in walked]

    def _open(self, handle: Handle, helpings: int, *, ends_here: bool = True) -> list[int]:
        """Show neighbours; returns those that are shown now. A group must be there to be opened."""
        number, side = handle
        if side in _GROUPS:
            if handle not in self.groups:
                return []
            ends, forward = self.groups[handle], True
        else:
            if handle not in self._ends:
                self._ends[handle] = self._near(number, side, ends_here=ends_here)
            ends, forward = self._ends[handle], side is Side.CHILDREN
        if len(ends) or self._has_groups(number, side):
            self.helpings[handle] = helpings
            self.helped[handle] = self._stage
        chosen: list[int] = ends[: helpings_of(helpings)].tolist()
        for end in chosen:
            self._add(end, number, forward=forward)
        return [end for end in chosen if end in self.places]

    def _has_groups(self, number: int, side: Side) -> bool:
        return side is Side.CHILDREN and any((number, group) in self.groups for group in _GROUPS)

    def _add(self, number: int, beside: int, *, forward: bool) -> None:
        if number in self.places or len(self.places) >= self._reach.limit:
            return
        near = self.places[beside]
        generation = near.generation + (1 if forward else -1)
        self.places[number] = Place(generation, near.distance + 1, self._stage)

    def _near(self, number: int, side: Side, *, ends_here: bool) -> Array:
        """Return the neighbours on a side, the most downloaded first, without what is rolled up."""
        adjacency = self._index.up if side is Side.PARENTS else self._index.down
        _, ends, bits = adjacency.steps(np.array([number]), self._wanted)
        ends, bits = ends[ends != number], bits[ends != number]
        if side is Side.CHILDREN:
            if self._reach.rolled:
                ends = self._roll_up(number, ends, bits, ends_here=ends_here)
            if self._reach.spaces:
                ends = np.append(ends, self._index.spaces.steps(np.array([number])).ends)
        elif self._index.kinds[number] == _SPACE:
            ends = distinct(np.append(ends, self._used(number)))
        return self._index.by_downloads(ends)

    def _roll_up(self, number: int, ends: Array, bits: Array, *, ends_here: bool) -> Array:
        """Gather copies in groups, but for those whose own children are going to be shown."""
        kept = np.ones(len(ends), np.bool_)
        childless = np.ones(len(ends), np.bool_)
        if not ends_here:
            childless = self._degrees(self._index.down, ends) == 0
        new = np.fromiter((end not in self.places for end in ends.tolist()), np.bool_, len(ends))
        for side, relation in _GROUPS.items():
            members = (bits == BITS[relation]) & childless & new
            if np.count_nonzero(members) >= _FEWEST:
                self.groups[number, side] = self._index.by_downloads(ends[members])
                self.formed[number, side] = self._stage
                kept &= ~members
        rest: Array = ends[kept]
        return rest

    def _degrees(self, adjacency: Adjacency, ends: Array) -> Array:
        origins = adjacency.steps(ends, self._wanted).origins
        degrees: Array = np.searchsorted(np.sort(origins), ends, side="right")
        degrees -= np.searchsorted(np.sort(origins), ends, side="left")
        return degrees

    def _used(self, space: int) -> Array:
        """Return what a Space uses; the index leads the other way only."""
        iri = self._index.node(space).iri
        used = [
            *self._graph.objects(iri, v.REMIX.usesModel),
            *self._graph.objects(iri, v.REMIX.usesDataset),
            *self._graph.subjects(v.REMIX.usedBySpace, iri),
        ]
        numbers = (self._index.number(one) for one in dict.fromkeys(used))
        return np.array([number for number in numbers if number is not None], np.int64)

    def _is_closed(self, handle: Handle) -> bool:
        number, side = handle
        closed = self._closed
        return bool(closed) and (short_name(self._index.node(number).iri), side) in closed

    def _called(self, name: str) -> int | None:
        nodes = self._index.nodes(np.fromiter(self.places, np.int64))
        named = zip(self.places, nodes, strict=True)
        return next((number for number, node in named if short_name(node.iri) == name), None)

    def _join(self, path: Sequence[int]) -> None:
        """Show what a path lacks, each beside the step before it, or after it."""
        for steps in (path, path[::-1]):
            for here, there in pairwise(steps):
                if here in self.places:
                    self._add(there, here, forward=not self._leads(here, there))

    def _leads(self, child: int, parent: int) -> bool:
        ends: Iterable[int] = self._index.up.steps(np.array([child])).ends.tolist()
        return parent in set(ends)
