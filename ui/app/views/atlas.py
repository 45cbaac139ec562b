"""The page Atlas: everything that lineage joins at a glance, and a way down to every single one.

?x=0.1&y=-0.2&z=8&colour=task&until=2024-05&id=acme/tiny
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import log10

import streamlit as st

from graph.model.errors import InvalidRepositoryId, NotInGraph, RemixgraphError
from graph.store.lineage_graph import LineageGraph, Node
from graph.view.atlas.discs import FamilyRow, families_in
from graph.view.atlas.grouping import GroupBy, month_name, read_month
from graph.view.atlas.reading import Atlas
from graph.view.atlas.window import Window
from ui.app import focus
from ui.app.atlas_colours import Entry, legend
from ui.app.components import atlas as picture
from ui.app.markup import intro, note, visible
from ui.app.state import atlas_of, opened_graph
from ui.app.views import explore

__all__ = ["page"]

_KEY = "atlas"
_SIZE, _ASKED, _PASSING, _OPENED = "atlas-size", "atlas-asked", "atlas-passing", "atlas-opened"
_ALONE = "{} is made from nothing here, and nothing here is made from it: it has no place."
_COLOURS = {
    GroupBy.LICENSE: "Licence",
    GroupBy.TASK: "Task",
    GroupBy.RELATION: "Relation",
    GroupBy.MONTH: "Month",
}


def page() -> None:
    """Draw the page."""
    graph = opened_graph()
    if graph is None:
        return
    st.html(intro("The atlas", "Every family of remixes is a disc, every repository in it a dot"))
    _atlas()


@st.fragment
def _atlas() -> None:
    """Draw the picture and its table; looking elsewhere reruns only this."""
    graph = opened_graph(quiet=True)
    if graph is None:
        return
    try:
        atlas = atlas_of(graph)
    except RemixgraphError as error:
        st.html(note("error", "The atlas cannot be opened", str(error)))
        return
    _open(atlas)
    if not len(atlas):
        st.html(_no_lineage())
        return
    mark = _mark(graph, atlas)
    scene = _scene(atlas, mark)
    _choose_colour(scene.by)
    picture.draw(_KEY, picture.payload(atlas, scene), on_look=_look, on_open=_note_opened)
    _table(atlas, scene)


def _no_lineage() -> str:
    return note(
        "info",
        "There is nothing to draw yet",
        "Nothing in this graph is said to be made from anything else. The atlas shows what lineage"
        " joins; ingest data that names base models or source datasets.",
    )


# --- what is looked at ----------------------------------------------------------------------------


def _scene(atlas: Atlas, mark: int | None) -> picture.Scene:
    """Return what the address asks for; what makes no sense in it is taken for what is usual."""
    asked = st.query_params
    passing = st.session_state.pop(_PASSING, None)
    until = passing if passing is not None else _until(atlas, asked.get("until", ""))
    by = next((c for c in GroupBy if c == asked.get("colour")), GroupBy.LICENSE)
    window = _window(asked)
    point = atlas.point(mark) if mark is not None and "id" in asked else None
    if point is not None and "z" not in asked:
        window = atlas.window_around(point, window)
    return picture.Scene(window, by, until, mark, st.session_state.pop(_ASKED, None))


def _window(asked: Mapping[str, str]) -> Window:
    size = st.session_state.get(_SIZE, (960, 640))
    try:
        x, y, zoom = (float(asked.get(n, usual)) for n, usual in (("x", 0), ("y", 0), ("z", 1)))
        return Window.of(x, y, zoom, size)
    except ValueError:
        return Window(width=size[0], height=size[1])


def _until(atlas: Atlas, text: str) -> int | None:
    """Return a month that there is something to see of, None for all time."""
    month = read_month(text)
    if month is None or atlas.months is None:
        return None
    first, last = atlas.months
    return min(max(month, first), last)


def _mark(graph: LineageGraph, atlas: Atlas) -> int | None:
    """Return the number of the focus; say so where the atlas has no place for it."""
    try:
        node = focus.look_at(graph)
    except (NotInGraph, InvalidRepositoryId) as error:
        st.html(note("warning", "This repository cannot be shown", str(error)))
        return None
    number = None if node is None else atlas.index.number(node.iri)
    if node is None or number is None or atlas.point(number) is not None:
        return number
    if "id" in st.query_params:
        st.html(note("info", "It stands alone", _ALONE.format(visible(node.id))))
    return None


# --- what somebody does ---------------------------------------------------------------------------


def _look() -> None:
    """Write into the address where somebody looks now."""
    look = picture.asked(_KEY)
    if look is None:
        return
    st.session_state[_ASKED] = look.number
    st.session_state[_SIZE] = look.window.width, look.window.height
    if look.sizing:
        return
    if look.passing:
        st.session_state[_PASSING] = look.until
    kept = {n: v for n, v in st.query_params.items() if n not in {"x", "y", "z", "until"}}
    wanted = kept | _place(look.window)
    if look.passing and "until" in st.query_params:
        wanted["until"] = st.query_params["until"]
    elif look.until is not None and not look.passing:
        wanted["until"] = month_name(look.until)
    if wanted != st.query_params.to_dict():
        st.query_params.from_dict(wanted)


def _place(window: Window) -> dict[str, str]:
    """Return a window as parameters, exact to a fraction of a pixel; the whole needs none."""
    if (window.x, window.y, window.zoom) == (0, 0, 1):
        return {}
    digits = 4 + max(0, round(log10(window.zoom)))
    return {
        "x": f"{window.x:.{digits}f}",
        "y": f"{window.y:.{digits}f}",
        "z": f"{window.zoom:.5g}",
    }


def _note_opened() -> None:
    st.session_state[_OPENED] = picture.opened(_KEY)


def _open(atlas: Atlas) -> None:
    """Go to Explore with what was clicked."""
    number = st.session_state.pop(_OPENED, None)
    if number is None or not 0 <= number < len(atlas.index):
        return
    target = st.Page(explore.page, title="Explore", url_path="explore")
    st.switch_page(target, query_params=focus.parameters(atlas.index.node(number)))


def _choose_colour(by: GroupBy) -> None:
    st.session_state["atlas-colour"] = by
    st.segmented_control(
        "Colour by",
        list(_COLOURS),
        key="atlas-colour",
        required=True,
        format_func=_COLOURS.__getitem__,
        on_change=_recolour,
    )


def _recolour() -> None:
    colour = st.session_state["atlas-colour"]
    if colour is GroupBy.LICENSE:
        st.query_params.pop("colour", None)
    else:
        st.query_params["colour"] = colour.value


# --- the table twin -------------------------------------------------------------------------------


def _table(atlas: Atlas, scene: picture.Scene) -> None:
    rows = families_in(atlas, scene.window, GroupBy.LICENSE)
    entries = legend(GroupBy.LICENSE, atlas.grouping(GroupBy.LICENSE).groups)
    with st.expander("The largest families in view, as a table"):
        st.dataframe(
            [_row(row, entries) for row in rows],
            hide_index=True,
            column_config={
                "Family of": st.column_config.LinkColumn(display_text=r"[?&]id=([^&]*)"),
                **{
                    entry.title: st.column_config.ProgressColumn(
                        entry.title, format="percent", min_value=0, max_value=1, help=entry.meaning
                    )
                    for entry in entries
                },
            },
        )
        st.caption(
            "A family is all that hangs on one root, each repository on the parent from which most"
            " others descend. The shares are those of the licences of all members."
        )


def _row(row: FamilyRow, entries: Sequence[Entry]) -> dict[str, object]:
    named = focus.address("explore", Node(row.root.kind, row.root.id))
    shares = (count / row.members for count in row.groups)
    titles = (entry.title for entry in entries)
    return {"Family of": named, "Members": row.members, **dict(zip(titles, shares, strict=True))}
