"""What the rules find in a situation, and whether commercial use is allowed: once for all in it.

The rules see a case without ids: what is declared, what of the name matters, and the pattern of
what is carried. So what they find names nobody: it says by which burden the cause is found, and
``writing`` puts in who that is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from graph.licenses.answers import Answer, Context, Use
from graph.licenses.engine import Chosen, Way, choose
from graph.licenses.findings import Finding, Level
from graph.licenses.grounds import Ground, grounds
from graph.licenses.inheritance import Step
from graph.licenses.obligations import Burden
from graph.licenses.rules import Case
from graph.licenses.situations.handing_down import Pattern
from graph.licenses.verdict import worst
from graph.licenses.views import Artefact, LicenseView

__all__ = ["FoundBy", "GroundBy", "Judgement", "judge_situation"]

_NOBODY = Context()


class FoundBy(NamedTuple):
    """A finding without ids; ``cause`` is the place of the burden that leads to it, or None."""

    finding: Finding
    cause: int | None


class GroundBy(NamedTuple):
    """A ground without ids: what it says before and after the id of its cause, if it has one."""

    before: str
    after: str = ""
    cause: int | None = None


class Judgement(NamedTuple):
    """What holds of all in a situation: the answer on commercial use, its grounds, the findings."""

    answer: Answer
    grounds: tuple[GroundBy, ...]
    findings: tuple[FoundBy, ...]


def judge_situation(view: LicenseView, pattern: Pattern, ties: Mapping[int, int]) -> Judgement:
    """Return what is found of all in a situation.

    ``view`` has the name of one of them. ``ties`` gives places to burdens whose causes are
    equally far off, by the ids of those.
    """
    return _Judge(view, pattern, ties).judgement()


class _Judge:
    def __init__(self, view: LicenseView, pattern: Pattern, ties: Mapping[int, int]) -> None:
        self.view = view
        self.ties = ties
        carried = pattern.carried
        self.places = {one.burden: place for place, one in enumerate(carried)}
        self.ways = {one.burden: Way(one.length, one.belief, (one.place,)) for one in carried}
        ranks = zip(carried, pattern.ranks, strict=True)
        self.case = Case(view, {one.burden: Step(rank) for one, rank in ranks})

    def judgement(self) -> Judgement:
        found = [self._found(one) for one in choose(self.case, self._way)]
        by_id = {id(one.finding): one for one in found}
        findings = [one.finding for one in found]
        every = grounds(self.case, findings, Use.COMMERCIAL, _NOBODY)
        nearest = self._nearest(every, by_id)
        answer = worst(one for one, _ in nearest)
        return Judgement(
            answer,
            tuple(said for one, said in nearest if one.answer is answer),
            tuple(one for one in found if one.finding.level is not Level.INFO),
        )

    def _way(self, burden: Burden | None) -> Way:
        return Way(0, 1.0) if burden is None else self.ways[burden]

    def _found(self, chosen: Chosen) -> FoundBy:
        draft, artefact = chosen.draft, self.view.artefact
        cause = self._cause(draft.burden)
        finding = Finding(
            rule=chosen.rule,
            level=draft.level,
            confidence=chosen.confidence,
            subject=draft.subject,
            path=(artefact,) if cause is None else (artefact, Artefact(artefact.kind, "")),
            relations=(),
            facts=draft.facts,
            reason=draft.reason,
            remedy=draft.remedy,
        )
        return FoundBy(finding, cause)

    def _cause(self, burden: Burden | None) -> int | None:
        """Return the place of a burden that another is the cause of."""
        return None if not self._way(burden).length or burden is None else self.places[burden]

    def _nearest(
        self, every: Iterable[Ground], found: Mapping[int, FoundBy]
    ) -> list[tuple[Ground, GroundBy]]:
        """Return of grounds that say the same the one whose cause is nearest, then first by id."""
        nearest: dict[tuple[object, ...], tuple[tuple[int, int], Ground, GroundBy]] = {}
        for ground in every:
            length, tie, key = 0, 0, None
            if ground.finding is not None:
                cause = key = found[id(ground.finding)].cause
                said = _of_finding(ground.says, cause)
            else:
                cause = self._cause(ground.burden)
                said = (
                    GroundBy(ground.says)
                    if cause is None
                    else GroundBy(f"{ground.says} [", "]", cause)
                )
                length = self._way(ground.burden).length
                tie = 0 if cause is None else self.ties.get(cause, 0)
            same = ground.answer, ground.says, key
            if same not in nearest or (length, tie) < nearest[same][0]:
                nearest[same] = (length, tie), ground, said
        return [(ground, said) for _, ground, said in nearest.values()]


def _of_finding(says: str, cause: int | None) -> GroundBy:
    """Return what is said of a finding, which ends with the id of its cause in brackets."""
    return GroundBy(says) if cause is None else GroundBy(says[:-1], ")", cause)
