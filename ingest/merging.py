"""Merging: what a card says joined to what the Hub says of the same repository.

Rule: merging the same card twice changes nothing. The card's claims take the place of those that
an older card had made; the Hub's claims stay.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from graph.model.records import ClaimSource, Derivation, LicenseDeclaration, Relation, Repository
from ingest.derivations import HUB_RELATIONS, TAG_PREFIXES, Evidence, unite
from ingest.references import Target
from ingest.values import Notes


def merge_card(old: Repository | None, card: Repository) -> Repository:
    """Return what was known of a repository with the claims of its card in it.

    Fields that the card does not have keep their value: the card may just be silent. A card of
    another kind of repository says nothing about this one.
    """
    if old is None:
        return card
    if type(old) is not type(card):
        return old
    notes = Notes()
    declared = {
        name: value
        for name in card.__struct_fields__
        if name not in _UNITED and (value := getattr(card, name)) not in (None, ())
    }
    return msgspec.structs.replace(
        old,
        **declared,
        derivations=_merge_derivations(old.derivations, card.derivations, notes),
        licenses=_merge_licenses(old.licenses, card.licenses),
        issues=(*old.issues, *card.issues, *notes.issues),
    )


_UNITED = frozenset(["id", "derivations", "issues", "licenses"])
_UNTYPED = (
    ((*HUB_RELATIONS, Relation.UNSPECIFIED), Relation.UNSPECIFIED),
    ((Relation.SOURCE,), Relation.SOURCE),
    ((Relation.TRAINED_ON,), Relation.TRAINED_ON),
)
"""The groups of relations whose evidence is united, and the relation of what nobody types."""

_UNITED_RELATIONS = frozenset(relation for group, _ in _UNTYPED for relation in group)


def _merge_derivations(
    old: tuple[Derivation, ...], card: tuple[Derivation, ...], notes: Notes
) -> tuple[Derivation, ...]:
    merged: list[Derivation] = []
    for relations, untyped in _UNTYPED:
        hub = [claim for claim in old if claim.relation in relations]
        author = [claim for claim in card if claim.relation in relations]
        evidence = [
            *(mention for claim in hub for mention in _hub_evidence(claim, untyped)),
            *(mention for claim in author for mention in _evidence(claim, untyped, claim.raw)),
        ]
        merged += unite(evidence, untyped, notes) if evidence else []
    return (*merged, *_others(old), *_others(card))


def reunite(claims: Iterable[Derivation], notes: Notes) -> tuple[Derivation, ...]:
    """Unite claims anew after some of their targets turned out to be the same."""
    claims = list(claims)
    united = list(_others(claims))
    for relations, untyped in _UNTYPED:
        evidence = [
            mention
            for claim in claims
            if claim.relation in relations
            for mention in _evidence(claim, untyped, claim.raw)
        ]
        united += unite(evidence, untyped, notes) if evidence else []
    return tuple(united)


def _others(claims: Iterable[Derivation]) -> Iterator[Derivation]:
    """Yield the claims that stand by themselves: no tag and no card has a word for them."""
    return (claim for claim in claims if claim.relation not in _UNITED_RELATIONS)


def _hub_evidence(claim: Derivation, untyped: Relation) -> Iterator[Evidence]:
    """Yield what the Hub has to say for a claim: its tags, without which only its own word."""
    tags = [raw for raw in claim.raw if raw.startswith(TAG_PREFIXES)]
    by_hub = ClaimSource.HUB in claim.sources
    if tags or by_hub:
        hub_claim = msgspec.structs.replace(claim, sources=(ClaimSource.HUB,))
        yield from _evidence(hub_claim, untyped, tags or claim.raw, typed=by_hub)


def _evidence(
    claim: Derivation, untyped: Relation, raws: Iterable[str], *, typed: bool = True
) -> Iterator[Evidence]:
    relation = claim.relation if typed and claim.relation is not untyped else None
    for raw in raws:
        for source in claim.sources:
            yield Evidence(
                Target(claim.target, claim.aliased), raw, source, claim.position, relation
            )


def _merge_licenses(
    old: tuple[LicenseDeclaration, ...], card: tuple[LicenseDeclaration, ...]
) -> tuple[LicenseDeclaration, ...]:
    """Replace an older card's licences, and the Hub's copies of what the new one says."""
    said = {claim.declared.casefold() for claim in card}
    kept = [
        claim
        for claim in old
        if claim.source is not ClaimSource.CARD and claim.declared.casefold() not in said
    ]
    return (*kept, *card)
