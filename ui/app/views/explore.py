"""The page Explore: what a repository was made from and what was made from it, as a picture.

The address says the whole view but for a path that the panel shows. The picture and the panel are
fragments: opening a node draws the picture alone anew, a new focus both.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NamedTuple

import streamlit as st

from graph.model.errors import InvalidRepositoryId, NotInGraph
from graph.model.records import Kind, Relation
from graph.store.lineage_graph import LineageGraph, Node
from graph.view.neighbourhood import USES, Neighbourhood, links_around, neighbourhood
from ui.app.address import MOST_STEPS, View, read_view
from ui.app.components import lineage
from ui.app.focus import go, look_at
from ui.app.markup import intro, note
from ui.app.node_colours import ColourBy
from ui.app.state import beginnings, lineage_index, opened_graph
from ui.app.views.panel import draw_panel
from ui.app.views.table import draw_table
from ui.palette import relation_style

__all__ = ["page"]

_LINEAGE, _PATH = "lineage", "path in the view"
_PICTURE, _PANEL = "explore picture", "explore panel"
_CHOICES = [*(relation.value for relation in Relation), USES]
_COLOURS = {
    ColourBy.LICENSE: "Licence",
    ColourBy.TASK: "Task",
    ColourBy.OWNER: "Owner",
    ColourBy.AGE: "Age",
}


class _Path(NamedTuple):
    """A path that is shown, and the focus that it belongs to."""

    focus: Node
    nodes: tuple[Node, ...]


def page() -> None:
    """Draw the page."""
    graph = opened_graph()
    if graph is None:
        return
    st.html(intro("Explore", "What it was made from, and what was made from it"))
    try:
        focus = _focus(graph)
    except (NotInGraph, InvalidRepositoryId) as error:
        st.html(note("warning", "This repository cannot be shown", str(error)))
        return
    if focus is None:
        st.html(note("info", "Type a name above", "Nothing here was made from anything else."))
        return
    picture, panel = st.columns([2.8, 1], gap="medium")
    with picture:
        _picture()
    with panel:
        _panel()


def _focus(graph: LineageGraph) -> Node | None:
    """Return what is looked at; raises NotInGraph or InvalidRepositoryId for a bad address."""
    if focus := look_at(graph):
        return focus
    first = beginnings(graph)
    return Node(first[0].kind, first[0].id) if first else None


@st.fragment(key=_PANEL)
def _panel() -> None:
    """Draw what is known of the focus."""
    graph = opened_graph(quiet=True)
    if graph and (focus := _focus(graph)):
        draw_panel(graph, focus, on_path=_show_path)


@st.fragment(key=_PICTURE)
def _picture() -> None:
    """Draw the controls, the picture and its table."""
    graph = opened_graph(quiet=True)
    focus = _focus(graph) if graph else None
    if graph is None or focus is None:
        return
    view = read_view(st.query_params).at(focus)
    _controls(graph, view, focus)
    reach = view.reach._replace(spaces=view.spaces or focus.kind is Kind.SPACE)
    shown = neighbourhood(graph, focus, reach, path=_path(focus), index=lineage_index(graph))
    lineage.draw(_LINEAGE, shown, by=view.colour, on_focus=_clicked, on_turn=_turned)
    _remarks(shown, view)
    draw_table(graph, shown, on_pick=_go)


# --- what a viewer does ---------------------------------------------------------------------------


def _go(node: Node) -> None:
    """Look from another repository; only from a callback."""
    go(node)
    st.session_state.pop(_PATH, None)
    st.rerun([_PICTURE, _PANEL])


def _clicked() -> None:
    if node := lineage.clicked(_LINEAGE):
        _go(node)


def _turned() -> None:
    """Open or close a side of a node, and write it into the address."""
    graph = opened_graph(quiet=True)
    focus = _focus(graph) if graph else None
    if focus and (turned := lineage.turned(_LINEAGE)):
        turn, usual = turned
        _write(read_view(st.query_params).at(focus).turned(turn, usual=usual))


def _show_path(path: Sequence[Node]) -> None:
    """Show a path in the picture until the focus changes, with what it lacks; from a callback."""
    graph = opened_graph(quiet=True)
    if graph and (focus := _focus(graph)):
        st.session_state[_PATH] = _Path(focus, tuple(path))
        st.rerun([_PICTURE, _PANEL])


def _path(focus: Node) -> tuple[Node, ...]:
    path = st.session_state.get(_PATH)
    return path.nodes if isinstance(path, _Path) and path.focus.iri == focus.iri else ()


def _hide_path() -> None:
    st.session_state.pop(_PATH, None)


def _close_all() -> None:
    _write(read_view(st.query_params)._replace(turns=()))


def _write(view: View) -> None:
    st.query_params.from_dict(view.parameters)


# --- controls -------------------------------------------------------------------------------------


def _controls(graph: LineageGraph, view: View, focus: Node) -> None:
    chosen = [*(relation.value for relation in view.relations), *([USES] if view.spaces else [])]
    st.session_state.update(
        up=view.up, down=view.down, relations=chosen, colour=view.colour.value, rolled=view.rolled
    )
    counts = links_around(lineage_index(graph), focus)
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        for name, title in (("up", "Steps back"), ("down", "Steps on")):
            st.segmented_control(
                title,
                range(MOST_STEPS + 1),
                key=name,
                required=True,
                on_change=partial(_control, name),
            )
        st.segmented_control(
            "Colour by",
            [by.value for by in ColourBy],
            key="colour",
            required=True,
            format_func=lambda by: _COLOURS[ColourBy(by)],
            on_change=partial(_control, "colour"),
        )
        with st.popover(f"{len(chosen)} of {len(_CHOICES)} relations", icon=":material/tune:"):
            st.pills(
                "Relations, and how many touch the focus",
                _CHOICES,
                key="relations",
                selection_mode="multi",
                format_func=lambda word: f"{_title(word)} {counts[word]:,}",
                on_change=partial(_control, "relations"),
            )
            st.toggle(
                "Roll up copies",
                key="rolled",
                help="Quantised copies and adapters of a model are one card that opens.",
                on_change=partial(_control, "rolled"),
            )


def _title(word: str) -> str:
    return relation_style(word).title


def _control(name: str) -> None:
    """Write a control's new value into the address."""
    _write(_CHANGES[name](read_view(st.query_params), st.session_state[name]))


