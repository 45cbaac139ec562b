"""Answers, and how they are written."""

from __future__ import annotations

import csv
import io
import json
from xml.etree import ElementTree as ET

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.model.errors import UnknownFormat
from graph.model.vocabulary import XSD
from graph.sparql.result_table import table
from graph.sparql.results import Cell, QueryResult, plain

A = ox.NamedNode("http://a.example/")
HOSTILE = "a\x1b[2J\u202eb\r\n\x00\x7f\u2028"


def select(*rows: tuple[Cell, ...], columns: tuple[str, ...] = ("x", "y")) -> QueryResult:
    """Return the answer to a SELECT."""
    return QueryResult(kind="select", columns=columns, rows=rows)


RESULT = select(
    (A, ox.Literal(3)),
    (ox.Literal("é, 漢", language="fr"), None),
    (ox.BlankNode("b"), ox.Literal('say "hi"\n\t')),
)


# --- plain values ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (None, None),
        (A, "http://a.example/"),
        (ox.BlankNode("b"), "_:b"),
        (ox.Literal("x"), "x"),
        (ox.Literal("x", language="en"), "x"),
        (ox.Literal(3), 3),
        (ox.Literal(2.5), 2.5),
        (ox.Literal("1.50", datatype=ox.NamedNode(str(XSD.decimal))), 1.5),
        (ox.Literal(value=True), True),
        (ox.Literal("maybe", datatype=ox.NamedNode(str(XSD.boolean))), "maybe"),
        (ox.Literal("many", datatype=ox.NamedNode(str(XSD.integer))), "many"),
        (ox.Literal("1" * 5000, datatype=ox.NamedNode(str(XSD.integer))), "1" * 5000),
        (ox.Literal("2024-01-01", datatype=ox.NamedNode(str(XSD.date))), "2024-01-01"),
        (ox.Triple(A, A, A), "<http://a.example/> <http://a.example/> <http://a.example/>"),
    ],
)
def test_a_cell_has_a_plain_value(cell: Cell, expected: object) -> None:
    """Numbers and truth values are Python's; everything else is text."""
    assert (expected, type(expected)) == (plain(cell), type(plain(cell)))


def test_records_are_rows_by_column() -> None:
    """What has no value is there, as None."""
    assert {"x": "é, 漢", "y": None} == RESULT.records()[1]


# --- the standard formats -------------------------------------------------------------------------


def test_json_is_the_standard() -> None:
    """SPARQL 1.1 Query Results JSON: terms with their types, unbound variables left out."""
    document = json.loads(RESULT.text("json"))

    assert {"vars": ["x", "y"]} == document["head"]
    assert [
        {
            "x": {"type": "uri", "value": "http://a.example/"},
            "y": {"type": "literal", "value": "3", "datatype": str(XSD.integer)},
        },
        {"x": {"type": "literal", "value": "é, 漢", "xml:lang": "fr"}},
        {
            "x": {"type": "bnode", "value": "b"},
            "y": {"type": "literal", "value": 'say "hi"\n\t'},
        },
    ] == document["results"]["bindings"]


def test_csv_is_the_standard() -> None:
    """Values without their types, as RFC 4180 has it."""
    rows = list(csv.reader(io.StringIO(RESULT.text("csv"), newline="")))

    assert [
        ["x", "y"],
        ["http://a.example/", "3"],
        ["é, 漢", ""],
        ["_:b", 'say "hi"\n\t'],
    ] == rows


def test_tsv_is_the_standard() -> None:
    """Terms as in Turtle, one line a row."""
    assert [
        "?x\t?y",
        "<http://a.example/>\t3",
        '"é, 漢"@fr\t',
        '_:b\t"say \\"hi\\"\\n\\t"',
    ] == RESULT.text("tsv").splitlines()


_terms = st.one_of(
    st.none(),
    st.just(A),
    st.just(ox.BlankNode("b")),
    st.text().map(ox.Literal),
    st.text().map(lambda text: ox.Literal(text, language="en")),
    st.text().map(lambda text: ox.Literal(text, language="ar", direction=ox.BaseDirection.RTL)),
    st.integers(-5, 5).map(ox.Literal),
    st.text().map(lambda text: ox.Triple(A, A, ox.Literal(text))),
)


@pytest.mark.parametrize("form", ["json", "tsv"])
@given(st.lists(st.tuples(_terms, _terms), max_size=4))
def test_a_format_with_types_loses_nothing(form: str, rows: list[tuple[Cell, ...]]) -> None:
    """What is written can be read again, whatever is in it."""
    format_ = ox.QueryResultsFormat.from_extension(form)
    found = ox.parse_query_results(select(*rows).text(form), format_)

    assert isinstance(found, ox.QuerySolutions)
    assert rows == [tuple(row) for row in found]


