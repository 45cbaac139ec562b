"""Effective obligations: every artefact's own burdens and those of all its ancestors.

The graph is worked off once, ancestors first; a cycle is worked off as one, until nothing
changes. Nobody's ancestors are walked on their own, so the whole Hub costs little more than its
edges. Beside each burden stays one step towards its nearest cause: together, the shortest path,
and among equals the first by id, whatever the order of the parents.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from heapq import heappop, heappush
from typing import NamedTuple

from graph.licenses.conflicts import merge_burdens
from graph.licenses.obligations import Burden, own_burdens, pass_on
from graph.licenses.topological_order import ancestors_first
from graph.licenses.views import Artefact, LicenseView, Parent, reference
from graph.model.records import Relation

__all__ = [
    "Inheritance",
    "Step",
    "burden_order",
    "inherit",
    "lineage_of",
    "lineages_of",
    "step_order",
]


class Step(NamedTuple):
    """Where a burden came from: the number of steps to its cause, and the first of them."""

    length: int
    parent: Artefact | None = None
    relation: Relation | None = None
    burden: Burden | None = None
    is_declared: bool = True


Burdens = dict[Burden, Step]
_OWN = Step(0)
_ORIGINS = 8


class Inheritance:
    """The burdens of every artefact, with the path to the nearest cause of each."""

    def __init__(self, views: Mapping[Artefact, LicenseView]) -> None:
        self.views = views
        self._burdens: dict[Artefact, Burdens] = {}
        self._shared: dict[tuple[Burden, ...], Burdens] = {}

    def burdens(self, artefact: Artefact) -> Mapping[Burden, Step]:
        """Return what an artefact carries."""
        found = self._burdens.get(artefact)
        return self._own(artefact) if found is None else found

    def know(self, artefact: Artefact, burdens: Burdens) -> None:
        """Take what an artefact carries from whoever has worked it off."""
        self._burdens[artefact] = burdens

    def view(self, artefact: Artefact) -> LicenseView:
        """Return the view of an artefact, also of one that is only named."""
        return self.views.get(artefact) or reference(artefact)

    def path(self, artefact: Artefact, burden: Burden) -> list[tuple[Artefact, Step]]:
        """Return the artefacts from this one to the cause of its burden, each with its step."""
        met = []
        while True:
            step = self.burdens(artefact)[burden]
            met.append((artefact, step))
            if step.parent is None or step.burden is None:
                return met
            artefact, burden = step.parent, step.burden

    def add(self, group: Collection[Artefact]) -> None:
        """Work off an artefact, or all of a cycle, whose other ancestors have been."""
        if len(group) == 1:
            self._take_over(one := next(iter(group)))
            self._merge(one)
            return
        cycle = _Cycle(self, group)
        own = {one: [burden._replace(origin=one) for burden in self._own(one)] for one in group}
        self._burdens.update(cycle.settle(own))
        merged = {one: [*own[one], *self._merged(one)] for one in group}
        if own != merged:  # only now is it known what each carries
            self._burdens.update(cycle.settle(merged))

    def _own(self, artefact: Artefact) -> Burdens:
        """Return an artefact's own burdens, the same object for all who carry the same."""
        own = own_burdens(self.view(artefact))
        if own not in self._shared:
            self._shared[own] = dict.fromkeys(own, _OWN)
        return self._shared[own]

    def _take_over(self, artefact: Artefact) -> None:
        """Take over what the parents carry."""
        found = dict(self._own(artefact))
        for parent in self.view(artefact).parents:
            for burden, step in self.handed(artefact, parent):
                if (old := found.get(burden)) is None or step_order(step) < step_order(old):
                    found[burden] = step
        self._burdens[artefact] = found

    def handed(self, artefact: Artefact, parent: Parent) -> Iterator[tuple[Burden, Step]]:
        """Yield what one parent hands down, with the step towards it."""
        if parent.artefact is not None and parent.artefact != artefact:
            for carried, step in self.burdens(parent.artefact).items():
                if handed := hand_on(carried, step, artefact, parent):
                    yield handed

    def _merge(self, artefact: Artefact) -> None:
        """Add what the parents of a merge come to together."""
        self._burdens[artefact].update(dict.fromkeys(self._merged(artefact), _OWN))

    def _merged(self, artefact: Artefact) -> list[Burden]:
        merged: dict[Artefact, list[Burden]] = {}
        for parent in self.view(artefact).parents:
            if parent.relation is Relation.MERGE and parent.artefact is not None:
                handed = [burden for burden, _ in self.handed(artefact, parent)]
                merged.setdefault(parent.artefact, []).extend(handed)
        merged.pop(artefact, None)
        return list(merge_burdens(list(merged.values()))) if len(merged) > 1 else []


