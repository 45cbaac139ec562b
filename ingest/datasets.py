"""Datasets: a row of the Hub's list or of the hub-stats export, with or without card data.

What the card says and the tags repeat is taken from the card where there is one. Cards of before
2022 (``languages``, ``licenses``, values split up by configuration) are read as well.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from graph.model.records import Dataset, Derivation, Relation
from ingest.aliases import Aliases
from ingest.derivations import linked, note_self_loop
from ingest.licenses import declared_licenses
from ingest.parsed import Parsed, parse_rows
from ingest.references import source_targets
from ingest.tags import papers, read_tags
from ingest.values import (
    Notes,
    Row,
    card_data,
    configured_list,
    flag,
    gating,
    instant,
    integer,
    text,
)

Tags = dict[str, list[str]]


def parse_datasets(rows: Iterable[object], aliases: Aliases, where: str) -> Parsed:
    """Return the datasets in rows; ``where`` names the file or page.

    >>> rows = [{"id": "acme/qa", "tags": ["source_datasets:extended|squad"]}]
    >>> parse_datasets(rows, Aliases.seed(), "page").records[0].derivations[0].target
    'rajpurkar/squad'
    """
    return parse_rows(rows, partial(read_dataset, aliases), where)


def read_dataset(aliases: Aliases, dataset_id: str, row: Row, notes: Notes) -> Dataset:
    """Read the row of one dataset whose id is known to be one."""
    tags = read_tags(row, _PREFIXES, (), notes)
    card = card_data(row, notes) or {}
    return Dataset(
        id=dataset_id,
        created=instant(row, "createdAt", notes),
        modified=instant(row, "lastModified", notes),
        downloads=integer(row, "downloads", notes),
        downloads_all_time=integer(row, "downloadsAllTime", notes),
        likes=integer(row, "likes", notes),
        gating=gating(row, notes),
        disabled=flag(row, "disabled", notes),
        commit=text(row, "sha", notes),
        title=_title(card, notes),
        tasks=_values(card, tags, ("task_categories",), notes),
        languages=_values(card, tags, ("language", "languages"), notes),
        papers=papers(tags.get("arxiv", [])),
        derivations=_derivations(dataset_id, card, tags, aliases, notes),
        licenses=declared_licenses(tags.get("license", ()), card, notes),
        sizes=_values(card, tags, ("size_categories",), notes),
        issues=tuple(notes.issues),
    )


_PREFIXES = frozenset(
    ["arxiv", "language", "license", "size_categories", "source_datasets", "task_categories"]
)


def _values(card: Row, tags: Tags, fields: tuple[str, ...], notes: Notes) -> tuple[str, ...]:
    """Read a list from the card under its name of today or of before, else from the tags."""
    for field in fields:
        declared = configured_list(card, field, notes)
        if declared:
            return tuple(declared)
    return tuple(tags.get(fields[0], ()))


def _title(card: Row, notes: Notes) -> str | None:
    """Read the title; one old card has a title for each configuration and none for the whole."""
    value = card.get("pretty_name")
    return None if isinstance(value, dict) else text(card, "pretty_name", notes)


def _derivations(
    dataset_id: str, card: Row, tags: Tags, aliases: Aliases, notes: Notes
) -> tuple[Derivation, ...]:
    tagged = tags.get("source_datasets", ())
    declared = configured_list(card, "source_datasets", notes)
    if not tagged and not declared:
        return ()
    resolve = partial(source_targets, aliases=aliases)
    found = linked(Relation.SOURCE, tagged, declared, resolve, notes)
    note_self_loop(dataset_id, found, "source_datasets", notes)
    return tuple(found)
