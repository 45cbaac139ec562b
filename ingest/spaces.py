"""Spaces: which models and datasets an app uses, from a row of the Hub's list of Spaces."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from graph.model.records import Space
from ingest.aliases import Aliases
from ingest.licenses import declared_licenses
from ingest.parsed import Parsed, parse_rows
from ingest.references import Target, resolve_dataset, resolve_model
from ingest.tags import papers, read_tags
from ingest.values import Notes, Row, card_data, flag, instant, integer, text, text_list


def parse_spaces(rows: Iterable[object], aliases: Aliases, where: str) -> Parsed:
    """Return the Spaces in rows; ``where`` names the file or page."""
    return parse_rows(rows, partial(read_space, aliases), where)


def read_space(aliases: Aliases, space_id: str, row: Row, notes: Notes) -> Space:
    """Read the row of one Space whose id is known to be one."""
    tags = read_tags(row, _PREFIXES, (), notes)
    card = card_data(row, notes) or {}
    return Space(
        id=space_id,
        created=instant(row, "createdAt", notes),
        modified=instant(row, "lastModified", notes),
        likes=integer(row, "likes", notes),
        disabled=flag(row, "disabled", notes),
        commit=text(row, "sha", notes),
        title=text(card, "title", notes),
        papers=papers(tags.get("arxiv", [])),
        licenses=declared_licenses(tags.get("license", ()), card, notes),
        sdk=text(row, "sdk", notes) or text(card, "sdk", notes),
        models=_used("models", row, card, partial(resolve_model, aliases=aliases), notes),
        datasets=_used("datasets", row, card, partial(resolve_dataset, aliases=aliases), notes),
        issues=tuple(notes.issues),
    )


_PREFIXES = frozenset(["arxiv", "license"])


def _used(
    field: str, row: Row, card: Row, resolve: Callable[[str], Target], notes: Notes
) -> tuple[str, ...]:
    """Return the ids that the Hub found in the code of the app, and those the card lists."""
    found = []
    for value in [*text_list(row, field, notes), *text_list(card, field, notes)]:
        target = resolve(value)
        if target.issue is not None:
            notes.add(target.issue, field, value)
        if target.id is not None:
            found.append(target.id)
    return tuple(found)
