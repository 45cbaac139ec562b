"""Finding a repository by parts of its id, as someone types.

Every word that was typed must begin a word of the id. Where that finds too few, it may also be
within a word; where that does, too, one letter of it may be wrong. Best first: what is the whole
owner or name, then what begins one, then what begins a word in one, and the rest after these in
the order above; equally good ones by downloads.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from graph.lineage.index import LineageIndex
from graph.model import vocabulary as v
from graph.model.arrays import Array, distinct
from graph.model.records import Kind
from graph.search.spelling import typos
from graph.search.start import Found
from graph.search.token_index import ALONE, FIRST, WITHIN, Words, normalise, ranges
from graph.tables.codes import KINDS

__all__ = ["NameIndex"]

_LONGEST = 200
_MOST_WORDS = 8
_WORD = re.compile(rb"[a-z0-9\x80-\xff]+")
_WIDER = 16  # how much more is looked at where too little was new, or of the wanted kind
_LOOK_AT = 5_000  # of what matches all words, so many are compared with the text as it was typed
_WORSE = 3 * _MOST_WORDS  # so much worse than any beginning is a word within another
_NOWHERE = 0
_ANYWHERE = (ALONE, FIRST, WITHIN)
_NEVER_WRONG = 3  # words of fewer letters have no typos: too much is one letter away
_ALL_TYPED = 5  # a shorter word with a typo is the whole word, not its beginning


class _Match(NamedTuple):
    """Lists of repositories that have one typed word in them, equally well."""

    score: int
    lists: Array


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
        found = np.empty(0, np.int64)
        if not words or limit < 1:
            return []
        matches: list[list[_Match]] = [[] for _ in words]
        for more in (self._beginnings, self._insides, self._typos):
            for word, known in zip(words, matches, strict=True):
                known.extend(more(word))
            found, is_whole = self._best(matches, typed, limit, kind)
            if len(found) >= limit or is_whole:
                break
        return self._found(self._by_downloads[found])

    def _beginnings(self, word: bytes) -> Iterator[_Match]:
        begun = ranges(*self._words.starting_with([word]))
        yield _Match(1, self._lists(self._words.equal_to([word]), ALONE))
        yield _Match(2, self._lists(begun, ALONE, FIRST))
        yield _Match(3, self._lists(begun, WITHIN))

    def _insides(self, word: bytes) -> Iterator[_Match]:
        yield _Match(_WORSE, self._lists(self._words.containing(word), *_ANYWHERE))

    def _typos(self, word: bytes) -> Iterator[_Match]:
        if len(word) >= _ALL_TYPED:
            meant = distinct(ranges(*self._words.starting_with(typos(word))))
            yield _Match(_WORSE**2, self._lists(meant, *_ANYWHERE))
        elif len(word) >= _NEVER_WRONG:
            meant = self._words.equal_to(typos(word))
            yield _Match(_WORSE**2, self._lists(meant, *_ANYWHERE))

    def _lists(self, words: Array, *places: int) -> Array:
        """Return the lists of words at some places that are not empty."""
        lists = np.concatenate([words + place * len(self._words) for place in places])
        held: Array = lists[self._offsets[lists] < self._offsets[lists + 1]]
        return held

    def _best(
        self, matches: Sequence[Sequence[_Match]], typed: bytes, limit: int, kind: Kind | None
    ) -> tuple[Array, bool]:
        """Return the best repositories that match all words, as ranks by downloads.

        Returns also whether the first of them begins as was typed, hyphens and all.
        """
        phrases = [phrase for phrase in typed.split() if not _WORD.fullmatch(phrase)]
        if len(matches) == 1 and not phrases:
            return self._best_of_one(matches[0], limit, kind), False
        found = self._of_kind(self._matching_all(matches), kind)[: max(limit, _LOOK_AT)]
        likeness = self._likeness(found, phrases)
        order = np.argsort(likeness, kind="stable")[:limit]
        return found[order], bool(phrases and len(order) and likeness[order[0]] <= 1)

    def _best_of_one(self, matches: Sequence[_Match], limit: int, kind: Kind | None) -> Array:
        found = np.empty(0, np.int64)
        for match in matches:
            size = limit
            while len(found) < limit:
                firsts = self._firsts(match.lists, size)
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

    def _matching_all(self, matches: Sequence[Sequence[_Match]]) -> Array:
        """Return the repositories that match all words, the best first.

        The rarest word comes first: what does not have it need not be looked at again.
        """
        by_size = sorted(matches, key=lambda known: sum(len(self._held(m.lists)) for m in known))
        found = distinct(np.concatenate([self._held(match.lists) for match in by_size[0]]))
        scores = np.zeros(len(found), np.int32)
        for known in by_size:
            of_word = np.zeros(len(self._index), np.int32)  # touched where something matches, only
            for match in reversed(known):
                of_word[self._held(match.lists)] = match.score
            kept = of_word[found] != _NOWHERE
            found, scores = found[kept], (scores + of_word[found])[kept]
        ordered: Array = found[np.argsort(scores, kind="stable")]
        return ordered

    def _held(self, lists: Array) -> Array:
        """Return the repositories in lists."""
        held: Array = self._ranks[ranges(self._offsets[lists], self._offsets[lists + 1])]
        return held

    def _of_kind(self, ranks: Array, kind: Kind | None) -> Array:
        if kind is None:
            return ranks
        kinds = self._index.kinds[self._by_downloads[ranks]]
        chosen: Array = ranks[kinds == KINDS.index(kind)]
        return chosen

    def _likeness(self, ranks: Array, phrases: Sequence[bytes]) -> Array:
        """Return how well repositories match what was typed with hyphens; the less, the better."""
        if not phrases:
            return np.zeros(len(ranks), np.int64)
        ids = map(normalise, self._index.ids(self._by_downloads[ranks]))
        return np.array([sum(_likeness(id_, part) for part in phrases) for id_ in ids], np.int64)

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
