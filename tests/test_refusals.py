"""Queries that call other servers or would write are refused, however they are dressed up."""

from __future__ import annotations

import time
from contextlib import suppress

import pyoxigraph as ox
import pytest

from graph.model.errors import InvalidQuery
from graph.sparql.guard import MOST_CHARACTERS, refuse

PREFIXES = {"ex": "http://127.0.0.1:9/", "p": "http://p.example/", "": "http://127.0.0.1:9/"}

CALLS = [
    "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
    "SELECT * { { { OPTIONAL { sErViCe SILENT ex:a { ?s ?p ?o } } } } }",
    "SELECT * { { SELECT * { SERVICE # for you\n # and me\n ?x { } } } }",
    "ASK { FILTER EXISTS { SERVICE ex:a { } } }",
    "CONSTRUCT { ?s ?p ?o } WHERE { GRAPH ?g { service ex:a { ?s ?p ?o } } }",
    "SELECT * { LATERAL { SERVICE ex:a { } } }",
    # No token need end where the keyword begins, nor the keyword before its target.
    "SELECT * { SERVICEex:a { } }",
    "SELECT * { SERVICESILENTex:a { } }",
    "SELECT * { SERVICE:a { } }",
    "SELECT * { SERVICE?x{ } }",
    "SELECT * { ?s ?p 1SERVICE ex:a{ } }",
    "SELECT * { ?s ?p 1.SERVICE ex:a{ } }",
    "SELECT * { ?s ?p trueSERVICE ex:a{ } }",
    "SELECT * { ?s ?p 'x'SERVICE ex:a{ } }",
    "SELECT * { FILTER(?a<?b)SERVICE ex:a{ } }",
    "SELECT * { ?s ?p ?o SERVICE ex:a\\~b#{\n{ } }",
    # What looks like an address is a comparison and a comment; what looks like a string is none.
    'SELECT * { FILTER(1<#a>"""\n2) SERVICE ex:a { } #"""\n }',
    "SELECT * { FILTER(1<#a>'''\n2) SERVICE ex:a { } #'''\n }",
    "SELECT * { FILTER('a'@base <#a>'''\n'b') SERVICE ex:a { } #'''\n }",
    "SELECT * { ?s ?p ('''a') SERVICE ex:a { } #\\q'''\n }",
    "SELECT * { ?s ?p ('''a') SERVICE ex:a { } #\\ud800'''\n }",
    "SELECT * { p:a\\' p:p ?o SERVICE ex:a { } #'\n }",
    "SELECT * { p:a\\# p:p ?o SERVICE ex:a { } }",
    "SELECT * { ?s ?p ?o #c\r SERVICE ex:a { } }",
]


@pytest.mark.parametrize("query", CALLS)
def test_a_call_is_refused(query: str) -> None:
    """Oxigraph takes each of these for a call, and would make it."""
    ox.Store().query(query, prefixes=PREFIXES)

    with pytest.raises(InvalidQuery, match=r"line \d+, column \d+: SERVICE is refused"):
        refuse(query)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?service { ?service p:service p:service }",
        "SELECT ?a ?service ?x { ?a ?service ?x }",
        "SELECT * { p:service p:p ?o . GRAPH p:service { ?s ?p ?o } }",
        "PREFIX service: <http://p.example/> SELECT * { service:x service:y ?o }",
        "SELECT * { <http://p.example/service> ?p <http://p.example/SERVICE#x> }",
        "SELECT * { ?s ?p 'a SERVICE <http://a.example/> { }' }",
        'SELECT * { ?s ?p """a "SERVICE" <b>: SERVICE ex:a { } """ }',
        "PREFIX x: <http://x.example/#> SELECT * { } # SERVICE <http://a.example/> { }",
        "# SERVICE ex:a {\nBASE <http://x.example/#> PREFIX : <y#>\nSELECT * { ?s ?p ?o }",
        "SELECT * { ?s ?p 'it\\'s' } # a SERVICE ex:a { }",
        "SELECT * { ?s ?p 'service' , \"at your service\" FILTER(?s<?o&&?o>?s) }",
        "SELECT * FROM <http://a.example/data> { ?s ?p ?o }",
        "DESCRIBE p:service",
    ],
)
def test_the_word_alone_is_no_call(query: str) -> None:
    """As a variable, a name, in an address, a string or a comment it is harmless."""
    ox.Store().query(query, prefixes=PREFIXES)

    refuse(query)


def test_a_call_in_a_string_is_refused_where_the_text_may_be_read_in_two_ways() -> None:
    """The check may refuse too much: here the address might be a comparison and a comment."""
    with pytest.raises(InvalidQuery, match="leave it out, in comments and strings too"):
        refuse("SELECT * { ?s <http://x.example/#p> 'SERVICE ex:a { }' }")


@pytest.mark.parametrize(
    ("query", "word"),
    [
        ("INSERT DATA { ex:a ex:b ex:c }", "INSERT"),
        ("PREFIX a: <b>\n# SELECT\nlOaD <http://a.example/>", "LOAD"),
        ("BASE <http://a.example/> WITH <g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }", "WITH"),
        ("drop all", "DROP"),
    ],
)
def test_an_update_is_refused_by_name(query: str, word: str) -> None:
    """Oxigraph would only call it a syntax error."""
    with pytest.raises(InvalidQuery, match=f"{word} is refused: a graph is only read"):
        refuse(query)


@pytest.mark.parametrize("query", ["", "   ", "#", "\\", "'", "{ INSERT }", "SELECT INSERT"])
def test_nonsense_is_left_to_the_parser(query: str) -> None:
    """It knows better what is wrong."""
    refuse(query)


@pytest.mark.parametrize(
    "query", ["x" * (MOST_CHARACTERS + 1), "service " * 101], ids=["long", "repetitive"]
)
def test_what_would_take_long_to_check_is_refused(query: str) -> None:
    """Nobody writes such a query."""
    with pytest.raises(InvalidQuery, match="shorten it"):
        refuse(query)


@pytest.mark.parametrize(
    "piece",
    ["'", '"""', "<", "<a", "\\", "a.", ":", "PREFIX ", " ", "#", "service:", "?", "BASE <"],
)
def test_checking_takes_no_longer_than_reading(piece: str) -> None:
    """No repetition makes the check slow."""
    text = "service ex:a {" + (piece * (MOST_CHARACTERS // len(piece)))[: MOST_CHARACTERS - 20]
    started = time.process_time()
    with suppress(InvalidQuery):
        refuse(text)

    assert time.process_time() - started < 5
