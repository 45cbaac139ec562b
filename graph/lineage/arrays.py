"""The arrays of the lineage index, worked out from the tables of a graph.

Everything that follows from the lineage as a whole is worked out here, once, so that whoever opens
the index only reads. The same tables give the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

import numpy as np
import pyarrow as pa

from graph.lineage.adjacency import BITS, Adjacency, Bits, Steps, mask, turned, unique_pairs
from graph.lineage.components import (
    depths,
    descendant_counts,
    nearest_roots,
    strong_components,
    weak_components,
)
from graph.model.arrays import Array
from graph.model.records import Kind, Relation
from graph.model.relations import DERIVATIONS
from graph.tables.schema import (
    KINDS,
    RELATIONS,
    UNKNOWN,
    Tables,
    codes_of,
    dates_of,
    flags_of,
    numbers_of,
    words_of,
)

__all__ = ["derived_links", "lineage_arrays", "links_of"]

_DERIVED = mask(DERIVATIONS)
_UNMERGED = _DERIVED & ~BITS[Relation.MERGE]
_BITS_OF_CODES = np.array([BITS[relation] for relation in RELATIONS], Bits)


def lineage_arrays(tables: Tables) -> tuple[dict[str, Array], dict[str, tuple[str, ...]]]:
    """Return the arrays of the index, and the words that some of them are codes of."""
    links, count = links_of(tables), len(tables)
    columns, words = _columns(tables)
    adjacencies = {
        "up": Adjacency.of(links, count),
        "down": Adjacency.of(turned(links), count),
        "spaces": Adjacency.of(_uses(tables), count),
    }
    parts = {
        f"{name}_{part}": array
        for name, adjacency in adjacencies.items()
        for part, array in adjacency._asdict().items()
    }
    return columns | parts | _shape(derived_links(links), count), words


def links_of(tables: Tables) -> Steps:
    """Return every link from a child to a parent that it names, each pair once."""
    parents = numbers_of(tables.derivations, "parent")
    named = parents != UNKNOWN
    children = numbers_of(tables.derivations, "child")[named]
    relations = _BITS_OF_CODES[numbers_of(tables.derivations, "relation")[named]]
    return unique_pairs(Steps(children, parents[named], relations))


def derived_links(links: Steps) -> Steps:
    """Return the links that make ancestors and join two different repositories."""
    return _chosen(links, _DERIVED)


def _columns(tables: Tables) -> tuple[dict[str, Array], dict[str, tuple[str, ...]]]:
    repositories = tables.repositories
    text, offsets = _bytes_of(repositories["id"])
    licenses, license_codes = _combined(tables.licenses, "license", len(tables))
    tasks, task_codes = _combined(tables.tasks, "task", len(tables))
    columns = {
        "ids": text,
        "id_offsets": offsets,
        "kinds": numbers_of(repositories, "kind").astype(np.uint8),
        "known": flags_of(repositories, "known"),
        "created": dates_of(repositories, "created"),
        "downloads": numbers_of(repositories, "downloads").astype(np.int64),
        "licenses": license_codes,
        "tasks": task_codes,
    }
    return columns, {"licenses": licenses, "tasks": tasks}


def _bytes_of(column: pa.ChunkedArray) -> tuple[Array, Array]:
    """Return the bytes of texts on end, and where each begins, and the end."""
    whole = column.combine_chunks()
    whole = pa.concat_arrays(whole.chunks) if isinstance(whole, pa.ChunkedArray) else whole
    if not len(whole):
        return np.empty(0, np.uint8), np.zeros(1, np.int32)
    _, offsets, data = whole.buffers()
    places = np.frombuffer(offsets, np.int32)[whole.offset : whole.offset + len(whole) + 1]
    text = np.frombuffer(data, np.uint8)[places[0] : places[-1]]
    return text, places - places[0]


def _combined(table: pa.Table, name: str, count: int) -> tuple[tuple[str, ...], Array]:
    """Return all combinations of words in order, and for each repository the code of its own."""
    words, codes = words_of(table, name), codes_of(table, name)
    owners = numbers_of(table, "repository")
    pairs = np.unique(np.stack([owners, codes])[:, codes != UNKNOWN], axis=1)
    owners, codes = pairs
    several = np.bincount(owners, minlength=count) > 1
    found: dict[str, list[int]] = {}
    for owner, combination in _joined(owners[several[owners]], codes[several[owners]], words):
        found.setdefault(combination, []).append(owner)
    alone = ~several[owners]
    used = [words[code] for code in np.unique(codes[alone]).tolist()]
    combinations = tuple(sorted({*used, *found}))
    places = {combination: place for place, combination in enumerate(combinations)}
    of_words = np.array([places.get(word, UNKNOWN) for word in words], np.int32)
    result = np.full(count, UNKNOWN, np.int32)
    if len(words):
        result[owners[alone]] = of_words[codes[alone]]
    for combination, those in found.items():
        result[those] = places[combination]
    return combinations, result


def _joined(owners: Array, codes: Array, words: list[str]) -> Iterator[tuple[int, str]]:
    rows = zip(owners.tolist(), codes.tolist(), strict=True)
    for owner, group in groupby(rows, key=lambda row: row[0]):
        yield owner, ", ".join(words[code] for _, code in group)


def _uses(tables: Tables) -> Steps:
    """Return the links from models and datasets to the Spaces that use them."""
    said, other = (numbers_of(tables.uses, name) for name in ("repository", "other"))
    kinds = numbers_of(tables.repositories, "kind")
    by_space = kinds[said] == KINDS.index(Kind.SPACE)
    relations = np.full(len(said), BITS[Relation.UNSPECIFIED], Bits)
    used, spaces = np.where(by_space, other, said), np.where(by_space, said, other)
    return unique_pairs(Steps(used, spaces, relations))


def _shape(derived: Steps, count: int) -> dict[str, Array]:
    """Return what follows from the derivations."""
    up, down = Adjacency.of(derived, count), Adjacency.of(turned(derived), count)
    components = strong_components(up, down)
    influence, depth = descendant_counts(up, components)
    return {
        "components": components,
        "depths": depths(up, components),
        "roots": nearest_roots(up, down),
        "families": weak_components(derived, count),
        "families_without_merges": weak_components(_chosen(derived, _UNMERGED), count),
        "influence": influence.astype(np.int32),
        "influence_depth": np.array([] if depth is None else [depth], np.int32),
    }


def _chosen(links: Steps, wanted: int) -> Steps:
    kept = ((links.relations & wanted) != 0) & (links.origins != links.ends)
    return Steps(*(column[kept] for column in links))
