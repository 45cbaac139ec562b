"""A verdict with the ways to what it is owed to: all that a page or a drawing tells of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from graph.licenses.answers import Answer, Context, Use
from graph.licenses.grounds import Ground
from graph.licenses.inheritance import Inheritance
from graph.licenses.resolution import Effective, resolve_declarations
from graph.licenses.verdict import Verdict, grounds_of, judge
from graph.licenses.views import Artefact, LicenseView
from graph.model.licenses import texts
from graph.model.records import Relation

__all__ = ["Explained", "Reason", "Way", "category_of", "explain"]


class Way(NamedTuple):
    """The artefacts from the one in question to a cause, and the relations of the steps."""

    path: tuple[Artefact, ...]
    relations: tuple[Relation, ...]


class Reason(NamedTuple):
    """One thing that an answer rests on, and the way to where it comes from."""

    answer: Answer
    says: str
    belief: float
    way: Way


class Explained(NamedTuple):
    """A verdict, its reasons (the gravest and nearest first), and who stands on their ways.

    ``ancestors`` counts all that was looked at, training data included.
    """

    verdict: Verdict
    reasons: tuple[Reason, ...]
    views: Mapping[Artefact, LicenseView]
    ancestors: int

    @property
    def deciding(self) -> tuple[Reason, ...]:
        """The reasons without which the answer would be a better one."""
        return tuple(one for one in self.reasons if one.answer is self.verdict.answer)

    @property
    def view(self) -> LicenseView:
        """The artefact in question."""
        return self.views[self.verdict.artefact]

    def declared(self, artefact: Artefact) -> Effective:
        """Return what the declarations of an artefact come to."""
        return resolve_declarations(self.views[artefact].declarations)


def explain(
    inheritance: Inheritance, artefact: Artefact, use: Use, context: Context | None = None
) -> Explained:
    """Return the verdict on one use of one artefact, with its reasons."""
    context = context or Context()
    verdict = judge(inheritance, artefact, use, context)
    grounds = grounds_of(inheritance, artefact, verdict.findings, use, context)
    reasons = [
        Reason(one.answer, one.says, one.belief, _way(inheritance, artefact, one))
        for one in grounds
    ]
    met = {one for reason in reasons for one in reason.way.path}
    met |= {one for finding in verdict.findings for one in finding.path}
    return Explained(
        verdict,
        tuple(sorted(reasons, key=_order)),
        {one: inheritance.view(one) for one in sorted(met | {artefact})},
        len(inheritance.views.keys() - {artefact}),
    )


def category_of(declared: Effective) -> str | None:
    """Return the category of what is declared, for its colour; None where nothing is known.

    >>> from tests.builders import license_
    >>> category_of(resolve_declarations((license_("mit"),)))
    'permissive'
    """
    if not declared.is_certain and (declared.keys or declared.words):
        return "several"
    categories = {texts()[key].category for key in declared.keys if key in texts()}
    return categories.pop() if len(categories) == 1 else "several" if categories else None


def _way(inheritance: Inheritance, artefact: Artefact, ground: Ground) -> Way:
    if ground.burden is not None:
        met = inheritance.path(artefact, ground.burden)
        steps = (step.relation for _, step in met)
        return Way(tuple(one for one, _ in met), tuple(step for step in steps if step))
    if ground.finding is not None:
        return Way(ground.finding.path, ground.finding.relations)
    return Way((artefact,), ())


def _order(reason: Reason) -> tuple[object, ...]:
    return -reason.answer.rank, len(reason.way.path), reason.says
