"""From the tables of parts to those of the whole graph, in the one order.

Parts come in the order in which they were loaded: of a repository that several hold, the last is
believed, with all its rows. So a graph after a change is its tables before it, united with those of
what changed; nothing has to be read again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graph.model import vocabulary as v
from graph.model.arrays import Array
from graph.model.records import Resolution
from graph.tables.schema import (
    KINDS,
    SCHEMAS,
    STATES,
    UNKNOWN,
    Tables,
    codes_of,
    flags_of,
    numbers_of,
)

__all__ = ["keys_of", "unite"]

_RENAMED, _UNCHECKED = STATES.index(Resolution.RENAMED), STATES.index(Resolution.UNCHECKED)
_OWNERS = {
    name: schema.names[0]
    for name, schema in SCHEMAS.items()
    if name not in {"repositories", "answers"}
}
"""The column of each table that says whose record a row is of."""

_OTHERS = {"derivations": "parent", "evaluations": "dataset", "uses": "other"}
"""The column that names another repository, where a table has one."""


class _Numbering(NamedTuple):
    """All repositories that any part numbers, in order, and where each part's own went.

    ``holders`` has for each the part that is believed about it, or UNKNOWN for what none holds.
    """

    keys: pa.Array
    of_parts: list[Array]
    holders: Array


def unite(parts: Sequence[Tables], *, without: Collection[str] = ()) -> Tables:
    """Return the tables of everything that the parts hold or name, in the one order.

    ``without`` are the IRIs of repositories that are held no more, whatever the parts say. What is
    only named stays as long as somebody names it, or the Hub says what it is called today.
    """
    numbering = _numbered(parts, without)
    rows = {name: _rows(name, parts, numbering) for name in _OWNERS}
    facts = _facts(parts, numbering)
    answers = _answers(parts)
    kept = _kept(numbering, rows, facts, answers)
    numbers = np.full(len(kept), UNKNOWN, np.int32)
    numbers[kept] = np.arange(np.count_nonzero(kept), dtype=np.int32)
    return Tables(
        repositories=_repositories(facts, numbering, answers, kept, numbers),
        answers=answers,
        **{name: _renumbered(name, table, numbers) for name, table in rows.items()},
    )


def _numbered(parts: Sequence[Tables], without: Collection[str]) -> _Numbering:
    keys = pa.chunked_array([_keys(part.repositories) for part in parts], pa.string())
    encoded = keys.combine_chunks().dictionary_encode()
    order = pc.sort_indices(encoded.dictionary)
    ranks = np.empty(len(order), np.int32)
    ranks[order.to_numpy()] = np.arange(len(order), dtype=np.int32)
    everywhere = ranks[encoded.indices.to_numpy()]
    ends = np.cumsum([0, *(len(part) for part in parts)])
    of_parts = [everywhere[start:end] for start, end in pairwise(ends)]
    holders = np.full(len(order), UNKNOWN, np.int32)
    for place, (part, numbers) in enumerate(zip(parts, of_parts, strict=True)):
        holders[numbers[flags_of(part.repositories, "known")]] = place
    ordered = encoded.dictionary.take(order)
    gone = pc.index_in(_keys_from(without), ordered).drop_null()
    holders[gone.to_numpy()] = UNKNOWN
    return _Numbering(ordered, of_parts, holders)


def keys_of(tables: Tables) -> pa.Array:
    """Return a text for each repository that is the same in whatever tables."""
    return _keys(tables.repositories)


def _keys(table: pa.Table) -> pa.Array:
    """Return a text for each repository, in whose order ids come first, then kinds."""
    if not table.num_rows:  # Arrow cannot join columns without any piece
        return pa.array([], pa.string())
    kinds = pa.array([str(code) for code in range(len(KINDS))]).take(table["kind"])
    return pc.binary_join_element_wise(table["id"], kinds, "\0").combine_chunks()


def _keys_from(iris: Iterable[str]) -> pa.Array:
    parsed = [v.parse_repository_iri(iri) for iri in iris]
    keys = [f"{name[1]}\0{KINDS.index(name[0])}" for name in parsed if name]
    return pa.array(keys, pa.string())


def _rows(name: str, parts: Sequence[Tables], numbering: _Numbering) -> pa.Table:
    """Return a table's rows of the records that are believed, by their owners."""
    owner, other = _OWNERS[name], _OTHERS.get(name)
    believed = []
    for place, (part, numbers) in enumerate(zip(parts, numbering.of_parts, strict=True)):
        table = getattr(part, name)
        owners = numbers[numbers_of(table, owner)]
        kept = numbering.holders[owners] == place
        table = _with(table, owner, owners, None)
        if other is not None:
            table = _with(table, other, *_mapped(table, other, numbers))
        believed.append(table if kept.all() else table.filter(pa.array(kept)))
    whole = pa.concat_tables(believed)
    owners = numbers_of(whole, owner)
    if (owners[1:] >= owners[:-1]).all():
        return whole
    return whole.take(np.argsort(owners, kind="stable"))


def _facts(parts: Sequence[Tables], numbering: _Numbering) -> pa.Table:
    """Return what is known of every repository, by its number; of what is only named, nothing."""
    newer = [
        _with(part.repositories, "new_version", *_mapped(part.repositories, "new_version", numbers))
        for part, numbers in zip(parts, numbering.of_parts, strict=True)
    ]
    places = np.full(len(numbering.keys), UNKNOWN, np.int64)
    start = 0
    for place, (part, numbers) in enumerate(zip(parts, numbering.of_parts, strict=True)):
        here = np.flatnonzero(numbering.holders[numbers] == place)
        here = here[flags_of(part.repositories, "known")[here]]
        places[numbers[here]] = here + start
        start += len(part)
    wanted = pa.array(places, pa.int64(), mask=places == UNKNOWN)
    return pa.concat_tables(newer).drop_columns(["id", "kind", "known"]).take(wanted)


