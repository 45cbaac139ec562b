"""The doors of Home in words: what is behind each, in a sentence made of its figures."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from graph.model.records import Aspect
from graph.statistics.highlights import Base, Changed, Conflict, Data, Doors, Merge, Newest
from graph.store.lineage_graph import Node
from ui.app.markup import date
from ui.app.months import named

__all__ = ["Card", "cards", "counted"]

_ASPECTS = {
    Aspect.EXISTENCE: "What the Hub says of it",
    Aspect.PARENTS: "What it says it was made from",
    Aspect.RELATION: "How it says it was made",
    Aspect.LICENSE: "Its licence",
    Aspect.GATING: "How access to it is granted",
    Aspect.NEW_VERSION: "The version that it names as newer",
}


class Card(NamedTuple):
    """A door: its title, the repository behind it, a sentence on it, and the way there.

    ``page`` is the name of a page, ``way`` what the link to it says; ``view`` is what its address
    holds beside the repository. Names and sentences hold text from the Hub.
    """

    title: str
    node: Node
    sentence: str
    page: str
    way: str
    view: dict[str, str]


def cards(doors: Doors) -> Iterator[Card]:
    """Yield a card for each door that leads somewhere."""
    for door in doors:
        if door is not None:
            yield _CARDS[type(door)](door)


def counted(number: int, name: str) -> str:
    """Return a number of things.

    >>> counted(1, "model"), counted(3120, "model")
    ('1 model', '3,120 models')
    """
    return f"{number:,} {name}" if number == 1 else f"{number:,} {name}s"


def _base(door: Base) -> Card:
    says = f"{_they(door.descendants, 'model', 'descend')} from it, made by"
    sentence = f"{says} {counted(door.owners, 'owner')}."
    view = {"up": "0", "down": "2"}
    return Card("A famous base", door.node, sentence, "explore", "Who builds on it", view)


def _merge(door: Merge) -> Card:
    sentence = f"{door.parents:,} models were mixed into it"
    if len(door.licenses) > 1:
        sentence += f", under {len(door.licenses):,} licences: {', '.join(door.licenses)}"
    view = {"up": "1", "down": "0"}
    return Card("A wild merge", door.node, f"{sentence}.", "explore", "What went into it", view)


def _conflict(door: Conflict) -> Card:
    sentence = f"Declarations conflict: {door.reason}. This is inherited from {door.cause.id}."
    return Card("A licence conflict", door.node, sentence, "licences", "Follow the licence", {})


def _data(door: Data) -> Card:
    sentence = f"{_they(door.trained, 'model', 'name')} it as training data"
    if door.models > door.trained:
        sentence += f"; {door.models:,} go back to it in all"
    if door.datasets:
        sentence += f", and {counted(door.datasets, 'dataset')}"
    view = {"up": "0", "down": "2"}
    return Card("A dataset", door.node, f"{sentence}.", "explore", "What was made with it", view)


def _changed(door: Changed) -> Card:
    old, new = (", ".join(values) or "nothing" for values in (door.change.old, door.change.new))
    others = "more than " * (not door.is_all) + counted(door.changes - 1, "other change")
    sentence = (
        f"{_ASPECTS[door.change.aspect]} went from {old} to {new}, seen on"
        f" {date(door.change.seen)}" + f" with {others}." * (door.changes > 1)
    )
    return Card("What changed lately", door.node, sentence, "explore", "See it today", {})


def _newest(door: Newest) -> Card:
    among = f"the {door.models:,} models" if door.models > 1 else "all models"
    sentence = f"The most downloaded of {among} that were created in {named(door.month)}."
    return Card("What came lately", door.node, sentence, "explore", "Where it comes from", {})


def _they(number: int, name: str, verb: str) -> str:
    return f"{counted(number, name)} {verb}{'s' if number == 1 else ''}"


_CARDS: dict[type, Callable[[Any], Card]] = {
    Base: _base,
    Merge: _merge,
    Conflict: _conflict,
    Data: _data,
    Changed: _changed,
    Newest: _newest,
}
