"""The page Quality: what is wrong in the metadata, for whoever can mend it."""

from __future__ import annotations

from functools import partial

import streamlit as st

from graph.model.arrays import Array
from graph.quality.report import QualityReport
from graph.quality.selection import chosen_repositories
from graph.store.lineage_graph import LineageGraph
from ui.app.markup import intro
from ui.app.state import opened_graph, quality_report
from ui.app.views import quality_findings, quality_metadata, quality_parents
from ui.app.views.quality_address import VIEWS, Asked, read_asked

__all__ = ["page"]

_PARTS = {
    "findings": quality_findings.draw,
    "parents": quality_parents.draw,
    "metadata": quality_metadata.draw,
}


def page() -> None:
    """Draw the page."""
    graph = opened_graph()
    if graph is None:
        return
    st.html(intro("Quality", "What is wrong in the metadata, worst first"))
    _quality()


@st.fragment
def _quality() -> None:
    """Draw all of it; a click reruns only this."""
    graph = opened_graph(quiet=True)
    if graph is None:
        return
    asked = read_asked(st.query_params)
    report = quality_report(graph)
    _controls(asked)
    _PARTS[asked.view](graph, report, asked, _chosen(graph, report, asked))


def _controls(asked: Asked) -> None:
    st.session_state.update(
        {"quality-view": asked.view, "quality-owner": asked.owner, "quality-text": asked.text}
    )
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        st.segmented_control(
            "Part",
            list(VIEWS),
            key="quality-view",
            required=True,
            format_func=VIEWS.__getitem__,
            on_change=partial(_turn, "view"),
        )
        for name, label, hint in (
            ("owner", "Owner", "all owners"),
            ("text", "Part of a name", "all names"),
        ):
            st.text_input(
                label,
                key=f"quality-{name}",
                placeholder=hint,
                width=220,
                max_chars=100,
                on_change=partial(_turn, name),
            )


def _turn(name: str) -> None:
    """Write a control's new value into the address."""
    asked = read_asked(st.query_params).turned(**{name: st.session_state[f"quality-{name}"]})
    st.query_params.from_dict(asked.parameters)


def _chosen(graph: LineageGraph, report: QualityReport, asked: Asked) -> Array | None:
    """Return a mask of the repositories that are asked about; None for all."""
    return _mask(str(graph.directory), graph.info.build, asked.owner, asked.text, report)


@st.cache_resource(max_entries=8, show_spinner=False)
def _mask(
    directory: str, build: str, owner: str, text: str, _report: QualityReport
) -> Array | None:
    del directory, build
    return chosen_repositories(_report, owner=owner, text=text)
