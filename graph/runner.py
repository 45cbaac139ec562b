"""Running SPARQL under a deadline and limits: the caller gets the answer, or one clear error.

Oxigraph cannot be told to stop a query. So it runs in a process of its own, which is killed when
the time is up, when the caller is interrupted, or when it grows too large; see ``worker``.

Rule: an answer is whole, or says that it is not. A reply without its end is an error.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import pyoxigraph as ox

from graph import worker
from graph.directory import build_directory
from graph.errors import InvalidGraph, InvalidQuery, QueryStopped, RemixgraphError
from graph.refusals import refuse
from graph.results import QueryResult, Row, Term
from graph.store import LineageGraph
from graph.vocabulary import PREFIXES

__all__ = ["MOST_BYTES", "MOST_MEMORY", "run_query"]

MOST_BYTES = 64_000_000
"""The largest answer, as it comes from the worker."""

MOST_MEMORY = 4 << 30
"""How much memory a worker may take, beyond what it starts with."""

_ERRORS: dict[str, type[RemixgraphError]] = {
    error.__name__: error for error in (InvalidGraph, InvalidQuery, QueryStopped)
}
_NONE: Mapping[str, Term] = {}

_OUT_OF_MEMORY = ("allocat", "MemoryError", "Resource temporarily unavailable")
"""What Oxigraph, Python and, for want of room for a thread, RocksDB say."""


def run_query(
    directory: str | Path,
    text: str,
    *,
    bindings: Mapping[str, Term] | None = None,
    timeout: float = 30,
    limit: int = 100_000,
) -> QueryResult:
    """Run a query on a graph and return all of its answer, or the first ``limit`` rows of it.

    Our prefixes need no declaration. ``bindings`` give variables their values: each must be in
    the SELECT clause, of subqueries too, and in a pattern (to Oxigraph, a variable that is only in
    a BIND has no value); it is no column of the answer. Safe to call from several threads.

    Raises InvalidQuery, also for SERVICE and for updates; QueryStopped at the deadline, or when
    the answer or the memory needed is too large; InvalidGraph where there is no graph.
    """
    refuse(text)
    with _worker() as process, LineageGraph.open(directory) as graph:
        request = {
            "store": str(build_directory(graph.directory, graph.info.build) / "store"),
            "query": text,
            "prefixes": PREFIXES,
            "bindings": _table(bindings or _NONE),
            "rows": limit,
            "bytes": MOST_BYTES,
        }
        return _result(process.ask(json.dumps(request).encode(), timeout))


class _Reply:
    """What a worker has sent of its reply so far."""

    def __init__(self) -> None:
        self.head: dict[str, Any] = {}
        self.data = bytearray()
        self.end: dict[str, Any] | None = None
        self.error: dict[str, str] | None = None

    def take(self, frame: IO[bytes]) -> bool:
        """Read one frame; return whether another one is to come."""
        prefix = frame.read(worker.FRAME.size)
        if len(prefix) < worker.FRAME.size:
            return False
        kind, size = worker.FRAME.unpack(prefix)
        payload = frame.read(size)
        if len(payload) < size:
            return False
        if kind == b"h":
            self.head = json.loads(payload)
        elif kind == b"d":
            self.data += payload
        elif kind == b"e":
            self.end = json.loads(payload)
        else:
            self.error = json.loads(payload)
        return self.end is None and self.error is None


class _Worker:
    """A process that answers queries, one at a time."""

    def __init__(self) -> None:
        self._complaints = tempfile.TemporaryFile()  # noqa: SIM115 - closed by stop()
        # -P: the folder of worker.py holds modules, none of which should be found by its name.
        self._process = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-P", worker.__file__, str(MOST_MEMORY)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._complaints,
        )

    def ask(self, request: bytes, timeout: float) -> _Reply:
        """Send a request and return the whole reply; the process is killed when time is up."""
        expired = threading.Event()

        def expire() -> None:
            expired.set()
            self._process.kill()

        timer = threading.Timer(timeout, expire)
        timer.daemon = True
        timer.start()
        try:
            reply = self._exchange(request)
        finally:
            timer.cancel()
        if reply.end is not None or reply.error is not None:
            return reply
        if expired.is_set():
            raise QueryStopped(
                f"the query was stopped after {timeout:g} s: narrow it down, or allow it more time"
            )
        raise self._diagnosis()

    def stop(self) -> None:
        """End the process, whatever it is doing."""
        self._process.kill()
        self._process.communicate()
        self._complaints.close()

    def _exchange(self, request: bytes) -> _Reply:
        assert self._process.stdin is not None  # noqa: S101 - they are pipes
        assert self._process.stdout is not None  # noqa: S101 - likewise
        reply = _Reply()
        try:
            self._process.stdin.write(request + b"\n")
            self._process.stdin.flush()
        except BrokenPipeError:  # it has died already; its last words tell why
            return reply
        while reply.take(self._process.stdout):
            pass
        return reply

    def _diagnosis(self) -> RemixgraphError:
        """Tell why a worker died in the midst of a query."""
        status = self._process.wait()
        self._complaints.seek(0)
        complaints = self._complaints.read().decode(errors="replace")
        if "overflowed its stack" in complaints or status == -signal.SIGSEGV:
            return InvalidQuery("the query is nested too deeply: simplify it")
        if any(sign in complaints for sign in _OUT_OF_MEMORY):
            return QueryStopped(
                f"the query needs more than {MOST_MEMORY / 2**30:g} GiB of memory: narrow it down"
            )
        last = complaints.strip().splitlines()[-1:] or [f"exit status {status}"]
        return QueryStopped(f"the query ended without an answer ({last[0]}): narrow it down")


@contextmanager
def _worker() -> Iterator[_Worker]:
    """Lend a worker for one query. A pool of them would change nothing but this."""
    process = _Worker()
    try:
        yield process
    finally:
        process.stop()


def _table(bindings: Mapping[str, Term]) -> str:
    """Write bindings as one row of SPARQL TSV."""
    if not bindings:
        return ""
    head = "\t".join(f"?{name}" for name in bindings)
    return f"{head}\n" + "\t".join(map(worker.term_text, bindings.values())) + "\n"


def _result(reply: _Reply) -> QueryResult:
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
