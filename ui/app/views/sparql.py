"""The page SPARQL: ask the graph anything, or one of the named questions."""

from __future__ import annotations

from functools import partial

import streamlit as st

from graph.model import vocabulary as v
from graph.model.errors import UnknownQuestion
from graph.sparql.questions import question, questions
from graph.store.lineage_graph import LineageGraph
from ui.app.components.editor import editor, to_plan, to_run
from ui.app.markup import Html, escaped, intro, note
from ui.app.query_address import SECONDS, InvalidLink, Request, View, pack, read_request, unpack
from ui.app.state import opened_graph
from ui.app.views.answers import draw_entry
from ui.app.views.gallery import draw_form, draw_gallery, draw_query
from ui.app.views.plans import draw_plan
from ui.app.views.running import Entry, ask, forget, history, settled

__all__ = ["page"]

_EDITOR, _EDITION, _LAST, _PLAN = "sparql", "sparql edition", "sparql last", "sparql plan"
_MOST_LINES = 12  # of a query in the history
_TITLES = {
    View.EDITOR: "Editor",
    View.QUESTIONS: "Questions",
    View.HISTORY: "History",
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
    try:
        request = read_request(st.query_params)
    except InvalidLink as error:
        st.html(note("error", "This link cannot be opened", str(error)))
        request = Request()
    _controls(request)
    if request.view is View.HISTORY:
        _history()
    elif request.question:
        _named(graph, request)
    elif request.view is View.QUESTIONS:
        draw_gallery(_open)
    else:
        _own(graph, request)


# --- getting about --------------------------------------------------------------------------------


def _controls(request: Request) -> None:
    st.session_state.update({"asking by": request.view, "asking for": request.seconds})
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        st.segmented_control(
            "Ask with",
            list(View),
            format_func=lambda view: _TITLES[view],
            key="asking by",
            required=True,
            on_change=_turn,
        )
        if request.view is View.EDITOR or request.question:
            st.segmented_control(
                "Seconds at most",
                SECONDS,
                key="asking for",
                required=True,
                on_change=partial(_allow, request),
            )
        if request.view is View.EDITOR:
            with st.popover("Prefixes that are known", icon=":material/label:"):
                prefixes = (f"PREFIX {name}: <{iri}>" for name, iri in v.PREFIXES.items())
                st.code("\n".join(prefixes), language="sparql")


def _turn() -> None:
    """Go to another face of the page; the editor still has what was asked with it last."""
    view = View(st.session_state["asking by"])
    last = st.session_state.get(_LAST)
    _go(last if view is View.EDITOR and isinstance(last, Request) else Request(view=view))


def _allow(request: Request) -> None:
    """Allow another time; what is shown is asked again only when somebody says so."""
    seconds = int(st.session_state["asking for"])
    _go(_with(request, seconds=seconds, run=False))


def _with(request: Request, *, seconds: int, run: bool) -> Request:
    return Request(
        view=request.view,
        text=request.text,
        question=request.question,
        values=request.values,
        seconds=seconds,
        run=run,
    )


def _go(request: Request) -> None:
    st.query_params.from_dict(request.parameters)


def _open(request: Request) -> None:
    """Open what was asked, or is to be; the editor shows it even where it held the same before."""
    st.session_state[_EDITION] = st.session_state.get(_EDITION, 0) + 1
    _go(request)


def _ask_anew(request: Request) -> None:
    forget(request)
    _go(request)


# --- a query of one's own -------------------------------------------------------------------------


def _own(graph: LineageGraph, request: Request) -> None:
    st.session_state[_LAST] = request
    ending = settled(graph, request)
    editor(
        _EDITOR,
        request.text or _EXAMPLE,
        edition=st.session_state.get(_EDITION, 0),
        mark=ending.mark if ending else None,
        on_run=partial(_run, request.seconds),
        on_plan=_note_plan,
    )
    if text := st.session_state.pop(_PLAN, None):
        draw_plan(graph, text)
    _settle(graph, request)


def _run(seconds: int) -> None:
    text = to_run(_EDITOR)
    try:
        unpack(pack(text))
    except InvalidLink:
        return  # nobody types that much
    _ask_anew(Request(text=text or " ", seconds=seconds, run=True))


def _settle(
    graph: LineageGraph, request: Request, meanings: dict[str, str] | None = None
) -> Entry | None:
    """Draw how a request ended, asking it first where that was wished and has not happened."""
    entry = settled(graph, request)
    if entry is None and request.run:
        entry = ask(graph, request)
        if entry.mark:
            st.rerun()  # the editor stands above, and shows where the query could not be read
    if entry is None:
        st.html(note("info", "Nothing was asked yet", "The answer appears here."))
        return None
    draw_entry(entry, meanings or {})
    st.html(Html('<p class="rg-ending">The address of this page asks the same again.</p>'))
    return entry


# --- a named question -----------------------------------------------------------------------------


def _named(graph: LineageGraph, request: Request) -> None:
    st.button(
        "All questions",
        icon=":material/arrow_back:",
        type="tertiary",
        on_click=_go,
        args=(Request(view=View.QUESTIONS),),
    )
    try:
        named = question(request.question)
    except UnknownQuestion as error:
        st.html(note("warning", "There is no such question", str(error)))
        return
    draw_form(graph, request, named, _ask_anew)
    draw_query(named, dict(request.values), lambda text: _open(Request(text=text)))
    _settle(graph, request, {column.name: column.meaning for column in named.columns})


# --- the plan -------------------------------------------------------------------------------------


def _note_plan() -> None:
    st.session_state[_PLAN] = to_plan(_EDITOR)


# --- what was asked -------------------------------------------------------------------------------


def _history() -> None:
    """Draw what was asked in this session, the latest first."""
    if not history():
        st.html(note("info", "Nothing was asked yet", "What you ask is kept for this session."))
        return
    for entry in history():
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            st.html(_told(entry), width="stretch")
            st.button(
                f"Open {entry.number}",
                icon=":material/history:",
                key=f"open entry {entry.number}",
                on_click=_open,
                args=(entry.request,),
            )


def _told(entry: Entry) -> Html:
    request = entry.request
    lines = request.text.strip().splitlines()[:_MOST_LINES]
    if request.question:
        values = ", ".join(f"{name} = {value}" for name, value in request.values)
        lines = [f"{_title(request.question)} {values}"]
    asked = "\n".join(escaped(line, limit=200) for line in lines)
    return Html(
        f'<div class="rg-asked"><b>{entry.number}. {escaped(entry.ending)}</b>'
        f" in {entry.seconds:.2f} s<pre>{asked}</pre></div>"
    )


def _title(name: str) -> str:
    return next((one.title for one in questions() if one.name == name), name)
