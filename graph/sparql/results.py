"""The answer to a query, and how it is written: the standard formats, and a table for people.

Rule: a cell is the RDF term itself; what is plain or shortened is made when it is asked for.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

import pyoxigraph as ox

from graph.model.errors import UnknownFormat
from graph.model.vocabulary import PREFIXES, XSD
from graph.sparql.result_table import table

__all__ = ["Cell", "Plain", "QueryResult", "Row", "Term", "plain"]

Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
Cell = Term | None
Row = tuple[Cell, ...]
Plain = str | int | float | bool | None

_INTEGER = XSD.integer
_NUMBERS = frozenset(str(term) for term in (XSD.decimal, XSD.double, XSD.float))
_BOOLEAN = XSD.boolean


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryResult:
    """All that a query answered, or its first rows, and then ``truncated`` says so.

    A ``select`` has rows, with None where a variable has no value; a ``construct`` has triples as
    rows, sorted; an ``ask`` has only ``answer``.
    """

    kind: Literal["select", "ask", "construct"]
    columns: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    answer: bool | None = None
    truncated: bool = False

    def records(self) -> list[dict[str, Plain]]:
        """Return the rows as plain Python values by column."""
        return [dict(zip(self.columns, map(plain, row), strict=True)) for row in self.rows]

    @property
    def forms(self) -> tuple[str, ...]:
        """The formats that it can be written in."""
        return tuple(_WRITERS[self.kind])

    def text(self, form: str) -> str:
        """Write the result in a format; raises UnknownFormat where there is none of this name.

        ``csv`` is the standard's. A cell of it that begins with '=' is a formula to spreadsheets,
        so ``spreadsheet`` is a CSV in which such text is preceded by an apostrophe.
        """
        writers = _WRITERS[self.kind]
        if form not in writers:
            raise UnknownFormat(
                f"the answer to this query cannot be written as {form}:"
                f" choose one of {', '.join(writers)}"
            )
        return writers[form](self)


def plain(cell: Cell) -> Plain:
    """Return a term as a plain value: a number, a truth value, or text.

    >>> plain(ox.Literal(3)), plain(ox.Literal("3")), plain(ox.NamedNode("http://a.example/"))
    (3, '3', 'http://a.example/')
    """
    if cell is None:
        return None
    if isinstance(cell, ox.Literal):
        return _plain_literal(cell)
    return str(cell) if isinstance(cell, ox.Triple | ox.BlankNode) else cell.value


def _plain_literal(cell: ox.Literal) -> Plain:
    datatype = cell.datatype.value
    try:
        if datatype == _INTEGER:
            return int(cell.value)
        if datatype in _NUMBERS:
            return float(cell.value)
    except ValueError:  # not a number, whatever its datatype says; or one of 5,000 digits
        return cell.value
    if datatype == _BOOLEAN and cell.value in {"true", "false"}:
        return cell.value == "true"
    return cell.value


def _table(result: QueryResult) -> str:
    return table(result.columns, [tuple(map(plain, row)) for row in result.rows])


def _answer_table(result: QueryResult) -> str:
    return "true\n" if result.answer else "false\n"


def _spreadsheet(result: QueryResult) -> str:
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(map(_defused, result.columns))
    writer.writerows([_defused(plain(cell)) for cell in row] for row in result.rows)
    return buffer.getvalue()


def _defused(value: Plain) -> Plain:
    if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "'")):
        return f"'{value}"
    return value


def _standard(format_: ox.QueryResultsFormat) -> Callable[[QueryResult], str]:
    """Return a writer that leaves the work to Oxigraph."""

    def write(result: QueryResult) -> str:
        document = json.dumps(_document(result)).encode()
        parsed = ox.parse_query_results(document, ox.QueryResultsFormat.JSON)
        text = (parsed.serialize(format=format_) or b"").decode()
        return text if text.endswith("\n") else text + "\n"

    return write


_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def _xml(result: QueryResult) -> str:
    """XML 1.0 has no way to write most control characters, and readers lose carriage returns."""
    text = _standard(ox.QueryResultsFormat.XML)(result)
    return _NOT_XML.sub("\ufffd", text).replace("\r", "&#13;")


def _graph(format_: ox.RdfFormat) -> Callable[[QueryResult], str]:
    def write(result: QueryResult) -> str:
        triples = _triples(result)
        prefixes = PREFIXES if format_ == ox.RdfFormat.TURTLE else None
        return (ox.serialize(triples, format=format_, prefixes=prefixes) or b"").decode()

    return write


def _triples(result: QueryResult) -> Iterator[ox.Triple]:
    for subject, predicate, object_ in result.rows:
        assert isinstance(subject, ox.NamedNode | ox.BlankNode)  # noqa: S101 - RDF has no others
        assert isinstance(predicate, ox.NamedNode)  # noqa: S101 - likewise
        assert object_ is not None  # noqa: S101 - likewise
        yield ox.Triple(subject, predicate, object_)


def _document(result: QueryResult) -> dict[str, Any]:
    """Return SPARQL 1.1 Query Results JSON."""
    if result.kind == "ask":
        return {"head": {}, "boolean": result.answer}
    bindings = [
        {
            name: _term(cell)
            for name, cell in zip(result.columns, row, strict=True)
            if cell is not None
        }
        for row in result.rows
    ]
    return {"head": {"vars": result.columns}, "results": {"bindings": bindings}}


def _term(term: Term) -> dict[str, Any]:
    if isinstance(term, ox.NamedNode):
        return {"type": "uri", "value": term.value}
    if isinstance(term, ox.BlankNode):
        return {"type": "bnode", "value": term.value}
    if isinstance(term, ox.Triple):
        parts = {"subject": term.subject, "predicate": term.predicate, "object": term.object}
        return {"type": "triple", "value": {name: _term(part) for name, part in parts.items()}}
    written = {"type": "literal", "value": term.value}
    if term.language is None:
        return written | {"datatype": term.datatype.value}
    written["xml:lang"] = term.language
    return written | ({"its:dir": str(term.direction)} if term.direction else {})


_SELECT: dict[str, Callable[[QueryResult], str]] = {
    "table": _table,
    "json": _standard(ox.QueryResultsFormat.JSON),
    "csv": _standard(ox.QueryResultsFormat.CSV),
    "tsv": _standard(ox.QueryResultsFormat.TSV),
    "xml": _xml,
    "spreadsheet": _spreadsheet,
}
_WRITERS: dict[str, dict[str, Callable[[QueryResult], str]]] = {
    "select": _SELECT,
    "ask": {name: _SELECT[name] for name in ("json", "csv", "tsv", "xml")}
    | {"table": _answer_table},
    "construct": {
        "table": _table,
        "turtle": _graph(ox.RdfFormat.TURTLE),
        "nt": _graph(ox.RdfFormat.N_TRIPLES),
    },
}
