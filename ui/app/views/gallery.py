"""The named questions: all of them as cards, and one of them with a form for its parameters."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import streamlit as st

from graph.model import vocabulary as v
from graph.model.errors import RemixgraphError
from graph.model.licenses import licenses
from graph.sparql.questions import Question, bind, filled, questions
from graph.sparql.questions.catalog import Parameter, ParameterType
from graph.store.lineage_graph import LineageGraph
from ui.app import focus
from ui.app.markup import Html, badge, escaped, section
from ui.app.query_address import Request, View
from ui.app.views.running import history

__all__ = ["draw_form", "draw_gallery", "draw_query"]

_THEMES = {
    "lineage": "Lineage: what is it made of, and who builds on it?",
    "license": "Licences: what may be done with it?",
    "data": "Data: what was it trained on, and who made that?",
    "integrity": "Integrity: what is wrong in the metadata?",
    "evidence": "Evidence: who says so?",
    "history": "History: what has changed?",
}
"""The first tag of a question, and how its theme is headed."""

_COLUMNS = 3
_ANY = "any"
_REPOSITORIES = {ParameterType.MODEL, ParameterType.DATASET, ParameterType.REPOSITORY}


def draw_gallery(on_open: Callable[[Request], None]) -> None:
    """Draw a card for each question, by theme."""
    for tag, theme in _THEMES.items():
        st.html(section(theme))
        mine = [question for question in questions() if question.tags[0] == tag]
        for row in (mine[start : start + _COLUMNS] for start in range(0, len(mine), _COLUMNS)):
            for place, question in zip(st.columns(_COLUMNS), row, strict=False):
                with place.container(border=True, height="stretch"):
                    _card(question, on_open)


def _card(question: Question, on_open: Callable[[Request], None]) -> None:
    st.button(
        f"{question.number}. {question.title}",
        key=f"open {question.name}",
        type="tertiary",
        on_click=on_open,
        args=(Request(view=View.QUESTIONS, question=question.name),),
    )
    told = _first_sentence(question) or _columns(question)
    st.html(Html(f'<p class="rg-card">{escaped(told)}</p><p class="rg-card">{_cost(question)}</p>'))


def _first_sentence(question: Question) -> str:
    about = " ".join(_about(question)[0].split())
    return f"{about.partition('. ')[0].rstrip('.')}." if about else ""


def _columns(question: Question) -> str:
    return "Tells " + ", ".join(column.name for column in question.columns) + "."


def _about(question: Question) -> tuple[str, str]:
    """Return what a question tells, and how it is answered."""
    about, _, how = question.notes.partition("How:")
    return about.strip(), how.strip()


def _cost(question: Question) -> Html:
    """Return what a question costs: as measured here, else by what it looks at."""
    for entry in history():
        if entry.request.question == question.name:
            return badge(f"{entry.seconds:.2f} s when asked last", "info")
    if any(one.required and one.type in _REPOSITORIES for one in question.parameters):
        return badge("one repository: at once", "good")
    return badge("the whole graph: up to seconds", "warn")


# --- one question ---------------------------------------------------------------------------------


def draw_form(
    graph: LineageGraph, request: Request, question: Question, on_ask: Callable[[Request], None]
) -> None:
    """Draw a question with fields for its parameters; what they hold is asked when it is sent."""
    about = " ".join(_about(question)[0].split())
    head = f"<h2>{question.number}. {escaped(question.title)}</h2>"
    st.html(Html(f'<div class="rg-question">{head}<p>{escaped(about, limit=2000)}</p></div>'))
    given = _likely(graph, question) | dict(request.values)
    with st.form(f"form {question.name}"):
        keys = {}
        for start in range(0, len(question.parameters), 2):
            pair = question.parameters[start : start + 2]
            for place, parameter in zip(st.columns(2), pair, strict=False):
                with place:
                    keys[parameter.name] = _field(question, parameter, given[parameter.name])
        st.form_submit_button(
            "Ask",
            type="primary",
            icon=":material/play_arrow:",
            on_click=partial(_send, question, request.seconds, keys, on_ask),
        )


def draw_query(
    question: Question, values: Mapping[str, str], on_open: Callable[[str], None]
) -> None:
    """Draw the query behind a question, and offer it to the editor."""
    with st.expander("The query behind it", icon=":material/code:"):
        if how := _about(question)[1]:
            st.text(" ".join(how.split()))
        st.code(question.text, language="sparql")
        st.button(
            "Open it in the editor",
            icon=":material/edit:",
            on_click=lambda: on_open(_for_editor(question, values)),
        )


def _send(
    question: Question, seconds: int, keys: Mapping[str, str], on_ask: Callable[[Request], None]
) -> None:
    texts = {name: _text(st.session_state.get(key)) for name, key in keys.items()}
    values = tuple(sorted((name, text) for name, text in texts.items() if text))
    on_ask(
        Request(
            view=View.QUESTIONS, question=question.name, values=values, seconds=seconds, run=True
        )
    )


def _text(value: object) -> str:
    return "" if value in {None, _ANY} else str(value).strip()


def _field(question: Question, parameter: Parameter, start: str) -> str:
    """Draw the field that fits a parameter, with what the address says, or what is likely.

    Returns its key. What it begins with is a part of that: another address is another field.
    """
    key = f"{question.name} {parameter.name} {start}"
    left = " (optional)" if not parameter.required and parameter.default is None else ""
    label = f"{parameter.name}: {parameter.meaning}{left}"
    if parameter.type is ParameterType.LICENSE:
        words = [_ANY, *sorted(licenses())]
        place = words.index(start) if start in words else 0
        st.selectbox(label, words, place, key=key)
    elif parameter.type is ParameterType.INTEGER:
        number = int(start) if start.isdecimal() and len(start) < 10 else 1
        st.number_input(label, min_value=0, value=number, key=key)
    else:
        example = f"for example {parameter.example}"
        st.text_input(label, start, max_chars=500, key=key, placeholder=example)
    return key


def _likely(graph: LineageGraph, question: Question) -> dict[str, str]:
    """Return what the fields begin with: what is usual, or a repository where one is needed.

    The first field that it fits gets what was just explored, the others their examples, as far as
    the graph has them.
    """
    explored = focus.last()
    found = {}
    for parameter in question.parameters:
        start = parameter.default or ""
        if parameter.required and parameter.type in _REPOSITORIES:
            if explored and parameter.type in {explored.kind.value, ParameterType.REPOSITORY}:
                start, explored = explored.iri.removeprefix(v.HUB), None
            elif _has(graph, question, parameter):
                start = parameter.example
        found[parameter.name] = start
    return found


def _has(graph: LineageGraph, question: Question, parameter: Parameter) -> bool:
    examples = {one.name: one.example for one in question.parameters if one.required}
    return graph.node(bind(question, examples)[parameter.name].value) is not None


def _for_editor(question: Question, values: Mapping[str, str]) -> str:
    """Return the query with the values in the place of its parameters, as far as they are good."""
    try:
        return filled(question.text, bind(question, values))
    except RemixgraphError:
        return question.text
