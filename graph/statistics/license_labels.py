"""The licence of each repository in a word: what its declarations come to, told once for all alike.

Millions of repositories declare some thousand different things. So each different declaration is
resolved once, and where a repository has several, each different set of them.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from graph.licenses.facts import terms
from graph.licenses.resolution import Status, resolve_declarations
from graph.model.arrays import Array, distinct
from graph.model.records import ClaimSource, LicenseDeclaration
from graph.tables.schema import Tables, codes_of, numbers_of

__all__ = ["NOTHING", "UNCLEAR", "label", "license_labels"]

NOTHING, UNCLEAR = "none declared", "unclear"
"""What stands for the licence of a repository without one, and of one that leaves it open."""

_SAID = ("declared", "name", "link", "license")  # who says it, and where, changes nothing


def license_labels(tables: Tables) -> tuple[Array, Array]:
    """Return the different labels, sorted, and for each repository the place of its own."""
    owner, claim, claims = _claims(tables)
    words = [NOTHING, *(label([one]) for one in claims)]
    labels = np.zeros(len(tables), np.int64)
    labels[owner] = claim + 1
    places: dict[tuple[int, ...], int] = {}
    for number, said in _several(owner, claim):
        place = places.setdefault(said, len(words))
        if place == len(words):
            words.append(label(claims[one] for one in said))
        labels[number] = place
    found, codes = np.unique(np.array(words), return_inverse=True)
    return found, codes.astype(np.int32)[labels]


def label(declarations: Iterable[LicenseDeclaration]) -> str:
    """Return the licence that declarations come to, by its key."""
    found = resolve_declarations(tuple(declarations))
    if found.status is Status.MISSING:
        return NOTHING
    if not found.is_certain or len(found.keys) != 1:
        return UNCLEAR
    return found.keys[0] if terms(found.keys[0]).commercial != "unknown" else UNCLEAR


def _claims(tables: Tables) -> tuple[Array, Array, list[LicenseDeclaration]]:
    """Return owners, what each declares by its place, each once, and the different declarations."""
    table = tables.licenses
    codes = first = np.zeros(len(table), np.int64)
    for name in _SAID:
        column = codes_of(table, name) + 1  # zero: it is not said
        keys = codes * (int(column.max(initial=0)) + 1) + column
        _, first, codes = np.unique(keys, return_index=True, return_inverse=True)
    rows = table.select(_SAID).take(first).to_pylist()
    claims = [LicenseDeclaration(source=ClaimSource.CARD, **row) for row in rows]
    many = max(1, len(claims))
    pairs = distinct(numbers_of(table, "repository") * np.int64(many) + codes)
    return pairs // many, pairs % many, claims


def _several(owner: Array, claim: Array) -> Iterable[tuple[int, tuple[int, ...]]]:
    """Return those who declare several things, each with all of them."""
    numbers, starts, counts = np.unique(owner, return_index=True, return_counts=True)
    for place in np.flatnonzero(counts > 1).tolist():
        start = int(starts[place])
        yield int(numbers[place]), tuple(claim[start : start + int(counts[place])].tolist())
