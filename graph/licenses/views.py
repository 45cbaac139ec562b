"""What the licence engine needs to know of an artefact, and how a record tells it.

Rule: the rules see these views and nothing else, so that they judge a record in a test, a page
of the store or a row of a dump alike. A view is as its source says, never as a rule would like.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from graph.model.records import (
    ClaimSource,
    Derivation,
    Gating,
    Kind,
    LicenseDeclaration,
    Relation,
    Repository,
)
from graph.model.relations import TYPED_RELATIONS

__all__ = [
    "SEES",
    "Artefact",
    "LicenseView",
    "Parent",
    "is_declared",
    "is_named_for_seeing",
    "reference",
    "view_of",
    "views_of",
]

SEES = frozenset(
    [
        "any-to-any",
        "document-question-answering",
        "image-text-to-text",
        "image-to-text",
        "video-text-to-text",
        "visual-question-answering",
    ]
)
"""The tasks of what takes pictures in and gives text."""

_VISION_NAME = re.compile(r"(?<![a-z])(vision|vl|multimodal)(?![a-z])", re.IGNORECASE)


class Artefact(NamedTuple):
    """A repository: its kind and id, for a model and a dataset may have the same id."""

    kind: Kind
    id: str

    @property
    def name(self) -> str:
        """The part of the id after the owner."""
        return self.id.rpartition("/")[2]


class Parent(NamedTuple):
    """One step up the lineage.

    ``artefact`` is None where the claim names a product or a path; ``words`` are the raw values.
    ``is_declared`` is False where the relation is the Hub's computation alone.
    """

    relation: Relation
    artefact: Artefact | None
    words: tuple[str, ...] = ()
    is_declared: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class LicenseView:
    """An artefact as the rules see it.

    ``is_known`` is False where it is only named by others: gone, private, or never looked at;
    ``renamed_to`` is its new id. ``previous`` are the declarations of an earlier snapshot.
    """

    artefact: Artefact
    declarations: tuple[LicenseDeclaration, ...] = ()
    parents: tuple[Parent, ...] = ()
    gating: Gating | None = None
    is_multimodal: bool = False
    is_known: bool = True
    renamed_to: str | None = None
    previous: tuple[LicenseDeclaration, ...] | None = None


def view_of(record: Repository) -> LicenseView:
    """Return the view of a record."""
    return LicenseView(
        artefact=Artefact(record.kind, record.id),
        declarations=record.licenses,
        parents=tuple(_parent(one) for one in record.derivations),
        gating=record.gating,
        is_multimodal=_is_multimodal(record),
    )


def views_of(records: Iterable[Repository]) -> dict[Artefact, LicenseView]:
    """Return the views of records by artefact; those that are only named are not among them."""
    return {Artefact(record.kind, record.id): view_of(record) for record in records}


def reference(artefact: Artefact, *, renamed_to: str | None = None) -> LicenseView:
    """Return the view of an artefact that is only named by others, perhaps by an old name."""
    return LicenseView(artefact=artefact, is_known=False, renamed_to=renamed_to)


def is_named_for_seeing(name: str) -> bool:
    """Tell whether a name says that its bearer takes pictures in.

    >>> is_named_for_seeing("Llama-3.2-11B-Vision")
    True
    """
    return _VISION_NAME.search(name) is not None


def is_declared(relation: Relation, sources: tuple[ClaimSource, ...]) -> bool:
    """Tell whether anybody declared a relation, rather than the Hub computing it alone."""
    return sources != (ClaimSource.HUB,) or relation not in TYPED_RELATIONS


def _parent(derivation: Derivation) -> Parent:
    relation, target = derivation.relation, derivation.target
    artefact = None if target is None else Artefact(relation.target_kind, target)
    declared = is_declared(relation, derivation.sources)
    return Parent(relation, artefact, derivation.raw, declared)


def _is_multimodal(record: Repository) -> bool:
    name = record.id.rpartition("/")[2]
    return is_named_for_seeing(name) or not SEES.isdisjoint(record.tasks)
