"""What is carried of ancestors, worked out once for all who are in the same situation.

Two repositories are in the same situation where they declare the same and their parents, by the
same relations and in the same order, hand down the same. What is handed down names no repository:
burdens, with the steps to their causes and how surely they come. So most of the Hub is a few
thousand situations.

The law: what each carries, and from which parent, is as ``Inheritance`` has it one by one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from typing import NamedTuple, TypeVar

from graph.licenses.conflicts import merge_burdens
from graph.licenses.engine import cause_belief, relation_belief
from graph.licenses.inheritance import burden_order
from graph.licenses.obligations import Burden, Channel, Mark, own_burdens, pass_on
from graph.licenses.resolution import resolve_declarations
from graph.licenses.situations.parents import HOWS
from graph.licenses.views import Artefact, LicenseView
from graph.model.records import Kind, Relation

__all__ = ["Carried", "Entry", "Pattern", "Situation", "Situations", "Way", "carried_by"]

Thing = TypeVar("Thing", bound=Hashable)

_BODY = frozenset([Channel.MATERIAL, Channel.ADAPTER])
_BELIEFS = [relation_belief(relation, is_declared=declared) for relation, declared in HOWS]


class Carried(NamedTuple):
    """A burden, the steps to its cause, how surely it comes, and its place among equally far ones.

    ``place`` orders the ways of one length by the ids along them; the same way has the same place.
    """

    burden: Burden
    length: int
    belief: float
    place: int


class Entry(NamedTuple):
    """One step up: the place of the parent among the parents, how, and the code of what it has."""

    slot: int
    how: int
    code: int


class Way(NamedTuple):
    """By which entry a burden comes, at which place of the parent's; one's own has neither."""

    length: int = 0
    entry: int = -1
    place: int = -1
    was: Carried | None = None


class Pattern(NamedTuple):
    """What the rules see of a situation: of lengths only their order, of origins nothing.

    ``ranks`` are the places of the burdens in ``step_order``.
    """

    carried: tuple[Carried, ...]
    ranks: tuple[int, ...]


class Situation(NamedTuple):
    """What is carried (a code), by which way each of it comes, and the pattern (a code).

    ``ties`` are burdens of one licence from different causes that are equally far off: a reason
    names the first of those by id.
    """

    code: int
    ways: tuple[Way, ...]
    pattern: int
    ties: tuple[tuple[int, ...], ...]


class Situations:
    """Every situation met so far, by number; what is carried and patterns are numbered, too.

    ``alone`` are the situations of those without parents, by what they declare.
    """

    def __init__(self, views: Sequence[LicenseView]) -> None:
        self.all: list[Situation] = []
        self.carried: list[tuple[Carried, ...]] = []
        self.patterns: list[Pattern] = []
        self._codes: dict[tuple[Carried, ...], int] = {}
        self._pattern_codes: dict[Pattern, int] = {}
        self._known: dict[tuple[int, tuple[Entry, ...]], int] = {}
        self.own = [_own(view) for view in views]
        self.alone = [self.add(own, dict.fromkeys(own, Way()), ()) for own in self.own]

    def of(self, case: int, entries: tuple[Entry, ...]) -> int:
        """Return the situation of who declares a case and has these steps up."""
        if not entries:
            return self.alone[case]
        known = self._known.get((case, entries))
        if known is None:
            ways = self._ways(self.own[case], entries)
            carried = carried_by(ways, entries, self.own[case])
            known = self._known[case, entries] = self.add(carried, ways, entries)
        return known

    def add(
        self,
        carried: Mapping[Burden, Carried],
        ways: Mapping[Burden, Way],
        entries: Sequence[Entry],
    ) -> int:
        """Add a situation and return its number."""
        order = sorted(carried, key=burden_order)
        listed = tuple(carried[burden] for burden in order)
        pattern = _pattern(listed, _ranks([ways[burden] for burden in order], entries))
        situation = Situation(
            code=_number(listed, self._codes, self.carried),
            ways=tuple(ways[burden] for burden in order),
            pattern=_number(pattern, self._pattern_codes, self.patterns),
            ties=_ties(listed),
        )
        self.all.append(situation)
        return len(self.all) - 1

    def _ways(self, own: Mapping[Burden, Carried], entries: Sequence[Entry]) -> dict[Burden, Way]:
        """Return the nearest way of each burden, one's own and those that the parents hand down."""
        ways = dict.fromkeys(own, Way())
        merged: dict[int, list[Burden]] = defaultdict(list)
        for number, entry in enumerate(entries):
            relation, _ = HOWS[entry.how]
            for index, was in enumerate(self.carried[entry.code]):
                burden = pass_on(was.burden, relation)
                if burden is None:
                    continue
                way = Way(was.length + 1, number, index, was)
                old = ways.get(burden)
                if old is None or _step_order(way, entries) < _step_order(old, entries):
                    ways[burden] = way
                if relation is Relation.MERGE:
                    merged[entry.slot].append(burden)
        if len({entry.slot for entry in entries if HOWS[entry.how][0] is Relation.MERGE}) > 1:
            ways.update(dict.fromkeys(merge_burdens(list(merged.values())), Way()))
        return ways


