"""The page Licences: may it be used, how licences drift, and what the rules have found."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import urlencode

import streamlit as st

from graph.store.lineage_graph import LineageGraph
from ui.app import focus
from ui.app.markup import Html, inside, intro
from ui.app.state import opened_graph
from ui.app.views import findings, verdict

__all__ = ["page"]


class _Part(NamedTuple):
    """A part of the page: what it is called, and what draws it."""

    title: str
    draw: Callable[[LineageGraph], None]


def _drift(graph: LineageGraph) -> None:
    from ui.app.views import drift  # it draws with Altair, which takes half a second to import

    drift.draw(graph)


_PARTS = {
    "verdict": _Part("May I use it?", verdict.draw),
    "drift": _Part("How licences drift", _drift),
    "findings": _Part("All findings", findings.draw),
}
_TAB = "tab"
_FIRST = "verdict"


def page() -> None:
    """Draw the page."""
    if opened_graph() is None:
        return
    st.html(intro("Licences", "May it be used, and what does it inherit?"))
    _part()


@st.fragment
def _part() -> None:
    """Draw the part that the address names; a click reruns only this."""
    graph = opened_graph()
    if graph is None:
        return
    asked = st.query_params.get(_TAB, "")
    name = asked if asked in _PARTS else _FIRST
    st.session_state[_TAB] = name
    st.segmented_control(
        "Part of the page",
        list(_PARTS),
        key=_TAB,
        required=True,
        format_func=lambda part: _PARTS[part].title,
        label_visibility="collapsed",
        on_change=_turn,
    )
    if name != _FIRST and (looked_at := focus.asked(st.query_params)[1]):
        st.html(_in_focus(looked_at))
    _PARTS[name].draw(graph)


def _in_focus(repository: str) -> Html:
    """Return the way to the verdict on what was searched for while another part is open."""
    kept = {name: st.query_params.get(name, "") for name in focus.PARAMETERS}
    named = urlencode({name: value for name, value in kept.items() if value}, safe="/")
    told = inside(f"/licences?{named}", f"May I use {repository}?")
    return Html(f'<p class="rg-behind">{told}</p>')


def _turn() -> None:
    st.query_params[_TAB] = st.session_state[_TAB]
