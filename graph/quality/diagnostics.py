"""Diagnostics as columns: a million take some thirty megabytes; only what is shown becomes rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple, Self

import numpy as np

from graph.lineage.adjacency import Steps, relations_of
from graph.lineage.index import LineageIndex
from graph.model.arrays import Array
from graph.quality.checks import Check
from graph.search.token_index import ranges
from graph.store.lineage_graph import Node
from graph.store.texts import NO_TEXT, Texts

__all__ = ["Diagnostic", "Diagnostics", "rows"]

_MOST_CHILDREN = 5


class Diagnostic(NamedTuple):
    """One thing that is wrong: with which repository, because of which others, and why."""

    check: Check
    node: Node
    others: tuple[str, ...]
    detail: str
    downloads: int | None


@dataclass(frozen=True, slots=True)
class Diagnostics:
    """What one check has found: ``nodes`` are wrong because of slices of ``others``.

    ``starts`` says where each one's others begin, and where the last one's end. ``relations`` are
    the bits of the link at fault, if it is one; ``downloads`` the ones that count, -1 where
    unknown; ``words`` the numbers of what was declared. The order is that of downloads, most
    first, then of repositories and others.
    """

    nodes: Array
    starts: Array
    others: Array
    relations: Array
    downloads: Array
    words: Array

    @classmethod
    def of_links(cls, index: LineageIndex, links: Steps) -> Self:
        """Return a diagnostic for each link: about the child, because of the parent."""
        order = np.lexsort((links.ends, links.origins, -index.downloads[links.origins]))
        nodes, others, relations = (column[order] for column in links)
        starts = np.arange(len(nodes) + 1)
        return cls._of(nodes, starts, others, relations, index.downloads[nodes])

    @classmethod
    def of_groups(
        cls, nodes: Array, starts: Array, others: Array, relations: Array, downloads: Array
    ) -> Self:
        """Return a diagnostic for each node, because of all the others in its slice."""
        order = np.lexsort((nodes, -downloads))
        ends = np.cumsum(np.diff(starts)[order])
        places = ranges(starts[order], starts[order + 1])
        sorted_starts = np.append(0, ends)
        return cls._of(
            nodes[order], sorted_starts, others[places], relations[order], downloads[order]
        )

    @classmethod
    def of_words(cls, index: LineageIndex, nodes: Array, others: Array, words: Array) -> Self:
        """Return a diagnostic for each declaration; ``others`` are -1 where it names nobody."""
        order = np.lexsort((words, others, nodes, -index.downloads[nodes]))
        nodes, others, words = nodes[order], others[order], words[order]
        starts = np.append(0, np.cumsum(others >= 0))
        none = np.zeros(len(nodes), index.up.relations.dtype)
        return cls._of(
            nodes, starts, others[others >= 0], none, index.downloads[nodes], words=words
        )

    @classmethod
    def _of(
        cls,
        nodes: Array,
        starts: Array,
        others: Array,
        relations: Array,
        downloads: Array,
        *,
        words: Array | None = None,
    ) -> Self:
        return cls(
            nodes.astype(np.int32),
            starts.astype(np.int32),
            others.astype(np.int32),
            relations,
            downloads.astype(np.int64),
            np.full(len(nodes), NO_TEXT, np.int32) if words is None else words.astype(np.int32),
        )

    def __len__(self) -> int:
        return len(self.nodes)


def rows(
    index: LineageIndex, texts: Texts, check: Check, found: Diagnostics, places: Iterable[int]
) -> list[Diagnostic]:
    """Return the diagnostics of a check at some places as rows."""
    return [_row(index, texts, check, found, place) for place in places]


def _row(
    index: LineageIndex, texts: Texts, check: Check, found: Diagnostics, place: int
) -> Diagnostic:
    number = int(found.nodes[place])
    others = found.others[found.starts[place] : found.starts[place + 1]]
    downloads = int(found.downloads[place])
    shown = others[:_MOST_CHILDREN] if check is Check.BUILT_ON_COPY else others
    return Diagnostic(
        check,
        index.node(number),
        tuple(index.ids(shown)),
        _detail(index, check, number, others, relations_of(int(found.relations[place])))
        or f"{_DECLARING[check]} {texts.text(int(found.words[place]))}",
        None if downloads < 0 else downloads,
    )


_DECLARING = {Check.RENAMED_PARENT: "declared as", Check.JUNK_DATASET: "declares"}


def _detail(
    index: LineageIndex, check: Check, number: int, others: Array, relations: Iterable[str]
) -> str:
    """Return why, as far as the index tells."""
    words = ", ".join(relations)
    if check is Check.CYCLE:
        return f"{len(others) + 1} repositories descend from one another"
    if check is Check.BUILT_ON_COPY:
        return f"{words}, yet {len(others)} made from it otherwise"
    if check in {Check.TIME_PARADOX, Check.RECREATED_PARENT}:
        born, made = index.created_of(number), index.created_of(int(others[0]))
        return f"created {born}, its parent {made}"
    return words
