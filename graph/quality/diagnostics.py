"""Diagnostics as columns: a million take some thirty megabytes; only what is shown becomes rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Self, TypeAlias

import numpy as np

from graph.lineage.adjacency import Steps, relations_of
from graph.lineage.index import LineageIndex
from graph.model.arrays import Array
from graph.search.token_index import ranges
from graph.store.texts import NO_TEXT, Texts

__all__ = ["Detail", "Diagnostics", "Instance", "relations"]


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


@dataclass(frozen=True, slots=True)
class Instance:
    """One diagnostic, at its place among those of its check."""

    index: LineageIndex
    texts: Texts
    found: Diagnostics
    place: int

    @property
    def number(self) -> int:
        """The repository that is wrong."""
        return int(self.found.nodes[self.place])

    @property
    def others(self) -> Array:
        """The repositories because of which it is."""
        others: Array = self.found.others[
            self.found.starts[self.place] : self.found.starts[self.place + 1]
        ]
        return others

    @property
    def word(self) -> str:
        """What was declared."""
        return self.texts.text(int(self.found.words[self.place]))


Detail: TypeAlias = Callable[[Instance], str]
"""Says why, as far as the index tells."""


def relations(one: Instance) -> str:
    """Name the relations of the link at fault."""
    return ", ".join(relations_of(int(one.found.relations[one.place])))
