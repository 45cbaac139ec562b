"""The groups of the atlas in words and colours: its legend."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from graph.licenses.classes import LICENSE_CLASSES
from graph.view.atlas.grouping import NONE, REST, UNTIL, GroupBy
from ui.palette import ATLAS_TASKS, LICENSE_COLOURS, MIXED, OTHER, TIME, Colour, relation_style

__all__ = ["Entry", "legend"]

_HALVES = {"H1": "Jan–Jun", "H2": "Jul–Dec"}


class Entry(NamedTuple):
    """One entry of a legend, with its colours on white and on black; ``meaning`` explains it."""

    title: str
    meaning: str
    light: str
    dark: str


def legend(by: GroupBy, groups: Sequence[str]) -> list[Entry]:
    """Return the entries for groups of an atlas, in their order."""
    return _LEGENDS[by](groups)


def _licenses(groups: Sequence[str]) -> list[Entry]:
    classes = {one.key: one for one in LICENSE_CLASSES}
    return [
        Entry(classes[key].title, classes[key].meaning, *LICENSE_COLOURS[key]) for key in groups
    ]


def _tasks(groups: Sequence[str]) -> list[Entry]:
    colours = iter(ATLAS_TASKS)
    return [_task(group, colours=colours) for group in groups]


def _task(group: str, *, colours: Iterator[Colour]) -> Entry:
    if group == REST:
        return Entry("Other tasks", "A less frequent task, or several.", *MIXED)
    if group == NONE:
        return Entry("No task", "It declares none, or nobody has read it.", *OTHER)
    title = group.replace("-", " ").capitalize()
    return Entry(title, "The task that it declares.", *next(colours))


def _relations(groups: Sequence[str]) -> list[Entry]:
    return [_relation(group) for group in groups]


def _relation(group: str) -> Entry:
    if group == NONE:
        return Entry("Roots", "Declares nothing that it was made from.", *OTHER)
    style = relation_style(group)
    return Entry(style.title, f"It {style.meaning} something else.", style.light, style.dark)


def _months(groups: Sequence[str]) -> list[Entry]:
    last = max(len(groups) - 2, 1)  # the group of what has no date comes after the last half-year
    return [_half(group, place / last) for place, group in enumerate(groups)]


def _half(group: str, share: float) -> Entry:
    if group == NONE:
        return Entry("No date", "Nobody says when it was created.", *OTHER)
    year, half = group.removeprefix(UNTIL).split("-")
    title = f"Until {year}" if group.startswith(UNTIL) else f"{_HALVES[half]} {year}"
    return Entry(title, "When it was created.", *(_between(ramp, share) for ramp in TIME))


def _between(ramp: tuple[tuple[int, int, int], ...], share: float) -> str:
    """Return the colour at a share of the way along a ramp."""
    place = share * (len(ramp) - 1)
    low = min(int(place), len(ramp) - 2)
    parts = (
        round(one + (other - one) * (place - low))
        for one, other in zip(ramp[low], ramp[low + 1], strict=True)
    )
    return "#" + "".join(f"{part:02x}" for part in parts)


_LEGENDS: dict[GroupBy, Callable[[Sequence[str]], list[Entry]]] = {
    GroupBy.LICENSE: _licenses,
    GroupBy.TASK: _tasks,
    GroupBy.RELATION: _relations,
    GroupBy.MONTH: _months,
}
