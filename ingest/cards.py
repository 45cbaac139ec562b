"""Cards: the README of a repository, whose front matter is what its author declares.

Rule: a card is hostile input. Its front matter is bounded in size, and in what its anchors and
aliases unfold to; whatever is wrong with it becomes an issue of the record.

YAML is read as the Hub reads it, by version 1.2: ``language: no`` is Norwegian, not false, and a
date is text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import partial

from graph.model.records import IssueKind, Kind, Repository
from ingest.aliases import Aliases
from ingest.datasets import read_dataset
from ingest.derivations import RECIPE
from ingest.mergekit import recipe_models
from ingest.merging import merge_card
from ingest.models import read_model
from ingest.parsed import Parsed, parse_rows
from ingest.safe_yaml import YAML_ERRORS, load_yaml
from ingest.spaces import read_space
from ingest.values import Notes, Row

__all__ = [
    "LONGEST_FRONT_MATTER",
    "card_kind",
    "locate_front_matter",
    "merge_card",
    "parse_card",
    "parse_cards",
    "read_metadata",
    "split_card",
]

LONGEST_FRONT_MATTER = 2**20
"""The most characters of front matter that are read; recorded card data has 312,451 at most."""


def split_card(card: str) -> tuple[str | None, str]:
    r"""Return the front matter, or None where there is none, and the text after it.

    >>> split_card("---\nlicense: mit\n---\n# Tiny\n")
    ('license: mit', '# Tiny\n')
    """
    found = locate_front_matter(card)
    if found is None:
        return None, card.removeprefix("\ufeff")
    start, end, body = found
    return card[start:end], card[body:]


def locate_front_matter(card: str) -> tuple[int, int, int] | None:
    r"""Return where the front matter starts and ends, and where the text after it starts.

    >>> locate_front_matter("---\nlicense: mit\n---\n# Tiny\n")
    (4, 16, 21)
    """
    start = _START.match(card, 1 if card.startswith("\ufeff") else 0)
    end = _END.search(card, start.end() - 1) if start else None
    if start is None or end is None:
        return None
    return start.end(), max(start.end(), end.start()), end.end()


def parse_card(kind: Kind, repository_id: str, card: str, aliases: Aliases) -> Repository:
    """Return a record that holds only what the card of a repository says."""
    notes = Notes()
    return _READERS[kind](aliases, repository_id, _row(card, read_metadata(card, notes)), notes)


def parse_cards(rows: Iterable[object], aliases: Aliases, where: str) -> Parsed:
    """Return a record for each row of ``id``, ``card`` and, if it is known, ``kind``."""
    return parse_rows(rows, partial(_read_row, aliases), where)


def read_metadata(card: str, notes: Notes) -> dict[str, object]:
    """Return the fields in the front matter of a card; none when it cannot be read."""
    front_matter, _ = split_card(card)
    if front_matter is None:
        return {}
    if len(front_matter) > LONGEST_FRONT_MATTER:
        notes.add(IssueKind.INVALID_CARD, "card", f"{len(front_matter)} characters")
        return {}
    try:
        fields = load_yaml(front_matter)
    except YAML_ERRORS as error:
        notes.add(IssueKind.INVALID_CARD, "card", _first_line(error))
        return {}
    if fields is None:
        return {}
    if not isinstance(fields, dict):
        notes.add(IssueKind.INVALID_CARD, "card", fields)
        return {}
    return {name: value for name, value in fields.items() if isinstance(name, str)}


def card_kind(metadata: Row) -> Kind:
    """Tell the kind of repository that a card is about from the names of its fields.

    Some model cards have a field of datasets, too, so the fields of models count first.
    """
    if not _MODEL_FIELDS.isdisjoint(metadata):
        return Kind.MODEL
    if not _DATASET_FIELDS.isdisjoint(metadata):
        return Kind.DATASET
    return Kind.SPACE if "sdk" in metadata else Kind.MODEL


_START = re.compile(r"\s*---[ \t]*\r?\n")
_END = re.compile(r"\r?\n---[ \t]*(?:\r?\n|\Z)")
_KINDS = frozenset(kind.value for kind in Kind)
_READERS: dict[Kind, Callable[[Aliases, str, Row, Notes], Repository]] = {
    Kind.MODEL: read_model,
    Kind.DATASET: read_dataset,
    Kind.SPACE: read_space,
}
_MODEL_FIELDS = frozenset(
    ["base_model", "co2_eq_emissions", "library_name", "metrics", "model-index", "pipeline_tag"]
)
_DATASET_FIELDS = frozenset(
    [
        "annotations_creators",
        "configs",
        "dataset_info",
        "language_creators",
        "licenses",
        "multilinguality",
        "paperswithcode_id",
        "size_categories",
        "source_datasets",
        "task_categories",
        "task_ids",
    ]
)


def _read_row(aliases: Aliases, repository_id: str, row: Row, notes: Notes) -> Repository:
    card = row.get("card")
    if card is not None and not isinstance(card, str):
        notes.add(IssueKind.WRONG_TYPE, "card", card)
    text = card if isinstance(card, str) else ""
    metadata = read_metadata(text, notes)
    told = row.get("kind")
    kind = Kind(told) if isinstance(told, str) and told in _KINDS else card_kind(metadata)
    return _READERS[kind](aliases, repository_id, _row(text, metadata), notes)


def _row(card: str, metadata: Row) -> Row:
    """Return what a card says as a row: its fields, and what a recipe in its text names."""
    return {"cardData": metadata, RECIPE: recipe_models(split_card(card)[1])}


def _first_line(error: BaseException) -> str:
    """Return what is wrong and where, in one line."""
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or str(error).partition("\n")[0]
    return f"line {mark.line + 1}: {problem}" if mark else f"{problem}"
