"""The names of the Hub's fields: which can be asked for, and which come without asking."""

from __future__ import annotations

from typing import Any

from graph.model.records import Kind

__all__ = ["BASE", "EXPANDABLE", "FULL", "SORTS", "Row", "project"]

Row = dict[str, Any]
"""A repository as ``GET /api/models`` and its sisters give it."""


def _words(text: str) -> list[str]:
    return text.split()


EXPANDABLE = {
    Kind.MODEL: _words(
        "author baseModels cardData childrenModelCount config createdAt disabled downloads "
        "downloadsAllTime evalResults gated gguf inference lastModified library_name likes "
        "model-index pipeline_tag private safetensors sha siblings spaces tags transformersInfo "
        "trendingScore usedStorage widgetData"
    ),
    Kind.DATASET: _words(
        "author cardData citation createdAt description disabled downloads downloadsAllTime gated "
        "lastModified likes mainSize paperswithcode_id private sha siblings tags trendingScore "
        "usedStorage"
    ),
    Kind.SPACE: _words(
        "author cardData createdAt datasets disabled lastModified likes models private region "
        "runtime sdk sha siblings subdomain tags trendingScore usedStorage"
    ),
}
"""What ``expand`` accepts for each kind."""

BASE = {
    Kind.MODEL: _words(
        "_id id modelId createdAt downloads library_name likes pipeline_tag private tags "
        "trendingScore"
    ),
    Kind.DATASET: _words(
        "_id id author createdAt description disabled downloads gated lastModified likes "
        "paperswithcode_id private sha tags trendingScore"
    ),
    Kind.SPACE: _words("_id id createdAt likes private sdk tags trendingScore"),
}
"""What a listing gives where nothing is asked for."""

FULL = _words("author disabled gated lastModified sha siblings")
"""What ``full`` adds to a listing."""

SORTS: dict[str, str | int] = {
    "_id": "",
    "createdAt": "",
    "lastModified": "",
    "downloads": 0,
    "likes": 0,
    "trendingScore": 0,
}
"""The fields to list by, each with the value that stands for a missing one; ``_id`` by default."""


def project(row: Row, names: list[str]) -> Row:
    """Return the named fields of a row, as far as it has them.

    >>> project({"id": "acme/base", "likes": 3, "tags": []}, ["id", "likes", "sha"])
    {'id': 'acme/base', 'likes': 3}
    """
    return {name: row[name] for name in names if name in row}
