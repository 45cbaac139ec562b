"""What the rows of a file describe, and how each such source is read: one table.

Rule: a source is a row of ``Shape``, the surest to recognise first. What rows describe is told from
their fields and tags; a file's name says nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from itertools import islice
from typing import NamedTuple, Self, TypeAlias

from graph.model.records import Repository
from ingest.aliases import Aliases
from ingest.cards import parse_cards
from ingest.datasets import parse_datasets
from ingest.merging import merge_card
from ingest.models import parse_models
from ingest.parsed import Parsed
from ingest.provenance import merge_summary, parse_summaries, unite_summaries
from ingest.spaces import parse_spaces

__all__ = ["Row", "Shape", "recognise"]

Row = object
"""A row as it came: a mapping from field to value, if the file is in order."""

Parser: TypeAlias = Callable[[Iterable[Row], Aliases, str], Parsed]
"""Reads rows; the text says which file and page they are from."""

Merger: TypeAlias = Callable[[Repository | None, Repository], Repository]
"""Joins what rows say of a repository to what is known of it, which may be nothing."""

Uniter: TypeAlias = Callable[[list[Repository]], list[Repository]]
"""Makes one record of those that describe parts of one repository."""


class Source(NamedTuple):
    """How rows are told from others, and what becomes of them.

    ``fields`` are such as only these rows have, ``tags`` the beginnings of tags of the like. A
    source without ``merge`` tells all of a repository: it takes the place of what was known.
    """

    parse: Parser
    fields: tuple[str, ...]
    tags: tuple[str, ...] = ()
    merge: Merger | None = None
    unite: Uniter = list


class Shape(StrEnum):
    """What the rows of a file describe."""

    _value_: str
    source: Source

    def __new__(cls, name: str, *sources: Source) -> Self:
        """Make the name the value, and keep its one row; a look-up by the name names no row."""
        shape = str.__new__(cls, name)
        shape._value_ = name
        (shape.source,) = sources
        return shape

    # fmt: off
    CARD = "card", Source(parse_cards, ("card",), merge=merge_card)
    PROVENANCE = "provenance", Source(
        parse_summaries, ("Unique Dataset Identifier",),
        merge=merge_summary, unite=unite_summaries)
    SPACE = "space", Source(parse_spaces, ("sdk", "subdomain", "runtime", "trendingSpaces"))
    DATASET = "dataset", Source(
        parse_datasets,
        ("paperswithcode_id", "citation", "description", "mainSize", "dataset_info", "key"),
        ("task_categories:", "size_categories:", "source_datasets:", "language:"))
    MODEL = "model", Source(
        parse_models,
        ("modelId", "pipeline_tag", "library_name", "baseModels", "safetensors", "gguf", "config"),
        ("base_model:", "dataset:", "transformers", "diffusers", "license:"))
    # fmt: on

    @property
    def is_partial(self) -> bool:
        """Whether its rows tell a part of a repository, to be merged into what is known of it."""
        return self.source.merge is not None


_LOOK_AT = 50


def recognise(rows: Iterable[Row]) -> Shape | None:
    """Return what rows describe, by the first of them that are objects; None if unsure.

    >>> recognise([{"id": "acme/tiny", "pipeline_tag": "text-generation"}])
    <Shape.MODEL: 'model'>
    """
    objects = (row for row in rows if isinstance(row, Mapping))
    looked_at = list(islice(objects, _LOOK_AT))
    fields = {field for row in looked_at for field in row}
    for shape in Shape:
        if fields.intersection(shape.source.fields):
            return shape
    tags = [tag for row in looked_at for tag in _tags(row)]
    for shape in Shape:
        if any(tag.startswith(shape.source.tags) for tag in tags):
            return shape
    return None


def _tags(row: Mapping[str, object]) -> list[str]:
    tags = row.get("tags")
    return [tag for tag in tags if isinstance(tag, str)] if isinstance(tags, list) else []
