"""The answer to a query on the screen: a table, a chart or a picture, and files to take away.

Rule: a cell is text of others. It is shown as text, and only a repository becomes a link.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache, partial
from typing import TYPE_CHECKING, TypeAlias

import pyoxigraph as ox
import streamlit as st

from graph.model import vocabulary as v
from graph.sparql.questions import short_name
from graph.sparql.results import Cell, QueryResult, Row, plain
from graph.store.lineage_graph import Node
from ui.app import focus
from ui.app.components import triples
from ui.app.markup import Html, escaped, note, visible
from ui.app.sketch import Sketch, sketch
from ui.app.views import answer_chart
from ui.app.views.running import MOST_ROWS, Entry

if TYPE_CHECKING:
    from streamlit.elements.lib.column_types import ColumnConfig

__all__ = ["draw_entry"]

_Columns: TypeAlias = "dict[str, ColumnConfig | str | None]"

_MOST_NODES = 200
_FILES = {
    "csv": ("CSV", "csv", "text/csv"),
    "spreadsheet": ("CSV for spreadsheets", "csv", "text/csv"),
    "json": ("JSON", "srj", "application/sparql-results+json"),
    "tsv": ("TSV", "tsv", "text/tab-separated-values"),
    "xml": ("XML", "srx", "application/sparql-results+xml"),
    "turtle": ("Turtle", "ttl", "text/turtle"),
    "nt": ("N-Triples", "nt", "application/n-triples"),
    "table": ("Plain text", "txt", "text/plain"),
}
"""How each format of ``results`` is called, what its files end with, and its media type."""


@st.fragment
def draw_entry(entry: Entry, meanings: Mapping[str, str]) -> None:
    """Draw how a query ended; a choice of how to look at it reruns only this.

    ``meanings`` says what the columns mean, where that is known.
    """
    if entry.failure:
        st.html(note("error", *entry.failure))
    if answer := entry.answer:
        _draw_answer(answer, entry, meanings)


def _draw_answer(answer: QueryResult, entry: Entry, meanings: Mapping[str, str]) -> None:
    if answer.kind == "ask":
        st.html(note("info", "Yes" if answer.answer else "No"))
    elif answer.rows:
        _draw_rows(answer, entry, meanings)
    else:
        st.html(note("info", "Nothing found", "The query ran, and nothing in the graph fits it."))
    if answer.truncated:
        text = "There are more. An aggregate, a LIMIT or a narrower query shows what matters."
        st.html(note("warning", f"Only the first {MOST_ROWS:,} are shown and handed out", text))
    _draw_downloads(answer, entry.number)


def _summary(entry: Entry) -> Html:
    return Html(f'<p class="rg-ending"><b>{escaped(entry.ending)}</b> in {entry.seconds:.2f} s</p>')


def _draw_rows(answer: QueryResult, entry: Entry, meanings: Mapping[str, str]) -> None:
    number = entry.number
    views = ["Table"]
    if answer.kind == "construct":
        views.insert(0, "Graph")
    elif answer_chart.axes(answer):
        views.append("Chart")
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        st.html(_summary(entry), width="content")
        view = views[0]
        if len(views) > 1:
            view = st.segmented_control(
                "Look at it as",
                views,
                default=view,
                required=True,
                key=f"look {number}",
                label_visibility="collapsed",
            )
        whole = (
            view == "Table"
            and _has_short(answer)
            and st.toggle("Whole IRIs", key=f"whole {number}")
        )
    if view == "Graph":
        _draw_graph(answer)
    elif view == "Chart":
        answer_chart.draw(answer, key=f"chart {number}")
    else:
        table, columns = _table(answer, meanings, whole=whole)
        st.dataframe(table, hide_index=True, column_config=columns, key=f"table {number}")


def _has_short(answer: QueryResult) -> bool:
    """Tell whether there is an IRI that the table would show by a shorter name."""
    cells = (cell for row in answer.rows for cell in row if isinstance(cell, ox.NamedNode))
    return any(_link(cell) is None and short_name(cell.value) != cell.value for cell in cells)


def _draw_graph(answer: QueryResult) -> None:
    drawing = _sketched(answer.rows)
    if drawing.left_out:
        st.html(
            note(
                "info",
                f"{len(drawing.edges):,} of {len(answer.rows):,} triples are drawn",
                f"A picture of more than {_MOST_NODES} nodes cannot be read. The table and the"
                " files have all of them.",
            )
        )
    triples.draw("triples", drawing)


@lru_cache(maxsize=4)
def _sketched(rows: tuple[Row, ...]) -> Sketch:
    """Return the drawing of an answer; springs take a while, and a click draws the page again."""
    return sketch(rows, most=_MOST_NODES)


def _draw_downloads(answer: QueryResult, number: int) -> None:
    """Offer the answer in every format; a file is written when it is asked for."""
    with st.container(horizontal=True):
        for form in answer.forms:
            title, ending, media = _FILES[form]
            st.download_button(
                title,
                partial(_file, answer, form),
                f"answer.{ending}",
                media,
                key=f"{form} {number}",
                help=f"Download as {title}",
                on_click="ignore",
                icon=":material/download:",
            )


def _file(answer: QueryResult, form: str) -> bytes:
    return answer.text(form).encode()


# --- the table ------------------------------------------------------------------------------------


def _table(
    answer: QueryResult, meanings: Mapping[str, str], *, whole: bool
) -> tuple[list[dict[str, object]], _Columns]:
    """Return rows for the screen.

    A column of repositories alone becomes links; in any other, a cell that is no address would
    pass for one, so the links stand in a column beside it.
    """
    linked = {name: _links(answer, place) for place, name in enumerate(answer.columns)}
    columns: _Columns = {}
    table: list[dict[str, object]] = [{} for _ in answer.rows]
    for place, name in enumerate(answer.columns):
        cells = [row[place] for row in answer.rows]
        links = linked[name]
        alone = all(link or cell is None for link, cell in zip(links, cells, strict=True))
        if alone and any(links):
            _fill(table, name, links)
            columns[name] = _link_column(name, meanings.get(name))
            continue
        _fill(table, name, [_shown(cell, whole=whole) for cell in cells])
        columns[name] = st.column_config.Column(help=meanings.get(name))
        if any(links):
            _fill(table, f"{name} ↗", links)
            columns[f"{name} ↗"] = _link_column(f"{name} ↗", None)
    return table, columns


def _fill(table: list[dict[str, object]], name: str, values: Iterable[object]) -> None:
    for row, value in zip(table, values, strict=True):
        row[name] = value


def _link_column(name: str, meaning: str | None) -> ColumnConfig:
    return st.column_config.LinkColumn(name, help=meaning, display_text=r"[?&]id=([^&]*)")


def _links(answer: QueryResult, place: int) -> list[str | None]:
    return [_link(row[place]) for row in answer.rows]


def _link(cell: Cell) -> str | None:
    """Return the address at which a repository is explored; anything else has none."""
    parsed = v.parse_repository_iri(cell.value) if isinstance(cell, ox.NamedNode) else None
    return focus.address("explore", Node(*parsed)) if parsed else None


def _shown(cell: Cell, *, whole: bool) -> object:
    value = plain(cell)
    if isinstance(cell, ox.NamedNode) and not whole:
        value = short_name(cell.value)
    return visible(value) if isinstance(value, str) else value
