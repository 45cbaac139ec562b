"""A second opinion on lineage: recorded answers of the Hub, read again in the plainest way.

Rule 1: nothing but the standard library, and nothing of the project. Where this module and the
project agree, the answer was worked out twice.

Rule 2: an id is compared as it is written. No alias is resolved and no case folded, so the project
is asked with ``--no-aliases``.
"""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

UNSPECIFIED = "unspecified"
TYPED = ("adapter", "finetune", "merge", "quantized")

# One or two parts of at most 96 characters. None begins with a dot: "./x" is a path, not a
# repository. One may end with a dot: `runwayml/stable-diffusion-v1-5.` is a tag in the pages.
_PART = r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,95}"
_REPOSITORY_ID = re.compile(rf"{_PART}(/{_PART})?")

Row = Mapping[str, Any]
"""A model as the Hub lists it, or as a row of the hub-stats export."""

Links = Mapping[str, Mapping[str, set[str]]]
"""From an id to its neighbours, each with the relations of the edge between the two."""


class Reached(NamedTuple):
    """How far an id lies from the one asked about, and the relations of the last step to it."""

    depth: int
    relations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Counts:
    """The size of a lineage graph; what ``stats`` also counts has the same name here."""

    models: int
    edges: dict[str, int]
    self_loops: int
    children: int
    parents: int
    dangling_parents: int
    dangling_edges: int
    multi_parent: int
    roots: int
    families: int
    trained_on: int
    unlicensed: int


def read_pages(folder: Path, most: int | None = None) -> Iterator[Row]:
    """Yield the models of the recorded pages of ``GET /api/models`` in a folder, or the first."""
    for path in sorted(folder.glob("page-*.json.gz"))[:most]:
        with gzip.open(path, "rt", encoding="utf-8") as page:
            yield from json.load(page)


class Oracle:
    """The lineage that rows declare, in dictionaries small enough to be right at a glance.

    An untyped tag whose parent is also named with a relation is the same edge; a model that names
    itself has an edge and no ancestor.

    >>> oracle = Oracle(
    ...     [
    ...         {"id": "a/tuned", "tags": ["base_model:a/base", "base_model:finetune:a/base"]},
    ...         {"id": "a/copy", "tags": ["base_model:a/tuned", "base_model:a/copy"]},
    ...     ]
    ... )
    >>> for ancestor in oracle.ancestors("a/copy").items():
    ...     print(ancestor)
    ('a/tuned', Reached(depth=1, relations=('unspecified',)))
    ('a/base', Reached(depth=2, relations=('finetune',)))
    """

    def __init__(self, rows: Iterable[Row]) -> None:
        self.licenses: dict[str, set[str]] = {}  # of every model, hence also the list of models
        self.trained_on: set[tuple[str, str]] = set()
        self.parents: dict[str, dict[str, set[str]]] = {}
        self.children: dict[str, dict[str, set[str]]] = {}
        self.unusable: set[tuple[str, str]] = set()  # (model, what it names that is no id)
        for row in rows:
            self._read(row)
        self._drop_untyped_twins()

    def _read(self, row: Row) -> None:
        model: str = row["id"]
        self.licenses.setdefault(model, set()).update(_tagged(row, "license"))
        self.trained_on.update((model, dataset) for dataset in _tagged(row, "dataset"))
        for parent, relation in _named_parents(row):
            if _REPOSITORY_ID.fullmatch(parent):
                relations = self.parents.setdefault(model, {}).setdefault(parent, set())
                relations.add(relation)
                self.children.setdefault(parent, {})[model] = relations
            else:
                self.unusable.add((model, parent))

    def _drop_untyped_twins(self) -> None:
        for _, _, relations in self.edges():
            if len(relations) > 1:
                relations.discard(UNSPECIFIED)

    def edges(self) -> Iterator[tuple[str, str, set[str]]]:
        """Yield every (child, parent) pair once, with its relations."""
        for child, parents in self.parents.items():
            for parent, relations in parents.items():
                yield child, parent, relations

    def ancestors(self, focus: str) -> dict[str, Reached]:
        """Return everything the focus comes from, without itself."""
        return _breadth_first(focus, self.parents)

    def descendants(self, focus: str) -> dict[str, Reached]:
        """Return everything that comes from the focus, without itself."""
        return _breadth_first(focus, self.children)

    def self_loops(self) -> set[str]:
        """Return the models that name themselves as a parent."""
        return {child for child, parent, _ in self.edges() if child == parent}

    def roots(self) -> set[str]:
        """Return the ids others derive from that themselves derive from nothing else."""
        return {
            parent
            for parent, children in self.children.items()
            if children.keys() - {parent} and not self.parents.get(parent, {}).keys() - {parent}
        }

    def families(self) -> list[set[str]]:
        """Return the groups of two and more ids that edges connect, whatever their direction."""
        found = []
        unvisited = self.parents.keys() | self.children.keys()
        while unvisited:
            waiting = [unvisited.pop()]
            family = set(waiting)
            while waiting:
                member = waiting.pop()
                relatives = self.parents.get(member, {}).keys() | self.children.get(member, {})
                waiting.extend(relatives - family)
                family |= relatives
            unvisited -= family
            if len(family) > 1:
                found.append(family)
        return found

    def counts(self) -> Counts:
        """Count everything once."""
        models = self.licenses.keys()
        edges = list(self.edges())
        by_relation = Counter(name for _, _, relations in edges for name in relations)
        return Counts(
            models=len(models),
            edges={name: by_relation[name] for name in (*TYPED, UNSPECIFIED)}
            | {"total": len(edges)},
            self_loops=len(self.self_loops()),
            children=len(self.parents),
            parents=len(self.children),
            dangling_parents=len(self.children.keys() - models),
            dangling_edges=sum(parent not in models for _, parent, _ in edges),
            multi_parent=sum(len(parents) > 1 for parents in self.parents.values()),
            roots=len(self.roots()),
            families=len(self.families()),
            trained_on=len(self.trained_on),
            unlicensed=sum(not licenses for licenses in self.licenses.values()),
        )


def _tagged(row: Row, prefix: str) -> Iterator[str]:
    """Yield what follows the prefix in the tags that have it."""
    for tag in row.get("tags") or ():
        head, colon, value = tag.partition(":")
        if colon and head == prefix:
            yield value


def _named_parents(row: Row) -> Iterator[tuple[str, str]]:
    """Yield each (parent, relation) that a row names, in its typed field and in its tags."""
    typed = row.get("baseModels") or {}
    for base in typed.get("models") or ():
        yield base["id"], typed.get("relation") or UNSPECIFIED
    for value in _tagged(row, "base_model"):
        relation, _, parent = value.partition(":")
        yield (parent, relation) if relation in TYPED and parent else (value, UNSPECIFIED)


def _breadth_first(focus: str, links: Links) -> dict[str, Reached]:
    """Walk the links one depth at a time, and never back to an id that was reached before."""
    found: dict[str, Reached] = {}
    frontier = {focus}
    depth = 0
    while frontier:
        depth += 1
        steps = defaultdict[str, set[str]](set)
        for near in frontier:
            for far, relations in links.get(near, {}).items():
                if far != focus and far not in found:
                    steps[far] |= relations
        found |= {far: Reached(depth, tuple(sorted(steps[far]))) for far in steps}
        frontier = set(steps)
    return found
