"""Queries that are refused before they run: those that would write, or call other servers.

A store that is only read cannot be written, so the first is a matter of a clear message. The
second is a matter of safety: Oxigraph does send a ``SERVICE`` pattern's query to any address.

Rule: the check may refuse too much, never too little. Oxigraph's grammar has no tokens: where
``"1<#a>"`` begins with a number, a less-than sign and a comment, a lexer sees an address, and
``1SERVICE ex:x {}`` is a call. So the text is first searched for the *shape* of a call - the
word, a target, a brace - anywhere, even in strings and comments. What is found is let through
only where the text cannot be read in two ways and it lies in a string or comment.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from graph.model.errors import InvalidQuery

__all__ = ["MOST_CHARACTERS", "refuse"]

MOST_CHARACTERS = 500_000
"""The longest query that is looked at."""

_MOST_MENTIONS = 100

# White space and comments, as the grammar has them between two tokens.
_GAP = r"(?>[\s\ufeff]|\#[^\r\n]*+)*+"
# A target is an address, a variable or a prefixed name; the last two end at a gap or a brace.
_NAME = r"(?>\\.|[^\s{<>\"\#\\])++"
_CALL = re.compile(
    rf"service{_GAP}(?:silent{_GAP})?(?:<[^<>\s]*+>|[?$]{_NAME}|(?=[^\s{{]*:){_NAME}){_GAP}\{{",
    re.IGNORECASE,
)
_MENTION = re.compile("service", re.IGNORECASE)

# An escape that Oxigraph may refuse would end the string elsewhere: only the plain ones are sure.
_ESCAPE = r"\\[tbnrf\"'\\]"
_TOKEN = re.compile(
    rf"""
      (?P<comment> \#[^\r\n]*+ )
    | (?P<string> \"\"\"(?:{_ESCAPE}|(?!\"\"\")[^\\])*+\"\"\"
                | '''(?:{_ESCAPE}|(?!''')[^\\])*+'''
                | "(?!"")(?:{_ESCAPE}|[^"\\\r\n])*+" | '(?!'')(?:{_ESCAPE}|[^'\\\r\n])*+' )
    | (?P<prologue> \b(?:PREFIX\s+[^\s<>:]*+:|BASE)\s*<[^<>"{{}}|^`\\\s]*+> )
    | (?P<iri> <[^<>"{{}}|^`\\\s]*+> )
    | (?P<variable> [?$]\w++ )
    | (?P<word> [\w.-]++(?!:) )
    | (?P<name> [\w.-]*+:(?:[\w.:%-]|\\[_~.!$&'()*+,;=/?\#@%-])*+ )
    | (?P<other> . )
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_FORMS = frozenset(["SELECT", "ASK", "CONSTRUCT", "DESCRIBE"])
_UPDATES = frozenset(
    ["INSERT", "DELETE", "WITH", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD"]
)


def refuse(text: str) -> None:
    """Raise InvalidQuery for a query that would write or call another server.

    >>> refuse("SELECT * { ?service ?p 'SERVICE <http://a.example/> {}' }  # no service here")
    >>> refuse("SELECT * { { sErViCe <http://a.example/> { ?s ?p ?o } } }")
    Traceback (most recent call last):
    graph.errors.InvalidQuery: line 1, column 14: SERVICE is refused: ...
    """
    if len(text) > MOST_CHARACTERS:
        raise InvalidQuery(f"the query has more than {MOST_CHARACTERS:,} characters: shorten it")
    if (word := _first_word(text)) and word.upper() in _UPDATES:
        raise InvalidQuery(
            f"{word.upper()} is refused: a graph is only read;"
            " ask with SELECT, ASK, CONSTRUCT or DESCRIBE"
        )
    for position in _calls(text):
        line = text.count("\n", 0, position) + 1
        column = position - text.rfind("\n", 0, position)
        raise InvalidQuery(
            f"line {line}, column {column}: SERVICE is refused: a query reads this graph and calls"
            " no other server; leave it out, in comments and strings too"
        )


def _first_word(text: str) -> str | None:
    """Return the first word after the prologue: what the query does."""
    for match in _TOKEN.finditer(text):
        if match.lastgroup == "word":
            return match[0]
        if match.lastgroup not in {"comment", "prologue"} and not match[0].isspace():
            return None
    return None


def _calls(text: str) -> Iterator[int]:
    mentions = [match.start() for match in _MENTION.finditer(text)]
    if len(mentions) > _MOST_MENTIONS:
        raise InvalidQuery(f"the query says 'service' more than {_MOST_MENTIONS} times: shorten it")
    found = [position for position in mentions if _CALL.match(text, position)]
    if found:
        harmless = list(_harmless(text))
        for position in found:
            if not any(start <= position < end for start, end in harmless):
                yield position


def _harmless(text: str) -> Iterator[tuple[int, int]]:
    """Yield where strings, comments and variables lie, as far as that is beyond doubt."""
    in_prologue = True
    for match in _TOKEN.finditer(text):
        group, piece = match.lastgroup, match[0]
        in_prologue = in_prologue and (group in {"comment", "prologue"} or piece.isspace())
        if group in {"comment", "string", "variable"}:
            yield match.span()
        elif piece in "\"'\\":
            return  # a quote that opens nothing
        elif group in {"iri", "prologue"} and not in_prologue and not set(piece).isdisjoint("#'"):
            return  # an address, or else a comparison with a comment or a string
