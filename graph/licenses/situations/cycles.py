"""The members of a cycle: each in a situation of its own, worked off as ``Inheritance`` does.

Their burdens have origins, for nobody must take himself for his ancestor. Such cycles are few and
mostly of two; ``Inheritance`` keeps the work in bounds where one has thousands of members.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from graph.licenses.inheritance import Inheritance, Step, burden_order
from graph.licenses.obligations import Burden
from graph.licenses.situations.handing_down import Carried, Entry, Way, carried_by
from graph.licenses.situations.parents import HOWS
from graph.licenses.views import Artefact, LicenseView, Parent

__all__ = ["Found", "Member", "work_off"]


class Member(NamedTuple):
    """A member of a cycle: its case, its steps up, and the parents that they lead to."""

    number: int
    name: Artefact
    view: LicenseView
    own: Mapping[Burden, Carried]
    entries: Sequence[Entry]
    parents: Sequence[Artefact]


class Found(NamedTuple):
    """What a member carries, by which ways, and who each of it comes from."""

    carried: dict[Burden, Carried]
    ways: dict[Burden, Way]
    causes: dict[Burden, int]


class Outsider(NamedTuple):
    """What a parent outside of the cycle carries, in order, and who each of it comes from."""

    carried: Sequence[Carried]
    causes: Sequence[int]


def work_off(
    members: Sequence[Member], outsiders: Mapping[Artefact, Outsider]
) -> dict[Artefact, Found]:
    """Return what the members of a cycle carry."""
    inheritance = Inheritance({one.name: _view(one) for one in members})
    for name, outsider in outsiders.items():
        inheritance.know(name, {one.burden: Step(one.length) for one in outsider.carried})
    inheritance.add([one.name for one in members])
    burdens = {one.name: inheritance.burdens(one.name) for one in members}
    places = {name: _places(found) for name, found in burdens.items()}
    for name, outsider in outsiders.items():
        places[name] = {one.burden: index for index, one in enumerate(outsider.carried)}
    found = {one.name: Found({}, {}, {}) for one in members}
    for member, steps in _nearest_first(members, burdens):
        _add(member, steps, found, outsiders, places)
    return found


def _view(member: Member) -> LicenseView:
    parents = [
        Parent(HOWS[entry.how][0], parent, (), HOWS[entry.how][1])
        for entry, parent in zip(member.entries, member.parents, strict=True)
    ]
    return replace(member.view, artefact=member.name, parents=(*member.view.parents, *parents))


def _places(burdens: Mapping[Burden, Step]) -> dict[Burden, int]:
    return {burden: index for index, burden in enumerate(sorted(burdens, key=burden_order))}


def _nearest_first(
    members: Sequence[Member], burdens: Mapping[Artefact, Mapping[Burden, Step]]
) -> Iterator[tuple[Member, dict[Burden, Step]]]:
    """Yield what the members carry, of one length at once, the shortest first."""
    by_length: dict[int, dict[int, dict[Burden, Step]]] = defaultdict(lambda: defaultdict(dict))
    for number, member in enumerate(members):
        for burden, step in burdens[member.name].items():
            by_length[step.length][number][burden] = step
    for length in sorted(by_length):
        for number, steps in by_length[length].items():
            yield members[number], steps


def _add(
    member: Member,
    steps: Mapping[Burden, Step],
    found: Mapping[Artefact, Found],
    outsiders: Mapping[Artefact, Outsider],
    places: Mapping[Artefact, Mapping[Burden, int]],
) -> None:
    """Add what a member carries by some steps of one length."""
    entries = {
        (parent, *HOWS[entry.how]): number
        for number, (entry, parent) in enumerate(zip(member.entries, member.parents, strict=True))
    }
    here = found[member.name]
    ways = {}
    for burden, step in steps.items():
        if step.parent is None or step.relation is None or step.burden is None:
            ways[burden] = Way()
            here.causes[burden] = member.number
            continue
        index = places[step.parent][step.burden]
        if (outsider := outsiders.get(step.parent)) is not None:
            was, cause = outsider.carried[index], outsider.causes[index]
        else:
            above = found[step.parent]
            was, cause = above.carried[step.burden], above.causes[step.burden]
        entry = entries[step.parent, step.relation, step.is_declared]
        ways[burden] = Way(step.length, entry, index, was)
        here.causes[burden] = cause
    own = {burden._replace(origin=member.name): one for burden, one in member.own.items()}
    here.ways.update(ways)
    here.carried.update(carried_by(ways, member.entries, own))
