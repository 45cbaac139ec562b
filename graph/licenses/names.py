"""From the words that authors use for a licence to its key, and from products to their vendors.

An identifier is certain; a name is nearly so; a phrase in a name or in the address of a text is a
hint. What no table knows stays unknown: nothing is guessed from likeness.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from typing import NamedTuple

from graph.model.licenses import read_rows, texts

__all__ = ["NAME", "Match", "find_link", "find_name", "find_vendor", "normal"]

IDENTIFIER, NAME, LINK, PHRASE = 1.0, 0.9, 0.7, 0.4

_BREAKS = re.compile(r"[\s_/()\[\],:-]+")
_FILLERS = frozenset(
    ["agreement", "international", "licence", "license", "public", "the", "v", "version"]
)
_VERSION = re.compile(r"v(?=\d)")


class Match(NamedTuple):
    """The licence that words stand for, and how far the words are believed to mean it."""

    key: str
    belief: float


def normal(words: str) -> str:
    """Return the words of a licence's name without what people write in several ways.

    >>> normal("Apache License, Version 2.0") == normal("apache version-2.0")
    True
    """
    parts = (_VERSION.sub("", part) for part in _BREAKS.split(words.casefold()))
    return "-".join(part for part in parts if part and part not in _FILLERS)


@lru_cache(maxsize=4096)
def find_name(words: str) -> Match | None:
    """Return the licence that an identifier or a name stands for, if a table knows it.

    >>> find_name("CC BY-NC 4.0")
    Match(key='cc-by-nc-4.0', belief=0.9)
    """
    if (key := words.strip().casefold()) in texts():
        return Match(key, IDENTIFIER)
    name = normal(words)
    if known := _names().get(name):
        return Match(known, NAME)
    return _find_phrase("name", name, PHRASE)


@lru_cache(maxsize=4096)
def find_link(link: str) -> Match | None:
    """Return the licence whose text is known to be found at an address."""
    return _find_phrase("link", link.casefold(), LINK)


def find_vendor(words: Iterable[str]) -> str | None:
    """Return the vendor whose terms of service bind the users of a product.

    >>> find_vendor(["OpenAI ChatGPT"])
    'OpenAI'
    >>> find_vendor(["OpenAI GPT-2"]) is None
    True
    """
    said = " ".join(words).casefold()
    return next((vendor for phrase, vendor in _vendors() if phrase in said), "") or None


def _find_phrase(place: str, text: str, belief: float) -> Match | None:
    found = (key for where, phrase, key in _phrases() if where == place and phrase in text)
    return next((Match(key, belief) for key in found), None)


@cache
def _names() -> dict[str, str]:
    return {name: key for written, key in _known_names() if (name := normal(written))}


def _known_names() -> Iterator[tuple[str, str]]:
    for entry in texts().values():
        yield from ((name, entry.key) for name in (entry.title, entry.spdx_id, entry.key))
    yield from ((name, key) for name, key in read_rows(__package__, "names.csv"))


@cache
def _phrases() -> tuple[tuple[str, str, str], ...]:
    return tuple(
        (where, phrase, key) for where, phrase, key in read_rows(__package__, "phrases.csv")
    )


@cache
def _vendors() -> tuple[tuple[str, str], ...]:
    return tuple((phrase, vendor) for phrase, vendor in read_rows(__package__, "vendors.csv"))
