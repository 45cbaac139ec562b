"""The process in which queries run, apart from the program that asks, so that it can be killed.

Rule: it imports nothing but the standard library and pyoxigraph, and so starts at once.

A request is one line of JSON on standard input: the store's path, the query, default prefixes,
bindings (one row of SPARQL TSV), and the most rows and bytes to answer with. The reply goes to
standard output in frames: a letter, the length of the rest in four bytes, the rest.

    h   what the answer is: its kind and columns, as JSON
    d   a part of the answer, in whole lines: SPARQL TSV without its head, N-Triples, or true/false
    e   the end: whether rows were left out, as JSON. Without it, an answer is worth nothing
    x   an error instead of the rest: the name of one of our errors and a message, as JSON

The last two also say whether the process is ``spent``: it holds memory that another query should
not find taken. The store is opened once, before the first request.

When standard input ends, the process ends too, even in the midst of a query: whoever asked is gone.
"""

from __future__ import annotations

import json
import os
import queue
import signal
import struct
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from functools import lru_cache
from typing import Any, BinaryIO

import pyoxigraph as ox

__all__ = ["FRAME", "answer", "serve", "term_text"]

FRAME = struct.Struct(">cI")
_CHUNK = 1 << 16
_STATUS = "/proc/self/status"
_SPENT = 512 << 20

Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
Send = Callable[[bytes, bytes], None]


class _TooLarge(Exception):
    """Indicates an answer of more bytes than were asked for."""


class _Unreadable(Exception):
    """Indicates a store that cannot be opened."""


def serve(requests: BinaryIO, replies: BinaryIO) -> None:
    """Answer requests, one after the other, until there are no more."""

    def send(kind: bytes, payload: bytes) -> None:
        replies.write(FRAME.pack(kind, len(payload)) + payload)
        if kind in b"ex":
            replies.flush()

    waiting: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(requests, waiting), daemon=True).start()
    while line := waiting.get():
        answer(json.loads(line), send)


def answer(request: dict[str, Any], send: Send) -> None:
    """Run one query and send its reply, whatever happens."""
    try:
        _answer(request, send)
    except SyntaxError as error:
        _fail(send, "InvalidQuery", f"the query cannot be read: {error}")
    except _TooLarge:
        _fail(
            send,
            "QueryStopped",
            f"the answer has more than {request['bytes'] / 1e6:,.0f} MB:"
            " ask for fewer columns, or narrow the query down",
        )
    except MemoryError:
        _fail(send, "QueryStopped", "the query needs too much memory: narrow it down")
    except (RuntimeError, ValueError) as error:
        _fail(send, "InvalidQuery", f"the query cannot be answered: {error}")
    except (OSError, _Unreadable) as error:
        _fail(send, "InvalidGraph", f"the store cannot be read ({error}): build the graph again")


def term_text(term: Term | None) -> str:
    r"""Write a term as it stands in SPARQL TSV; none is empty.

    >>> print(term_text(ox.Literal("a\tb", language="en")))
    "a\tb"@en
    """
    if term is None:
        return ""
    return f"<<( {term} )>>" if isinstance(term, ox.Triple) else str(term)


def _listen(requests: BinaryIO, waiting: queue.SimpleQueue[bytes]) -> None:
    for line in requests:
        waiting.put(line)
    os._exit(0)


def _answer(request: dict[str, Any], send: Send) -> None:
    bound = _bindings(request["bindings"])
    found = _store(request["store"]).query(
        request["query"], prefixes=request["prefixes"], substitutions=bound
    )
    limit = request["rows"]
    if isinstance(found, ox.QueryBoolean):
        _head(send, "ask", ())
        lines: Iterable[str] = iter([str(bool(found)).lower()])
    elif isinstance(found, ox.QuerySolutions):
        variables = [variable for variable in found.variables if variable not in bound]
        _head(send, "select", [variable.value for variable in variables])
        names = [variable.value for variable in variables]
        lines = ("\t".join(term_text(row[name]) for name in names) for row in found)
    else:
        _head(send, "construct", ("subject", "predicate", "object"))
        lines = _distinct(f"{triple} ." for triple in found)
    truncated = _send_lines(lines, limit, request["bytes"], send)
    send(b"e", json.dumps({"truncated": truncated, "spent": _peak() > _SPENT}).encode())


