"""The colours of a drawing and what they mean, for the app and for drawings that leave it.

Colour says one thing on a node, at first the class of its licence, and one thing on a line, the
relation; both are written out in words beside it too. The hues follow Okabe and Ito's palette for
colour vision deficiencies, darkened on white and lightened on black until each stands out from the
page by at least 3:1; ``tests/test_palette.py`` measures that, and their distance from one another
for readers who do not tell red from green.
"""

from __future__ import annotations

from typing import NamedTuple

from graph.model.records import Relation, Resolution

__all__ = [
    "AGES",
    "CATEGORIES",
    "LICENSE_CLASSES",
    "NO_LICENSE",
    "OTHER",
    "RELATIONS",
    "STATES",
    "USES",
    "Colour",
    "LicenseClass",
    "RelationStyle",
    "license_class",
]


class Colour(NamedTuple):
    """One colour in the two modes of a page."""

    light: str
    dark: str


CATEGORIES = (
    Colour("#1f6fb5", "#4fa3f0"),
    Colour("#b87800", "#f5c02f"),
    Colour("#00876c", "#1fa886"),
    Colour("#c455d6", "#f58fc4"),
    Colour("#3a1a86", "#8f6bff"),
    Colour("#5a0f05", "#ff6b4a"),
    Colour("#4d5a00", "#d9f27a"),
    Colour("#04334f", "#cfeaf5"),
)
"""Colours for values that have no order and no meaning of their own: owners, tasks."""

OTHER = Colour("#5d6773", "#8f99a4")
"""For values that have no colour of their own."""

AGES = (
    Colour("#6594b0", "#4a6f94"),
    Colour("#4f86b0", "#5f8fc0"),
    Colour("#346a9e", "#7fb0de"),
    Colour("#264e88", "#a5cbf0"),
    Colour("#1f336e", "#cbe2fa"),
    Colour("#150d45", "#f2f8ff"),
)
"""From old to new: each stands out more from the page than the one before."""


class LicenseClass(NamedTuple):
    """What licences have in common, as far as a colour can tell; ``meaning`` explains it."""

    key: str
    title: str
    meaning: str
    light: str
    dark: str
    categories: frozenset[str] = frozenset()


NO_LICENSE = LicenseClass(
    "none",
    "No known licence",
    "Declares no licence, or one that the Hub has no name for.",
    "#5d6773",
    "#8f99a4",
)

LICENSE_CLASSES = (
    LicenseClass(
        "open",
        "Permissive",
        "Any use, keep the notices: Apache-2.0, MIT, CC-BY, public domain.",
        "#00876c",
        "#2fc9a2",
        frozenset(["permissive", "permissive-model", "data-permissive", "public-domain-like"]),
    ),
    LicenseClass(
        "share-alike",
        "Share alike",
        "Any use, but what is made from it keeps the licence: GPL, CC-BY-SA, ODbL.",
        "#0072b2",
        "#5ab4f0",
        frozenset(["copyleft", "cc-sharealike", "data-sharealike"]),
    ),
    LicenseClass(
        "conditions",
        "Conditions on use",
        "A use policy goes with it: Llama, Gemma, the RAIL licences.",
        "#b87800",
        "#f5c02f",
        frozenset(["rail", "community-restricted"]),
    ),
    LicenseClass(
        "restricted",
        "Restricted",
        "Not for every purpose: non-commercial, research only, no derivatives.",
        "#a8300a",
        "#ff6b4a",
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
        "#5e1a94",
        "#b57bff",
        frozenset(["family-ambiguous", "several", "other", "unknown"]),
    ),
    NO_LICENSE,
)
"""The classes of licences in the order of the legend."""

_BY_CATEGORY = {category: entry for entry in LICENSE_CLASSES for category in entry.categories}


def license_class(category: str | None) -> LicenseClass:
    """Return the class for a category of ``graph/licenses/hub.csv``.

    >>> license_class("community-restricted").title
    'Conditions on use'
    >>> license_class(None).key
    'none'
    """
    return _BY_CATEGORY.get(category or "", NO_LICENSE)


class RelationStyle(NamedTuple):
    """How a relation is called, said and drawn; ``dash`` are lengths of line and gap."""

    title: str
    meaning: str
    light: str
    dark: str
    dash: tuple[int, ...] = ()


_LINES = {
    Relation.FINETUNE: Colour("#0072b2", "#5ab4f0"),
    Relation.ADAPTER: Colour("#00876c", "#2fc9a2"),
    Relation.MERGE: Colour("#a8548a", "#e59acb"),
    Relation.QUANTIZED: Colour("#b87800", "#f0b429"),
    Relation.UNSPECIFIED: Colour("#6b7683", "#94a0ad"),
    Relation.SOURCE: Colour("#0e7f8c", "#52c7d4"),
    Relation.GENERATED: Colour("#c03d0a", "#ff7f50"),
    Relation.TRAINED_ON: Colour("#7a6a00", "#d6c84a"),
    Relation.DISTILLED: Colour("#1a26f5", "#3659fb"),
    Relation.CONVERTED: Colour("#6b0415", "#ca1242"),
    Relation.FILTERED: Colour("#109f56", "#8bed9f"),
    Relation.PRETRAINED_ON: Colour("#151fa3", "#3d63c6"),
    Relation.DECONTAMINATED_AGAINST: Colour("#0d64e7", "#3f719b"),
}
RELATIONS = {
    one: RelationStyle(one.row.title, one.row.meaning, *_LINES.get(one, OTHER), one.row.dash)
    for one in Relation
}
"""How each relation looks and reads: child, meaning, parent. One without a colour is grey."""

USES = RelationStyle("Used by Spaces", "uses", "#4a5a6b", "#b9c4cf", (1, 4))
"""How the line from a Space to what it uses looks and reads."""

STATES = {
    Resolution.UNCHECKED: ("Only named", "Others name it; nothing else is known of it here."),
    Resolution.MISSING: ("Gone or private", "The Hub has it no more, or shows it to nobody."),
    Resolution.RENAMED: ("Renamed", "The Hub knows it under another name now."),
    Resolution.GATED: ("Gated", "It is on the Hub, for those who are given access."),
    Resolution.DISABLED: ("Disabled", "The Hub has switched it off."),
    Resolution.RESOLVED: (
        "Not read yet",
        "It is on the Hub; its page was not read for this graph.",
    ),
}
"""What is called a repository that is not simply there, and what that means."""
