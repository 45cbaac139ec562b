"""The page Licences: may it be used, how licences drift, and what the rules have found."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import streamlit as st

from graph.store import LineageGraph
from ui.markup import intro
from ui.state import opened_graph
from ui.views import drift, findings, verdict

__all__ = ["page"]


class _Part(NamedTuple):
    """A part of the page: what it is called, and what draws it."""

    title: str
    draw: Callable[[LineageGraph], None]


_PARTS = {
    "verdict": _Part("May I use it?", verdict.draw),
    "drift": _Part("How licences drift", drift.draw),
    "findings": _Part("All findings", findings.draw),
}
_TAB = "tab"


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
    name = asked if asked in _PARTS else "verdict"
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
    _PARTS[name].draw(graph)


def _turn() -> None:
    st.query_params[_TAB] = st.session_state[_TAB]
