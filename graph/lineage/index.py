"""An index opened for reading: the lineage of a whole graph, mapped into memory.

Rule: nothing here is ever written. Only the pages that an answer touches are read, and processes
share them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Self

import numpy as np

from graph.lineage.adjacency import Adjacency
from graph.model import vocabulary as v
from graph.model.arrays import Array, distinct
from graph.model.errors import NotInGraph
from graph.model.records import Kind
from graph.store.lineage_graph import Node
from graph.store.results import Results, open_results
from graph.store.texts import Texts
from graph.tables.codes import KINDS, UNKNOWN

__all__ = ["LineageIndex"]

_BLOCK = 100_000  # ids that are read together

_AFTER_ALL = b"\xff"  # no byte of a text is greater


class LineageIndex:
    """The lineage of a graph; each repository is a number, in the order of ids, then kinds.

    ``up`` leads from a repository to its parents, ``down`` to its children, ``spaces`` to the
    Spaces that use it. Columns have a value for each number: ``kinds`` (a place in ``KINDS``),
    ``known``, ``created``, ``downloads``, ``licenses`` and ``tasks`` (-1: unknown), ``depths`` (the
    longest line of descent), ``roots`` (the nearest root), ``components`` (strong ones),
    ``families`` and ``families_without_merges`` (the smallest number among them stands for each),
    and ``influence`` (how many descend from it; where lineage is too deep to count all, over
    ``influence_depth`` steps at most). All but the trained-on links count for these.
    ``graph.view.atlas`` reads where each is in the plane.
    """

    def __init__(self, results: Results) -> None:
        self.manifest = results.manifest
        self.arrays = arrays = results.arrays
        self.up, self.down, self.spaces = (
            Adjacency(*(arrays[f"{name}_{part}"] for part in Adjacency._fields))
            for name in ("up", "down", "spaces")
        )
        self.kinds, self.known = arrays["kinds"], arrays["known"]
        self.created, self.downloads = arrays["created"], arrays["downloads"]
        self.licenses, self.tasks = arrays["licenses"], arrays["tasks"]
        self.depths, self.roots = arrays["depths"], arrays["roots"]
        self.components = arrays["components"]
        self.families = arrays["families"]
        self.families_without_merges = arrays["families_without_merges"]
        self.influence = arrays["influence"]
        self.influence_depth = next(iter(arrays["influence_depth"].tolist()), None)
        self._offsets = arrays["id_offsets"]
        self._text = arrays["ids"].data

    @classmethod
    def open(cls, directory: Path, *, verify: bool = False) -> Self:
        """Open the index in a directory; ``verify`` compares the checksum of every file first.

        Raises InvalidGraph when it is missing, of another version, or damaged.
        """
        return cls(open_results(directory, verify=verify))

    def __len__(self) -> int:
        return len(self.kinds)

    def number(self, iri: str) -> int | None:
        """Return the number of the repository with this IRI, if there is one."""
        parsed = v.parse_repository_iri(iri)
        if parsed is None:
            return None
        kind, wanted = parsed[0], parsed[1].encode()
        number = self._first(wanted)
        while number < len(self) and self._bytes(number) == wanted:
            if self.kind(number) is kind:
                return number
            number += 1
        return None

    def find(self, node: Node) -> int:
        """Return the number of a repository; raises NotInGraph when there is none."""
        number = self.number(node.iri)
        if number is None:
            raise NotInGraph(f"{node.id} is not in the index: build the graph again")
        return number

    def beginning_with(self, text: str) -> range:
        """Return the numbers of the repositories whose ids begin with a text."""
        wanted = text.encode()
        return range(self._first(wanted), self._first(wanted + _AFTER_ALL))

    def containing(self, text: str) -> Array:
        """Tell of each repository whether its id contains a text, in whatever case."""
        return Texts(self._offsets, self.arrays["ids"]).containing(text)

    def node(self, number: int) -> Node:
        """Return the repository with this number."""
        return Node(self.kind(number), self.id(number), bool(self.known[number]))

    def nodes(self, numbers: Array) -> list[Node]:
        """Return the repositories with these numbers."""
        known = self.known[numbers].tolist()
        return list(map(Node, self.kinds_of(numbers), self.ids(numbers), known))

    def id(self, number: int) -> str:
        """Return the id of a repository."""
        return self._bytes(number).decode()

    def ids(self, numbers: Array) -> list[str]:
        """Return the ids of repositories."""
        text = self._text
        starts, ends = self._offsets[numbers].tolist(), self._offsets[numbers + 1].tolist()
        return [str(text[start:end], "utf-8") for start, end in zip(starts, ends, strict=True)]

    def each_id(self) -> Iterator[str]:
        """Yield every id in order; only some at a time are in memory."""
        for start in range(0, len(self), _BLOCK):
            yield from self.ids(np.arange(start, min(start + _BLOCK, len(self))))

    def kind(self, number: int) -> Kind:
        """Return the kind of a repository."""
        return KINDS[int(self.kinds[number])]

    def kinds_of(self, numbers: Array) -> list[Kind]:
        """Return the kinds of repositories."""
        return [KINDS[code] for code in self.kinds[numbers].tolist()]

    def downloads_of(self, numbers: Array) -> list[int | None]:
        """Return the downloads of repositories, None where nobody knows."""
        return [None if n == UNKNOWN else n for n in self.downloads[numbers].tolist()]

    def created_of(self, number: int) -> str | None:
        """Return when a repository was created, as the graph has it."""
        created = self.created[number]
        return None if np.isnat(created) else f"{created}Z"

    def license_of(self, number: int) -> str | None:
        """Return the key of a repository's licence; several are separated by commas."""
        code = self.licenses[number]
        return None if code == UNKNOWN else self.manifest.licenses[code]

    def by_downloads(self, numbers: Array) -> Array:
        """Return numbers in the order of downloads, most first; equal ones by id."""
        ordered: Array = numbers[np.lexsort((numbers, -self.downloads[numbers]))]
        return ordered

    def numbers(self, nodes: Iterable[Node]) -> Array:
        """Return the numbers of repositories, in order and each once; raises NotInGraph."""
        return distinct(np.fromiter(map(self.find, nodes), np.int64))

    def _first(self, wanted: bytes) -> int:
        """Return the first number whose id is not before the wanted one."""
        low, high = 0, len(self)
        while low < high:
            middle = (low + high) // 2
            if self._bytes(middle) < wanted:
                low = middle + 1
            else:
                high = middle
        return low

    def _bytes(self, number: int) -> bytes:
        return bytes(self._text[self._offsets[number] : self._offsets[number + 1]])
