"""How a query is read: its algebra, as the SPARQL standard defines it, and what each pattern meets.

Oxigraph orders the joins of a query by estimates of its own and does not tell how. So this is no
account of what it did; the counts of the patterns are what it could go by.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from rdflib import BNode, URIRef
from rdflib.paths import Path
from rdflib.plugins.sparql.algebra import translateQuery
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.term import Identifier, Variable

from graph.model.errors import InvalidQuery, QueryStopped
from graph.model.vocabulary import PREFIXES
from graph.sparql.guard import refuse
from graph.sparql.pool import WorkerPool
from graph.sparql.questions.binding import Term
from graph.sparql.questions.executables import filled
from graph.sparql.questions.glossary import curie
from graph.sparql.results import plain
from graph.sparql.runner import run_query

__all__ = ["MOST_CHARACTERS", "Step", "counts", "plan"]

MOST_CHARACTERS = 20_000
"""The longest query that is looked at: the parser in Python is slow."""

_INNER = ("p", "p1", "p2")


class Step(NamedTuple):
    """A step of the algebra, or one pattern in it: then ``pattern`` is what can be counted."""

    depth: int
    text: str
    pattern: str = ""


def plan(text: str, bindings: Mapping[str, Term] | None = None) -> tuple[Step, ...]:
    """Return the steps of a query, the outermost first.

    >>> [step.text for step in plan("SELECT ?x { ?x a fair4ml:MLModel } LIMIT 3")]
    ['the first 3', 'columns ?x', 'join of patterns', '?x a fair4ml:MLModel']

    Raises InvalidQuery where it cannot be read.
    """
    refuse(text)
    if len(text) > MOST_CHARACTERS:
        raise InvalidQuery(f"there is no plan for more than {MOST_CHARACTERS:,} characters")
    try:
        query = translateQuery(parseQuery(filled(text, dict(bindings or {}))), initNs=PREFIXES)
    except RecursionError:
        raise InvalidQuery("there is no plan for a query that is nested so deep") from None
    except Exception as error:  # noqa: BLE001 - rdflib raises a bare one, too
        line = " ".join(str(error).split())[:200]
        raise InvalidQuery(f"there is no plan, as the query cannot be read: {line}") from None
    return tuple(_steps(query.algebra, 0, None))


def counts(
    graph: WorkerPool, steps: Sequence[Step], *, seconds: float = 5
) -> dict[str, int | None]:
    """Return how many triples fit each pattern; None for what was not counted in time."""
    end = time.monotonic() + seconds
    found: dict[str, int | None] = {}
    for pattern in dict.fromkeys(step.pattern for step in steps if step.pattern):
        left = end - time.monotonic()
        found[pattern] = _count(graph, pattern, left) if left > 0 else None
    return found


def _count(graph: WorkerPool, pattern: str, seconds: float) -> int | None:
    query = _template().replace("#pattern", pattern)
    try:
        answer = run_query(graph, query, timeout=seconds)
    except (InvalidQuery, QueryStopped):
        return None
    value = plain(answer.rows[0][0])
    return value if isinstance(value, int) else None


@cache
def _template() -> str:
    return files(__package__).joinpath("pattern_count.rq").read_text(encoding="utf-8")


# --- the algebra ----------------------------------------------------------------------------------


def _steps(part: CompValue, depth: int, graph: str | None) -> Iterator[Step]:
    if text := _told(part):
        yield Step(depth, text)
        depth += 1
    if part.name == "Graph":
        graph = part.term.n3()
    for triple in part.triples or ():
        yield _pattern(triple, depth, graph)
    for name in _INNER:
        inner = getattr(part, name)  # None where there is none; get() would return the name
        if isinstance(inner, CompValue):
            yield from _steps(inner, depth, graph)


def _pattern(triple: tuple[Identifier | Path, ...], depth: int, graph: str | None) -> Step:
    subject, predicate, object_ = triple
    written = " ".join(map(_term, triple)).replace(" rdf:type ", " a ")
    if isinstance(predicate, Path):
        return Step(depth, f"{written} (a path: not counted)")
    exact = " ".join(term.n3() for term in (subject, predicate, object_))
    return Step(depth, written, f"GRAPH {graph} {{ {exact} }}" if graph else exact)


def _told(part: CompValue) -> str:
    """Return what a step does, in words; the names of the standard are for those who know them."""
    if part.name == "Slice":
        return _slice(part)
    if part.name in {"Project", "SelectQuery"}:
        return "columns " + " ".join(map(_term, part.PV)) if part.name == "Project" else ""
    if part.name == "Extend":
        return f"compute {_term(part.var)}"
    if part.name == "Group":
        return "group by " + (" ".join(map(_term, part.expr or ())) or "nothing")
    if part.name == "Graph":
        return f"in the graph {_term(part.term)}"
    return _WORDS.get(part.name, part.name)


_WORDS = {
    "AggregateJoin": "count, sum up",
    "AskQuery": "is there any?",
    "BGP": "join of patterns",
    "ConstructQuery": "make triples",
    "DescribeQuery": "describe",
    "Distinct": "drop what is there twice",
    "Filter": "keep what fits a condition",
    "Join": "join of two parts",
    "LeftJoin": "the first part, and the second where there is one",
    "Minus": "the first part without the second",
    "OrderBy": "sort",
    "Reduced": "drop some of what is there twice",
    "ToMultiSet": "a subquery, or given values",
    "Union": "either part",
    "values": "given values",
}


def _slice(part: CompValue) -> str:
    start = f" after {part.start:,}" if part.start else ""
    return f"the first {part.length:,}{start}" if part.length is not None else f"all{start}"


def _term(term: Identifier | Path | Variable) -> str:
    if isinstance(term, URIRef):
        return curie(str(term)) or term.n3()
    if isinstance(term, Path):
        return re.sub("<([^>]*)>", lambda found: curie(found[1]) or found[0], term.n3())
    return "[]" if isinstance(term, BNode) else term.n3()
