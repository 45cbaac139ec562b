"""The page Explore: find a repository, see what it was made from and what was made from it."""

from __future__ import annotations

import io
import re
import tempfile
from collections import Counter
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import streamlit as st

from graph.errors import InvalidRepositoryId, NotInGraph
from graph.exports.html import write_html
from graph.lineage import children, parents
from graph.listing import Row, listing, write_csv
from graph.neighbourhood import Neighbourhood, neighbourhood
from graph.palette import RELATIONS, license_class
from graph.records import Relation
from graph.store import LineageGraph, Node
from ui.address import MOST_STEPS, View, read_view
from ui.components import lineage
from ui.focus import go, look_at
from ui.markup import intro, note, visible
from ui.state import beginnings, opened_graph
from ui.theme import KIND_NAMES
from ui.views.panel import draw_panel

__all__ = ["page"]

_LINEAGE, _MORE = "lineage", "more"
_STEP = 24  # how many more a click on "+ N more" shows
_LIMIT = 240  # how many repositories a picture may hold and still be read


def page() -> None:
    """Draw the page."""
    graph = opened_graph()
    if graph is None:
        return
    st.html(intro("Explore", "What it was made from, and what was made from it"))
    _explore()


# --- looking --------------------------------------------------------------------------------------


@st.fragment
def _explore() -> None:
    """Draw everything about the focus; a click reruns only this."""
    graph = opened_graph()
    if graph is None:
        return
    try:
        focus = look_at(graph) or _first(graph)
    except (NotInGraph, InvalidRepositoryId) as error:
        st.html(note("warning", "This repository cannot be shown", str(error)))
        return
    if focus is None:
        st.html(note("info", "Type a name above", "Nothing here was made from anything else."))
        return
    view = read_view(st.query_params).at(focus)
    _controls(graph, view, focus)
    more = st.session_state.setdefault(_MORE, {})
    shown = neighbourhood(
        graph, focus, up=view.up, down=view.down, relations=view.relations, more=more, limit=_LIMIT
    )
    picture, facts = st.columns([2.6, 1], gap="medium")
    with picture:
        _picture(shown, more=more)
    with facts:
        draw_panel(graph, focus, on_path=_reach)
    _table(shown)


def _first(graph: LineageGraph) -> Node | None:
    """Return where to begin when nothing was asked for."""
    first = beginnings(graph)
    return Node(first[0].kind, first[0].id) if first else None


def _go(node: Node) -> None:
    go(node)
    st.session_state[_MORE] = {}


def _controls(graph: LineageGraph, view: View, focus: Node) -> None:
    steps = range(MOST_STEPS + 1)
    st.session_state.update(up=view.up, down=view.down, relations=list(view.relations))
    counts = _counts(graph, focus)
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        st.segmented_control(
            "Steps back",
            steps,
            key="up",
            required=True,
            on_change=partial(_turn, "up"),
        )
        st.segmented_control(
            "Steps on",
            steps,
            key="down",
            required=True,
            on_change=partial(_turn, "down"),
        )
        st.pills(
            "Relations, and how many touch the focus",
            list(Relation),
            key="relations",
            selection_mode="multi",
            format_func=lambda relation: f"{RELATIONS[relation].title} {counts[relation]:,}",
            on_change=partial(_turn, "relations"),
        )


def _turn(name: str) -> None:
    """Write a control's new value into the address."""
    view = read_view(st.query_params)
    value = st.session_state[name]
    if name == "relations":
        view = view.along(value)
    else:
        view = view._replace(up=int(value)) if name == "up" else view._replace(down=int(value))
    st.query_params.from_dict(view.parameters)


def _counts(graph: LineageGraph, focus: Node) -> Counter[Relation]:
    relations = tuple(Relation)
    edges = {*parents(graph, focus.iri, relations), *children(graph, focus.iri, relations)}
    return Counter(edge.relation for edge in edges)


def _picture(shown: Neighbourhood, *, more: dict[str, int]) -> None:
    lineage.draw(_LINEAGE, shown, on_focus=_clicked, on_more=_more)
    hidden = sum(shown.hidden_parents.values()) + sum(shown.hidden_children.values())
    if len(shown.view) >= _LIMIT:
        st.html(
            note(
                "info",
                f"Only {len(shown.view)} repositories are drawn",
                f"{hidden:,} more are within these steps. Fewer steps or fewer relations show"
                " a part of it whole.",
            )
        )
    elif len(shown.view) == 1:
        st.html(
            note(
                "info",
                "It stands alone",
                "Within these steps and relations nothing is declared to be made from it, and it"
                " declares nothing that it was made from.",
            )
        )
    if more:
        st.button("Show fewer again", icon=":material/unfold_less:", on_click=_fewer)


def _reach(path: Sequence[Node]) -> None:
    """Go so many steps back that the picture holds a path."""
    st.query_params["up"] = str(min(max(len(path) - 1, 1), MOST_STEPS))


def _clicked() -> None:
    if node := lineage.clicked(_LINEAGE):
        _go(node)


def _more() -> None:
    if iri := lineage.expanded(_LINEAGE):
        more = dict(st.session_state.get(_MORE, {}))
        st.session_state[_MORE] = more | {iri: more.get(iri, 0) + _STEP}


def _fewer() -> None:
    st.session_state[_MORE] = {}


# --- reading --------------------------------------------------------------------------------------


def _table(shown: Neighbourhood) -> None:
    """Draw the same view as a table, for those who read, sort and filter; and take it away."""
    rows = listing(shown)
    with st.expander(f"The same as a table: {len(rows):,} repositories", icon=":material/table:"):
        st.caption("Tick a row to look from there.")
        key = f"table {shown.focus}"
        st.dataframe(
            [_cells(row) for row in rows],
            hide_index=True,
            column_config=_COLUMNS,
            key=key,
            on_select=partial(_picked_row, key, rows),
            selection_mode="single-row",
        )
    name = _file_name(rows[0])
    with st.container(horizontal=True):
        st.download_button(
            "Picture as HTML",
            partial(_html, shown),
            f"{name}.html",
            "text/html",
            on_click="ignore",
            icon=":material/download:",
        )
        st.download_button(
            "Table as CSV",
            partial(_csv, rows),
            f"{name}.csv",
            "text/csv",
            on_click="ignore",
            icon=":material/download:",
        )


def _picked_row(key: str, rows: list[Row]) -> None:
    for number in st.session_state[key].selection.rows:
        _go(Node(rows[number].kind, rows[number].id))


_COLUMNS = {
    "steps": st.column_config.NumberColumn(help="Before zero: ancestors; after: descendants"),
    "known": st.column_config.CheckboxColumn(help="Whether it is in the graph, or only named"),
}


def _cells(row: Row) -> dict[str, str | int | bool | None]:
    return {
        "steps": row.depth,
        "id": visible(row.id),
        "kind": KIND_NAMES[row.kind],
        "relation": ", ".join(RELATIONS[relation].title for relation in row.relations),
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
        write_html(shown.view, shown.focus, path)
        return path.read_bytes()


def _csv(rows: list[Row]) -> bytes:
    file = io.StringIO()
    write_csv(rows, file)
    return file.getvalue().encode()
