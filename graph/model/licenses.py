"""The licences that repositories name: the Hub's identifiers, and texts met behind ``other``.

A licence's *key* is the Hub's identifier (``apache-2.0``) or, for a text behind ``other``, the
``license_name`` most used for it (``qwen``). ``hub.csv`` holds the Hub's list, ``others.csv`` the
rest. Families without a version (``gpl``, ``cc``) have no SPDX id on purpose.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from graph.model.vocabulary import license_iri

__all__ = [
    "UNRESOLVED",
    "License",
    "licenses",
    "licenses_by_iri",
    "read_rows",
    "resolve",
    "texts",
]

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


def read_rows(package: str, name: str) -> Iterator[list[str]]:
    """Yield the rows of a table that lies in a package, without its heading."""
    table = files(package).joinpath(name).read_text(encoding="utf-8")
    rows = csv.reader(table.splitlines())
    next(rows)
    yield from rows


@cache
def licenses() -> dict[str, License]:
    """Return every licence of the Hub's list by its key."""
    return {row[0]: License(*row) for row in read_rows(__package__, "hub.csv")}


@cache
def licenses_by_iri() -> dict[str, License]:
    """Return every licence of the Hub's list by its IRI."""
    return {entry.iri: entry for entry in licenses().values()}


@cache
def texts() -> dict[str, License]:
    """Return every licence that facts are known of by its key: the Hub's and those of ``other``."""
    listed = {key: entry for key, entry in licenses().items() if key not in UNRESOLVED}
    return listed | {row[0]: License(*row) for row in read_rows(__package__, "others.csv")}


def resolve(declared: str) -> str | None:
    """Return the key of the licence that a declared identifier names, or None.

    >>> resolve("Apache-2.0")
    'apache-2.0'
    >>> resolve("other") is None
    True
    """
    key = declared.strip().lower()
    return key if key in licenses() and key not in UNRESOLVED else None
