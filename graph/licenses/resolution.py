"""What a repository's licence declarations come to: one licence, several, or an open question.

Nothing is chosen for the author. Where card, tag and name disagree, or a list leaves open
whether all or any apply, every licence is kept, as possible ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum
from functools import lru_cache
from itertools import islice, product
from typing import NamedTuple

from graph.licenses.expressions import Choice, alternatives
from graph.licenses.facts import terms
from graph.licenses.names import Match, find_link, find_name, find_vendor
from graph.model.licenses import UNRESOLVED
from graph.model.records import ClaimSource, LicenseDeclaration

__all__ = ["Effective", "Status", "resolve_declarations"]

MISSPELT_BELIEF = 0.7
"""For ``licence: mit``: the author's will, in a field that the Hub does not read."""

_OLD_OTHER = "other-"
_MOST_CONTRADICTIONS = 100  # of tags and cards: thousands of each would make millions


class Status(StrEnum):
    """How far the declarations say which licences apply."""

    MISSING = "missing"
    UNRESOLVED = "unresolved"
    RESOLVED = "resolved"
    SEVERAL = "several"


class Effective(NamedTuple):
    """What is declared effectively.

    ``keys`` apply all where the status is resolved (an author's AND), possibly each where it is
    several. ``words`` are the raw values that no table knows, ``vendors`` those whose terms of
    service are named as a licence, ``contradictions`` say what disagrees.
    """

    status: Status
    keys: tuple[str, ...] = ()
    belief: float = 1.0
    words: tuple[str, ...] = ()
    vendors: tuple[str, ...] = ()
    contradictions: tuple[str, ...] = ()

    @property
    def is_certain(self) -> bool:
        """Whether all of the licences apply, rather than perhaps only some."""
        return self.status is Status.RESOLVED


class _Reading(NamedTuple):
    """One declaration, read: the keys that apply together, or none and the words."""

    keys: frozenset[str]
    belief: float
    source: ClaimSource
    words: str
    vendor: str | None


@lru_cache(maxsize=65536)
def resolve_declarations(declarations: tuple[LicenseDeclaration, ...]) -> Effective:
    """Return what declarations come to; the same ones are read once, for most are alike."""
    readings = [_read(one) for one in declarations]
    sets = {reading.keys for reading in readings if reading.keys}
    keys = tuple(sorted({key for reading in readings for key in reading.keys}))
    return Effective(
        status=_status(readings, sets),
        keys=keys,
        belief=min((reading.belief for reading in readings if reading.keys), default=1.0),
        words=_unknown_words(readings),
        vendors=tuple(sorted({one.vendor for one in readings if one.vendor})),
        contradictions=tuple(_contradictions(declarations, readings)),
    )


def _status(readings: Sequence[_Reading], sets: set[frozenset[str]]) -> Status:
    if len(sets) > 1:
        return Status.SEVERAL
    if sets:
        # A second value that no table knows may well be the one that restricts.
        is_mixed = any(not one.keys and one.words for one in readings)
        return Status.SEVERAL if is_mixed else Status.RESOLVED
    return Status.UNRESOLVED if readings else Status.MISSING


def _read(declaration: LicenseDeclaration) -> _Reading:
    keys, belief = _keys(declaration)
    if declaration.field == "licence":
        belief = min(belief, MISSPELT_BELIEF)
    said = [declaration.declared, declaration.name or ""]
    vendor = None if keys else find_vendor(said)
    words = "" if keys or vendor else next((one for one in reversed(said) if one), "")
    return _Reading(keys, belief, declaration.source, words, vendor)


def _keys(declaration: LicenseDeclaration) -> tuple[frozenset[str], float]:
    """Return the licences of a declaration: by identifier, expression, name, or link."""
    if declaration.license is not None and declaration.license not in UNRESOLVED:
        return frozenset([declaration.license]), 1.0
    for words in _names(declaration):
        if choices := alternatives(words):
            return min(choices, key=_severity), 1.0
        if match := find_name(words):
            return _single(match)
    if declaration.link and (match := find_link(declaration.link)):
        return _single(match)
    return frozenset(), 1.0


def _single(match: Match) -> tuple[frozenset[str], float]:
    return frozenset([match.key]), match.belief


def _names(declaration: LicenseDeclaration) -> Iterable[str]:
    """Yield the words that may name the licence, the most explicit first."""
    if declaration.declared.casefold().startswith(_OLD_OTHER):
        yield declaration.declared[len(_OLD_OTHER) :]
    elif declaration.declared.strip().casefold() not in UNRESOLVED:
        yield declaration.declared
    if declaration.name:
        yield declaration.name


def _severity(choice: Choice) -> tuple[object, ...]:
    """Order what an OR leaves to the user, who may take what asks for least."""
    said = [terms(key) for key in choice]
    return (
        any(not one.allows_commerce for one in said),
        any(one.no_derivatives for one in said),
        any(one.flow or one.use_restrictions for one in said),
        any(one.share for one in said),
        sum(bool(one.attribution) for one in said),
        sorted(choice),
    )


def _unknown_words(readings: Iterable[_Reading]) -> tuple[str, ...]:
    return tuple(sorted({one.words for one in readings if one.words and not one.keys}))


def _contradictions(
    declarations: Sequence[LicenseDeclaration], readings: Sequence[_Reading]
) -> list[str]:
    """Say what disagrees: a tag with the card, a name with the identifier beside it."""
    found = {
        f"license is {one.license}, but license_name is {one.name}"
        for one in declarations
        if one.name and one.license and _differs(one.name, one.license)
    }
    tags, cards = (
        sorted({(tuple(sorted(one.keys)), _said(one)) for one in readings if one.source is source})
        for source in (ClaimSource.HUB, ClaimSource.CARD)
    )
    differing = (
        f"the tag says {tag}, the card {card}"
        for (tag_keys, tag), (card_keys, card) in product(tags, cards)
        if tag_keys != card_keys
    )
    found.update(islice(differing, _MOST_CONTRADICTIONS))
    return sorted(found)


def _differs(name: str, key: str) -> bool:
    match = find_name(name)
    return match is None or match.key != key


def _said(reading: _Reading) -> str:
    return " and ".join(sorted(reading.keys)) or reading.words
