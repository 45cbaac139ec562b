"""What a colour stands for in the atlas: one class for each point, and how many each class has.

The points of all classes together are all points; what stands alone has none, and is counted apart.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import StrEnum
from typing import NamedTuple

import numpy as np

from graph.lineage.adjacency import BITS, Bits, mask
from graph.lineage.index import LineageIndex
from graph.model.licenses import licenses
from graph.model.records import Relation
from graph.model.relations import DERIVATIONS
from graph.store.arrays import Array
from graph.tables.schema import UNKNOWN
from graph.view.palette import LICENSE_CLASSES, NO_LICENSE, RELATIONS, LicenseClass, license_class

__all__ = [
    "Colour",
    "Colouring",
    "PointClass",
    "colour_points",
    "month_name",
    "months_of",
    "read_month",
]

_GREY = NO_LICENSE.light, NO_LICENSE.dark
_MIXED = "#7d6557", "#bfa592"
_HUES = (
    ("#0072b2", "#5ab4f0"),
    ("#00876c", "#2fc9a2"),
    ("#b87800", "#f5c02f"),
    ("#a8548a", "#e59acb"),
    ("#a8300a", "#ff6b4a"),
    ("#5e1a94", "#b57bff"),
    ("#7a6a00", "#d6c84a"),
    ("#0e7f8c", "#52c7d4"),
)
"""As many tasks as have a colour of their own: Okabe and Ito's hues, as in ``palette``."""

_RAMP = (
    ((94, 26, 148), (0, 114, 178), (0, 135, 108)),
    ((181, 123, 255), (90, 180, 240), (245, 192, 47)),
)
"""The first, middle and last colour of a time line, on white and on black."""

_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")
_MOST_HALVES = 10
_PRECEDENCE = sorted(DERIVATIONS, key=lambda relation: relation is Relation.UNSPECIFIED)
"""Of several relations the first counts; what says least comes last."""


class Colour(StrEnum):
    """What the colours of the atlas tell."""

    LICENSE = "licence"
    TASK = "task"
    RELATION = "relation"
    MONTH = "month"


class PointClass(NamedTuple):
    """One entry of the legend, with its colours on white and on black; ``meaning`` explains it."""

    title: str
    meaning: str
    light: str
    dark: str


class Colouring(NamedTuple):
    """The classes of the legend in order, and for each point the place of its own among them."""

    classes: tuple[PointClass, ...]
    codes: Array


def colour_points(index: LineageIndex, nodes: Array, colour: Colour) -> Colouring:
    """Return the classes of some nodes, such as the points of an atlas."""
    return _COLOURINGS[colour](index, nodes)


def months_of(index: LineageIndex, nodes: Array) -> Array:
    """Return the months in which nodes were created, counted from 1970; 0 where nobody knows."""
    created = index.created[nodes]
    months = created.astype("datetime64[M]").astype(np.int64)
    return np.where(np.isnat(created), 0, months).astype(np.int16)


def month_name(month: int) -> str:
    """Return a month that is counted from 1970 as it is written.

    >>> month_name(652)
    '2024-05'
    """
    return str(np.datetime64(month, "M"))


def read_month(text: str) -> int | None:
    """Return a month as counted from 1970; None for what is no month.

    >>> read_month("2024-05"), read_month("soon")
    (652, None)
    """
    if not _MONTH.fullmatch(text):
        return None
    return int(np.datetime64(text, "M").astype(np.int64))


def _by_license(index: LineageIndex, nodes: Array) -> Colouring:
    places = {entry.key: place for place, entry in enumerate(LICENSE_CLASSES)}
    table = [places[_license_class(key).key] for key in index.manifest.licenses]
    table.append(places[NO_LICENSE.key])  # found by -1
    classes = [PointClass(*entry[1:5]) for entry in LICENSE_CLASSES]
    return Colouring(tuple(classes), np.array(table, np.uint8)[index.licenses[nodes]])