def carried_by(
    ways: Mapping[Burden, Way], entries: Sequence[Entry], own: Mapping[Burden, Carried]
) -> dict[Burden, Carried]:
    """Return what is carried by ways; of one length all must be given at once."""
    keys = {
        (way.length, entries[way.entry].slot, way.was.place): 0
        for way in ways.values()
        if way.was is not None
    }
    length, place = 0, 0
    for key in sorted(keys):
        place = place + 1 if key[0] == length else 0
        length = key[0]
        keys[key] = place
    carried = {}
    for burden, way in ways.items():
        if way.was is None:
            belief = own[burden].belief if burden in own else 1.0
            carried[burden] = Carried(burden, 0, belief, 0)
        else:
            entry = entries[way.entry]
            belief = min(way.was.belief, _BELIEFS[entry.how])
            rank = keys[way.length, entry.slot, way.was.place]
            carried[burden] = Carried(burden, way.length, belief, rank)
    return carried


def _own(view: LicenseView) -> dict[Burden, Carried]:
    effective = resolve_declarations(view.declarations)
    return {
        burden: Carried(burden, 0, cause_belief(burden, effective), 0)
        for burden in own_burdens(view)
    }


def _step_order(way: Way, entries: Sequence[Entry]) -> tuple[object, ...]:
    """Order ways as ``step_order`` does steps."""
    if way.was is None:
        return (way.length,)
    entry = entries[way.entry]
    relation, declared = HOWS[entry.how]
    return way.length, entry.slot, relation, burden_order(way.was.burden), not declared


def _ranks(ways: Sequence[Way], entries: Sequence[Entry]) -> tuple[int, ...]:
    ranks = [0] * len(ways)
    order = sorted(range(len(ways)), key=lambda one: _step_order(ways[one], entries))
    for rank, one in enumerate(order):
        ranks[one] = rank
    return tuple(ranks)


def _pattern(carried: Sequence[Carried], ranks: tuple[int, ...]) -> Pattern:
    lengths = {
        length: rank for rank, length in enumerate(sorted({0, *(c.length for c in carried)}))
    }
    plain = (
        one._replace(length=lengths[one.length], burden=_anonymous(one.burden, index))
        for index, one in enumerate(carried)
    )
    return Pattern(tuple(plain), ranks)


def _anonymous(burden: Burden, index: int) -> Burden:
    """Return a burden without the name of its origin, yet another than any beside it."""
    if burden.origin is None:
        return burden
    return burden._replace(origin=Artefact(Kind.MODEL, str(index)))


def _ties(carried: Sequence[Carried]) -> tuple[tuple[int, ...], ...]:
    groups: dict[tuple[str, int], list[int]] = defaultdict(list)
    for index, one in enumerate(carried):
        if one.burden.mark is Mark.LICENSE and one.burden.channel in _BODY:
            groups[one.burden.subject, one.length].append(index)
    return tuple(
        tuple(group)
        for group in groups.values()
        if len({carried[index].place for index in group}) > 1
    )


def _number(thing: Thing, numbers: dict[Thing, int], things: list[Thing]) -> int:
    """Return the number of a thing, a new one if it was not met before."""
    number = numbers.setdefault(thing, len(things))
    if number == len(things):
        things.append(thing)
    return number
