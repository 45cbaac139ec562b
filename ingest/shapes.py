"""What the rows of a file describe, told from their fields and tags: a file's name says nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from itertools import islice

__all__ = ["Row", "Shape", "recognise"]

Row = object
"""A row as it came: a mapping from field to value, if the file is in order."""


class Shape(StrEnum):
    """What the rows of a file describe."""

    MODEL = "model"
    DATASET = "dataset"
    SPACE = "space"
    CARD = "card"
    PROVENANCE = "provenance"


_MARKS: dict[Shape, frozenset[str]] = {
    Shape.CARD: frozenset(["card"]),
    Shape.PROVENANCE: frozenset(["Unique Dataset Identifier"]),
    Shape.SPACE: frozenset(["sdk", "subdomain", "runtime", "trendingSpaces"]),
    Shape.DATASET: frozenset(
        ["paperswithcode_id", "citation", "description", "mainSize", "dataset_info", "key"]
    ),
    Shape.MODEL: frozenset(
        ["modelId", "pipeline_tag", "library_name", "baseModels", "safetensors", "gguf", "config"]
    ),
}
"""Fields that only rows of this shape have, the surest shape first."""

_TAG_MARKS = {
    Shape.DATASET: ("task_categories:", "size_categories:", "source_datasets:", "language:"),
    Shape.MODEL: ("base_model:", "dataset:", "transformers", "diffusers", "license:"),
}

_LOOK_AT = 50


def recognise(rows: Iterable[Row]) -> Shape | None:
    """Return what rows describe, by the first of them that are objects; None if unsure.

    >>> recognise([{"id": "acme/tiny", "pipeline_tag": "text-generation"}])
    <Shape.MODEL: 'model'>
    """
    objects = (row for row in rows if isinstance(row, Mapping))
    looked_at = list(islice(objects, _LOOK_AT))
    fields = {field for row in looked_at for field in row}
    for shape, marks in _MARKS.items():
        if marks & fields:
            return shape
    tags = [tag for row in looked_at for tag in _tags(row)]
    for shape, beginnings in _TAG_MARKS.items():
        if any(tag.startswith(beginnings) for tag in tags):
            return shape
    return None


def _tags(row: Mapping[str, object]) -> list[str]:
    tags = row.get("tags")
    return [tag for tag in tags if isinstance(tag, str)] if isinstance(tags, list) else []
