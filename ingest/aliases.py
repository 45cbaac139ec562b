"""Aliases: well-known repositories without an owner, and the ids they have today.

In 2024 the Hub moved its "canonical" repositories (``bert-base-uncased``, ``squad``) to the
organisations that made them. Old cards and tags still use the old names, so an edge to one would
point past the repository. ``aliases.csv`` holds only moves that are certain.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Self

import msgspec

from graph.model.records import Kind


class Aliases(msgspec.Struct, frozen=True, kw_only=True):
    """Which legacy names stand for which ids, for models and for datasets; case counts."""

    models: Mapping[str, str] = {}
    datasets: Mapping[str, str] = {}

    @classmethod
    def none(cls) -> Self:
        """Return the empty table: every id stays as it is written."""
        return cls()

    @classmethod
    def seed(cls) -> Aliases:
        """Return the table that comes with the project.

        >>> Aliases.seed().models["gpt2"]
        'openai-community/gpt2'
        """
        return _seed()

    def joined(self, learned: Mapping[Kind, Mapping[str, str]]) -> Aliases:
        """Return these aliases and those that were learned, which have the last word."""
        return Aliases(
            models={**self.models, **learned.get(Kind.MODEL, {})},
            datasets={**self.datasets, **learned.get(Kind.DATASET, {})},
        )


@cache
def _seed() -> Aliases:
    tables: dict[str, dict[str, str]] = {Kind.MODEL: {}, Kind.DATASET: {}}
    content = files("ingest").joinpath("aliases.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(content.splitlines()):
        tables[row["kind"]][row["alias"]] = row["id"]
    return Aliases(models=tables[Kind.MODEL], datasets=tables[Kind.DATASET])
