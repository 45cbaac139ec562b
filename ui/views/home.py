"""The page Home."""

from __future__ import annotations

import streamlit as st

from ui.markup import intro
from ui.state import opened_graph

__all__ = ["page"]


def page() -> None:
    """Draw the page."""
    graph = opened_graph()
    if graph is None:
        return
    st.html(intro("Home", "What this graph holds, and where to begin"))
