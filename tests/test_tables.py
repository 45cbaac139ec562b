"""The tables of a graph: one numbering, and two ways in that give the same bytes."""

from __future__ import annotations

import pyoxigraph as ox
from hypothesis import given
from hypothesis import strategies as st

from graph.model.records import Repository
from graph.rdf.triples import nquads, record_triples
from graph.tables.reading import read_tables
from graph.tables.recording import tables_of
from graph.tables.schema import SCHEMAS, Tables
from graph.tables.uniting import unite
from tests.strategies import repositories


def same(one: Tables, other: Tables) -> bool:
    """Compare tables, column by column."""
    for name in SCHEMAS:
        assert getattr(one, name).to_pylist() == getattr(other, name).to_pylist(), name
        assert getattr(one, name).equals(getattr(other, name)), name
    return True


def loaded(records: list[Repository]) -> ox.Store:
    """Return a store that holds records, and nothing of what they share."""
    store = ox.Store()
    for record in records:
        store.load(nquads(record_triples(record)), ox.RdfFormat.N_QUADS)
    return store


def distinct(records: list[Repository]) -> list[Repository]:
    """Return the last of the records of each repository."""
    return list({(record.kind, record.id): record for record in records}.values())


@given(st.lists(repositories, max_size=6).map(distinct))
def test_a_store_and_its_records_have_the_same_tables(records: list[Repository]) -> None:
    """The law: reading what was loaded gives what the records give directly."""
    assert same(unite([tables_of(records)]), read_tables(loaded(records)))


@given(st.lists(repositories, max_size=6), st.integers(0, 6))
def test_the_last_record_of_a_repository_is_believed(records: list[Repository], at: int) -> None:
    """Parts that were loaded one after another unite to what the last records say."""
    before, after = distinct(records[:at]), distinct(records[at:])
    parts = [unite([tables_of(before)]), tables_of(after)]

    assert same(unite([tables_of(distinct(records))]), unite(parts))
