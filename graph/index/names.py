"""Finding a repository by parts of its id, as someone types.

Every word that was typed must begin a word of the id, or at least be within one; where that finds
too few, one letter of each word may be wrong. Best first: the whole owner or name, then what
begins one, then what begins a word in it, then the rest, then typos; equal ones by downloads.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from graph import vocabulary as v
from graph.index.arrays import Array, distinct
from graph.index.reading import LineageIndex
from graph.index.tables import KINDS
from graph.index.typos import typos
from graph.index.words import ALONE, FIRST, WITHIN, Words, normalise, ranges
from graph.records import Kind
from graph.search import Found

__all__ = ["NameIndex"]

_LONGEST = 200
_MOST_WORDS = 10
_WORD = re.compile(rb"[a-z0-9\x80-\xff]+")
_WIDER = 16  # how much more is looked at where too little was new, or of the wanted kind
_LOOK_AT = 5_000  # of what matches all words, so many are compared with the text as it was typed
_NOWHERE = 100  # the rank of what does not match
_NEVER_WRONG = 3  # words of fewer letters have no typos: too much is one letter away
_ALL_TYPED = 5  # a shorter word with a typo is the whole word, not its beginning

Matches = Sequence[Array]
"""Numbers of the lists of repositories that match a word, in arrays, the best first."""


class NameIndex:
    """The search over the ids in an index."""

    def __init__(self, index: LineageIndex) -> None:
        self._index = index
        self._by_downloads = index.arrays["by_downloads"]
        self._offsets = index.arrays["list_offsets"]
        self._ranks = index.arrays["list_ranks"]
        self._words = Words(index.arrays)

    def search(self, text: str, *, limit: int = 10, kind: Kind | None = None) -> list[Found]:
        """Return the repositories whose ids match a text best, of one kind or of all."""
        typed = normalise(text[:_LONGEST].removeprefix(v.HUB))
        words = list(dict.fromkeys(_WORD.findall(typed)))[:_MOST_WORDS]
        if not words or limit < 1:
            return []
        matches = [self._matches(word) for word in words]
        found = self._best(matches, typed, limit, kind)
        if len(found) < limit:
            matches = [
                [*near, self._typos(word)] for near, word in zip(matches, words, strict=True)
            ]
            found = self._best(matches, typed, limit, kind)
        return self._found(self._by_downloads[found])

    def _matches(self, word: bytes) -> Matches:
        """Return the lists of words that are, begin with, or contain a word that was typed."""
        begun = ranges(*self._words.starting_with([word]))
        inside = self._words.containing(word)
        return (
            self._lists(ALONE, self._words.equal_to([word])),
            np.concatenate([self._lists(ALONE, begun), self._lists(FIRST, begun)]),
            self._lists(WITHIN, begun),
            np.concatenate([self._lists(place, inside) for place in (ALONE, FIRST, WITHIN)]),
        )

    def _typos(self, word: bytes) -> Array:
        """Return the lists of words that were meant if one letter is wrong."""
        if len(word) < _NEVER_WRONG:
            return np.empty(0, np.int64)
        if len(word) < _ALL_TYPED:
            meant = self._words.equal_to(typos(word))
        else:
            meant = distinct(ranges(*self._words.starting_with(typos(word))))
        return np.concatenate([self._lists(place, meant) for place in (ALONE, FIRST, WITHIN)])

    def _lists(self, place: int, words: Array) -> Array:
        """Return the lists of words at a place that are not empty."""
        lists = words + place * len(self._words)
        held: Array = lists[self._offsets[lists] < self._offsets[lists + 1]]
        return held

    def _best(
        self, matches: Sequence[Matches], typed: bytes, limit: int, kind: Kind | None
    ) -> Array:
        """Return the best repositories that match all words, as ranks by downloads."""
        phrases = [phrase for phrase in typed.split() if not _WORD.fullmatch(phrase)]
        if len(matches) == 1 and not phrases:
            return self._best_of_one(matches[0], limit, kind)
        scores = self._scores(matches)
        found = self._of_kind(np.flatnonzero(scores < _NOWHERE), kind)
        ordered: Array = found[np.argsort(scores[found], kind="stable")]
        if not phrases:
            return ordered[:limit]
        return self._as_typed(ordered[:_LOOK_AT], phrases)[:limit]

    def _best_of_one(self, matches: Matches, limit: int, kind: Kind | None) -> Array:
        found = np.empty(0, np.int64)
        for lists in matches:
            size = limit
            while len(found) < limit:
                firsts = self._firsts(lists, size)
                new = self._of_kind(firsts[~np.isin(firsts, found)], kind)
                if len(found) + len(new) >= limit or len(firsts) < size:
                    found = np.concatenate([found, new])[:limit]
                    break
                size *= _WIDER
        return found

    def _firsts(self, lists: Array, size: int) -> Array:
        """Return the most downloaded repositories in some lists: they head the best of these."""
        if len(lists) > size:
            leaders = self._ranks[self._offsets[lists]]
            lists = lists[np.argpartition(leaders, size)[:size]]
        starts, ends = self._offsets[lists], self._offsets[lists + 1]
        places = ranges(starts, np.minimum(ends, starts + size))
        return distinct(self._ranks[places])[:size]

    def _scores(self, matches: Sequence[Matches]) -> Array:
        """Return how well each repository matches all words; the less, the better."""
        scores = np.zeros(len(self._index), np.uint8)
        for near in matches:
            ranks = np.full(len(scores), _NOWHERE, np.uint8)
            for rank, lists in reversed(list(enumerate(near))):
                ranks[self._ranks[ranges(self._offsets[lists], self._offsets[lists + 1])]] = rank
            scores = np.minimum(scores + ranks, np.uint8(_NOWHERE))
        return scores

    def _of_kind(self, ranks: Array, kind: Kind | None) -> Array:
        if kind is None:
            return ranks
        kinds = self._index.kinds[self._by_downloads[ranks]]
        chosen: Array = ranks[kinds == KINDS.index(kind)]
        return chosen

    def _as_typed(self, ranks: Array, phrases: Sequence[bytes]) -> Array:
        """Return repositories in order, but those first that match the text as it was typed."""
        ids = map(normalise, self._index.ids(self._by_downloads[ranks]))
        scores = [sum(_likeness(id_, phrase) for phrase in phrases) for id_ in ids]
        ordered: Array = ranks[np.argsort(np.array(scores, np.int64), kind="stable")]
        return ordered

    def _found(self, numbers: Array) -> list[Found]:
        nodes, downloads = self._index.nodes(numbers), self._index.downloads_of(numbers)
        return [
            Found(node.kind, node.id, count, node.known)
            for node, count in zip(nodes, downloads, strict=True)
        ]


def _likeness(id_: bytes, phrase: bytes) -> int:
    """Return how well an id has a phrase in it, hyphens and all; the less, the better."""
    name = id_.rpartition(b"/")[2]
    if phrase in (id_, name):
        return 0
    if id_.startswith(phrase) or name.startswith(phrase):
        return 1
    return 2 if phrase in id_ else 3
