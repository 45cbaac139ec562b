"""RDF terms as N-Triples text, and back to Python values.

The mapping speaks in these texts: they are what the bulk loader reads, and what comes out of
the store as ``str(term)``. Literals are written in the form that Oxigraph writes them, so that
a term keeps its bytes on the way through the store.
"""

from __future__ import annotations

import re
from decimal import Decimal

from graph.model.vocabulary import XSD

__all__ = [
    "boolean",
    "double",
    "instant",
    "integer",
    "iri",
    "iri_value",
    "is_iri",
    "literal_value",
    "text",
    "uri",
]

_INTEGER = f'"^^<{XSD.integer}>'
_DOUBLE = f'"^^<{XSD.double}>'
_BOOLEAN = f'"^^<{XSD.boolean}>'
_INSTANT = f'"^^<{XSD.dateTime}>'
_URI = f'"^^<{XSD.anyURI}>'

_SPECIAL = re.compile('[\x00-\x1f"\\\\\x7f\ufffe\uffff]')
_NAMED_ESCAPES = {"\b": "b", "\t": "t", "\n": "n", "\f": "f", "\r": "r", '"': '"', "\\": "\\"}
_UNESCAPE = {letter: char for char, letter in _NAMED_ESCAPES.items()} | {"'": "'"}
_ESCAPE = re.compile(r"\\(u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)", re.DOTALL)


def iri(value: str) -> str:
    """Write an IRI that is already percent-encoded."""
    return f"<{value}>"


def text(value: str) -> str:
    r"""Write a plain string.

    >>> print(text('say "hi"'))
    "say \"hi\""
    """
    if _SPECIAL.search(value):
        value = _SPECIAL.sub(_escape, value)
    return f'"{value}"'


def uri(value: str) -> str:
    """Write an address that others gave us, as a literal: it may be anything."""
    return text(value)[:-1] + _URI


def integer(value: int) -> str:
    """Write a whole number."""
    return f'"{value}{_INTEGER}'


def double(value: float) -> str:
    """Write a finite number, without an exponent, as Oxigraph does.

    >>> print(double(41.0))
    "41"^^<http://www.w3.org/2001/XMLSchema#double>
    """
    digits = format(Decimal(repr(value)), "f")
    return f'"{digits.removesuffix(".0")}{_DOUBLE}'


def boolean(value: bool) -> str:  # noqa: FBT001 - the value to write, not a choice
    """Write true or false."""
    return f'"{"true" if value else "false"}{_BOOLEAN}'


def instant(value: str) -> str:
    """Write a point in time that is already in the form of ``xsd:dateTime``."""
    return f'"{value}{_INSTANT}'


def is_iri(term: str) -> bool:
    """Tell IRIs from literals."""
    return term.startswith("<")


def iri_value(term: str) -> str:
    """Read an IRI."""
    return term[1:-1]


def literal_value(term: str) -> str:
    r"""Read the characters of a literal, whatever its datatype.

    >>> literal_value('"a\\tb"')
    'a\tb'
    """
    body = term[1 : term.rindex('"')]
    return _ESCAPE.sub(_unescape, body) if "\\" in body else body


def _escape(match: re.Match[str]) -> str:
    char = match[0]
    letter = _NAMED_ESCAPES.get(char)
    return f"\\{letter}" if letter else f"\\u{ord(char):04X}"


def _unescape(match: re.Match[str]) -> str:
    code = match[1]
    return chr(int(code[1:], 16)) if code[0] in "uU" else _UNESCAPE[code]
