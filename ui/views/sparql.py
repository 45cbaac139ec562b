"""The page SPARQL: ask the graph anything, or one of the named questions."""

from __future__ import annotations

import time
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import TYPE_CHECKING, TypeAlias

import streamlit as st

from graph import vocabulary as v
from graph.errors import InvalidParameter, RemixgraphError
from graph.queries import Question, bind, questions
from graph.queries.catalog import Parameter, ParameterType
from graph.results import QueryResult, Term
from graph.runner import run_query
from graph.stopping import StopToken
from graph.store import LineageGraph, Node
from ui import focus
from ui.markup import intro, note, visible
from ui.state import opened_graph, query_workers

if TYPE_CHECKING:
    from streamlit.elements.lib.column_types import ColumnConfig

__all__ = ["page"]

_Columns: TypeAlias = "dict[str, ColumnConfig | str | None]"

_OWN = "A query of your own"
_SECONDS = 20.0
_PATIENT = 0.3
"""The seconds after which a button to stop is of use."""
_ROWS = 5_000
_FORMATS = {
    "select": (("csv", "text/csv"), ("json", "application/sparql-results+json")),
    "ask": (("json", "application/sparql-results+json"),),
    "construct": (("turtle", "text/turtle"), ("nt", "application/n-triples")),
}
_EXAMPLE = """\
# The models that most others were made from
SELECT ?model (COUNT(DISTINCT ?child) AS ?children) WHERE {
  ?child prov:wasDerivedFrom ?model .
  ?model a fair4ml:MLModel .
}
GROUP BY ?model
ORDER BY DESC(?children)
LIMIT 20
"""


def page() -> None:
    """Draw the page."""
    graph = opened_graph()
    if graph is None:
        return
    st.html(intro("Ask the graph", "In SPARQL, or by one of the named questions"))
    names = {question.title: question for question in questions()}
    title = st.selectbox("Question", [_OWN, *names], on_change=_forget)
    if title in names:
        _named(graph, names[title])
    else:
        _own(graph)


def _own(graph: LineageGraph) -> None:
    text = st.text_area("SPARQL", _EXAMPLE, height=260, key="sparql-text")
    with st.expander("Prefixes that are known already"):
        prefixes = "\n".join(f"PREFIX {name}: <{iri}>" for name, iri in v.PREFIXES.items())
        st.code(prefixes, language=None)
    if st.button("Run", type="primary", icon=":material/play_arrow:"):
        _run(graph, text, {})
    _draw()


def _named(graph: LineageGraph, question: Question) -> None:
    about, _, how = question.notes.partition("\n\n")
    if about:
        st.text(" ".join(about.split()))
    with st.form(f"form-{question.name}"):
        values = {
            parameter.name: st.text_input(
                f"{parameter.name}: {parameter.meaning}",
                _suggested(parameter),
                placeholder=f"for example {parameter.example}",
            )
            for parameter in question.parameters
        }
        asked = st.form_submit_button("Ask", type="primary", icon=":material/play_arrow:")
    with st.expander("The query behind it"):
        if how:
            st.text(how)
        st.code(question.text, language="sparql")
    if asked:
        given = {name: value for name, value in values.items() if value.strip()}
        _run(graph, question.text, given, question)
    _draw()


def _run(
    graph: LineageGraph, text: str, values: Mapping[str, str], question: Question | None = None
) -> None:
    """Run a query and keep its answer, or what went wrong, for this session."""
    _forget()
    try:
        bindings = bind(question, values) if question else None
        st.session_state["answer"] = _ask(graph, text, bindings)
    except RemixgraphError as error:
        kind = "A parameter" if isinstance(error, InvalidParameter) else "The query"
        st.session_state["failure"] = f"{kind} cannot be used", str(error)


def _ask(graph: LineageGraph, text: str, bindings: Mapping[str, Term] | None) -> QueryResult:
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
            timeout=_SECONDS,
            limit=_ROWS,
            stop=stop,
        )
        try:
            _wait(answer)
        finally:
            stop.stop()
    return answer.result()


def _wait(answer: Future[QueryResult]) -> None:
    """Wait for an answer; where that takes long, show for how long, and a button to stop it."""
    if wait([answer], _PATIENT).done:
        return
    started = time.monotonic() - _PATIENT
    place = st.empty()
    with place.container(horizontal=True, vertical_alignment="center"):
        st.button("Stop the query", icon=":material/stop:", on_click=_note_stopped)
        told = st.empty()
        while not wait([answer], 0.2).done:
            seconds = time.monotonic() - started
            told.caption(f"Asking for {seconds:.0f} of {_SECONDS:.0f} seconds at most …")
    place.empty()


def _note_stopped() -> None:
    st.session_state["failure"] = "The query was stopped", "There is no answer to it."


def _forget() -> None:
    """Drop the answer: it is not one to the question that is now asked."""
    st.session_state.pop("answer", None)
    st.session_state.pop("failure", None)


def _suggested(parameter: Parameter) -> str:
    """Return what is usual, or the repository that was just explored where one is asked for."""
    explored = focus.last()
    if explored is not None:
        if parameter.type == explored.kind.value:
            return explored.id
        if parameter.type is ParameterType.REPOSITORY:
            return explored.iri.removeprefix(v.HUB)
    return parameter.default or ""


def _draw() -> None:
    if failure := st.session_state.get("failure"):
        st.html(note("error", *failure))
    answer = st.session_state.get("answer")
    if isinstance(answer, QueryResult):
        _draw_answer(answer)


def _draw_answer(answer: QueryResult) -> None:
    if answer.kind == "ask":
        st.html(note("info", "Yes" if answer.answer else "No"))
    elif answer.rows:
        table, columns = _table(answer)
        st.dataframe(table, hide_index=True, column_config=columns)
        st.caption(_count(answer))
    else:
        st.html(note("info", "Nothing found", "The query ran, and nothing in the graph fits it."))
    with st.container(horizontal=True):
        for form, media in _FORMATS[answer.kind]:
            st.download_button(
                f"Download {form.upper()}",
                answer.text(form).encode(),
                f"answer.{form}",
                media,
                on_click="ignore",
                icon=":material/download:",
            )


def _count(answer: QueryResult) -> str:
    count = f"{len(answer.rows):,} rows"
    return f"{count}: only the first are shown, there are more" if answer.truncated else count


def _table(answer: QueryResult) -> tuple[list[dict[str, object]], _Columns]:
    """Return rows for the screen; repositories become links into Explore."""
    rows = [{name: _cell(cell) for name, cell in record.items()} for record in answer.records()]
    linked = [name for name in answer.columns if any(_is_link(row[name]) for row in rows)]
    columns: _Columns = {
        name: st.column_config.LinkColumn(display_text=r"[?&]id=([^&]*)") for name in linked
    }
    return rows, columns


def _cell(value: object) -> object:
    if not isinstance(value, str):
        return value
    if parsed := v.parse_repository_iri(value):
        return focus.address("explore", Node(*parsed))
    return visible(value)


def _is_link(value: object) -> bool:
    return isinstance(value, str) and value.startswith("/explore?")