@lru_cache(maxsize=1)
def _store(path: str) -> ox.Store:
    try:
        return ox.Store.read_only(path)
    except (OSError, RuntimeError) as error:
        raise _Unreadable(error) from None


def _bindings(table: str) -> dict[ox.Variable, Term]:
    if not table:
        return {}
    solutions = ox.parse_query_results(table, ox.QueryResultsFormat.TSV)
    assert isinstance(solutions, ox.QuerySolutions)  # noqa: S101 - TSV holds nothing else
    return dict(zip(solutions.variables, next(solutions), strict=True))


def _head(send: Send, kind: str, columns: Iterable[str]) -> None:
    send(b"h", json.dumps({"kind": kind, "columns": list(columns)}).encode())


def _distinct(lines: Iterable[str]) -> Iterator[str]:
    """A constructed graph is a set, and Oxigraph yields a triple as often as it comes up."""
    seen: set[str] = set()
    for line in lines:
        if line not in seen:
            seen.add(line)
            yield line


def _send_lines(lines: Iterable[str], most: int, most_bytes: int, send: Send) -> bool:
    """Send lines in chunks; return whether some were left out."""
    chunk = bytearray()
    size = 0
    for number, line in enumerate(lines):
        if number == most:
            send(b"d", bytes(chunk))
            return True
        chunk += line.encode()
        chunk += b"\n"
        if size + len(chunk) > most_bytes:
            raise _TooLarge
        if len(chunk) > _CHUNK:
            size += len(chunk)
            send(b"d", bytes(chunk))
            chunk.clear()
    send(b"d", bytes(chunk))
    return False


def _fail(send: Send, error: str, message: str) -> None:
    spent = _peak() > _SPENT
    send(b"x", json.dumps({"error": error, "message": message, "spent": spent}).encode())


def _peak() -> int:
    """Return the most memory that the process has ever had, in bytes, where the system tells it.

    On Linux ``ru_maxrss`` would count what the process that started this one had, too.
    """
    if os.path.exists(_STATUS):  # noqa: PTH110 - pathlib takes as long to import as a query
        with open(_STATUS, encoding="ascii", errors="replace") as status:  # noqa: PTH123 - likewise
            return next((int(line.split()[1]) for line in status if line[:6] == "VmHWM:"), 0) * 1024
    if sys.platform == "win32":
        return 0
    import resource  # noqa: PLC0415 - exists on some systems only

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _limit_memory(more: int) -> None:
    """Allow the process so many bytes more than it has.

    Linux holds it to that. What counts there is memory that is written, not address space: of
    that, an opened store reserves more with every thread. Elsewhere the process watches itself;
    Windows has no limit.
    """
    if sys.platform == "linux":
        import resource  # noqa: PLC0415 - exists on some systems only

        with open("/proc/self/statm", encoding="ascii") as file:  # noqa: PTH123 - quick to start
            pages = int(file.read().split()[5])
        most = pages * resource.getpagesize() + more
        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        if hard != resource.RLIM_INFINITY:
            most = min(most, hard)
        resource.setrlimit(resource.RLIMIT_DATA, (most, hard))
    elif sys.platform != "win32":
        threading.Thread(target=_watch_memory, args=(_peak() + more,), daemon=True).start()


def _watch_memory(most: int) -> None:
    while _peak() <= most:
        time.sleep(0.05)
    os.write(2, b"no more memory is allocated\n")
    os._exit(1)


def _offer_as_victim() -> None:
    """Where memory runs out on the whole machine, let Linux end this process before any other."""
    with suppress(OSError), open("/proc/self/oom_score_adj", "w") as file:  # noqa: PTH123 - quick
        file.write("1000")


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the asker, who decides
    _offer_as_victim()
    with suppress(_Unreadable):  # the first request will tell
        _store(sys.argv[1])
    _limit_memory(int(sys.argv[2]))
    serve(sys.stdin.buffer, sys.stdout.buffer)
