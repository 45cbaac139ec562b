"""How a query is read, on the screen: the steps of its algebra, and what each pattern meets."""

from __future__ import annotations

import streamlit as st

from graph.model.errors import RemixgraphError
from graph.sparql.query_plan import counts, plan
from graph.store.lineage_graph import LineageGraph
from ui.app.markup import note, visible
from ui.app.state import query_workers

__all__ = ["draw_plan"]


def draw_plan(graph: LineageGraph, text: str) -> None:
    """Draw how a query is read, and what its patterns meet."""
    try:
        steps = plan(text)
        with st.spinner("Counting what each pattern meets …"):
            found = counts(query_workers(graph), steps)
    except RemixgraphError as error:
        st.html(note("error", "There is no plan", str(error)))
        return
    rows = [
        {
            "step": "\u2003" * 2 * step.depth + visible(step.text),
            "triples": _number(found.get(step.pattern)) if step.pattern else "",
        }
        for step in steps
    ]
    st.html(
        note(
            "info",
            "How the query is read",
            "These are the steps of its algebra, the outermost first, and how many triples each"
            " pattern meets on its own. Oxigraph orders the joins by its own estimates, and does"
            " not tell how: this is not the plan that it follows.",
        )
    )
    st.dataframe(rows, hide_index=True)


def _number(count: int | None) -> str:
    return "not counted in time" if count is None else f"{count:,}"
