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

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import StrEnum
from functools import cache
from typing import NamedTuple

from graph.licenses.facts import terms
from graph.licenses.resolution import Status, resolve_declarations
from graph.licenses.views import Artefact, LicenseView
from graph.model.records import LicenseDeclaration, Relation
from graph.model.relations import TYPED_RELATIONS, Passage

__all__ = [
    "COMPARED",
    "NOTHING",
    "RELATIONS",
    "UNCLEAR",
    "Drift",
    "Outcome",
    "Step",
    "compare",
    "drift",
    "label",
    "steps",
    "transitions",
]

RELATIONS = tuple(
    relation for relation in Relation if relation.row.licenses in {Passage.WHOLE, Passage.ADAPTER}
)
"""The relations whose steps are counted: those over which the licence itself passes."""

NOTHING, UNCLEAR = "none declared", "unclear"
"""What stands for the licence of an artefact without one, and of one that leaves it open."""


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


class Step(NamedTuple):
    """One step, with the licences at its ends."""

    relation: Relation
    parent: str
    child: str
    month: str
    family: str

    @property
    def outcome(self) -> Outcome:
        """What became of the licence."""
        return compare(self.parent, self.child)


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


def steps(
    views: Mapping[Artefact, LicenseView],
    *,
    created: Mapping[Artefact, str],
    family: Callable[[Artefact], str],
) -> Iterator[Step]:
    """Yield every step among artefacts; ``created`` are their dates, where they are known."""
    for artefact, view in views.items():
        for relation, parent in _parents(view):
            if (above := views.get(parent)) is not None and above.is_known:
                month = created.get(artefact, "")[:7]
                labels = label(above.declarations), label(view.declarations)
                yield Step(relation, *labels, month or "unknown", family(artefact))


def drift(found: Iterable[Step], by: Callable[[Step], str]) -> list[Drift]:
    """Return the outcomes of steps in groups, the groups sorted by name."""
    groups: dict[str, Counter[Outcome]] = {}
    for step in found:
        groups.setdefault(by(step), Counter())[step.outcome] += 1
    return [Drift(group, groups[group]) for group in sorted(groups)]


def transitions(found: Iterable[Step]) -> list[tuple[Relation, str, str, int]]:
    """Return the matrix: relation, licence of the parent, of the child, and how many steps."""
    counts = Counter((step.relation, step.parent, step.child) for step in found)
    rows = [(*key, count) for key, count in counts.items()]
    return sorted(rows, key=lambda row: (RELATIONS.index(row[0]), -row[3], row[1], row[2]))


def _parents(view: LicenseView) -> Iterator[tuple[Relation, Artefact]]:
    """Yield each relation to each parent once, without the untyped twin of a typed one."""
    found = {
        (one.relation, one.artefact)
        for one in view.parents
        if one.relation in RELATIONS and one.artefact is not None
    }
    typed = {parent for relation, parent in found if relation in TYPED_RELATIONS}
    for relation, parent in sorted(found):
        is_twin = relation is Relation.UNSPECIFIED and parent in typed
        if parent != view.artefact and not is_twin:
            yield relation, parent


def label(declarations: tuple[LicenseDeclaration, ...]) -> str:
    """Return the licence that declarations come to in a word."""
    found = resolve_declarations(declarations)
    if found.status is Status.MISSING:
        return NOTHING
    if not found.is_certain or len(found.keys) != 1:
        return UNCLEAR
    return found.keys[0] if terms(found.keys[0]).commercial != "unknown" else UNCLEAR


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
