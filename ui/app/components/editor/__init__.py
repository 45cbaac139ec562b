"""The editor for SPARQL: what is typed stays in the browser until it is to be run."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import streamlit as st

from graph.model import vocabulary as v
from graph.sparql.questions import glossary
from ui.app.components import renderer

__all__ = ["Mark", "editor", "to_plan", "to_run"]


class Mark(NamedTuple):
    """Where a query could not be read: by its text, so that it marks no other; from one on."""

    text: str
    line: int
    column: int


def editor(
    key: str,
    text: str,
    *,
    edition: int,
    mark: Mark | None,
    on_run: Callable[[], None],
    on_plan: Callable[[], None],
) -> Any:  # noqa: ANN401 - Streamlit names no type for it that it exports
    """Draw the editor; what was typed is replaced when ``text`` or ``edition`` changes."""
    return renderer("editor")(
        key=key,
        data={
            "key": key,
            "text": text,
            "edition": edition,
            "problem": mark and mark._asdict(),
            "prefixes": v.PREFIXES,
            "terms": glossary(),
        },
        on_run_change=on_run,
        on_plan_change=on_plan,
    )


def to_run(key: str) -> str:
    """Return the query that was just to be run."""
    return _value(key, "run")


def to_plan(key: str) -> str:
    """Return the query whose plan was just asked for."""
    return _value(key, "plan")


def _value(key: str, name: str) -> str:
    state = st.session_state.get(key)
    value = state.get(name) if state else None
    text = value.get("text") if isinstance(value, dict) else None
    return text if isinstance(text, str) else ""
