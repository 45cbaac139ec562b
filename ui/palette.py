"""The colours of a drawing and what they mean, for the app and for drawings that leave it.

Colour says one thing on a node, at first the class of its licence, and one thing on a line, the
relation; both are written out in words beside it too. The hues follow Okabe and Ito's palette for
colour vision deficiencies, darkened on white and lightened on black until each stands out from the
page by at least 3:1; ``tests/test_palette.py`` measures that, and their distance from one another
for readers who do not tell red from green.
"""

from __future__ import annotations

from typing import NamedTuple

from graph.licenses.classes import license_class
from graph.model.records import Relation
from graph.view.look import Line, Look
from graph.view.neighbourhood import USES

__all__ = [
    "AGES",
    "ATLAS_TASKS",
    "CATEGORIES",
    "LICENSE_COLOURS",
    "LOOK",
    "MIXED",
    "OTHER",
    "RELATIONS",
    "TIME",
    "USES_STYLE",
    "Colour",
    "RelationStyle",
    "license_colour",
    "relation_style",
]


class Colour(NamedTuple):
    """One colour in the two modes of a page."""

    light: str
    dark: str

    @property
    def css(self) -> str:
        """The colour as CSS writes it, for whichever mode the page is in."""
        return f"light-dark({self.light}, {self.dark})"


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


ATLAS_TASKS = (
    Colour("#0072b2", "#5ab4f0"),
    Colour("#00876c", "#2fc9a2"),
    Colour("#b87800", "#f5c02f"),
    Colour("#a8548a", "#e59acb"),
    Colour("#a8300a", "#ff6b4a"),
    Colour("#5e1a94", "#b57bff"),
    Colour("#7a6a00", "#d6c84a"),
    Colour("#0e7f8c", "#52c7d4"),
)
"""For the most frequent tasks of the atlas, where dots are small."""

MIXED = Colour("#7d6557", "#bfa592")
"""For all tasks of the atlas that have no colour of their own."""

TIME = (
    ((94, 26, 148), (0, 114, 178), (0, 135, 108)),
    ((181, 123, 255), (90, 180, 240), (245, 192, 47)),
)
"""The first, middle and last colour of a time line, on white and on black, as red, green, blue."""

LICENSE_COLOURS = {
    "open": Colour("#00876c", "#2fc9a2"),
    "share-alike": Colour("#0072b2", "#5ab4f0"),
    "conditions": Colour("#b87800", "#f5c02f"),
    "restricted": Colour("#a8300a", "#ff6b4a"),
    "unclear": Colour("#5e1a94", "#b57bff"),
    "none": OTHER,
}
"""For the classes of licences, by their keys."""


def license_colour(category: str | None) -> Colour:
    """Return the colour for a category of licences."""
    return LICENSE_COLOURS[license_class(category).key]


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

USES_STYLE = RelationStyle("Used by Spaces", "uses", "#4a5a6b", "#b9c4cf", (1, 4))
"""How the line from a Space to what it uses looks and reads."""


def relation_style(word: str) -> RelationStyle:
    """Return how a line looks by its word: that of a relation, or of the use by a Space."""
    return USES_STYLE if word == USES else RELATIONS[Relation(word)]


LOOK = Look(
    ink="#1a2430",
    paper="#ffffff",
    rule="#d5dbe1",
    only_named="#6b7683",
    licenses={key: colour.light for key, colour in LICENSE_COLOURS.items()},
    lines={
        word: Line(style.title, style.light, style.dash)
        for word, style in [*RELATIONS.items(), (USES, USES_STYLE)]
    },
)
"""For drawings that leave the app: on white."""