class _Cycle:
    """A cycle whose members hand burdens around, the nearest first, so that each is final at once.

    Of a burden that many members have of their own, each member knows the nearest ``_ORIGINS``:
    two are enough not to take itself for its ancestor, the rest decide between equals. So the work
    grows with the members, not with their square.
    """

    def __init__(self, inheritance: Inheritance, group: Collection[Artefact]) -> None:
        self.inheritance = inheritance
        self.group = sorted(group)
        self.below: dict[Artefact, dict[Relation, list[tuple[Artefact, Parent]]]] = {
            one: {} for one in self.group
        }
        self.above: list[tuple[Artefact, Parent]] = []
        for one in self.group:
            for parent in inheritance.view(one).parents:
                if parent.artefact is None or parent.artefact == one:
                    continue
                below = self.below.get(parent.artefact)
                same = self.above if below is None else below.setdefault(parent.relation, [])
                same.append((one, parent))

    def settle(self, own: Mapping[Artefact, Iterable[Burden]]) -> dict[Artefact, Burdens]:
        """Return what each member carries, from what each has of its own."""
        held = _Held(self.group)
        offers = _Offers()
        for one in self.group:
            offers.add(one, ((burden, _OWN) for burden in own[one]))
        for one, parent in self.above:
            offers.add(one, self.inheritance.handed(one, parent))
        for one, burden, step in offers.nearest_first():
            if held.take(one, burden, step):
                for child, handed in self._handed_down(one, burden, step, held):
                    offers.add(child, [handed])
        return held.burdens

    def _handed_down(
        self, one: Artefact, burden: Burden, step: Step, held: _Held
    ) -> Iterator[tuple[Artefact, tuple[Burden, Step]]]:
        """Yield what a burden becomes in the children that still lack it: in most nobody does."""
        for relation, children in self.below[one].items():
            passed = pass_on(burden, relation)
            if passed is None:
                continue
            base = passed._replace(origin=None)
            for child, parent in children:
                if held.lacks(child, passed, base) and (
                    handed := hand_on(burden, step, child, parent)
                ):
                    yield child, handed


class _Held:
    """What the members of a cycle carry so far: of burdens that differ in origin the nearest."""

    def __init__(self, group: Iterable[Artefact]) -> None:
        self.burdens: dict[Artefact, Burdens] = {one: {} for one in group}
        self._origins: Counter[tuple[Artefact, Burden]] = Counter()

    def lacks(self, one: Artefact, burden: Burden, base: Burden) -> bool:
        """Tell whether a member takes a burden, which without its origin is ``base``."""
        return self._origins[one, base] < _ORIGINS and burden not in self.burdens[one]

    def take(self, one: Artefact, burden: Burden, step: Step) -> bool:
        """Give a member a burden, if it takes it."""
        base = burden._replace(origin=None)
        if taken := self.lacks(one, burden, base):
            self._origins[one, base] += 1
            self.burdens[one][burden] = step
        return taken


class _Offers:
    """What is handed to the members of a cycle, by the number of steps to its cause."""

    def __init__(self) -> None:
        self._by_length: dict[int, list[tuple[Artefact, Burden, Step]]] = {}
        self._lengths: list[int] = []

    def add(self, artefact: Artefact, handed: Iterable[tuple[Burden, Step]]) -> None:
        """Offer burdens to a member."""
        for burden, step in handed:
            if step.length not in self._by_length:
                self._by_length[step.length] = []
                heappush(self._lengths, step.length)
            self._by_length[step.length].append((artefact, burden, step))

    def nearest_first(self) -> Iterator[tuple[Artefact, Burden, Step]]:
        """Yield what is offered, also meanwhile, in an order that no order of parents alters."""
        while self._lengths:
            offered = self._by_length.pop(heappop(self._lengths))
            yield from sorted(offered, key=lambda one: (step_order(one[2]), burden_order(one[1])))


def hand_on(
    carried: Burden, step: Step, child: Artefact, parent: Parent
) -> tuple[Burden, Step] | None:
    """Return what becomes of a parent's burden in a child, or None where nothing does."""
    burden = pass_on(carried, parent.relation)
    if burden is None or burden.origin == child:
        return None
    way = Step(step.length + 1, parent.artefact, parent.relation, carried, parent.is_declared)
    return burden, way


def inherit(views: Mapping[Artefact, LicenseView]) -> Inheritance:
    """Return the burdens of all artefacts."""
    inheritance = Inheritance(views)
    derived = {
        artefact: [one.artefact for one in view.parents if one.artefact is not None]
        for artefact, view in views.items()
        if view.parents
    }
    for group in ancestors_first(derived):
        inheritance.add(group)
    return inheritance


def lineage_of(
    focus: Artefact, look_up: Callable[[Artefact], LicenseView | None]
) -> dict[Artefact, LicenseView]:
    """Return the views of an artefact and of all its ancestors: all that its findings need."""
    return lineages_of([focus], look_up)


def lineages_of(
    foci: Iterable[Artefact], look_up: Callable[[Artefact], LicenseView | None]
) -> dict[Artefact, LicenseView]:
    """Return the views of some artefacts and of all their ancestors."""
    views: dict[Artefact, LicenseView] = {}
    level = foci
    while level := [one for one in dict.fromkeys(level) if one not in views]:
        views.update((one, look_up(one) or reference(one)) for one in level)
        level = [
            parent.artefact
            for one in level
            for parent in views[one].parents
            if parent.artefact is not None
        ]
    return views


def step_order(step: Step) -> tuple[object, ...]:
    """Order the ways to a cause: the shortest, then the first by id, by relation, by channel."""
    return (
        step.length,
        step.parent or (),
        step.relation or "",
        burden_order(step.burden),
        not step.is_declared,
    )


def burden_order(burden: Burden | None) -> tuple[object, ...]:
    """Order burdens by what they are, and those that are alike by their origin."""
    if burden is None:
        return ()
    return (*burden[:-1], burden.origin or ())
