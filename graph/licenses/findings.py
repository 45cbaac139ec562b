"""What the rules find: which rule, how grave, how sure, along which path, and what to do.

A finding is a conflict between declarations, never a judgement in law: metadata are what people
have typed. Findings have one order, so that the same graph gives the same text.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from graph.licenses.facts import Fact
from graph.licenses.views import Artefact
from graph.model.records import Relation

__all__ = ["Finding", "Level"]


class Level(StrEnum):
    """How grave a finding is."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    INFO = "info"

    @property
    def rank(self) -> int:
        """The place in the order of gravity, the gravest first."""
        return _RANKS[self]

    @property
    def lowered(self) -> Level:
        """The level below: for what may not apply at all."""
        return _LOWERED[self]


_LEVELS = tuple(Level)
_RANKS = {level: rank for rank, level in enumerate(_LEVELS)}
_LOWERED = {level: _LEVELS[min(rank + 1, len(_LEVELS) - 1)] for level, rank in _RANKS.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One result of one rule.

    ``path`` leads from the artefact to the cause, ``relations`` are those of its steps;
    ``subject`` is the licence, vendor or circumstance in question, ``reason`` what is the matter.
    """

    rule: str
    level: Level
    confidence: float
    subject: str
    path: tuple[Artefact, ...]
    relations: tuple[Relation, ...]
    facts: tuple[Fact, ...]
    reason: str
    remedy: str

    @property
    def order(self) -> tuple[object, ...]:
        """What findings are sorted by: gravity, rule, subject, path."""
        return self.level.rank, self.rule, self.subject, self.path

    def document(self) -> dict[str, object]:
        """Return the finding as ``--json`` prints it."""
        return {
            "rule": self.rule,
            "level": self.level.value,
            "confidence": self.confidence,
            "subject": self.subject,
            "path": [artefact.id for artefact in self.path],
            "kinds": [artefact.kind.value for artefact in self.path],
            "relations": [relation.value for relation in self.relations],
            "facts": [fact._asdict() for fact in self.facts],
            "reason": self.reason,
            "remedy": self.remedy,
        }
