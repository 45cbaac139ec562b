"""Running what is asked: under a deadline, with a button to stop, kept for this session.

What was asked is kept with its answer, so that a click elsewhere on the page does not ask again;
of older entries only what was asked and how it ended.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from functools import partial
from typing import NamedTuple

import streamlit as st

from graph.model.errors import InvalidParameter, InvalidQuery, QueryStopped, RemixgraphError
from graph.sparql.deadline import StopToken
from graph.sparql.questions import bind, question
from graph.sparql.results import QueryResult, Term
from graph.sparql.runner import run_query
from graph.store.lineage_graph import LineageGraph
from ui.app.components.editor import Mark
from ui.app.query_address import Request
from ui.app.state import query_workers

__all__ = ["MOST_ROWS", "Entry", "Failure", "ask", "forget", "history", "settled"]

MOST_ROWS = 5_000
"""The most rows of an answer that are shown and handed out."""

_PATIENT = 0.3
"""The seconds after which a button to stop is of use."""

_MOST_ENTRIES = 20
_MOST_ANSWERS = 4
_ENTRIES = "asked"
_REASON = re.compile(r"[A-Z][A-Za-z]*(?: [A-Za-z]+){2,}")
"""Words among the signs that the parser lists as what it would have understood."""
_PLACE = re.compile(r"(?:error at |line )(\d+)(?::|, column )(\d+)")


class Failure(NamedTuple):
    """Why there is no answer: in a few words, and in full."""

    title: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What was asked in this session, and how it ended."""

    number: int
    request: Request
    build: str
    seconds: float
    ending: str
    answer: QueryResult | None = None
    failure: Failure | None = None
    mark: Mark | None = None


def history() -> list[Entry]:
    """Return what was asked in this session, the latest first."""
    entries: list[Entry] = st.session_state.setdefault(_ENTRIES, [])
    return entries


def settled(graph: LineageGraph, request: Request) -> Entry | None:
    """Return how a request ended on this build, if it did and the answer is still there.

    An answer stays one when more time is allowed; that there was none does not.
    """
    for entry in history():
        if entry.request.subject == request.subject and entry.build == graph.info.build:
            failed = entry.failure and entry.request.seconds == request.seconds
            return entry if entry.answer or failed else None
    return None


def forget(request: Request) -> None:
    """Drop what is known of a request, so that it is asked anew."""
    kept = [entry for entry in history() if entry.request.subject != request.subject]
    st.session_state[_ENTRIES] = kept


def ask(graph: LineageGraph, request: Request) -> Entry:
    """Run a request and keep how it ended."""
    started = time.monotonic()
    answer, failure, mark = None, None, None
    try:
        text, bindings = _query(request)
        stopped = partial(_keep_stopped, graph, request, started)
        answer = _run(graph, text, bindings, seconds=request.seconds, on_stop=stopped)
    except RemixgraphError as error:
        failure = _failure(error)
        mark = _mark(request.text, str(error)) if isinstance(error, InvalidQuery) else None
    return _keep(graph, request, started, answer=answer, failure=failure, mark=mark)


def _query(request: Request) -> tuple[str, Mapping[str, Term] | None]:
    if not request.question:
        return request.text, None
    named = question(request.question)
    return named.text, bind(named, dict(request.values))


def _run(
    graph: LineageGraph,
    text: str,
    bindings: Mapping[str, Term] | None,
    *,
    seconds: float,
    on_stop: Callable[[], None],
) -> QueryResult:
    """Run a query in a thread of its own, and stop it when Streamlit ends the run of this page.

    It does so where the page draws, be it that somebody clicks or that the window is closed.
    """
    stop = StopToken()
    with ThreadPoolExecutor(1) as thread:
        answer = thread.submit(
            run_query,
            query_workers(graph),
            text,
            bindings=bindings,
            timeout=seconds,
            limit=MOST_ROWS,
            stop=stop,
        )
        try:
            _wait(answer, seconds, on_stop)
        finally:
            stop.stop()
    return answer.result()


def _wait(answer: Future[QueryResult], seconds: float, on_stop: Callable[[], None]) -> None:
    """Wait for an answer; where that takes long, show for how long, and a button to stop it."""
    if wait([answer], _PATIENT).done:
        return
    started = time.monotonic() - _PATIENT
    place = st.empty()
    with place.container(horizontal=True, vertical_alignment="center"):
        st.button("Stop the query", icon=":material/stop:", on_click=on_stop)
        told = st.empty()
        while not wait([answer], 0.2).done:
            passed = time.monotonic() - started
            told.text(f"Asking for {passed:.0f} of {seconds:.0f} seconds at most …")
    place.empty()


def _keep_stopped(graph: LineageGraph, request: Request, started: float) -> None:
    failure = Failure("The query was stopped", "There is no answer to it.")
    _keep(graph, request, started, failure=failure)


def _keep(
    graph: LineageGraph,
    request: Request,
    started: float,
    *,
    answer: QueryResult | None = None,
    failure: Failure | None = None,
    mark: Mark | None = None,
) -> Entry:
    entries = history()
    entry = Entry(
        number=max((entry.number for entry in entries), default=0) + 1,
        request=request,
        build=graph.info.build,
        seconds=time.monotonic() - started,
        ending=_ending(answer) if answer else (failure or Failure("", "")).title,
        answer=answer,
        failure=failure,
        mark=mark,
    )
    others = [other for other in entries if other.request.subject != request.subject]
    kept = [entry, *others][:_MOST_ENTRIES]
    old = [replace(other, answer=None) for other in kept[_MOST_ANSWERS:]]
    st.session_state[_ENTRIES] = kept[:_MOST_ANSWERS] + old
    return entry


def _ending(answer: QueryResult) -> str:
    if answer.kind == "ask":
        return "Yes" if answer.answer else "No"
    name = "triple" if answer.kind == "construct" else "row"
    count = f"{len(answer.rows):,} {name}" + "s" * (len(answer.rows) != 1)
    return f"more than {count}" if answer.truncated else count


def _failure(error: RemixgraphError) -> Failure:
    if isinstance(error, InvalidParameter):
        return Failure("A parameter cannot be used", str(error))
    if isinstance(error, QueryStopped):
        return Failure("The query was stopped", str(error))
    return Failure("The query cannot be used", _readable(str(error)))


def _readable(message: str) -> str:
    """Return why a query cannot be read, in words if there are any, and where."""
    place, reason = _PLACE.search(message), _REASON.search(message)
    if place is None or reason is None or message.startswith("line"):
        return message
    return f"Line {place[1]}, column {place[2]}: {reason[0]}."


def _mark(text: str, message: str) -> Mark | None:
    """Return where a query could not be read, as far as the message tells."""
    found = _PLACE.search(message)
    return Mark(text, int(found[1]), int(found[2])) if found else None
