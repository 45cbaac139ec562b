"""The highlights of Home in words: what is behind each, in a sentence made of its figures."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import msgspec

from graph.model.records import Aspect
from graph.statistics.highlights import Base, Changed, Conflict, Data, Highlights, Merge, Newest
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
    """A highlight on a card: its title, its repository, a sentence on it, and the way there.

    ``page`` is the name of a page, ``way`` what the link to it says; ``view`` is what its address
    holds beside the repository. Names and sentences hold text from the Hub.
    """

    title: str
    node: Node
    sentence: str
    page: str
    way: str
    view: dict[str, str]


def cards(highlights: Highlights) -> Iterator[Card]:
    """Yield a card for each highlight that leads somewhere."""
    for highlight in msgspec.structs.astuple(highlights):
        if highlight is not None:
            yield _CARDS[type(highlight)](highlight)


def counted(number: int, name: str) -> str:
    """Return a number of things.

    >>> counted(1, "model"), counted(3120, "model")
    ('1 model', '3,120 models')
    """
    return f"{number:,} {name}" if number == 1 else f"{number:,} {name}s"


def _base(base: Base) -> Card:
    says = f"{_they(base.descendants, 'model', 'descend')} from it, made by"
    sentence = f"{says} {counted(base.owners, 'owner')}."
    view = {"up": "0", "down": "2"}
    return Card("A famous base", base.node, sentence, "explore", "Who builds on it", view)


def _merge(merge: Merge) -> Card:
    sentence = f"{merge.parents:,} models were mixed into it"
    if len(merge.licenses) > 1:
        sentence += f", under {len(merge.licenses):,} licences: {', '.join(merge.licenses)}"
    view = {"up": "1", "down": "0"}
    return Card("A wild merge", merge.node, f"{sentence}.", "explore", "What went into it", view)


def _conflict(conflict: Conflict) -> Card:
    sentence = (
        f"Declarations conflict: {conflict.reason}. This is inherited from {conflict.cause.id}."
    )
    return Card("A licence conflict", conflict.node, sentence, "licences", "Follow the licence", {})


def _data(data: Data) -> Card:
    sentence = f"{_they(data.trained, 'model', 'name')} it as training data"
    if data.models > data.trained:
        sentence += f"; {data.models:,} go back to it in all"
    if data.datasets:
        sentence += f", and {counted(data.datasets, 'dataset')}"
    view = {"up": "0", "down": "2"}
    return Card("A dataset", data.node, f"{sentence}.", "explore", "What was made with it", view)


def _changed(changed: Changed) -> Card:
    old, new = (
        ", ".join(values) or "nothing" for values in (changed.change.old, changed.change.new)
    )
    others = "more than " * (not changed.is_all) + counted(changed.changes - 1, "other change")
    sentence = (
        f"{_ASPECTS[changed.change.aspect]} went from {old} to {new}, seen on"
        f" {date(changed.change.seen)}" + f" with {others}." * (changed.changes > 1)
    )
    return Card("What changed lately", changed.node, sentence, "explore", "See it today", {})


def _newest(newest: Newest) -> Card:
    among = f"the {newest.models:,} models" if newest.models > 1 else "all models"
    sentence = f"The most downloaded of {among} that were created in {named(newest.month)}."
    return Card("What came lately", newest.node, sentence, "explore", "Where it comes from", {})


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
