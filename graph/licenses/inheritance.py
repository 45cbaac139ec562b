"""Effective obligations: every artefact's own burdens and those of all its ancestors.

The graph is worked off once, ancestors first; a cycle is worked off as one, until nothing
changes. Nobody's ancestors are walked on their own, so the whole Hub costs little more than its
edges. Beside each burden stays one step towards its nearest cause: together, the shortest path,
and among equals the first by id, whatever the order of the parents.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import NamedTuple

from graph.licenses.conflicts import merge_burdens
from graph.licenses.obligations import Burden, own_burdens, pass_on
from graph.licenses.topological_order import ancestors_first
from graph.licenses.views import Artefact, LicenseView, Parent, reference
from graph.model.records import Relation

__all__ = ["Inheritance", "Step", "inherit", "lineage_of", "lineages_of", "step_order"]


class Step(NamedTuple):
    """Where a burden came from: the number of steps to its cause, and the first of them."""

    length: int
    parent: Artefact | None = None
    relation: Relation | None = None
    burden: Burden | None = None
    is_declared: bool = True


Burdens = dict[Burden, Step]
_OWN = Step(0)


class Inheritance:
    """The burdens of every artefact, with the path to the nearest cause of each."""

    def __init__(self, views: Mapping[Artefact, LicenseView]) -> None:
        self.views = views
        self._burdens: dict[Artefact, Burdens] = {}
        self._shared: dict[tuple[Burden, ...], Burdens] = {}

    def burdens(self, artefact: Artefact) -> Mapping[Burden, Step]:
        """Return what an artefact carries."""
        if found := self._burdens.get(artefact):
            return found
        return self._own(artefact)

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
        for one in group:
            marked = ((burden._replace(origin=one), _OWN) for burden in self._own(one))
            self._burdens[one] = dict(marked)
        self._settle(group)
        for one in group:  # only now is it known what each carries
            self._merge(one)
        self._settle(group)

    def _settle(self, group: Collection[Artefact]) -> None:
        """Hand burdens around a cycle until nothing changes."""
        waiting = deque(sorted(group))
        while waiting:
            if self._take_over(one := waiting.popleft()):
                waiting.extend(other for other in sorted(group) if self._has_parent(other, one))

    def _own(self, artefact: Artefact) -> Burdens:
        """Return an artefact's own burdens, the same object for all who carry the same."""
        own = own_burdens(self.view(artefact))
        if own not in self._shared:
            self._shared[own] = dict.fromkeys(own, _OWN)
        return self._shared[own]

    def _take_over(self, artefact: Artefact) -> bool:
        """Take over what the parents carry; tells whether that changed anything."""
        before = self._burdens.get(artefact)
        after = dict(before if before is not None else self._own(artefact))
        for parent in self.view(artefact).parents:
            for burden, step in self._handed(artefact, parent):
                if (old := after.get(burden)) is None or step_order(step) < step_order(old):
                    after[burden] = step
        self._burdens[artefact] = after
        return after != before

    def _handed(self, artefact: Artefact, parent: Parent) -> Iterator[tuple[Burden, Step]]:
        """Yield what one parent hands down, with the step towards it."""
        if parent.artefact is None or parent.artefact == artefact:
            return
        for carried, step in self.burdens(parent.artefact).items():
            burden = pass_on(carried, parent.relation)
            if burden is not None and burden.origin != artefact:
                length = step.length + 1
                yield (
                    burden,
                    Step(length, parent.artefact, parent.relation, carried, parent.is_declared),
                )

    def _merge(self, artefact: Artefact) -> None:
        """Add what the parents of a merge come to together."""
        merged: dict[Artefact, list[Burden]] = {}
        for parent in self.view(artefact).parents:
            if parent.relation is Relation.MERGE and parent.artefact is not None:
                handed = [burden for burden, _ in self._handed(artefact, parent)]
                merged.setdefault(parent.artefact, []).extend(handed)
        merged.pop(artefact, None)
        if len(merged) > 1:
            found = dict.fromkeys(merge_burdens(list(merged.values())), _OWN)
            self._burdens[artefact].update(found)

    def _has_parent(self, artefact: Artefact, parent: Artefact) -> bool:
        return any(one.artefact == parent for one in self.view(artefact).parents)


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
        _sort_key(step.burden),
        not step.is_declared,
    )


def _sort_key(burden: Burden | None) -> tuple[object, ...]:
    if burden is None:
        return ()
    return (*burden[:-1], burden.origin or ())
