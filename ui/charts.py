"""How charts look: one theme for all of them, on Altair, which Streamlit draws by itself.

Rule: every chart has a caption that says what is counted, and a table of its figures to take away.
"""

from __future__ import annotations

import altair as alt
import streamlit as st

__all__ = ["draw"]


def draw(
    chart: alt.Chart | alt.LayerChart | alt.HConcatChart | alt.FacetChart, *, key: str
) -> None:
    """Draw a chart over the width that there is, in the colours of the page."""
    st.altair_chart(chart, width="stretch", theme="streamlit", key=key)
