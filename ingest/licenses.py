"""Licence declarations, from the fields of a card and from the ``license:`` tags.

A tag is the Hub's copy of the card, so the same licence by both is one declaration, the card's. A
tag that no card explains (there was none, or it says something else) is the Hub's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from graph.model.licenses import UNRESOLVED, resolve
from graph.model.records import ClaimSource, IssueKind, LicenseDeclaration
from ingest.values import Notes, Row, configured_list, text, text_list

MISSPELT = "licence"
"""A field that the Hub does not read; the card generator of a training library wrote it."""


def declared_licenses(
    tags: Sequence[str], card: Row | None, notes: Notes
) -> tuple[LicenseDeclaration, ...]:
    """Return the licences that a repository declares."""
    if not tags and not card:
        return ()  # most rows of a list, so worth a line
    written = list(_from_card(card, notes)) if card else []
    known = {_key(declaration) for declaration in written if declaration.field != MISSPELT}
    copied = [copy for copy in map(_from_tag, tags) if _key(copy) not in known]
    _note_unknown([*written, *copied], notes)
    for declarations in (written, copied):
        _note_several(declarations, notes)
    return (*written, *copied)


def _from_card(card: Row, notes: Notes) -> Iterator[LicenseDeclaration]:
    """Yield from ``license``, from ``licenses`` of dataset cards before 2022, and from the typo."""
    name, link = text(card, "license_name", notes), text(card, "license_link", notes)
    values = text_list(card, "license", notes)
    for value in values:
        yield _declaration(value, "license", name, link)
    for value in configured_list(card, "licenses", notes):
        yield _old_declaration(value)
    for value in text_list(card, MISSPELT, notes):
        notes.add(IssueKind.MISSPELT_LICENSE, MISSPELT, value)
        yield _declaration(value, MISSPELT)
    if name is not None and not values:
        # The Hub shows no licence here, but the author has named one.
        yield _declaration(name, "license_name", name, link)


def _old_declaration(value: str) -> LicenseDeclaration:
    """Read a value of the old schema, which had ``other-<name>`` for what is now a field."""
    head, dash, name = value.partition("-")
    is_named = bool(dash) and head == "other" and bool(name)
    return _declaration(value, "licenses", name if is_named else None)


def _declaration(
    declared: str, field: str, name: str | None = None, link: str | None = None
) -> LicenseDeclaration:
    return LicenseDeclaration(
        declared=declared,
        source=ClaimSource.CARD,
        field=field,
        name=name,
        link=link,
        license=resolve(declared),
    )


@lru_cache(maxsize=1024)
def _from_tag(value: str) -> LicenseDeclaration:
    """Return the declaration in a tag, always the same object: there are some 80 on the Hub."""
    return LicenseDeclaration(declared=value, source=ClaimSource.HUB, license=resolve(value))


def _key(declaration: LicenseDeclaration) -> str:
    return declaration.declared.casefold()


def _note_unknown(declarations: Iterable[LicenseDeclaration], notes: Notes) -> None:
    for declaration in declarations:
        if (
            declaration.license is None
            and declaration.name is None
            and declaration.field != MISSPELT
            and _key(declaration) not in UNRESOLVED
        ):
            notes.add(IssueKind.UNKNOWN_LICENSE, declaration.field, declaration.declared)


def _note_several(declarations: Iterable[LicenseDeclaration], notes: Notes) -> None:
    distinct = sorted({_key(one) for one in declarations if one.field != MISSPELT})
    if len(distinct) > 1:
        notes.add(IssueKind.SEVERAL_LICENSES, "license", ", ".join(distinct))