def _kept(
    numbering: _Numbering, rows: dict[str, pa.Table], facts: pa.Table, answers: pa.Table
) -> Array:
    """Tell which repositories are held, named by one that is, or known to have been renamed."""
    kept: Array = numbering.holders != UNKNOWN
    for table, name in ((rows[table], name) for table, name in _OTHERS.items()):
        kept[numbers_of(table, name)[numbers_of(table, name) != UNKNOWN]] = True
    newer = numbers_of(facts, "new_version")
    kept[newer[newer != UNKNOWN]] = True
    renamed = answers.filter(pc.equal(answers["state"], _RENAMED))
    kept[pc.index_in(_keys(renamed), numbering.keys).drop_null().to_numpy()] = True
    return kept


def _repositories(
    facts: pa.Table, numbering: _Numbering, answers: pa.Table, kept: Array, numbers: Array
) -> pa.Table:
    chosen = pa.array(kept)
    keys = numbering.keys.filter(chosen)
    known = pa.array(numbering.holders[kept] != UNKNOWN)
    facts = facts.filter(chosen)
    answered = answers["state"].take(pc.index_in(keys, _keys(answers)))
    named = pc.fill_null(answered, _UNCHECKED)
    columns = {
        "id": pc.utf8_slice_codeunits(keys, 0, -2),  # without the kind
        "kind": pc.utf8_slice_codeunits(keys, -1).cast(pa.uint8()),
        "known": known,
        **{name: facts[name] for name in facts.column_names},
        "state": pc.if_else(known, facts["state"], named.combine_chunks()),
        "new_version": _places(numbers, numbers_of(facts, "new_version")),
    }
    table = pa.table(
        [columns[name] for name in SCHEMAS["repositories"].names], SCHEMAS["repositories"]
    )
    return _tidy(table)


def _answers(parts: Sequence[Tables]) -> pa.Table:
    """Return the last answer for each id, in order; a null state takes the ones before it back."""
    every = pa.concat_tables([part.answers for part in parts]).combine_chunks()
    if not every.num_rows:
        return every
    keys = _keys(every)
    codes = keys.dictionary_encode().indices.to_numpy()
    last = np.zeros(codes.max() + 1, np.int64)
    last[codes] = np.arange(len(codes))  # of equal codes the last stays
    order = pc.sort_indices(keys.take(pa.array(last)))
    latest = every.take(pa.array(last).take(order))
    return latest.filter(pc.is_valid(latest["state"])).combine_chunks()


def _renumbered(name: str, table: pa.Table, numbers: Array) -> pa.Table:
    table = _with(table, _OWNERS[name], numbers[numbers_of(table, _OWNERS[name])], None)
    if other := _OTHERS.get(name):
        found = _places(numbers, numbers_of(table, other))
        table = table.set_column(table.column_names.index(other), other, found)
    table = _tidy(table)
    return _ordered_evaluations(table) if name == "evaluations" and len(table) else table


def _ordered_evaluations(table: pa.Table) -> pa.Table:
    """Return evaluations in an order of their own: a record orders them by more than is kept."""
    keys = (
        numbers_of(table, "value"),
        pc.is_null(table["value"]).to_numpy(),
        codes_of(table, "metric"),
        codes_of(table, "task"),
        numbers_of(table, "dataset"),
        numbers_of(table, "repository"),
    )
    return table.take(np.lexsort(keys)).combine_chunks()


def _mapped(table: pa.Table, name: str, numbers: Array) -> tuple[Array, Array]:
    """Return a column of numbers in another numbering, and which of them are null."""
    old = numbers_of(table, name)
    missing = old == UNKNOWN
    return np.where(missing, UNKNOWN, numbers[old] if len(numbers) else old), missing


def _places(numbers: Array, old: Array) -> pa.Array:
    missing = old == UNKNOWN
    return pa.array(np.where(missing, UNKNOWN, numbers[old]), pa.int32(), mask=missing)


def _with(table: pa.Table, name: str, values: Array, missing: Array | None) -> pa.Table:
    column = pa.array(values.astype(np.int32), pa.int32(), mask=missing)
    return table.set_column(table.column_names.index(name), table.schema.field(name), column)


def _tidy(table: pa.Table) -> pa.Table:
    """Return a table in one piece, its words sorted and each of them in use."""
    table = table.combine_chunks()
    for place, field in enumerate(table.schema):
        if pa.types.is_dictionary(field.type):
            table = table.set_column(place, field, _sorted_words(table.column(place)))
    return table


def _sorted_words(column: pa.ChunkedArray) -> pa.Array:
    whole = column.unify_dictionaries().combine_chunks()
    if isinstance(whole, pa.ChunkedArray):
        whole = whole.chunk(0) if whole.num_chunks else pa.array([], column.type)
    used = pc.unique(whole.indices.drop_null())
    words = whole.dictionary.take(used)
    order = pc.sort_indices(words)
    codes = np.full(len(whole.dictionary), UNKNOWN, np.int32)
    codes[used.take(order).to_numpy()] = np.arange(len(order), dtype=np.int32)
    old = pc.fill_null(whole.indices, 0).to_numpy()
    missing = pc.is_null(whole.indices).to_numpy(zero_copy_only=False)
    indices = pa.array(codes[old] if len(codes) else old, pa.int32(), mask=missing)
    return pa.DictionaryArray.from_arrays(indices, words.take(order))
