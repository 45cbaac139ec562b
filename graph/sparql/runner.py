"""Running SPARQL under a deadline and limits: the caller gets the answer, or one clear error.

Oxigraph cannot be told to stop a query. So it runs in a process of its own, which is killed when
the time is up, when the caller stops it or is interrupted, or when it grows too large; see
``pool`` and ``worker``.

Rule: an answer is whole, or says that it is not. A reply without its end is an error.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pyoxigraph as ox

from graph.model.errors import InvalidGraph, InvalidQuery, QueryStopped, RemixgraphError
from graph.model.vocabulary import PREFIXES
from graph.sparql import worker
from graph.sparql.deadline import Patience, StopToken
from graph.sparql.guard import refuse
from graph.sparql.pool import WorkerPool
from graph.sparql.results import QueryResult, Row, Term
from graph.sparql.worker_process import Reply
from graph.store.directory import unreadable

__all__ = ["MOST_BYTES", "run_query"]

MOST_BYTES = 64_000_000
"""The largest answer, as it comes from the worker."""

_ERRORS: dict[str, type[RemixgraphError]] = {
    error.__name__: error for error in (InvalidQuery, QueryStopped)
}
_NONE: Mapping[str, Term] = {}


def run_query(
    graph: str | Path | WorkerPool,
    text: str,
    *,
    bindings: Mapping[str, Term] | None = None,
    timeout: float = 30,
    limit: int = 100_000,
    stop: StopToken | None = None,
) -> QueryResult:
    """Run a query on a graph and return all of its answer, or the first ``limit`` rows of it.

    ``graph`` is the directory of a graph, or the pool that who asks often keeps for one. Our
    prefixes need no declaration. ``bindings`` give variables their values: each must be in
    the SELECT clause, of subqueries too, and in a pattern (to Oxigraph, a variable that is only in
    a BIND has no value); it is no column of the answer. ``timeout`` includes the wait for a
    worker; ``stop`` ends the query from another thread. Safe to call from several threads.

    Raises InvalidQuery, also for SERVICE and for updates; QueryStopped at the deadline, when it is
    stopped, or when the answer or the memory needed is too large; InvalidGraph where there is no
    graph.
    """
    refuse(text)
    patience = Patience(timeout, stop)
    with _pool(graph) as pool, pool.lend(patience) as process:
        request = {
            "store": str(process.store),
            "query": text,
            "prefixes": PREFIXES,
            "bindings": _table(bindings or _NONE),
            "rows": limit,
            "bytes": MOST_BYTES,
        }
        reply = process.ask(json.dumps(request).encode(), patience)
        if reply.error and reply.error["error"] == InvalidGraph.__name__:
            process.fit = False
            raise unreadable(pool.directory, process.info)
    return _result(reply)


@contextmanager
def _pool(graph: str | Path | WorkerPool) -> Iterator[WorkerPool]:
    """Return the pool that was given, or one of a single worker for a single query."""
    if isinstance(graph, WorkerPool):
        yield graph
    else:
        with WorkerPool(graph, workers=1, replace=False) as pool:
            yield pool


def _table(bindings: Mapping[str, Term]) -> str:
    """Write bindings as one row of SPARQL TSV."""
    if not bindings:
        return ""
    head = "\t".join(f"?{name}" for name in bindings)
    return f"{head}\n" + "\t".join(map(worker.term_text, bindings.values())) + "\n"


def _result(reply: Reply) -> QueryResult:
    if reply.error is not None:
        raise _ERRORS[reply.error["error"]](_shortened(reply.error["message"]))
    assert reply.end is not None  # noqa: S101 - ask() returns no other
    kind, columns = reply.head["kind"], tuple(reply.head["columns"])
    truncated = reply.end["truncated"]
    if kind == "ask":
        return QueryResult(kind="ask", answer=reply.data == b"true\n")
    rows = _solutions(columns, reply.data) if kind == "select" else _triples(reply.data)
    return QueryResult(kind=kind, columns=columns, rows=rows, truncated=truncated)


def _solutions(columns: tuple[str, ...], data: bytearray) -> tuple[Row, ...]:
    head = "\t".join(f"?{name}" for name in columns).encode()
    table = head + b"\n" + bytes(data)
    solutions = ox.parse_query_results(table, ox.QueryResultsFormat.TSV)
    assert isinstance(solutions, ox.QuerySolutions)  # noqa: S101 - TSV holds nothing else
    return tuple(map(tuple, solutions))


def _triples(data: bytearray) -> tuple[Row, ...]:
    quads = ox.parse(bytes(data), format=ox.RdfFormat.N_TRIPLES)
    rows = [(quad.subject, quad.predicate, quad.object) for quad in quads]
    return tuple(sorted(rows, key=str))


def _shortened(message: str) -> str:
    """Keep an error in one line: Oxigraph lists everything that it would have understood."""
    line = " ".join(message.split())
    return line if len(line) <= 300 else line[:299] + "…"  # noqa: PLR2004 - a long line
