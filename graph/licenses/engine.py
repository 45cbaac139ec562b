"""From views to findings: every rule over every artefact, with the path to each cause.

    views -> inherit -> one case an artefact -> rules -> drafts -> findings with paths

One artefact and the whole Hub take the same way; for one, its ancestors' views are enough. A rule
may look at the name of what has parents only: the findings of all others are shared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache, partial
from typing import NamedTuple

from graph.licenses.findings import Finding
from graph.licenses.inheritance import Inheritance, Step, inherit
from graph.licenses.obligations import Burden, Mark
from graph.licenses.resolution import Effective, resolve_declarations
from graph.licenses.rules import RULES, Case, Draft
from graph.licenses.views import Artefact, LicenseView
from graph.model.records import Relation

__all__ = [
    "Chosen",
    "Way",
    "case_of",
    "cause_belief",
    "choose",
    "find",
    "find_all",
    "relation_belief",
]

_COMPUTED_BELIEF = 0.9  # a relation that the Hub inferred, and nobody declared
_POSSIBLE_BELIEF = 0.5  # one of several licences, of which perhaps only one applies


class Way(NamedTuple):
    """How far off a cause is, how surely it hands down, and its place among equally far ones.

    ``place`` orders ways of the same length as the ids along them do.
    """

    length: int
    belief: float
    place: tuple[object, ...] = ()


class Chosen(NamedTuple):
    """A draft that is a finding once its path is known."""

    rule: str
    draft: Draft
    confidence: float
    way: Way

    @property
    def preference(self) -> tuple[object, ...]:
        """Order what one rule finds about one subject: the gravest, then the nearest."""
        way = self.way
        return self.draft.level.rank, way.length, -self.confidence, way.place

    @property
    def order(self) -> tuple[object, ...]:
        """What findings are sorted by: gravity, rule, subject."""
        return self.draft.level.rank, self.rule, self.draft.subject


def find_all(views: Mapping[Artefact, LicenseView]) -> Iterator[tuple[Artefact, list[Finding]]]:
    """Yield every artefact with its findings, in the order of the views."""
    inheritance = inherit(views)
    for artefact in views:
        yield artefact, find(inheritance, artefact)


def find(
    inheritance: Inheritance, artefact: Artefact, *, territories: frozenset[str] | None = None
) -> list[Finding]:
    """Return the findings of one artefact, the gravest first.

    ``territories`` are those of the user (``EU``); without them the rules warn of all.
    """
    view = inheritance.view(artefact)
    if view.parents:
        return _find(inheritance, artefact, territories)
    # Most of the Hub has no parents and declares one of some hundred things: find that out once.
    nameless = replace(view, artefact=Artefact(artefact.kind, ""))
    return [replace(one, path=(artefact,)) for one in _find_alone(nameless, territories)]


def case_of(
    inheritance: Inheritance, artefact: Artefact, *, territories: frozenset[str] | None = None
) -> Case:
    """Return an artefact as the rules see it."""
    return Case(inheritance.view(artefact), inheritance.burdens(artefact), territories)


@lru_cache(maxsize=65536)
def _find_alone(view: LicenseView, territories: frozenset[str] | None) -> tuple[Finding, ...]:
    return tuple(_find(inherit({view.artefact: view}), view.artefact, territories))


def choose(case: Case, way_of: Callable[[Burden | None], Way]) -> list[Chosen]:
    """Return of what the rules find about the same the gravest and nearest, in order.

    It knows no ids: whatever has the same case and the same ways has the same choice.
    """
    best: dict[tuple[str, str], Chosen] = {}
    for rule, find_drafts in RULES.items():
        for draft in find_drafts(case):
            chosen = _chosen(case, rule, draft, way_of(draft.burden))
            old = best.get((rule, draft.subject))
            if old is None or chosen.preference < old.preference:
                best[rule, draft.subject] = chosen
    return sorted(best.values(), key=lambda one: one.order)


def relation_belief(relation: Relation, *, is_declared: bool) -> float:
    """Return how far a licence is believed to reach over one step."""
    belief = relation.row.belief
    return belief if is_declared else min(belief, _COMPUTED_BELIEF)


def cause_belief(burden: Burden, effective: Effective) -> float:
    """Return how far a cause is believed to declare what it hands down."""
    if burden.mark is not Mark.LICENSE:
        return 1.0
    return effective.belief if burden.is_certain else min(effective.belief, _POSSIBLE_BELIEF)


def _find(
    inheritance: Inheritance, artefact: Artefact, territories: frozenset[str] | None
) -> list[Finding]:
    case = case_of(inheritance, artefact, territories=territories)
    chosen = choose(case, partial(_way, inheritance, artefact))
    return [_finding(inheritance, artefact, one) for one in chosen]


def _steps(
    inheritance: Inheritance, artefact: Artefact, burden: Burden | None
) -> list[tuple[Artefact, Step]]:
    return [(artefact, Step(0))] if burden is None else inheritance.path(artefact, burden)


def _way(inheritance: Inheritance, artefact: Artefact, burden: Burden | None) -> Way:
    steps = _steps(inheritance, artefact, burden)
    beliefs = [_belief(step) for _, step in steps]
    if burden is not None:
        declarations = inheritance.view(steps[-1][0]).declarations
        beliefs.append(cause_belief(burden, resolve_declarations(declarations)))
    return Way(len(steps) - 1, min(beliefs), tuple(one for one, _ in steps))


def _belief(step: Step) -> float:
    if step.relation is None:
        return 1.0
    return relation_belief(step.relation, is_declared=step.is_declared)


def _chosen(case: Case, rule: str, draft: Draft, way: Way) -> Chosen:
    """Return a draft with the least of what is believed of facts, steps and declarations."""
    beliefs = [way.belief, *(fact.belief for fact in draft.facts)]
    if draft.facts:
        beliefs.append(case.effective.belief)
    return Chosen(rule, draft, min(beliefs), way)


def _finding(inheritance: Inheritance, artefact: Artefact, chosen: Chosen) -> Finding:
    draft = chosen.draft
    steps = _steps(inheritance, artefact, draft.burden)
    return Finding(
        rule=chosen.rule,
        level=draft.level,
        confidence=chosen.confidence,
        subject=draft.subject,
        path=tuple(one for one, _ in steps),
        relations=tuple(step.relation for _, step in steps if step.relation is not None),
        facts=draft.facts,
        reason=draft.reason,
        remedy=draft.remedy,
    )
