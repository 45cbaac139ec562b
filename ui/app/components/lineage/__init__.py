"""The picture of a lineage: cards and lines on a canvas, drawn by vis-network where we say.

Python sends the places and the texts; the scripts only draw them and report clicks. Nothing is
laid out in the browser: its own layouts take seconds for what takes milliseconds here.

lineage.js    mounts the picture and joins its parts
camera.js     what part of the picture is in sight: vis-network's gestures
scene.js      what there is to draw, where it is, and what stands out
frame.js      how large it is, and which part is best seen first
gliding.js    moves what stays from its old place to its new one
surface.js    one way of drawing for the canvas and for SVG
cards.js      draws nodes
lines.js      draws edges
picking.js    what is under the pointer, and what the arrow keys lead to
ways.js       ancestors, descendants and the path between two nodes of the view
words.js      says in words what is drawn
tools.js      the buttons, the search inside the view, the line that tells
legend.js     what the colours and lines mean
minimap.js    the whole, small, with the part that is in sight
files.js      the picture as PNG and SVG
outside.js    tells what is drawn to whoever looks from outside
dom.js        makes elements
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from graph.model import vocabulary as v
from graph.store.lineage_graph import Node
from graph.view.expansion import Side, Turn, short_name
from graph.view.neighbourhood import Neighbourhood
from ui.app.components import renderer
from ui.app.components.lineage.payload import payload
from ui.app.node_colours import ColourBy

__all__ = ["clicked", "draw", "turned"]


def draw(
    key: str,
    shown: Neighbourhood,
    *,
    by: ColourBy,
    on_focus: Callable[[], None],
    on_turn: Callable[[], None],
) -> Any:  # noqa: ANN401 - Streamlit names no type for it that it exports
    """Draw a neighbourhood; a click reports a repository, or what is to be opened or closed."""
    return renderer("lineage")(
        key=key,
        data=payload(shown, by),
        on_focus_change=on_focus,
        on_turn_change=on_turn,
    )


def clicked(key: str) -> Node | None:
    """Return the repository that was just clicked."""
    value = _value(key, "focus")
    parsed = v.parse_repository_iri(value) if isinstance(value, str) else None
    return Node(*parsed) if parsed else None


def turned(key: str) -> tuple[Turn, int] | None:
    """Return what was just opened or closed, and how far it is open at first."""
    value = _value(key, "turn")
    if not isinstance(value, dict) or not v.parse_repository_iri(str(value.get("node"))):
        return None
    side = next((side for side in Side if side == value.get("side")), None)
    helpings, usual = value.get("helpings"), value.get("usual")
    if side is None or not isinstance(helpings, int) or not isinstance(usual, int):
        return None
    return Turn(side, short_name(str(value["node"])), min(max(helpings, 0), 9)), usual


def _value(key: str, name: str) -> object:
    state = st.session_state.get(key)
    return state.get(name) if state else None
