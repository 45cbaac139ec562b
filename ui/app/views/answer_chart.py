"""A chart of an answer, where it has something to count and something to count it by."""

from __future__ import annotations

import re
from typing import NamedTuple

import altair as alt
import streamlit as st

from graph.sparql.questions import short_name
from graph.sparql.results import Plain, QueryResult
from ui.app import charts
from ui.app.markup import visible

__all__ = ["Axes", "axes", "draw"]

_DATE = re.compile(r"\d{4}-\d{2}(-\d{2}(T[\d:.]+(Z|[+-]\d{2}:\d{2})?)?)?")
_MOST_BARS = 30
_BAR = 24  # its height


class Axes(NamedTuple):
    """Which columns are drawn: what the label is made of, the number, and whether it is a date."""

    labels: tuple[str, ...]
    numbers: tuple[str, ...]
    dated: bool


def axes(answer: QueryResult) -> Axes | None:
    """Return what of an answer can be drawn, if anything can; a single row needs no chart."""
    records = answer.records()
    if len(records) < 2:
        return None
    values = {name: [record[name] for record in records] for name in answer.columns}
    numbers = tuple(name for name, column in values.items() if all(map(_is_number, column)))
    labels = tuple(name for name in answer.columns if name not in numbers)
    if not labels and len(numbers) > 1:  # a number by another: how many at each depth
        labels, numbers = numbers[:1], numbers[1:]
    if not labels or not numbers:
        return None
    dates = [name for name in labels if all(map(_is_date, values[name]))]
    if dates and len(set(values[dates[0]])) == len(records):
        return Axes((dates[0],), numbers, dated=True)
    distinct = next((name for name in labels if len(set(values[name])) == len(records)), None)
    return Axes((distinct,) if distinct else labels, numbers, dated=False)


def draw(answer: QueryResult, *, key: str) -> None:
    """Draw bars, or a line over dates; where there are several numbers, one is chosen."""
    found = axes(answer)
    if found is None:
        return
    number = found.numbers[0]
    if len(found.numbers) > 1:
        number = st.selectbox("Number", found.numbers, key=f"number {key}")
    records = answer.records()
    shown = records if found.dated else _largest(records, number)
    rows = [{"label": _label(record, found.labels), "number": record[number]} for record in shown]
    title = ", ".join(found.labels)
    chart = _line(rows, title, number) if found.dated else _bars(rows, title, number)
    charts.draw(chart, key=key)
    cut = len(shown) < len(records)
    rest = f": the {len(shown)} largest of {len(records):,}" if cut else ""
    st.text(f"{number} by {title}{rest}. The table has the figures.")


def _largest(records: list[dict[str, Plain]], number: str) -> list[dict[str, Plain]]:
    """Return as many rows as can be read as bars; all of them keep the order of the answer."""
    if len(records) <= _MOST_BARS:
        return records
    return sorted(records, key=lambda record: -float(record[number] or 0))[:_MOST_BARS]


def _bars(rows: list[dict[str, Plain]], title: str, number: str) -> alt.Chart:
    order = list(dict.fromkeys(str(row["label"]) for row in rows))
    chart: alt.Chart = (
        alt.Chart(_data(rows), height={"step": _BAR})
        .mark_bar()
        .encode(
            x=alt.X("number:Q", title=number),
            y=alt.Y("label:N", title=title, sort=order, axis=alt.Axis(labelLimit=260)),
            tooltip=[alt.Tooltip("label:N", title=title), alt.Tooltip("number:Q", title=number)],
        )
    )
    return chart


def _line(rows: list[dict[str, Plain]], title: str, number: str) -> alt.Chart:
    chart: alt.Chart = (
        alt.Chart(_data(rows), height=340)
        .mark_line(point=True)
        .encode(
            x=alt.X("label:T", title=title),
            y=alt.Y("number:Q", title=number),
            tooltip=[alt.Tooltip("label:T", title=title), alt.Tooltip("number:Q", title=number)],
        )
    )
    return chart


def _data(rows: list[dict[str, Plain]]) -> alt.Data:
    return alt.Data(values=rows)  # type: ignore[no-untyped-call] # it has no types


def _label(record: dict[str, Plain], labels: tuple[str, ...]) -> str:
    return " · ".join(_word(record[name]) for name in labels)


def _word(value: Plain) -> str:
    if isinstance(value, str):
        return visible(short_name(value), limit=80)
    return "–" if value is None else str(value)


def _is_number(value: Plain) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_date(value: Plain) -> bool:
    return isinstance(value, str) and _DATE.fullmatch(value) is not None