def _license_class(key: str) -> LicenseClass:
    """Return the class of one licence, or of several, of which nobody says which one counts."""
    known = licenses().get(key)
    return license_class(known.category if known else "several")


def _by_task(index: LineageIndex, nodes: Array) -> Colouring:
    codes = index.tasks[nodes]
    names = index.manifest.tasks
    counts = np.bincount(codes[codes != UNKNOWN], minlength=len(names))
    frequent = [
        code
        for code in np.argsort(-counts, kind="stable").tolist()
        if counts[code] and ", " not in names[code]
    ][: len(_HUES)]
    table = np.full(len(names) + 1, len(frequent), np.uint8)
    table[frequent] = np.arange(len(frequent))
    table[UNKNOWN] = len(frequent) + 1
    classes = [
        PointClass(names[code].replace("-", " ").capitalize(), "The task that it declares.", *hue)
        for code, hue in zip(frequent, _HUES, strict=False)
    ]
    classes += [
        PointClass("Other tasks", "A less frequent task, or several.", *_MIXED),
        PointClass("No task", "It declares none, or nobody has read it.", *_GREY),
    ]
    return Colouring(tuple(classes), table[codes])


def _by_relation(index: LineageIndex, nodes: Array) -> Colouring:
    children, parents, bits = index.up.all()
    joined = (children != parents) & (bits & mask(DERIVATIONS) != 0)
    met = np.zeros(len(index), Bits)
    np.bitwise_or.at(met, children[joined], bits[joined])
    met = met[nodes]
    codes = np.zeros(len(nodes), np.uint8)
    for place, relation in reversed(list(enumerate(_PRECEDENCE, 1))):
        codes[met & BITS[relation] != 0] = place
    classes = [PointClass("Roots", "Declares nothing that it was made from.", *_GREY)]
    for relation in _PRECEDENCE:
        style = RELATIONS[relation]
        meaning = f"It {style.meaning} something else."
        classes.append(PointClass(style.title, meaning, style.light, style.dark))
    return Colouring(tuple(classes), codes)


def _by_month(index: LineageIndex, nodes: Array) -> Colouring:
    months = months_of(index, nodes).astype(np.int64)
    halves = np.where(months == 0, UNKNOWN, months // 6)
    dated = halves[halves != UNKNOWN]
    if not len(dated):
        dated = np.zeros(1, np.int64)
    last = int(dated.max())
    first = max(int(dated.min()), last - _MOST_HALVES + 1)
    steps = last - first + 1
    classes = [
        _half(half, first, steps, earlier=bool((dated < first).any()))
        for half in range(first, last + 1)
    ]
    classes.append(PointClass("No date", "Nobody says when it was created.", *_GREY))
    codes = np.where(halves == UNKNOWN, steps, np.maximum(halves - first, 0))
    return Colouring(tuple(classes), codes.astype(np.uint8))


def _half(half: int, first: int, steps: int, *, earlier: bool) -> PointClass:
    year, second = 1970 + half // 2, half % 2
    title = f"{'Jul–Dec' if second else 'Jan–Jun'} {year}"
    if half == first and earlier:
        title = f"Until {title[4:]}"
    share = (half - first) / max(steps - 1, 1)
    return PointClass(title, "When it was created.", *(_between(ramp, share) for ramp in _RAMP))


def _between(ramp: tuple[tuple[int, int, int], ...], share: float) -> str:
    place = share * (len(ramp) - 1)
    low = min(int(place), len(ramp) - 2)
    parts = (
        round(one + (other - one) * (place - low))
        for one, other in zip(ramp[low], ramp[low + 1], strict=True)
    )
    return "#" + "".join(f"{part:02x}" for part in parts)


_COLOURINGS: dict[Colour, Callable[[LineageIndex, Array], Colouring]] = {
    Colour.LICENSE: _by_license,
    Colour.TASK: _by_task,
    Colour.RELATION: _by_relation,
    Colour.MONTH: _by_month,
}
