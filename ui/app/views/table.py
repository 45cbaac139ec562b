"""The view of Explore as a table, for those who read, sort and filter; and to be taken away."""

from __future__ import annotations

import io
import re
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

import streamlit as st

from graph.exports.graphml import write_repositories
from graph.exports.html import write_html
from graph.licenses.classes import license_class
from graph.store.lineage_graph import LineageGraph, Node
from graph.view.neighbourhood import Neighbourhood
from graph.view.rows import Row, listing, write_csv
from ui.app.markup import visible
from ui.app.theme import KIND_NAMES
from ui.palette import LOOK, relation_style

__all__ = ["draw_table"]

_COLUMNS = {
    "generation": st.column_config.NumberColumn(help="Before zero: ancestors; after: descendants"),
    "known": st.column_config.CheckboxColumn(help="Whether it is in the graph, or only named"),
}


def draw_table(
    graph: LineageGraph, shown: Neighbourhood, *, on_pick: Callable[[Node], None]
) -> None:
    """Draw the table and what downloads the view; a ticked row is picked."""
    rows = listing(shown)
    with st.expander(f"The same as a table: {len(rows):,} repositories", icon=":material/table:"):
        st.caption("Tick a row to look from there.")
        key = f"table {shown.focus}"
        st.dataframe(
            [_cells(row) for row in rows],
            hide_index=True,
            column_config=_COLUMNS,
            key=key,
            on_select=partial(_picked, key, rows, on_pick),
            selection_mode="single-row",
        )
    files = {
        "Picture as HTML": ("html", "text/html", partial(_html, shown)),
        "Graph as GraphML": ("graphml", "application/xml", partial(_graphml, graph, shown)),
        "Table as CSV": ("csv", "text/csv", partial(_csv, rows)),
    }
    with st.container(horizontal=True):
        for title, (extension, mime, make) in files.items():
            st.download_button(
                title,
                make,
                f"{_file_name(rows[0])}.{extension}",
                mime,
                on_click="ignore",
                icon=":material/download:",
            )


def _picked(key: str, rows: list[Row], on_pick: Callable[[Node], None]) -> None:
    for number in st.session_state[key].selection.rows:
        on_pick(Node(rows[number].kind, rows[number].id))


def _cells(row: Row) -> dict[str, str | int | bool | None]:
    return {
        "generation": row.depth,
        "id": visible(row.id),
        "kind": KIND_NAMES[row.kind],
        "relation": ", ".join(relation_style(word).title for word in row.relations),
        "licence": visible(row.license or ""),
        "licence class": license_class(row.license_category).title,
        "downloads": row.downloads,
        "known": row.known,
    }


def _file_name(focus: Row) -> str:
    return "lineage-" + re.sub(r"[^A-Za-z0-9.-]+", "-", focus.id)[:80]


def _html(shown: Neighbourhood) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "view.html"
        write_html(shown.view, shown.focus, path, LOOK)
        return path.read_bytes()


def _graphml(graph: LineageGraph, shown: Neighbourhood) -> bytes:
    file = io.BytesIO()
    write_repositories(graph, file, sorted(shown.view))
    return file.getvalue()


def _csv(rows: list[Row]) -> bytes:
    file = io.StringIO()
    write_csv(rows, file)
    return file.getvalue().encode()