@given(st.lists(st.tuples(st.text().map(ox.Literal), _terms), max_size=4))
def test_xml_is_well_formed_whatever_is_in_it(rows: list[tuple[Cell, ...]]) -> None:
    """Characters that XML cannot hold are replaced, and only they."""
    root = ET.fromstring(select(*rows).text("xml"))  # noqa: S314 - we have just written it
    space = "{http://www.w3.org/2005/sparql-results#}"
    found = [
        result.find(f"{space}binding/{space}literal") for result in root.iter(f"{space}result")
    ]

    assert len(rows) == len(found)
    for element, (cell, _) in zip(found, rows, strict=True):
        assert element is not None
        expected = str(plain(cell))
        if expected.isprintable():
            assert expected == (element.text or "")


def test_xml_keeps_carriage_returns() -> None:
    """A reader of XML would make line feeds of them."""
    root = ET.fromstring(select((ox.Literal("a\r\nb\x1b"), None)).text("xml"))  # noqa: S314

    assert ["a\r\nb\ufffd"] == [element.text for element in root.iter() if element.text]


@pytest.mark.parametrize("form", ["json", "xml", "csv", "tsv", "table"])
def test_yes_or_no_has_every_format_of_results(form: str) -> None:
    """An ASK is true or false, and a line of its own."""
    text = QueryResult(kind="ask", answer=True).text(form)

    assert "true" in text
    assert text.endswith("\n")


@pytest.mark.parametrize("form", ["json", "xml", "csv", "tsv", "spreadsheet", "table"])
def test_no_rows_still_have_columns(form: str) -> None:
    """An empty answer names what was asked for."""
    text = select().text(form)

    assert "x" in text
    assert "y" in text


def test_a_graph_is_turtle_or_n_triples() -> None:
    """A CONSTRUCT is a graph: with our prefixes in Turtle, without any in N-Triples."""
    rdf_type = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
    model = ox.NamedNode("https://w3id.org/fair4ml#MLModel")
    result = QueryResult(
        kind="construct",
        columns=("subject", "predicate", "object"),
        rows=((A, rdf_type, model), (ox.BlankNode("b"), rdf_type, ox.Literal("x"))),
    )

    assert "a fair4ml:MLModel" in result.text("turtle")
    assert [
        f"{A} {rdf_type} {model} .",
        f'_:b {rdf_type} "x" .',
    ] == result.text("nt").splitlines()
    assert ["subject", "predicate", "object"] == result.text("table").split()[:3]


@pytest.mark.parametrize(
    ("result", "form", "message"),
    [
        (RESULT, "turtle", "cannot be written as turtle: choose one of table, json, csv"),
        (RESULT, "docx", "choose one of table"),
        (QueryResult(kind="construct"), "csv", "choose one of table, turtle, nt"),
        (QueryResult(kind="ask", answer=False), "nt", "choose one of json, csv, tsv, xml, table"),
    ],
)
def test_a_format_that_does_not_fit_is_an_error(
    result: QueryResult, form: str, message: str
) -> None:
    """The error names the formats that do."""
    with pytest.raises(UnknownFormat, match=message):
        result.text(form)


# --- for people -----------------------------------------------------------------------------------


def test_a_table_is_aligned() -> None:
    """Columns are as wide as their content, numbers stand to the right."""
    result = select(
        (ox.Literal("漢字"), ox.Literal(5)),
        (ox.Literal("e\u0301"), ox.Literal(1200)),
        (None, None),
        columns=("name", "n"),
    )

    assert ["name     n", "漢字     5", "e\u0301     1200", ""] == result.text("table").splitlines()


def test_a_mixed_column_is_text() -> None:
    """A column is one of numbers when every value in it is one."""
    assert ["x", "1", "a"] == table(["x"], [(1,), ("a",)]).splitlines()


@pytest.mark.parametrize("place", ["cell", "head"])
def test_hostile_text_is_shown_and_not_sent(place: str) -> None:
    """Escapes, controls and overrides of direction are visible, and no line is broken."""
    cells = (HOSTILE,) if place == "cell" else ("x",)
    head = HOSTILE if place == "head" else "x"
    text = table([head], [cells])

    assert r"a\x1b[2J\u202eb\r\n\x00\x7f\u2028" in text
    assert 2 == text.count("\n")
    assert all(line.isprintable() for line in text.split("\n"))


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "'=1"])
def test_a_spreadsheet_gets_no_formulas(text: str) -> None:
    """The format for spreadsheets takes the standard's liberty away, the standard's keeps it."""
    result = select((ox.Literal(text), ox.Literal(-1)))
    [_, safe] = csv.reader(io.StringIO(result.text("spreadsheet"), newline=""))
    [_, standard] = csv.reader(io.StringIO(result.text("csv"), newline=""))

    assert [f"'{text}", "-1"] == safe
    assert [text, "-1"] == standard
