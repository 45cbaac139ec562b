"""The classes of licences: what they have in common, as far as a glance or a count can tell.

A class gathers categories of the tables (``graph/model/hub.csv``); legends group by it, and the
overview counts by it.
"""

from __future__ import annotations

from typing import NamedTuple

from graph.model.licenses import texts

__all__ = ["LICENSE_CLASSES", "NO_LICENSE", "LicenseClass", "class_of_keys", "license_class"]


class LicenseClass(NamedTuple):
    """What licences of some categories have in common; ``meaning`` explains it."""

    key: str
    title: str
    meaning: str
    categories: frozenset[str] = frozenset()


NO_LICENSE = LicenseClass(
    "none", "No known licence", "Declares no licence, or one that the Hub has no name for."
)

LICENSE_CLASSES = (
    LicenseClass(
        "open",
        "Permissive",
        "Any use, keep the notices: Apache-2.0, MIT, CC-BY, public domain.",
        frozenset(["permissive", "permissive-model", "data-permissive", "public-domain-like"]),
    ),
    LicenseClass(
        "share-alike",
        "Share alike",
        "Any use, but what is made from it keeps the licence: GPL, CC-BY-SA, ODbL.",
        frozenset(["copyleft", "cc-sharealike", "data-sharealike"]),
    ),
    LicenseClass(
        "conditions",
        "Conditions on use",
        "A use policy goes with it: Llama, Gemma, the RAIL licences.",
        frozenset(["rail", "community-restricted"]),
    ),
    LicenseClass(
        "restricted",
        "Restricted",
        "Not for every purpose: non-commercial, research only, no derivatives.",
        frozenset(
            [
                "cc-noncommercial",
                "cc-noncommercial-noderivs",
                "cc-noderivs",
                "research-only",
                "data-restricted",
            ]
        ),
    ),
    LicenseClass(
        "unclear",
        "Unclear",
        "Several licences, or a family without its version (gpl, cc): read the card.",
        frozenset(["family-ambiguous", "several", "other", "unknown"]),
    ),
    NO_LICENSE,
)
"""The classes from the freest to the unknown: the order of every legend."""

_BY_CATEGORY = {category: entry for entry in LICENSE_CLASSES for category in entry.categories}


def license_class(category: str | None) -> LicenseClass:
    """Return the class of a category of licences.

    >>> license_class("community-restricted").title
    'Conditions on use'
    >>> license_class(None).key
    'none'
    """
    return _BY_CATEGORY.get(category or "", NO_LICENSE)


def class_of_keys(keys: str | None) -> LicenseClass:
    """Return the class of a licence by its key, or of several, separated by commas.

    >>> class_of_keys("mit").key, class_of_keys("mit, gpl-3.0").key, class_of_keys(None).key
    ('open', 'unclear', 'none')
    """
    if keys is None or ", " in keys:
        return license_class(keys and "several")
    entry = texts().get(keys)
    return license_class(entry.category if entry else None)
