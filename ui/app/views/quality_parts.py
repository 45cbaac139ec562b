"""What the parts of the page Quality share: tables, links, paging, and downloads."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from html import escape
from itertools import chain

import msgspec
import streamlit as st

from graph.quality.severity import Severity
from graph.store.lineage_graph import Node
from ui.app import focus
from ui.app.markup import Html, Tone, badge, escaped
from ui.app.views.quality_address import Asked, read_asked

__all__ = ["PAGE", "downloads", "level_badge", "pager", "remark", "repository", "table"]

PAGE = 50
"""Rows on a page."""

_LARGEST = 200_000  # rows of a download; the command line gives more

_TONES: dict[Severity, Tone] = {
    Severity.ERROR: "bad",
    Severity.WARNING: "warn",
    Severity.NOTE: "info",
}


def level_badge(level: Severity) -> Html:
    """Return the word for a level."""
    return badge(level.value, _TONES[level])


def repository(node: Node) -> Html:
    """Return the id of a repository as a link into Explore."""
    address = escape(focus.address("explore", node), quote=True)
    return Html(f'<a href="{address}" target="_self">{escaped(node.id)}</a>')


def table(columns: Sequence[str], rows: Iterable[Sequence[str]], *, name: str) -> Html:
    """Return a table; on a narrow screen each row becomes a card that names its cells."""
    head = "".join(f'<th scope="col">{escaped(column)}</th>' for column in columns)
    body = "".join(f"<tr>{_cells(columns, row)}</tr>" for row in rows)
    return Html(
        f'<table class="rg-table" aria-label="{escaped(name)}">'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    )


def pager(asked: Asked, total: int) -> int:
    """Draw the way to the other pages; returns the place of the first row of this one."""
    pages = max(1, -(-total // PAGE))
    here = min(asked.page, pages)
    first = (here - 1) * PAGE
    if pages > 1:
        with st.container(horizontal=True, vertical_alignment="center"):
            for label, to, icon in (
                ("Previous", here - 1, ":material/chevron_left:"),
                ("Next", here + 1, ":material/chevron_right:"),
            ):
                st.button(
                    label,
                    icon=icon,
                    disabled=not 1 <= to <= pages,
                    on_click=partial(_go, to),
                )
            last = min(first + PAGE, total)
            remark(f"{first + 1:,} to {last:,} of {total:,}, page {here:,} of {pages:,}")
    return first


def downloads(name: str, total: int, records: Callable[[], Iterator[dict[str, object]]]) -> None:
    """Draw the buttons that take everything away, made when somebody asks for it."""
    if total > _LARGEST:
        remark(
            f"More than {_LARGEST:,} rows are no download for a browser: narrow them down, or run"
            " remixgraph check --json"
        )
        return
    with st.container(horizontal=True):
        for form, media, write in (
            ("csv", "text/csv", _csv),
            ("json", "application/json", _json),
        ):
            st.download_button(
                f"All {total:,} as {form.upper()}",
                lambda write=write: write(records()),  # type: ignore[misc]
                f"{name}.{form}",
                media,
                key=f"download-{name}-{form}",
                on_click="ignore",
                icon=":material/download:",
                disabled=not total,
            )


def remark(text: str) -> None:
    """Draw a quiet line; Streamlit's captions have too little contrast."""
    st.html(Html(f'<p class="rg-remark">{escaped(text, limit=600)}</p>'))


def _cells(columns: Sequence[str], row: Sequence[str]) -> str:
    return "".join(
        f'<td data-name="{escaped(column)}">{escaped(cell)}</td>'
        for column, cell in zip(columns, row, strict=True)
    )


def _go(to: int) -> None:
    asked = read_asked(st.query_params)._replace(page=to)
    st.query_params.from_dict(asked.parameters)


def _csv(records: Iterator[dict[str, object]]) -> bytes:
    file = io.StringIO()
    first = next(records, None)
    if first is not None:
        writer = csv.DictWriter(file, list(first))
        writer.writeheader()
        for row in chain([first], records):
            writer.writerow({name: _guarded(value) for name, value in row.items()})
    return file.getvalue().encode()


def _guarded(value: object) -> object:
    """Return a cell that no spreadsheet takes for a formula."""
    text = ", ".join(value) if isinstance(value, tuple) else value
    is_formula = isinstance(text, str) and text[:1] in {"=", "+", "-", "@", "\t", "\r"}
    return f"'{text}" if is_formula else text


def _json(records: Iterator[dict[str, object]]) -> bytes:
    return msgspec.json.format(msgspec.json.encode(list(records)), indent=1)
