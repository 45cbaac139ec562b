"""What repositories are by themselves, but for their ids: a few thousand cases for millions.

Only what the rules look at makes a case: kind, declarations, gate, whether it takes pictures in,
the vendors whose output it is; of what is only named, whether it was renamed.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graph.licenses.names import find_vendor
from graph.licenses.situations.coding import coded, coded_lists
from graph.licenses.views import SEES, Artefact, LicenseView, Parent, is_named_for_seeing
from graph.model.arrays import Array
from graph.model.records import LicenseDeclaration, Relation
from graph.tables.schema import (
    GATINGS,
    KINDS,
    RELATIONS,
    SOURCES,
    UNKNOWN,
    Tables,
    codes_of,
    flags_of,
    numbers_of,
    words_of,
)

__all__ = ["Declared", "declared"]

_GENERATED = RELATIONS.index(Relation.GENERATED)
_KNOWN, _ONLY_NAMED, _RENAMED = range(3)
_MAY_SEE = r"(?i)vision|vl|multimodal|[^\x00-\x7F]"
"""What no name that is named for seeing lacks, for a quick choice among millions."""


class Declared(NamedTuple):
    """The case of each repository, or UNKNOWN where it was not asked for, and its view by case.

    The views have no id and no parents; their only parents are the vendors that they name.
    """

    cases: Array
    views: list[LicenseView]


def declared(tables: Tables, wanted: Array) -> Declared:
    """Return what the repositories that are flagged as wanted declare."""
    numbers = np.flatnonzero(wanted)
    places = np.full(len(tables), UNKNOWN, np.int32)
    places[numbers] = np.arange(len(numbers), dtype=np.int32)
    of_licenses, declarations = _declarations(tables.licenses, places, len(numbers))
    of_vendors, vendors = _vendors(tables.derivations, places, len(numbers))
    states = _states(tables)[numbers]
    kinds = numbers_of(tables.repositories, "kind")[numbers]
    gatings = numbers_of(tables.repositories, "gating")[numbers]
    sees = _sees(tables, numbers, places) & (states == _KNOWN)
    codes, firsts = coded(states, kinds, of_licenses, of_vendors, gatings, sees)
    cases = np.full(len(tables), UNKNOWN, np.int32)
    cases[numbers] = codes
    views = [
        LicenseView(
            artefact=Artefact(KINDS[kinds[first]], ""),
            declarations=declarations[of_licenses[first]],
            parents=vendors[of_vendors[first]],
            gating=None if gatings[first] == UNKNOWN else GATINGS[gatings[first]],
            is_multimodal=bool(sees[first]),
            is_known=states[first] == _KNOWN,
            renamed_to="" if states[first] == _RENAMED else None,
        )
        for first in firsts.tolist()
    ]
    return Declared(cases, views)


def _declarations(
    table: pa.Table, places: Array, count: int
) -> tuple[Array, list[tuple[LicenseDeclaration, ...]]]:
    """Code what each repository declares; returns the codes, and the declarations by code."""
    owners, rows = _owned(table, "repository", places)
    names = ("declared", "field", "name", "link", "license")
    columns = {name: codes_of(table, name)[rows] for name in names}
    sources = numbers_of(table, "source")[rows]
    codes, firsts = coded(sources, *columns.values())
    words = {name: [*words_of(table, name), None] for name in names}  # UNKNOWN is the last
    each = [
        LicenseDeclaration(
            source=SOURCES[sources[first]],
            **{name: words[name][columns[name][first]] for name in names},
        )
        for first in firsts.tolist()
    ]
    of_lists, lists = coded_lists(owners, codes, count)
    return of_lists, [tuple(each[code] for code in codes) for codes in lists]


def _vendors(table: pa.Table, places: Array, count: int) -> tuple[Array, list[tuple[Parent, ...]]]:
    """Code the vendors whose products each repository names as what generated it."""
    is_product = (numbers_of(table, "relation") == _GENERATED) & (
        numbers_of(table, "parent") == UNKNOWN
    )
    owners, rows = _owned(table, "child", places, is_product)
    named = [tuple(raw or ()) for raw in table["raw"].take(rows).to_pylist()]
    parents: dict[str, Parent] = {}
    found = []
    for owner, words in zip(owners.tolist(), named, strict=True):
        if (vendor := find_vendor(words)) is not None:
            parents.setdefault(vendor, Parent(Relation.GENERATED, None, words))
            found.append((owner, vendor))
    order = sorted(parents)
    pairs = sorted({(owner, order.index(vendor)) for owner, vendor in found})
    columns = np.array(pairs, np.int64).reshape(-1, 2)
    codes, lists = coded_lists(columns[:, 0], columns[:, 1], count)
    return codes, [tuple(parents[order[code]] for code in codes) for codes in lists]


def _owned(
    table: pa.Table, owner: str, places: Array, chosen: Array | None = None
) -> tuple[Array, Array]:
    """Return the rows of whoever is wanted, after the places of their owners."""
    owners = places[numbers_of(table, owner)]
    kept = owners != UNKNOWN if chosen is None else (owners != UNKNOWN) & chosen
    rows = np.flatnonzero(kept)
    return owners[rows], rows


def _states(tables: Tables) -> Array:
    """Tell of each repository whether it is known, only named, or that by a name of before."""
    repositories, answers = tables.repositories, tables.answers
    renamed = answers.filter(pc.is_valid(answers["replaced_by"]))
    states = np.where(flags_of(repositories, "known"), _KNOWN, _ONLY_NAMED)
    kinds = numbers_of(repositories, "kind")
    for kind in pc.unique(renamed["kind"]).to_pylist():
        names = renamed.filter(pc.equal(renamed["kind"], kind))["id"].combine_chunks()
        is_old = pc.is_in(repositories["id"], names).to_numpy()
        states[is_old & (kinds == kind) & (states == _ONLY_NAMED)] = _RENAMED
    return states


def _sees(tables: Tables, numbers: Array, places: Array) -> Array:
    """Tell which repositories take pictures in, by their tasks or their names."""
    sees = np.zeros(len(numbers), np.bool_)
    words = np.array([word in SEES for word in words_of(tables.tasks, "task")] or [False])
    owners, rows = _owned(tables.tasks, "repository", places)
    sees[owners[words[codes_of(tables.tasks, "task")[rows]]]] = True
    ids = tables.repositories["id"].take(numbers)
    maybe = np.flatnonzero(pc.match_substring_regex(ids, _MAY_SEE).to_numpy())
    named = [is_named_for_seeing(id_.rpartition("/")[2]) for id_ in ids.take(maybe).to_pylist()]
    sees[maybe[np.array(named, np.bool_)]] = True
    return sees
