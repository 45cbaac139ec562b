"""Who is in which situation, and which repository each burden of each comes from.

The repositories are worked off ancestors first; those of a cycle together, one by one, for they
must not take themselves for their ancestors. A burden is told by its place among those that its
bearer carries, so a number for each is all that is kept of millions.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence

import numpy as np

from graph.licenses.inheritance import burden_order
from graph.licenses.situations.cycles import Member, Outsider, work_off
from graph.licenses.situations.declared import Declared, declared
from graph.licenses.situations.handing_down import Entry, Situations
from graph.licenses.situations.parents import HOWS, Parents, parents_of
from graph.licenses.views import Artefact
from graph.model.arrays import Array
from graph.model.records import Relation
from graph.tables.schema import KINDS, UNKNOWN, Tables, numbers_of

__all__ = ["Heritage"]


class Heritage:
    """The situations of the repositories that are flagged as wanted: with each, its ancestors."""

    def __init__(self, tables: Tables, wanted: Array) -> None:
        self._ids = tables.repositories["id"].combine_chunks()
        self._kinds = numbers_of(tables.repositories, "kind")
        self.declared: Declared = declared(tables, wanted)
        self.parents: Parents = parents_of(tables, wanted)
        self.situations = Situations(self.declared.views)
        alone = np.append(np.array(self.situations.alone, np.int32), UNKNOWN)
        self.of = array("i", alone[self.declared.cases].astype(np.int32).tobytes())
        self._causes = array("i")
        self._first_causes = array("q", [UNKNOWN]) * len(self.of)
        self._cases = array("i", self.declared.cases.astype(np.int32).tobytes())
        for group in self.parents.ancestors_first():
            if len(group) == 1:
                self._work_off(group[0])
            else:
                self._work_off_cycle(group)

    def cause(self, number: int, index: int) -> int:
        """Return the repository that a burden comes from."""
        first = self._first_causes[number]
        return number if first == UNKNOWN else self._causes[first + index]

    def path(self, number: int, index: int) -> Iterator[tuple[int, Relation | None]]:
        """Yield the repositories from one to the cause of a burden, each with the step from it."""
        while True:
            _, entry, index, _ = self.situations.all[self.of[number]].ways[index]
            if entry < 0:
                yield number, None
                return
            row = self.parents.starts[number] + entry
            yield number, HOWS[self.parents.hows[row]][0]
            number = self.parents.parents[row]

    def length(self, number: int, index: int) -> int:
        """Return how many steps lead to the cause of a burden."""
        situation = self.situations.all[self.of[number]]
        return self.situations.carried[situation.code][index].length

    def name(self, number: int) -> Artefact:
        """Return the kind and id of a repository."""
        return Artefact(KINDS[self._kinds[number]], self._ids[number].as_py())

    def _work_off(self, number: int) -> None:
        self.of[number] = self.situations.of(self._cases[number], self._entries(number))
        start = self.parents.starts[number]
        self._first_causes[number] = len(self._causes)
        for _, entry, index, _ in self.situations.all[self.of[number]].ways:
            parent = self.parents.parents[start + entry]
            self._causes.append(number if entry < 0 else self.cause(parent, index))

    def _work_off_cycle(self, group: Sequence[int]) -> None:
        numbers = {self.name(number): number for number in group}
        members = [self._member(number, name) for name, number in numbers.items()]
        inside = set(group)
        above = {parent for number in group for parent in self._parents(number)} - inside
        outsiders = {self.name(number): self._outsider(number) for number in sorted(above)}
        for name, found in work_off(members, outsiders).items():
            number = numbers[name]
            entries = self._entries(number)
            self.of[number] = self.situations.add(found.carried, found.ways, entries)
            self._first_causes[number] = len(self._causes)
            for burden in sorted(found.carried, key=burden_order):
                self._causes.append(found.causes[burden])

    def _member(self, number: int, name: Artefact) -> Member:
        case = self._cases[number]
        above = self._parents(number)
        return Member(
            number=number,
            name=name,
            view=self.declared.views[case],
            own=self.situations.own[case],
            entries=self._entries(number),
            parents=[self.name(parent) for parent in above],
        )

    def _outsider(self, number: int) -> Outsider:
        carried = self.situations.carried[self.situations.all[self.of[number]].code]
        return Outsider(carried, [self.cause(number, index) for index in range(len(carried))])

    def _entries(self, number: int) -> tuple[Entry, ...]:
        parents = self._parents(number)
        hows = self.parents.hows[self.parents.starts[number] : self.parents.ends[number]]
        every, of = self.situations.all, self.of
        if len(parents) == 1:
            return (Entry(0, hows[0], every[of[parents[0]]].code),)
        slots = {parent: slot for slot, parent in enumerate(dict.fromkeys(parents))}
        return tuple(
            Entry(slots[parent], how, every[of[parent]].code)
            for parent, how in zip(parents, hows, strict=True)
        )

    def _parents(self, number: int) -> array[int]:
        return self.parents.parents[self.parents.starts[number] : self.parents.ends[number]]
