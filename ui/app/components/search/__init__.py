"""A box to type a part of a name into, with suggestions that follow each letter."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from graph.model.records import Kind
from graph.search.start import Found
from ui.app.components import renderer
from ui.app.markup import amount, visible

__all__ = ["picked", "search_box", "typed"]


def search_box(
    key: str, suggestions: Sequence[Found], *, answers: str, on_pick: Callable[[], None]
) -> Any:  # noqa: ANN401 - Streamlit names no type for it that it exports
    """Draw the box; ``answers`` is the text that the suggestions are for."""
    rows = tuple(  # a list would be looked at as a table, and pandas imported for it
        {
            "id": found.id,
            "kind": found.kind.value,
            "shown": visible(found.id),
            "known": found.known,
            "downloads": "" if found.downloads is None else amount(found.downloads),
        }
        for found in suggestions
    )
    return renderer("search")(
        key=key,
        data={"answers": answers, "suggestions": rows},
        on_text_change=_do_nothing,
        on_picked_change=on_pick,
    )


def typed(key: str) -> str:
    """Return what is typed in the box."""
    text = _value(key, "text")
    return text if isinstance(text, str) else ""


def picked(key: str) -> tuple[Kind, str] | None:
    """Return the repository that was just picked."""
    value = _value(key, "picked")
    if not isinstance(value, dict) or not isinstance(value.get("id"), str):
        return None
    kind = next((kind for kind in Kind if kind == value.get("kind")), None)
    return (kind, value["id"]) if kind else None


def _value(key: str, name: str) -> object:
    state = st.session_state.get(key)
    return state.get(name) if state else None


def _do_nothing() -> None:
    """Stand for a callback: its presence alone lets the value through."""