_CHANGES: dict[str, Callable[[View, Any], View]] = {
    "up": lambda view, steps: view._replace(up=int(steps)),
    "down": lambda view, steps: view._replace(down=int(steps)),
    "colour": lambda view, by: view._replace(colour=ColourBy(by)),
    "rolled": lambda view, rolled: view._replace(rolled=bool(rolled)),
    "relations": lambda view, words: view.along(words),
}


# --- remarks --------------------------------------------------------------------------------------


def _remarks(shown: Neighbourhood, view: View) -> None:
    """Say what is not in the picture, and offer to take back what was opened."""
    if len(shown.view) >= view.reach.limit:
        st.html(
            note(
                "info",
                f"Only {len(shown.view)} repositories are drawn",
                f"{shown.hidden:,} more are within these steps. Fewer steps or fewer relations"
                " show a part of it whole.",
            )
        )
    elif len(shown.view) == 1 and not shown.groups:
        st.html(
            note(
                "info",
                "It stands alone",
                "Within these steps and relations nothing is declared to be made from it, and it"
                " declares nothing that it was made from.",
            )
        )
    with st.container(horizontal=True):
        if view.turns:
            st.button("Close what was opened", icon=":material/unfold_less:", on_click=_close_all)
        if shown.path:
            st.button("Hide the path", icon=":material/close:", on_click=_hide_path)
