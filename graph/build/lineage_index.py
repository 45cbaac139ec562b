"""Making an index: from a finished store, or from tables.

Everything that follows from the lineage as a whole is worked out here, once, so that whoever opens
the index only reads. The same tables give the same bytes.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import accumulate
from pathlib import Path

import numpy as np
import pyoxigraph as ox

from graph.lineage.adjacency import BITS, Adjacency, Steps, mask, turned, unique_pairs
from graph.lineage.components import (
    depths,
    descendant_counts,
    nearest_roots,
    strong_components,
    weak_components,
)
from graph.lineage.stepping import DERIVATIONS
from graph.model.records import Relation
from graph.search.token_index import index_words
from graph.store.arrays import Array, write_arrays
from graph.tables.index_tables import Tables
from graph.tables.scanning import read_tables
from graph.view.atlas.placing import lay_out

__all__ = ["build_index", "write_index"]

_MOST_OF_32_BITS = 2**32 - 1
_DERIVED = mask(DERIVATIONS)
_UNMERGED = _DERIVED & ~BITS[Relation.MERGE]


def build_index(store: ox.Store, directory: Path) -> None:
    """Write the index of everything that a store holds into a directory, which is made."""
    write_index(read_tables(store), directory)


def write_index(tables: Tables, directory: Path) -> None:
    """Write the index of tables, whose rows are sorted, into a directory."""
    links = unique_pairs(tables.lineage)
    count = len(tables.ids)
    with ThreadPoolExecutor(1) as pool:  # NumPy's half of the work, beside Python's
        shape = pool.submit(_shape, links, tables.created)
        words = index_words(tables.ids, tables.downloads)
        columns = _columns(tables)
    arrays = columns | _adjacencies(links, tables.uses, count) | shape.result() | words
    counts = {"nodes": count, "edges": len(links.origins)}
    write_arrays(directory, arrays, counts, licenses=tables.license_keys, tasks=tables.task_names)


def _columns(tables: Tables) -> dict[str, Array]:
    texts = [id_.encode() for id_ in tables.ids]
    offsets = np.fromiter(accumulate(map(len, texts), initial=0), np.int64, len(texts) + 1)
    return {
        "ids": np.frombuffer(b"".join(texts), np.uint8),
        "id_offsets": offsets.astype(np.uint32 if offsets[-1] <= _MOST_OF_32_BITS else np.int64),
        "kinds": tables.kinds.astype(np.uint8),
        "known": tables.known.astype(np.bool_),
        "created": tables.created.astype("datetime64[s]"),
        "downloads": tables.downloads.astype(np.int64),
        "licenses": tables.licenses.astype(np.int32),
        "tasks": tables.tasks.astype(np.int32),
    }


def _adjacencies(links: Steps, uses: Steps, count: int) -> dict[str, Array]:
    adjacencies = {
        "up": Adjacency.of(links, count),
        "down": Adjacency.of(turned(links), count),
        "spaces": Adjacency.of(unique_pairs(uses), count),
    }
    return {
        f"{name}_{part}": array
        for name, adjacency in adjacencies.items()
        for part, array in adjacency._asdict().items()
    }


def _shape(links: Steps, created: Array) -> dict[str, Array]:
    """Return what follows from the derivations that join two different repositories."""
    count = len(created)
    derived = _chosen(links, _DERIVED)
    up, down = Adjacency.of(derived, count), Adjacency.of(turned(derived), count)
    components = strong_components(up, down)
    influence = descendant_counts(up, down).astype(np.int32)
    shape = {
        "components": components,
        "depths": depths(up, components),
        "roots": nearest_roots(up, down),
        "families": weak_components(derived, count),
        "families_without_merges": weak_components(_chosen(links, _UNMERGED), count),
        "influence": influence,
    }
    return shape | lay_out(derived, influence, created)


def _chosen(links: Steps, wanted: int) -> Steps:
    kept = ((links.relations & wanted) != 0) & (links.origins != links.ends)
    return Steps(*(column[kept] for column in links))
