"""The words of all ids, each with the repositories that have it: what a search looks things up in.

A word is a run of letters and digits. Its repositories are listed by downloads, apart for the
three *places* where a word can stand: alone as the owner or name, at the beginning of one, or
within. So the best few of any number of lists are found by looking at the first of each.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from graph.model.arrays import Array, distinct

__all__ = ["ALONE", "FIRST", "WITHIN", "Words", "index_words", "normalise", "ranges"]

ALONE, FIRST, WITHIN = range(3)
"""The places where a word can stand in an owner or name."""

_PLACES = 3

_CHUNK = 100_000  # ids at a time
_HEAD = 8  # bytes of a word that are compared as one number
_NEWLINE = ord("\n")
_SHORTEST_PART = 2
_AFTER_ALL = b"\xff"  # no byte of a text is greater
_IS_LETTER = np.zeros(256, np.bool_)
_IS_LETTER[list(b"abcdefghijklmnopqrstuvwxyz0123456789")] = True
_IS_LETTER[0x80:] = True  # parts of letters beyond ASCII
_IS_EDGE = np.zeros(256, np.bool_)
_IS_EDGE[list(b"\n/")] = True  # what ends an id, and its owner


class _Occurrences(NamedTuple):
    """Words in ids: which word, in which id, at which place.

    The key of a word of up to eight bytes is its bytes as one number; longer ones are counted.
    """

    keys: Array
    is_long: Array
    ranks: Array
    places: Array


def normalise(text: str) -> bytes:
    """Return text as it is compared: without capitals, on one line."""
    return text.replace("\n", " ").casefold().encode(errors="replace")


class Words:
    """The words of an index in order, each a number; looked up without reading them all."""

    def __init__(self, arrays: Mapping[str, Array]) -> None:
        self._text = arrays["word_text"]
        self._starts = arrays["word_starts"]
        self._heads = arrays["word_heads"]

    def __len__(self) -> int:
        return len(self._heads)

    def starting_with(self, beginnings: Sequence[bytes]) -> tuple[Array, Array]:
        """Return for each beginning the first word that has it, and the one after the last."""
        lows = np.searchsorted(self._heads, _heads(beginnings), side="left")
        highs = np.searchsorted(self._heads, _heads(beginnings, _AFTER_ALL), side="right")
        for place, beginning in enumerate(beginnings):
            if len(beginning) > _HEAD and lows[place] < highs[place]:
                lows[place], highs[place] = self._narrow(beginning, lows[place], highs[place])
        return lows, highs

    def equal_to(self, words: Sequence[bytes]) -> Array:
        """Return the numbers of those words that there are."""
        lows, highs = self.starting_with(words)
        found = zip(words, lows.tolist(), highs.tolist(), strict=True)
        return np.array([n for word, n, end in found if n < end and self._word(n) == word], int)

    def containing(self, part: bytes) -> Array:
        """Return the words that have a part of two or more bytes elsewhere than at the front."""
        chars = self._text
        end = max(len(chars) - len(part) + 1, 0)
        if len(part) < _SHORTEST_PART or not end:
            return np.empty(0, np.int64)
        places = np.flatnonzero((chars[:end] == part[0]) & (chars[1 : end + 1] == part[1]))
        for offset in range(_SHORTEST_PART, len(part)):
            places = places[chars[places + offset] == part[offset]]
        places = places[chars[places - 1] != _NEWLINE]
        return distinct(np.searchsorted(self._starts, places, side="right") - 1)

    def _narrow(self, beginning: bytes, low: int, high: int) -> tuple[int, int]:
        def start(number: int) -> bytes:
            return self._word(number)[: len(beginning)]

        numbers = range(high)
        first = bisect_left(numbers, beginning, low, high, key=start)
        return first, bisect_right(numbers, beginning, first, high, key=start)

    def _word(self, number: int) -> bytes:
        return self._text[self._starts[number] : self._starts[number + 1] - 1].tobytes()


def ranges(lows: Array, highs: Array) -> Array:
    """Return the numbers of several ranges, one range after the other.

    >>> ranges(np.array([1, 7]), np.array([3, 8])).tolist()
    [1, 2, 7]
    """
    sizes = np.maximum(highs - lows, 0)
    ends = np.cumsum(sizes)
    total = int(ends[-1]) if len(ends) else 0
    numbers: Array = np.repeat(lows - (ends - sizes), sizes) + np.arange(total)
    return numbers


def index_words(ids: Sequence[str], downloads: Array) -> dict[str, Array]:
    """Return the arrays of a search index; ids are numbered by downloads in it, most first."""
    order = np.argsort(-downloads, kind="stable").astype(np.int32)
    long = defaultdict[bytes, int](int)
    long.default_factory = long.__len__  # a new word gets the next number
    parts = [
        _occurrences([ids[number] for number in order[start : start + _CHUNK].tolist()], long)
        for start in range(0, len(ids), _CHUNK)
    ]
    for place, part in enumerate(parts):
        part.ranks[:] += place * _CHUNK
    words, numbers = _number(parts, long)
    text = b"\n".join([b"", *words, b""])
    arrays: dict[str, Array] = {
        "by_downloads": order,
        "word_text": np.frombuffer(text, np.uint8),
        "word_starts": _starts(text),
        "word_heads": _heads(words),
    }
    return arrays | _lists(parts, numbers, len(words))


def _heads(words: Sequence[bytes], filling: bytes = b"\0") -> Array:
    """Return the first eight bytes of words as numbers that sort as the words do."""
    padded = b"".join([word[:_HEAD].ljust(_HEAD, filling) for word in words])
    return np.frombuffer(padded, ">u8").astype(np.uint64)


def _starts(text: bytes) -> Array:
    """Return where each word begins in the text, and where the next one would."""
    starts: Array = np.flatnonzero(np.frombuffer(text, np.uint8) == _NEWLINE) + 1
    return starts.astype(np.int32)


def _occurrences(ids: Sequence[str], long: dict[bytes, int]) -> _Occurrences:
    """Return every word in some ids, with ranks that count from the first of them."""
    lines = "\n".join([id_.replace("\n", " ") for id_ in ids])
    text = b"\n" + lines.casefold().encode(errors="replace") + b"\n"
    chars = np.frombuffer(text + bytes(_HEAD), np.uint8)
    changes = np.flatnonzero(np.diff(_IS_LETTER[chars]))
    begins, ends = changes[::2] + 1, changes[1::2] + 1
    places = np.full(len(begins), WITHIN, np.uint8)
    first = _IS_EDGE[chars[begins - 1]]
    places[first] = FIRST
    places[first & _IS_EDGE[chars[ends]]] = ALONE
    ranks = np.cumsum(chars == _NEWLINE, dtype=np.int32)[begins] - 1
    is_long = ends - begins > _HEAD
    keys = _first_bytes(chars, begins, ends)
    bounds = zip(begins[is_long].tolist(), ends[is_long].tolist(), strict=True)
    found = [long[text[begin:end]] for begin, end in bounds]
    keys[is_long] = np.array(found, np.uint64)
    return _Occurrences(keys, is_long, ranks.astype(np.int32), places)


def _first_bytes(chars: Array, begins: Array, ends: Array) -> Array:
    """Return what ``_heads`` does, for words that lie in a text."""
    keys = np.zeros(len(begins), np.uint64)
    for offset in range(_HEAD):
        places = begins + offset
        letters = chars[places]
        letters[places >= ends] = 0
        keys = keys << np.uint64(8) | letters
    return keys


def _number(
    parts: Sequence[_Occurrences], long: Mapping[bytes, int]
) -> tuple[list[bytes], list[Array]]:
    """Return all words in order, and for each part the number of the word at each place."""
    keys = [part.keys[~part.is_long] for part in parts]
    short = distinct(np.concatenate([np.empty(0, np.uint64), *keys]))
    rest = sorted(long)
    after = np.searchsorted(short, _heads(rest), side="right") + np.arange(len(rest))
    is_short = np.ones(len(short) + len(rest), np.bool_)
    is_short[after] = False
    words = np.empty(len(is_short), object)
    words[is_short] = short.astype(">u8").view(f"S{_HEAD}").tolist()
    words[~is_short] = rest
    of_short = np.flatnonzero(is_short)
    of_long = np.empty(len(rest), np.int64)
    of_long[[long[word] for word in rest]] = after
    numbers = []
    for part in parts:
        found = np.empty(len(part.keys), np.int64)
        found[part.is_long] = of_long[part.keys[part.is_long].astype(np.int64)]
        found[~part.is_long] = of_short[_places(short, part.keys[~part.is_long])]
        numbers.append(found)
    return words.tolist(), numbers


def _places(ordered: Array, values: Array) -> Array:
    """Return where values are among others: looked up in order, which suits the caches."""
    order = np.argsort(values)
    places = np.empty(len(values), np.int64)
    places[order] = np.searchsorted(ordered, values[order])
    return places


def _lists(parts: Sequence[_Occurrences], numbers: Sequence[Array], count: int) -> dict[str, Array]:
    """Return for each place and word, in this order, the ids that have it, by downloads."""
    keys = [
        (part.places.astype(np.int64) * count + words) << 32 | part.ranks
        for part, words in zip(parts, numbers, strict=True)
    ]
    key = distinct(np.concatenate([np.empty(0, np.int64), *keys]))
    sizes = np.bincount(key >> 32, minlength=_PLACES * count)
    return {
        "list_offsets": np.concatenate(([0], np.cumsum(sizes))).astype(np.int32),
        "list_ranks": (key & 0xFFFFFFFF).astype(np.int32),
    }
