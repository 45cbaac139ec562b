"""Licence drift: what becomes of a licence from parent to child, counted step by step.

A *step* is a pair of a child and a parent, both known, with a relation over which the licence
itself passes: finetune, adapter, merge, quantized, converted, unspecified, or source and filtered
between datasets. A pair with a typed relation does not count as unspecified too; an artefact is no
parent of itself. Steps are counted, not models: a merge of two has two. Training data, generated
data and distillation are no steps, for what they hand on is disputed.

The *licence* of an artefact is what its declarations resolve to: the Hub's identifier, or the
text behind ``other``. A licence's *demands* are its conditions as the table of facts has them: no
commerce, no derivatives, share-alike (of this licence), an agreement or restrictions to carry on
(of this group), a name, a display, a threshold, a territory, limits to the use of outputs, notices.

kept       the child declares the same licence
relaxed    another one, whose demands are a part of the parent's
tightened  another one, which has all of the parent's demands and more
exchanged  another one, with the same demands or with some more and some less
dropped    the parent declares a licence, the child declares nothing

The *shares* of these five are of the steps whose parent's licence is known and whose child's is
known or missing. The others are counted beside them:

added      the parent declares nothing, the child does
silent     neither declares anything
unclear    one of the two declares several licences, or one whose demands nobody knows

A step belongs to the *month* in which its child was created, and to the *family* of its child:
the root that is nearest to it. So the shares can be laid beside figures of others who count labels
along edges: kept and dropped are comparable as they are; those who rank licences in one row, from
permissive to restrictive, will find their "relaxed" in relaxed and a part of exchanged.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from typing import NamedTuple

from graph.licenses.facts import terms
from graph.model.records import Relation
from graph.model.relations import Passage
from graph.statistics.license_labels import NOTHING, UNCLEAR

__all__ = ["COMPARED", "STEPS", "Drift", "Outcome", "compare"]

STEPS = tuple(
    relation for relation in Relation if relation.row.licenses in {Passage.WHOLE, Passage.ADAPTER}
)
"""The relations that a step may have, in the order in which they are told of."""


class Outcome(StrEnum):
    """What became of the parent's licence."""

    KEPT = "kept"
    RELAXED = "relaxed"
    TIGHTENED = "tightened"
    EXCHANGED = "exchanged"
    DROPPED = "dropped"
    ADDED = "added"
    SILENT = "silent"
    UNCLEAR = "unclear"


COMPARED = tuple(Outcome)[:5]
"""The outcomes that have a share."""


class Drift(NamedTuple):
    """The outcomes of a group of steps."""

    group: str
    counts: Mapping[Outcome, int]

    @property
    def steps(self) -> int:
        """How many steps there are."""
        return sum(self.counts.values())

    @property
    def compared(self) -> int:
        """How many steps the shares are of."""
        return sum(self.counts[outcome] for outcome in COMPARED)

    def share(self, outcome: Outcome) -> float | None:
        """Return the share of an outcome, or None where no step can be compared."""
        return self.counts[outcome] / self.compared if self.compared else None


@cache
def compare(parent: str, child: str) -> Outcome:
    """Return what became of a licence.

    >>> compare("gpl-3.0", "mit").value, compare("mit", "cc-by-nc-4.0").value
    ('relaxed', 'tightened')
    """
    if UNCLEAR in {parent, child}:
        return Outcome.UNCLEAR
    if parent == NOTHING:
        return Outcome.SILENT if child == NOTHING else Outcome.ADDED
    if child == NOTHING:
        return Outcome.DROPPED
    return Outcome.KEPT if parent == child else _difference(_demands(parent), _demands(child))


def _difference(parent: frozenset[str], child: frozenset[str]) -> Outcome:
    if child < parent:
        return Outcome.RELAXED
    return Outcome.TIGHTENED if parent < child else Outcome.EXCHANGED


@cache
def _demands(key: str) -> frozenset[str]:
    """Return what a licence asks for, each demand in a word."""
    said = terms(key)
    demands = {
        "no commerce": said.is_noncommercial,
        "no derivatives": said.no_derivatives,
        f"share alike under {key}": said.share,
        f"carry {said.flow} on": said.flows_down,
        "restricted use": said.use_restrictions,
        f"name {said.prefix}": said.prefix,
        f"display {said.display}": said.display,
        "threshold": said.mau or said.revenue,
        "territory": said.territory,
        "outputs": said.outputs not in {"", "free"},
    }
    found = {demand for demand, is_asked in demands.items() if is_asked}
    has_notices = found - {"no commerce"} or said.attribution or said.notice or said.agreement
    return frozenset(found | {"notices"} if has_notices else found)
