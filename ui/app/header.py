"""What stands above every page: the search, and an eye on whether a new graph was published."""

from __future__ import annotations

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from graph.model.errors import RemixgraphError
from graph.store.directory import read_info
from graph.store.lineage_graph import Node
from ui.app import focus
from ui.app.components.search import picked, search_box, typed
from ui.app.state import beginnings, opened_graph, search_index
from ui.paths import default_graph_directory

__all__ = ["draw"]

_SEARCH, _WENT, _BUILD = "search", "went", "build"
_LOOK = 15  # seconds between two looks at which build is published


def draw(explore: StreamlitPage, *, takes_focus: bool) -> None:
    """Draw the header of a page; what is picked is looked at there if it can, else in Explore."""
    _follow()
    _search(explore, takes_focus=takes_focus)


@st.fragment
def _search(explore: StreamlitPage, *, takes_focus: bool) -> None:
    """Draw the search box; typing reruns only this."""
    graph = opened_graph(quiet=True)
    if graph is None:
        return
    text = typed(_SEARCH)
    found = search_index(graph).search(text) if text else beginnings(graph)
    search_box(_SEARCH, found, answers=text, on_pick=_pick)
    if node := st.session_state.pop(_WENT, None):
        if not takes_focus:
            st.switch_page(explore, query_params=focus.parameters(node))
        focus.go(node)
        st.rerun()


def _pick() -> None:
    if target := picked(_SEARCH):
        st.session_state[_WENT] = Node(*target)


@st.fragment(run_every=_LOOK)
def _follow() -> None:
    """Draw nothing; draw the page anew once another build is published."""
    try:
        info = read_info(default_graph_directory())
    except RemixgraphError:
        return  # the page says so
    build = info.build if info else ""
    if st.session_state.setdefault(_BUILD, build) != build:
        st.session_state[_BUILD] = build
        st.rerun()
