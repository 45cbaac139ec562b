"""Reading a finished store from end to end into tables, as fast as Oxigraph hands it out.

Each property is scanned once, by a query whose answer comes as one CSV text: no Python object is
made for a quad, and two scans run at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.resources import files
from typing import NamedTuple

import numpy as np
import pyoxigraph as ox

from graph.lineage.adjacency import BITS, Steps
from graph.model import vocabulary as v
from graph.model.licenses import licenses_by_iri
from graph.model.records import Kind, Relation
from graph.rdf.properties import CLASSES
from graph.rdf.terms import iri_value
from graph.store.arrays import Array
from graph.tables.index_tables import KINDS, NO_DATE, UNKNOWN, Tables, sort_tables

__all__ = ["read_tables"]

_LARGEST = 2**63 - 1
_HUB = v.HUB.encode()
_LINE = b"\r\n"  # as RFC 4180 has it; an IRI contains no comma, no quote and no white space
_AT_A_TIME = 2

_SHORTCUTS = {relation: v.relation_shortcut(relation) for relation in Relation}
_USES = (v.REMIX.usedBySpace, v.REMIX.usesModel, v.REMIX.usesDataset)
_VALUES = (v.DCTERMS.created, v.REMIX.downloads, v.DCTERMS.license, v.FAIR4ML.mlTask)

Pairs = tuple[list[bytes], list[bytes]]


class _Nodes(NamedTuple):
    """Where each IRI is found in the columns, and the first columns."""

    rows: dict[bytes, int]
    ids: list[str]
    kinds: Array
    known: Array


def read_tables(store: ox.Store) -> Tables:
    """Return the repositories that a store holds or names, and their links, in the index's order.

    The store may be in use elsewhere; only its default graph is read.
    """
    with ThreadPoolExecutor(_AT_A_TIME) as pool:
        classes = [*map(iri_value, CLASSES.values()), str(v.REMIX.RepositoryReference)]
        instances = list(pool.map(lambda class_: _instances(store, class_), classes))
        properties = (*_SHORTCUTS.values(), *_USES, *_VALUES)
        found = pool.map(lambda property_: _pairs(store, property_), properties)
        pairs = dict(zip(map(str, properties), found, strict=True))
    return sort_tables(_tables(instances, pairs))


def _tables(instances: list[list[bytes]], pairs: dict[str, Pairs]) -> Tables:
    lineage = [pairs[str(shortcut)] for shortcut in _SHORTCUTS.values()]
    uses = [pairs[str(_USES[0])], *(_turned(pairs[str(use)]) for use in _USES[1:])]
    nodes = _nodes(
        instances, (end for links in (*lineage, *uses) for side in links for end in side)
    )
    created, downloads, licenses, tasks = (pairs[str(value)] for value in _VALUES)
    by_iri = {iri.encode(): entry.key for iri, entry in licenses_by_iri().items()}
    license_keys, license_codes = _combined(nodes, licenses, by_iri)
    by_iri = {iri: v.parse_task_iri(iri.decode()) for iri in set(tasks[1])}
    task_names, task_codes = _combined(nodes, tasks, by_iri)
    return Tables(
        nodes.ids,
        nodes.kinds,
        nodes.known,
        _created(nodes, created),
        _downloads(nodes, downloads),
        license_codes,
        license_keys,
        task_codes,
        task_names,
        _links(nodes, zip(_SHORTCUTS, lineage, strict=True)),
        _links(nodes, ((Relation.UNSPECIFIED, links) for links in uses)),
    )


def _instances(store: ox.Store, class_: str) -> list[bytes]:
    return _ask(store, "index_instances.rq", "?class", class_).split(_LINE)[1:-1]


def _pairs(store: ox.Store, property_: str) -> Pairs:
    cells = _ask(store, "index_pairs.rq", "?property", property_).replace(_LINE, b",").split(b",")
    return cells[2:-1:2], cells[3::2]


def _ask(store: ox.Store, name: str, variable: str, iri: str) -> bytes:
    query = files(__package__).joinpath(name).read_text(encoding="utf-8")
    solutions = store.query(query.replace(variable, f"<{iri}>"))
    assert isinstance(solutions, ox.QuerySolutions)  # noqa: S101 - it is a SELECT
    return solutions.serialize(format=ox.QueryResultsFormat.CSV) or b""


def _turned(pairs: Pairs) -> Pairs:
    return pairs[1], pairs[0]


def _nodes(instances: list[list[bytes]], ends: Iterable[bytes]) -> _Nodes:
    """Number all repositories: those of each class, those only named, and what links lead to."""
    rows: dict[bytes, int] = {}
    for group in instances[:-1]:
        rows.update(zip(group, range(len(rows), len(rows) + len(group)), strict=True))
    held = len(rows)
    for iri in dict.fromkeys(instances[-1]):
        rows.setdefault(iri, len(rows))
    for iri in ends:
        if iri not in rows:
            rows[iri] = len(rows)
    parsed = [_parse(iri) for iri in rows]
    kinds = np.array([kind for kind, _ in parsed], np.uint8)
    return _Nodes(rows, [id_ for _, id_ in parsed], kinds, np.arange(len(rows)) < held)


_MODEL, _DATASET, _SPACE = (KINDS.index(kind) for kind in (Kind.MODEL, Kind.DATASET, Kind.SPACE))


def _parse(iri: bytes) -> tuple[int, str]:
    """Return the kind's code and the id; most IRIs are a model's, with nothing encoded in it."""
    path = iri[len(_HUB) :].decode()
    if "%" not in path and not path.startswith(("datasets/", "spaces/")):
        return _MODEL, path
    parsed = v.parse_repository_iri(iri.decode())
    assert parsed is not None, iri  # noqa: S101 - the mapping writes nothing else
    return KINDS.index(parsed[0]), parsed[1]


def _rows(nodes: _Nodes, iris: Sequence[bytes]) -> Array:
    return np.fromiter(map(nodes.rows.__getitem__, iris), np.int32, len(iris))


def _created(nodes: _Nodes, pairs: Pairs) -> Array:
    created = np.full(len(nodes.ids), NO_DATE)
    dates = np.array(pairs[1], "S19")  # without the Z, which numpy does not read
    created[_rows(nodes, pairs[0])] = dates.astype("datetime64[s]")
    return created


def _downloads(nodes: _Nodes, pairs: Pairs) -> Array:
    downloads = np.full(len(nodes.ids), UNKNOWN, np.int64)
    counts = [min(int(count), _LARGEST) for count in pairs[1]]
    downloads[_rows(nodes, pairs[0])] = np.array(counts, np.int64)
    return downloads


def _combined(
    nodes: _Nodes, pairs: Pairs, by_iri: Mapping[bytes, str]
) -> tuple[tuple[str, ...], Array]:
    """Return all combinations of keys in order, and for each node the code of its own."""
    declared: dict[int, str] = {}
    for row, iri in zip(_rows(nodes, pairs[0]).tolist(), pairs[1], strict=True):
        key = by_iri[iri]
        declared[row] = (
            ", ".join(sorted({*declared[row].split(", "), key})) if row in declared else key
        )
    keys = tuple(sorted(set(declared.values())))
    codes = np.full(len(nodes.ids), UNKNOWN, np.int32)
    places = {key: place for place, key in enumerate(keys)}
    codes[list(declared)] = [places[keys_] for keys_ in declared.values()]
    return keys, codes


def _links(nodes: _Nodes, found: Iterable[tuple[Relation, Pairs]]) -> Steps:
    parts = [
        (_rows(nodes, origins), _rows(nodes, ends), np.full(len(origins), BITS[relation], np.uint8))
        for relation, (origins, ends) in found
    ]
    return Steps(*(np.concatenate(column) for column in zip(*parts, strict=True)))
