"""Finding a repository by a part of its id, while someone types.

The index is the ids themselves, as one text in the order of downloads, and is searched with
numpy: 200,000 ids take a few milliseconds a word. It is built anew for each build of a graph.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import pyoxigraph as ox

from graph import vocabulary as v
from graph.properties import CLASSES
from graph.records import Kind
from graph.store import LineageGraph
from graph.terms import iri_value

__all__ = ["Found", "SearchIndex", "index_graph", "starting_points"]

_Array: TypeAlias = "np.ndarray[Any, np.dtype[Any]]"

_NEWLINE = ord("\n")
_EXACT, _PART, _WORD, _INSIDE = 0, 2, 3, 4
_RANK_AFTER = np.full(256, _INSIDE, np.int8)  # how good a match is, by the byte before it
_RANK_AFTER[list(b"-_. ")] = _WORD
_RANK_AFTER[list(b"\n/")] = _PART
_LONGEST = 200
_DEFAULT = ox.DefaultGraph()


class Found(NamedTuple):
    """A repository that a search found; ``known`` is False where it is only named by others."""

    kind: Kind
    id: str
    downloads: int | None = None
    known: bool = True


class SearchIndex:
    """An index over ids, held in memory."""

    def __init__(self, entries: Iterable[Found]) -> None:
        self._entries = sorted(entries, key=_by_downloads)
        lines = [_normalise(entry.id) for entry in self._entries]
        text = "\n" + "".join(f"{line}\n" for line in lines)
        self._text = np.frombuffer(text.encode(errors="replace"), np.uint8)
        self._starts = np.flatnonzero(self._text[:-1] == _NEWLINE)
        self._heads = np.flatnonzero(_RANK_AFTER[self._text[:-1]] != _INSIDE) + 1

    def __len__(self) -> int:
        return len(self._entries)

    def search(self, text: str, *, limit: int = 10) -> list[Found]:
        """Return the repositories whose id has every word of a text in it.

        Best first: the whole id or name, then where words begin the owner or the name, then
        where they begin a part of it, then the rest; equally good ones by downloads.

        >>> index = SearchIndex([Found(Kind.MODEL, "acme/tiny-llama", 9), Found(Kind.MODEL, "b/x")])
        >>> [found.id for found in index.search("LLAMA ac")]
        ['acme/tiny-llama']
        """
        words = _normalise(text[:_LONGEST].removeprefix(v.HUB)).split()
        if not words or not self._entries:
            return []
        lines, ranks = self._match(words[0])
        for word in words[1:]:
            others, other_ranks = self._match(word)
            lines, here, there = np.intersect1d(
                lines, others, assume_unique=True, return_indices=True
            )
            ranks = ranks[here] + other_ranks[there]
        best = np.lexsort((lines, ranks))[:limit]
        return [self._entries[line] for line in lines[best].tolist()]

    def _match(self, word: str) -> tuple[_Array, _Array]:
        """Return the lines that contain a word, in order, and how well each does."""
        pattern = np.frombuffer(word.encode(errors="replace"), np.uint8)
        places = self._places(pattern)
        ranks = _RANK_AFTER[self._text[places - 1]]
        whole = (ranks == _PART) & (self._text[places + len(pattern)] == _NEWLINE)
        ranks[whole] = _EXACT
        lines = np.searchsorted(self._starts, places) - 1
        firsts = np.flatnonzero(np.diff(lines, prepend=-1))
        if not len(firsts):
            return lines, ranks
        return lines[firsts], np.minimum.reduceat(ranks, firsts)

    def _places(self, word: _Array) -> _Array:
        """Return where a word occurs: candidates by its first two bytes, then byte by byte.

        A single letter counts only where it begins something, or it would be everywhere.
        """
        if len(word) == 1:
            heads: _Array = self._heads[self._text[self._heads] == word[0]]
            return heads
        end = len(self._text) - len(word) + 1
        if end <= 0:
            return np.empty(0, np.intp)
        places = np.flatnonzero(
            (self._text[:end] == word[0]) & (self._text[1 : end + 1] == word[1])
        )
        for offset in range(2, len(word)):
            places = places[self._text[places + offset] == word[offset]]
        return places


def index_graph(graph: LineageGraph) -> SearchIndex:
    """Return an index over every repository that a graph holds or names."""
    return SearchIndex(_entries(graph))


def starting_points(graph: LineageGraph, *, limit: int = 8) -> list[Found]:
    """Return the repositories that most others were made from: good places to begin."""
    links = graph.links(v.PROV.wasDerivedFrom)
    counts = Counter(parent for child, parent in links if parent != child)
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    nodes = (graph.node(iri) for iri, _ in ranked[:limit])
    return [Found(node.kind, node.id, None, node.known) for node in nodes if node]


def _entries(graph: LineageGraph) -> Iterator[Found]:
    downloads = {iri: int(count) for iri, count in graph.links(v.REMIX.downloads)}
    reference = str(v.REMIX.RepositoryReference)
    for class_ in (*map(iri_value, CLASSES.values()), reference):
        for iri in graph.subjects(v.RDF.type, class_):
            if parsed := v.parse_repository_iri(iri):
                yield Found(*parsed, downloads.get(iri), class_ != reference)


def _by_downloads(entry: Found) -> tuple[int, str, Kind]:
    return -1 if entry.downloads is None else -entry.downloads - 2, entry.id, entry.kind


def _normalise(text: str) -> str:
    return text.casefold().replace("\n", " ")
