"""The licences that the Hub knows by an identifier, read from ``hub.csv``.

A licence's *key* is the Hub's identifier (``apache-2.0``). SPDX ids were checked against the
SPDX licence list 3.24; families without a version (``gpl``, ``cc``) have none on purpose.
"""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from graph.vocabulary import license_iri

__all__ = ["UNRESOLVED", "License", "licenses", "licenses_by_iri", "resolve"]

UNRESOLVED = frozenset(["other", "unknown"])
"""Identifiers of the Hub that name no licence."""


class License(NamedTuple):
    """One licence: its key, its SPDX id ("" where it has none), title and category."""

    key: str
    spdx_id: str
    title: str
    category: str

    @property
    def iri(self) -> str:
        """The IRI of the licence."""
        return license_iri(self.key, self.spdx_id or None)


@cache
def licenses() -> dict[str, License]:
    """Return every licence by its key."""
    table = files("graph.licenses").joinpath("hub.csv").read_text(encoding="utf-8")
    rows = csv.reader(table.splitlines())
    next(rows)
    return {row[0]: License(*row) for row in rows}


@cache
def licenses_by_iri() -> dict[str, License]:
    """Return every licence by its IRI."""
    return {entry.iri: entry for entry in licenses().values()}


def resolve(declared: str) -> str | None:
    """Return the key of the licence that a declared identifier names, or None.

    >>> resolve("Apache-2.0")
    'apache-2.0'
    >>> resolve("other") is None
    True
    """
    key = declared.strip().lower()
    return key if key in licenses() and key not in UNRESOLVED else None
