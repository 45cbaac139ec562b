"""What each use of an artefact runs into: the grounds of a verdict.

Rule: a ground comes from a licence that binds or from a finding, and moves the answer one way.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from graph.licenses.answers import Answer, Context, Use
from graph.licenses.facts import BELIEF, Terms, facts_of
from graph.licenses.findings import Finding, Level
from graph.licenses.obligations import Burden, Channel
from graph.licenses.resolution import Status
from graph.licenses.rules.case import HELD, Case
from graph.licenses.views import Artefact

__all__ = ["Ground", "grounds"]


class Ground(NamedTuple):
    """One reason, and the best answer that it leaves.

    ``burden`` leads to the cause, which is known at once where the reason is a ``finding``.
    """

    answer: Answer
    says: str
    belief: float = 1.0
    burden: Burden | None = None
    cause: Artefact | None = None
    finding: Finding | None = None


def grounds(
    case: Case, findings: Iterable[Finding], use: Use, context: Context
) -> Iterator[Ground]:
    """Yield every ground for the answer on a use."""
    for burden, said in case.licenses(HELD):
        for ground in _of_license(burden, said, use, context):
            yield _caused(ground, burden)
    for finding in findings:
        yield from _of_finding(finding, use)
    if case.effective.status is Status.SEVERAL:
        yield from _of_several(case, use)
    if use is Use.TRAIN_OTHERS:
        yield from _of_outputs(case)


def _of_several(case: Case, use: Use) -> Iterator[Ground]:
    """Yield what holds whichever of the licences declared applies."""
    for words in case.effective.words:
        yield Ground(Answer.UNKNOWN, f"what the licence {words} stands for")
    if use is Use.COMMERCIAL and all(one.is_noncommercial for one in case.own):
        yield Ground(Answer.NO, f"none of {case.declared} allows commercial use")


def _of_license(burden: Burden, said: Terms, use: Use, context: Context) -> Iterator[Ground]:
    key = burden.subject
    yield from _permission(key, said, use)
    yield from _limit(key, said, context)
    if use is Use.TRAIN_OTHERS:
        yield from _training(key, said)
    if said.use_restrictions == "true":
        yield _ground(Answer.CONDITIONAL, f"keep to the use restrictions of {key}", key, *_USE)
    if use is Use.REDISTRIBUTE:
        yield from _handing_on(key, said)
    elif said.display and use is Use.COMMERCIAL:
        yield _ground(Answer.CONDITIONAL, f'show "{said.display}" ({key})', key, "display")


def _permission(key: str, said: Terms, use: Use) -> Iterator[Ground]:
    """Yield what a licence says of commerce, and whether it says anything for certain."""
    if said.is_noncommercial:
        answer = Answer.NO if use is Use.COMMERCIAL else Answer.CONDITIONAL
        yield _ground(answer, f"{key} allows no commercial use", key, "commercialUse")
    elif not said.allows_commerce:
        yield _ground(Answer.UNKNOWN, f"what {key} stands for", key, "commercialUse")


def _limit(key: str, said: Terms, context: Context) -> Iterator[Ground]:
    """Yield what becomes of a threshold, for the number of users that was said."""
    if not said.mau and not said.revenue:
        return
    limit = _limits(said)
    if said.threshold_effect == "display":
        says = f"above {limit}, show the name that {key} asks for"
        yield _ground(Answer.CONDITIONAL, says, key, "thresholdEffect")
    elif said.mau and context.mau is not None and context.mau > said.mau:
        says = f"{context.mau:,} monthly users are more than {key} licenses ({said.mau:,})"
        yield _ground(Answer.NO, says, key, "mauThreshold")
    else:
        says = f"stay below {limit}, or ask the licensor of {key}"
        yield _ground(Answer.CONDITIONAL, says, key, "mauThreshold", "revenueThreshold")


def _training(key: str, said: Terms) -> Iterator[Ground]:
    if said.no_derivatives == "true":
        says = f"{key} allows no derivatives to be shared: whether a model is one is open"
        yield _ground(Answer.UNKNOWN, says, key, "noDerivatives")
    if said.outputs == "prohibited":
        says = f"{key} forbids to train other models with it or its outputs"
        yield _ground(Answer.NO, says, key, "outputTraining")
    elif said.outputs in _CARRIED:
        says = f"give the new model what {key} asks of it: {_CARRIED[said.outputs]}"
        yield _ground(Answer.CONDITIONAL, says, key, "outputTraining")


def _handing_on(key: str, said: Terms) -> Iterator[Ground]:
    """Yield the duties of whoever hands on copies."""
    duties = (
        (said.agreement, f"add a copy of the agreement ({key})", "agreementCopy"),
        (said.notice, f"add the notice: {said.notice} ({key})", "notice"),
        (said.display, f'show "{said.display}" ({key})', "display"),
        (said.prefix, f"begin the name of a derivative with {said.prefix} ({key})", "namePrefix"),
        (said.documentation, f"{said.documentation} ({key})", "documentation"),
        (said.share, f"keep {key} or a licence that it accepts", "shareAlike"),
        (said.flows_down, f"carry the terms of {key} on", "flowDown"),
        (said.attribution, f"name the author and keep the text of {key}", "requires"),
    )
    for is_asked, says, term in duties:
        if is_asked:
            yield _ground(Answer.CONDITIONAL, says, key, term)


def _of_outputs(case: Case) -> Iterator[Ground]:
    """Yield what generated data bring with them, for those who train on them."""
    if not case.is_model:
        for burden, said in case.licenses((Channel.OUTPUT,)):
            for ground in _training(burden.subject, said):
                yield _caused(ground, burden)


_NO, _UNKNOWN, _CONDITIONAL = Answer.NO, Answer.UNKNOWN, Answer.CONDITIONAL
_ALL_UNKNOWN = dict.fromkeys(Use, _UNKNOWN)
_ALL_CONDITIONAL = dict.fromkeys(Use, _CONDITIONAL)
_RELABEL = {Use.REDISTRIBUTE: _CONDITIONAL}

_EFFECTS: dict[tuple[str, Level], dict[Use, Answer]] = {
    ("R01", Level.MEDIUM): _ALL_UNKNOWN,
    ("R01", Level.LOW): _ALL_UNKNOWN,
    ("R03", Level.HIGH): _RELABEL,
    ("R03", Level.MEDIUM): _RELABEL,
    ("R04", Level.HIGH): dict.fromkeys(Use, _NO) | {Use.RESEARCH: _CONDITIONAL},
    ("R04", Level.MEDIUM): dict.fromkeys(Use, _UNKNOWN) | {Use.RESEARCH: _CONDITIONAL},
    ("R04", Level.LOW): dict.fromkeys(Use, _UNKNOWN) | {Use.RESEARCH: _CONDITIONAL},
    ("R05", Level.HIGH): _RELABEL,
    ("R05", Level.MEDIUM): _RELABEL,
    ("R05", Level.LOW): _RELABEL,
    ("R06", Level.HIGH): _ALL_CONDITIONAL,
    ("R06", Level.MEDIUM): _ALL_CONDITIONAL,
    ("R06", Level.LOW): _ALL_CONDITIONAL,
    ("R10", Level.HIGH): _ALL_UNKNOWN,
    ("R10", Level.MEDIUM): _ALL_UNKNOWN,
    ("R11", Level.MEDIUM): {Use.COMMERCIAL: _UNKNOWN},
    ("R11", Level.LOW): {Use.COMMERCIAL: _CONDITIONAL},
    ("R13", Level.MEDIUM): {Use.TRAIN_OTHERS: _UNKNOWN, Use.COMMERCIAL: _CONDITIONAL},
    ("R13", Level.LOW): {Use.TRAIN_OTHERS: _CONDITIONAL},
    ("R16", Level.HIGH): dict.fromkeys(Use, _NO),
    ("R16", Level.MEDIUM): _ALL_CONDITIONAL,
    ("R18", Level.MEDIUM): _ALL_UNKNOWN,
    ("R20", Level.MEDIUM): _ALL_CONDITIONAL,
}
"""What a finding of a rule does to the answer, by its level; the rest informs only."""

_CONFLICT = dict.fromkeys(Use, _UNKNOWN) | {Use.REDISTRIBUTE: _NO}
"""What a merge does that no licence satisfies; one that is only mislabelled adds nothing."""


def _of_finding(finding: Finding, use: Use) -> Iterator[Ground]:
    effects = _EFFECTS.get((finding.rule, finding.level), {})
    if finding.rule == "R14" and " " in finding.subject:
        effects = _CONFLICT
    if (answer := effects.get(use)) is not None:
        says, cause = finding.reason, finding.path[-1]
        if answer is Answer.CONDITIONAL:
            says = finding.remedy if use is Use.REDISTRIBUTE else f"take into account: {says}"
        source = finding.rule if len(finding.path) == 1 else f"{finding.rule}, {cause.id}"
        said = f"{says} ({source})"
        yield Ground(answer, said, finding.confidence, cause=cause, finding=finding)


_USE = ("useRestrictions",)
_CARRIED = {
    "name-prefix": "its name and display",
    "display": "its display",
    "derivative": "its whole terms, if it imitates",
}


def _ground(answer: Answer, says: str, key: str, *names: str) -> Ground:
    beliefs = (fact.belief for fact in facts_of(key, *names))
    return Ground(answer, says, min(beliefs, default=BELIEF["not-read"]))


def _caused(ground: Ground, burden: Burden) -> Ground:
    """Name the cause, and weaken what follows from a licence that perhaps does not apply."""
    if burden.is_certain:
        return ground._replace(burden=burden)
    answer = Answer.UNKNOWN if ground.answer is Answer.NO else ground.answer
    return Ground(answer, f"if it applies: {ground.says}", min(ground.belief, 0.5), burden)


def _limits(said: Terms) -> str:
    parts = [
        said.mau and f"{said.mau:,} monthly users",
        said.revenue and f"{said.revenue:,} US dollars",
    ]
    return " or ".join(part for part in parts if part)
