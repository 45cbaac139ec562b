"""May this artefact be used so? An answer from declared metadata, with its duties and findings.

The answers have an order (yes, conditional, unknown, no), and every reason only ever moves the
answer towards no: what is added to a lineage never improves it. What is unknown is not permitted,
and says what is missing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from graph.licenses.answers import Answer, Context, Use
from graph.licenses.engine import case_of, find
from graph.licenses.findings import Finding, Level
from graph.licenses.grounds import Ground, grounds
from graph.licenses.inheritance import Inheritance
from graph.licenses.views import Artefact

__all__ = ["ADVICE", "Answer", "Context", "Use", "Verdict", "grounds_of", "judge", "worst"]

ADVICE = "Automated reading of self-declared metadata; not legal advice."

_OPEN_LINEAGE = {Level.MEDIUM: 0.5, Level.INFO: 0.8}
"""How far a verdict is believed at most where an ancestor, or its data, could not be looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The answer for one use, with what it rests on.

    ``duties`` are what to do on a conditional answer, ``obstacles`` what forbids the use,
    ``missing`` what would have to be known.
    """

    artefact: Artefact
    use: Use
    answer: Answer
    confidence: float
    duties: tuple[str, ...]
    obstacles: tuple[str, ...]
    missing: tuple[str, ...]
    findings: tuple[Finding, ...]

    @property
    def advice(self) -> str:
        """What to do about the answer, in one line that always says what it is."""
        return f"{_advise(self)} {ADVICE}"

    def document(self) -> dict[str, object]:
        """Return the verdict as ``--json`` prints it."""
        return {
            "id": self.artefact.id,
            "kind": self.artefact.kind.value,
            "use": self.use.value,
            "answer": self.answer.value,
            "confidence": self.confidence,
            "duties": list(self.duties),
            "obstacles": list(self.obstacles),
            "missing": list(self.missing),
            "findings": [finding.document() for finding in self.findings],
            "advice": self.advice,
        }


def judge(
    inheritance: Inheritance, artefact: Artefact, use: Use, context: Context | None = None
) -> Verdict:
    """Return the verdict on one use of one artefact."""
    context = context or Context()
    findings = find(inheritance, artefact, territories=context.territories)
    found = grounds_of(inheritance, artefact, findings, use, context)
    return Verdict(
        artefact=artefact,
        use=use,
        answer=worst(found),
        confidence=_confidence(found, findings),
        duties=_said(found, Answer.CONDITIONAL),
        obstacles=_said(found, Answer.NO),
        missing=_said(found, Answer.UNKNOWN),
        findings=tuple(findings),
    )


def grounds_of(
    inheritance: Inheritance,
    artefact: Artefact,
    findings: Iterable[Finding],
    use: Use,
    context: Context,
) -> list[Ground]:
    """Return what the answer on a use rests on, each ground with its nearest cause."""
    case = case_of(inheritance, artefact, territories=context.territories)
    return _named(inheritance, artefact, grounds(case, findings, use, context))


def worst(found: Iterable[Ground]) -> Answer:
    """Return the answer that grounds leave."""
    return max((one.answer for one in found), key=lambda one: one.rank, default=Answer.YES)


def _named(inheritance: Inheritance, artefact: Artefact, found: Iterable[Ground]) -> list[Ground]:
    """Say of each ground once from which ancestor it comes nearest, if not from itself."""
    nearest: dict[tuple[Answer, str], tuple[int, str, Ground]] = {}
    for ground in found:
        way = inheritance.path(artefact, ground.burden) if ground.burden else []
        cause = way[-1][0] if way else ground.cause
        said = f"{ground.says} [{way[-1][0].id}]" if len(way) > 1 else ground.says
        entry = len(way), said, ground._replace(says=said, cause=cause)
        old = nearest.get((ground.answer, ground.says))
        if old is None or entry[:2] < old[:2]:
            nearest[ground.answer, ground.says] = entry
    return [ground for _, _, ground in nearest.values()]


def _said(found: list[Ground], answer: Answer) -> tuple[str, ...]:
    return tuple(sorted({one.says for one in found if one.answer is answer}))


def _confidence(found: list[Ground], findings: list[Finding]) -> float:
    """Return the least belief in what the answer rests on.

    What decides a "no" is enough for it; any other answer also rests on nothing being hidden.
    """
    deciding = [one.belief for one in found if one.answer is Answer.NO]
    if deciding:
        return max(deciding)
    beliefs = [one.belief for one in found]
    beliefs += [_OPEN_LINEAGE[finding.level] for finding in findings if finding.rule == "R18"]
    return min(beliefs, default=1.0)


def _advise(verdict: Verdict) -> str:
    if verdict.answer is Answer.NO:
        return f"Do not use it so: {verdict.obstacles[0]}."
    if verdict.answer is Answer.UNKNOWN:
        return f"Find out first: {verdict.missing[0]}."
    if verdict.answer is Answer.CONDITIONAL:
        return f"Fulfil the duties listed ({len(verdict.duties)})."
    return "Nothing declared speaks against it."
