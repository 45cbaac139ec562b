"""RDF terms as text: what is written comes back, and is what Oxigraph writes."""

from __future__ import annotations

import math

import pyoxigraph as ox
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from graph.rdf import terms
from tests import strategies as a


def stored(term: str) -> str:
    """Return a term as it comes out of a store that it was loaded into."""
    store = ox.Store()
    store.load(f"<x:s> <x:p> {term} .\n".encode(), ox.RdfFormat.N_TRIPLES)
    (quad,) = store
    return str(quad.object)


@given(a.texts)
@example('\x00\b\t\n\x0b\f\r\x1f"\\\x7f\x80\x9f\ufffd\ufffe\uffff')
def test_text_survives(value: str) -> None:
    """A string comes back, and keeps its bytes in the store."""
    term = terms.text(value)

    assert value == terms.literal_value(term)
    assert stored(term) == term == str(ox.Literal(value))


def test_every_character_is_written_as_oxigraph_writes_it() -> None:
    """Of all characters of the first plane, exactly those are escaped that Oxigraph escapes."""
    chars = [chr(code) for code in range(0x10000) if not 0xD800 <= code < 0xE000]

    assert [] == [char for char in chars if str(ox.Literal(char)) != terms.text(char)]


@given(a.texts)
def test_addresses_survive(value: str) -> None:
    """An address given by others comes back, whatever it is."""
    term = terms.uri(value)

    assert value == terms.literal_value(term)
    assert stored(term) == term


@given(st.integers())
@example(2**63 - 1)
@example(2**63)
@example(-(10**60))
def test_whole_numbers_survive(value: int) -> None:
    """A whole number comes back, however large."""
    term = terms.integer(value)

    assert value == int(terms.literal_value(term))
    assert stored(term) == term


@given(a.floats)
@example(5e-324)
@example(1.7976931348623157e308)
@example(1e16)
@example(0.1)
@example(-41.0)
@example(-0.0)
def test_numbers_survive(value: float) -> None:
    """A finite number comes back exactly, and keeps its bytes in the store."""
    term = terms.double(value)

    assert value == float(terms.literal_value(term))
    assert math.copysign(1, value) == math.copysign(1, float(terms.literal_value(term)))
    assert stored(term) == term


@pytest.mark.parametrize("value", [True, False])
def test_truth_survives(value: bool) -> None:  # noqa: FBT001 - the value to write
    """True and false come back."""
    term = terms.boolean(value)

    assert str(value).lower() == terms.literal_value(term)
    assert stored(term) == term


@given(a.instants)
@example("0001-01-01T00:00:00Z")
@example("9999-12-31T23:59:59Z")
def test_instants_survive(value: str) -> None:
    """A point in time comes back, and keeps its bytes in the store."""
    term = terms.instant(value)

    assert value == terms.literal_value(term)
    assert stored(term) == term


def test_iris_and_literals_are_told_apart() -> None:
    """An IRI is an IRI, and a string that looks like one is not."""
    assert "x:a" == terms.iri_value(terms.iri("x:a"))
    assert terms.is_iri(terms.iri("x:a"))
    assert not terms.is_iri(terms.text("<x:a>"))


@pytest.mark.parametrize(
    ("term", "value"),
    [
        (r'"\u00e9\U0001F917"', "é\U0001f917"),
        (r'"it\'s"', "it's"),
        (r'"a\"b"@en', 'a"b'),
        (r'"\\u0041"', r"\u0041"),
    ],
)
def test_escapes_of_others_are_read(term: str, value: str) -> None:
    """Every escape that N-Triples knows is read, also those that we never write."""
    assert value == terms.literal_value(term)
