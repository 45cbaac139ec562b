"""What can be asked about an artefact, by whom, and what the answer can be.

commercial     use it in a product or service that earns money
research       use it for research that earns none
redistribute   hand on copies, changed or not
train-others   train another model with it: with its weights, its outputs, or its rows
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from graph.licenses.facts import facts
from graph.model.licenses import read_rows

__all__ = ["Answer", "Context", "Use", "territories"]


class Use(StrEnum):
    """What somebody wants to do."""

    COMMERCIAL = "commercial"
    RESEARCH = "research"
    REDISTRIBUTE = "redistribute"
    TRAIN_OTHERS = "train-others"


class Answer(StrEnum):
    """Whether it is allowed, from best to worst."""

    YES = "yes"
    CONDITIONAL = "conditional"
    UNKNOWN = "unknown"
    NO = "no"

    @property
    def rank(self) -> int:
        """The place in the order, the best first."""
        return _RANKS[self]

    @property
    def permits(self) -> bool:
        """Whether the use is allowed, if only on conditions."""
        return self in {Answer.YES, Answer.CONDITIONAL}


_RANKS = {answer: rank for rank, answer in enumerate(Answer)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """Who asks: where they are established (``EU``, ``DE``, ``KR``) and their monthly users."""

    territory: str | None = None
    mau: int | None = None

    @property
    def territories(self) -> frozenset[str] | None:
        """Return the territory, and the union that it belongs to."""
        if self.territory is None:
            return None
        code = self.territory.strip().upper()
        return frozenset([code, _wider().get(code, code)])


def territories() -> list[str]:
    """Return the territories that licences name."""
    named = (fact.value for known in facts().values() for fact in known if fact.term == "territory")
    return sorted(set(named))


@cache
def _wider() -> dict[str, str]:
    """Return the territory that licences name for the code of a country in ISO 3166."""
    return dict(row for row in read_rows(__package__, "territories.csv"))
