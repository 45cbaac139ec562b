"""From views to findings: every rule over every artefact, with the path to each cause.

    views -> inherit -> one case an artefact -> rules -> drafts -> findings with paths

One artefact and the whole Hub take the same way; for one, its ancestors' views are enough. A rule
may look at the name of what has parents only: the findings of all others are shared.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache

from graph.licenses.findings import Finding
from graph.licenses.inheritance import Inheritance, Step, inherit
from graph.licenses.obligations import Burden, Mark
from graph.licenses.resolution import resolve_declarations
from graph.licenses.rules import RULES, Case, Draft
from graph.licenses.views import Artefact, LicenseView

__all__ = ["case_of", "find", "find_all"]

_COMPUTED_BELIEF = 0.9  # a relation that the Hub inferred, and nobody declared
_POSSIBLE_BELIEF = 0.5  # one of several licences, of which perhaps only one applies


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


def _find(
    inheritance: Inheritance, artefact: Artefact, territories: frozenset[str] | None
) -> list[Finding]:
    case = case_of(inheritance, artefact, territories=territories)
    best: dict[tuple[str, str], Finding] = {}
    for rule, find_drafts in RULES.items():
        for draft in find_drafts(case):
            finding = _finding(inheritance, case, rule, draft)
            old = best.get((rule, draft.subject))
            if old is None or _preference(finding) < _preference(old):
                best[rule, draft.subject] = finding
    return sorted(best.values(), key=lambda finding: finding.order)


def _preference(finding: Finding) -> tuple[object, ...]:
    """Order findings of one rule about one licence: the gravest, then the nearest."""
    return finding.level.rank, len(finding.path), -finding.confidence, finding.path


def _finding(inheritance: Inheritance, case: Case, rule: str, draft: Draft) -> Finding:
    artefact = case.view.artefact
    way: list[tuple[Artefact, Step]] = [(artefact, Step(0))]
    if draft.burden is not None:
        way = inheritance.path(artefact, draft.burden)
    return Finding(
        rule=rule,
        level=draft.level,
        confidence=_confidence(inheritance, case, draft, way),
        subject=draft.subject,
        path=tuple(one for one, _ in way),
        relations=tuple(step.relation for _, step in way if step.relation is not None),
        facts=draft.facts,
        reason=draft.reason,
        remedy=draft.remedy,
    )


def _confidence(
    inheritance: Inheritance, case: Case, draft: Draft, way: list[tuple[Artefact, Step]]
) -> float:
    """Return the least of what is believed of the facts, the steps and the declarations."""
    beliefs = [fact.belief for fact in draft.facts]
    beliefs += [_belief(step) for _, step in way]
    if draft.burden is not None and draft.burden.mark is Mark.LICENSE:
        beliefs.append(_declared_belief(inheritance, way[-1][0], draft.burden))
    return min([*beliefs, case.effective.belief if draft.facts else 1.0])


def _belief(step: Step) -> float:
    if step.relation is None:
        return 1.0
    belief = step.relation.row.belief
    return belief if step.is_declared else min(belief, _COMPUTED_BELIEF)


def _declared_belief(inheritance: Inheritance, cause: Artefact, burden: Burden) -> float:
    belief = resolve_declarations(inheritance.view(cause).declarations).belief
    return belief if burden.is_certain else min(belief, _POSSIBLE_BELIEF)
