"""The figures behind a chart or a list, as a table to read and a file to take away."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from typing import TypeAlias

import streamlit as st

__all__ = ["Cell", "csv_text", "take_away"]

Cell: TypeAlias = str | int | float | bool | None


def take_away(rows: Sequence[Mapping[str, Cell]], name: str) -> None:
    """Draw a table that opens, with its rows as a CSV file."""
    with st.expander(f"The figures as a table: {len(rows):,} rows", icon=":material/table:"):
        st.dataframe([dict(row) for row in rows], hide_index=True, key=f"table {name}")
        st.download_button(
            "Table as CSV",
            csv_text(rows).encode(),
            f"{name}.csv",
            "text/csv",
            on_click="ignore",
            icon=":material/download:",
            key=f"csv {name}",
        )


def csv_text(rows: Sequence[Mapping[str, Cell]]) -> str:
    r"""Return rows as CSV; what a spreadsheet would take for a formula begins with an apostrophe.

    >>> csv_text([{"id": "=1+1", "steps": 2}])
    "id,steps\r\n'=1+1,2\r\n"
    """
    file = io.StringIO()
    writer = csv.DictWriter(file, list(rows[0]) if rows else [])
    writer.writeheader()
    writer.writerows({name: _safe(cell) for name, cell in row.items()} for row in rows)
    return file.getvalue()


def _safe(cell: Cell) -> Cell:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(("=", "+", "-", "@")) else cell
