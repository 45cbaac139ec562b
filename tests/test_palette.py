"""Colours that can be told apart, and from the page."""

from __future__ import annotations

import re
from itertools import combinations
from pathlib import Path

import pytest

from graph.licenses.classes import LICENSE_CLASSES, NO_LICENSE, license_class
from graph.model.licenses import licenses
from graph.model.records import Relation
from graph.view.atlas.grouping import MOST_TASKS
from ui.app import atlas_colours
from ui.app.theme import PAGE
from ui.palette import (
    AGES,
    ATLAS_TASKS,
    CATEGORIES,
    LICENSE_COLOURS,
    MIXED,
    OTHER,
    RELATIONS,
    TIME,
)

Colour = tuple[float, float, float]

# Machado, Oliveira, Fernandes 2009, severity 1.0, on linear light.
DEFICIENCIES: dict[str, tuple[Colour, Colour, Colour]] = {
    "none": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protan": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deutan": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
}
MODES = ("light", "dark")


def _linear(colour: str) -> Colour:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return red, green, blue


def _contrast(one: str, other: str) -> float:
    """Return the contrast of WCAG 2."""
    weights = (0.2126, 0.7152, 0.0722)
    light, dark = sorted(
        (sum(w * p for w, p in zip(weights, _linear(c), strict=True)) for c in (one, other)),
        reverse=True,
    )
    return (light + 0.05) / (dark + 0.05)


def _lab(colour: str, deficiency: str) -> Colour:
    """Return a colour as someone with a deficiency sees it, in CIE Lab."""
    linear = _linear(colour)
    seen = [
        min(1.0, max(0.0, sum(f * p for f, p in zip(row, linear, strict=True))))
        for row in DEFICIENCIES[deficiency]
    ]
    rows = ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505))
    white = (0.9505, 1.0, 1.089)
    xyz = [
        sum(f * p for f, p in zip(row, seen, strict=True)) / w
        for row, w in zip(rows, white, strict=True)
    ]
    x, y, z = (t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116 for t in xyz)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def _distance(one: str, other: str, deficiency: str) -> float:
    pairs = zip(_lab(one, deficiency), _lab(other, deficiency), strict=True)
    return float(sum((a - b) ** 2 for a, b in pairs) ** 0.5)


def _colours(mode: str) -> dict[str, str]:
    return {entry.key: getattr(LICENSE_COLOURS[entry.key], mode) for entry in LICENSE_CLASSES}


@pytest.mark.parametrize("mode", MODES)
def test_colours_stand_out_from_the_page(mode: str) -> None:
    """Marks have a contrast of 3:1 at least, text one of 4.5:1 (WCAG 2, 1.4.11 and 1.4.3)."""
    page = PAGE[mode]
    others = (*RELATIONS.values(), *CATEGORIES, OTHER, *AGES)
    marks = [*_colours(mode).values(), *(getattr(style, mode) for style in others)]

    assert all(_contrast(mark, page.background) >= 3 for mark in marks)
    assert all(_contrast(text, page.background) >= 4.5 for text in (page.text, page.accent))
    assert _contrast(page.text, page.surface) >= 4.5


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("deficiency", DEFICIENCIES)
def test_license_classes_can_be_told_apart(mode: str, deficiency: str) -> None:
    """Any two classes differ clearly, also for those who do not tell red from green."""
    near = [
        (one, other, round(_distance(a, b, deficiency), 1))
        for (one, a), (other, b) in combinations(_colours(mode).items(), 2)
        if _distance(a, b, deficiency) < 11
    ]

    assert [] == near


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("deficiency", DEFICIENCIES)
def test_values_without_an_order_can_be_told_apart(mode: str, deficiency: str) -> None:
    """Any two colours of tasks or owners differ clearly, and from that of all others."""
    colours = [getattr(colour, mode) for colour in (*CATEGORIES, OTHER)]

    assert 11 <= min(_distance(a, b, deficiency) for a, b in combinations(colours, 2))


@pytest.mark.parametrize("mode", MODES)
def test_the_young_stand_out_most(mode: str) -> None:
    """Each year has more contrast than the one before it."""
    contrasts = [_contrast(getattr(age, mode), PAGE[mode].background) for age in AGES]

    assert sorted(contrasts) == contrasts


def test_every_category_has_a_class() -> None:
    """No licence of the table is drawn as if it had none."""
    known = {entry.category for entry in licenses().values()}

    assert set() == {category for category in known if license_class(category) is NO_LICENSE}


def test_every_group_of_the_atlas_has_a_colour() -> None:
    """As many tasks as have a group of their own, and every class of licences."""
    assert MOST_TASKS == len(ATLAS_TASKS)
    assert [entry.key for entry in LICENSE_CLASSES] == list(LICENSE_COLOURS)


def test_every_relation_is_drawn() -> None:
    """Each relation has its words and its line; the unspecified one is dashed."""
    assert set(Relation) == set(RELATIONS)
    assert RELATIONS[Relation.UNSPECIFIED].dash


@pytest.mark.parametrize("place", range(len(MODES)))
def test_the_colours_of_the_atlas_stand_out_from_the_page(place: int) -> None:
    """Those of tasks, and every shade of the time line."""
    page = PAGE[MODES[place]].background
    shades = [atlas_colours._between(TIME[place], n / 20) for n in range(21)]
    hues = [hue[place] for hue in (*ATLAS_TASKS, MIXED)]

    assert all(_contrast(colour, page) >= 3 for colour in (*shades, *hues))


def test_only_the_screen_knows_colours() -> None:
    """Nothing in graph or ingest names a colour; what draws there is given its look."""
    root = Path(__file__).resolve().parent.parent
    sources = [path for room in ("graph", "ingest") for path in (root / room).rglob("*.py")]
    colour = re.compile(r"#[0-9a-fA-F]{6}\b|#[0-9a-fA-F]{3}\b")

    assert sources
    assert [] == [path.name for path in sources if colour.search(path.read_text(encoding="utf-8"))]
