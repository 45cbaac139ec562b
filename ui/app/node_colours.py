"""What the colour of a node says in a view: the class of its licence, its task, owner or age.

A legend that counts goes with it. The most frequent tasks and owners have a colour of their own,
and keep it from one view to the next as long as no two want the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from enum import StrEnum
from hashlib import blake2b
from typing import Any, NamedTuple

import networkx as nx

from graph.licenses.classes import LICENSE_CLASSES, license_class
from ui.palette import AGES, CATEGORIES, LICENSE_COLOURS, OTHER, Colour

__all__ = ["ColourBy", "Shade", "shades"]

_FIRST_YEAR = 2022  # what is older has the date at which the Hub began to keep dates
_NONE, _REST = "", "\0rest"


class ColourBy(StrEnum):
    """What a colour stands for; the first is the usual one."""

    LICENSE = "licence"
    TASK = "task"
    OWNER = "owner"
    AGE = "age"


class Shade(NamedTuple):
    """One entry of a legend: a colour, what it stands for, and how many nodes have it."""

    title: str
    meaning: str
    colour: Colour
    nodes: int


def shades(view: nx.MultiDiGraph[str], by: ColourBy) -> tuple[list[Shade], dict[str, int]]:
    """Return the legend of a view, and for each node the place of its entry in it.

    Only entries that the view has are in the legend. What is only named or gone is drawn without a
    colour, and not counted.
    """
    values = {node: _VALUE[by](facts) for node, facts in view.nodes(data=True) if _is_there(facts)}
    counts = Counter(values.values())
    entries = _entries(by, counts)
    used = [key for key in entries if key in counts or key == _REST]
    places = {key: place for place, key in enumerate(used)}
    nodes = {node: places.get(value, places.get(_REST, 0)) for node, value in values.items()}
    found = Counter(nodes.values())
    return [Shade(*entries[key], found[place]) for key, place in places.items()], nodes


_Entry = tuple[str, str, Colour]


def _entries(by: ColourBy, counts: Mapping[str, int]) -> dict[str, _Entry]:
    if by is ColourBy.LICENSE:
        return {
            entry.key: (entry.title, entry.meaning, LICENSE_COLOURS[entry.key])
            for entry in LICENSE_CLASSES
        }
    if by is ColourBy.AGE:
        return _ages()
    return _categories(counts, *_WORDS[by])


_WORDS = {
    ColourBy.TASK: ("No task declared", "Other tasks"),
    ColourBy.OWNER: ("Without an owner", "Other owners"),
}


def _ages() -> dict[str, _Entry]:
    years = range(_FIRST_YEAR, _FIRST_YEAR + len(AGES))
    titles = [str(year) for year in years]
    titles[0], titles[-1] = f"{titles[0]} or before", f"{titles[-1]} or later"
    known = {
        str(year): (title, "The year in which it came to the Hub.", colour)
        for year, title, colour in zip(years, titles, AGES, strict=True)
    }
    return known | {_NONE: ("No date", "Nobody says when it came to the Hub.", OTHER)}


def _categories(counts: Mapping[str, int], none: str, rest: str) -> dict[str, _Entry]:
    """Give the most frequent values a colour: each the one that its name points at, if free."""
    named = sorted((value for value in counts if value), key=lambda value: (-counts[value], value))
    frequent, others = named[: len(CATEGORIES)], named[len(CATEGORIES) :]
    free = list(range(len(CATEGORIES)))
    found: dict[str, _Entry] = {}
    for value in frequent:
        wanted = blake2b(value.encode(), digest_size=4).digest()
        start = int.from_bytes(wanted) % len(CATEGORIES)
        place = min(free, key=lambda one, start=start: (one - start) % len(CATEGORIES))  # type: ignore[misc]
        free.remove(place)
        found[value] = value, "", CATEGORIES[place]
    if others:
        found[_REST] = rest, f"{len(others):,} that are less frequent in this view.", OTHER
    if _NONE in counts:
        found[_NONE] = none, "", OTHER
    return found


def _is_there(facts: Mapping[str, Any]) -> bool:
    return bool(facts.get("known", True)) and "state" not in facts


def _owner(facts: Mapping[str, Any]) -> str:
    return str(facts["id"]).rpartition("/")[0]


def _year(facts: Mapping[str, Any]) -> str:
    created = str(facts.get("created", ""))[:4]
    last = _FIRST_YEAR + len(AGES) - 1
    return str(min(max(int(created), _FIRST_YEAR), last)) if created.isdecimal() else _NONE


def _task(facts: Mapping[str, Any]) -> str:
    return str(facts.get("task", "")).partition(", ")[0]


_VALUE: dict[ColourBy, Callable[[Mapping[str, Any]], str]] = {
    ColourBy.LICENSE: lambda facts: license_class(facts.get("license_category")).key,
    ColourBy.TASK: _task,
    ColourBy.OWNER: _owner,
    ColourBy.AGE: _year,
}
