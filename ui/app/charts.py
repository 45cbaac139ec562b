"""How charts look: one theme for all of them, on Altair, which Streamlit draws by itself.

Rule: every chart has a caption that says what is counted, and a table of its figures to take away.
Streamlit sets type and the colours of text and grid, which follow the page's; the series' own
come from ``ui.palette``, so that a chart and a drawing of lineage agree.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TypeAlias

import altair as alt
import streamlit as st

from graph.model.records import Relation
from ui.palette import RELATIONS

__all__ = ["Chart", "Point", "bars", "colours", "draw", "lines", "mode"]

Chart: TypeAlias = "alt.Chart | alt.LayerChart | alt.HConcatChart | alt.FacetChart"

Point: TypeAlias = Mapping[str, "str | int | float | bool | None"]
"""A value of a series in a month: ``month``, ``series``, ``rank`` in the stack, ``value``, ``of``
how many it is told, and whether these are so ``few`` that it says little."""

_HEIGHT = 240
_SERIES = (
    Relation.FINETUNE,
    Relation.QUANTIZED,
    Relation.ADAPTER,
    Relation.MERGE,
    Relation.UNSPECIFIED,
)
"""The relations whose colours series take in turn: the five that tell apart best."""


def draw(chart: Chart, *, key: str) -> None:
    """Draw a chart over the width that there is, in the colours of the page."""
    st.altair_chart(_themed(chart), width="stretch", theme="streamlit", key=key)


def mode() -> str:
    """Return whether the page is light or dark just now."""
    return "dark" if st.context.theme.type == "dark" else "light"


def colours(number: int) -> list[str]:
    """Return as many colours for series, up to five."""
    return [getattr(RELATIONS[relation], mode()) for relation in _SERIES[:number]]


def lines(points: Sequence[Point], series: Mapping[str, str], *, form: str, says: str) -> Chart:
    """Return lines over months; a line stops where a value is told of few: a hollow point.

    Those that would dwarf the lines are in the table only.
    ``series`` has the colour of each, ``form`` is how values are written (d3's), ``says`` what the
    chart shows, for those who listen.
    """
    base = _base(points, series, form)
    highest = max((_height(point) for point in points if not point["few"]), default=math.inf)
    line = base.mark_line(strokeWidth=2.5)
    full = base.mark_point(filled=True, size=36, opacity=1)
    hollow = base.mark_point(filled=False, size=36, opacity=0.45)
    layers = (
        line.transform_calculate(value="datum.few ? null : datum.value"),
        full.transform_filter("!datum.few"),
        hollow.transform_filter(f"datum.few && datum.value <= {min(highest * 2, 1e9)}"),
    )
    chart: Chart = alt.layer(*layers).properties(height=_HEIGHT, description=says)
    return chart


def bars(points: Sequence[Point], series: Mapping[str, str], *, form: str, says: str) -> Chart:
    """Return bars of months, the series on top of one another; pale where told of few."""
    opacity = alt.condition("datum.few", alt.value(0.4), alt.value(1))
    chart = _base(points, series, form).mark_bar(binSpacing=1)
    order = alt.Order("rank:Q")
    sized: Chart = chart.encode(opacity=opacity, order=order).properties(
        height=_HEIGHT, description=says
    )
    return sized


def _base(points: Sequence[Point], series: Mapping[str, str], form: str) -> alt.Chart:
    scale = alt.Scale(domain=list(series), range=list(series.values()))
    legend = None if len(series) == 1 else alt.Legend(title=None, columns=3)
    return alt.Chart(alt.InlineData(values=list(points))).encode(
        x=alt.X("yearmonth(month):T", title=None, axis=alt.Axis(tickCount=6, labelOverlap=True)),
        y=alt.Y("value:Q", title=None, axis=alt.Axis(format=form, tickCount=5)),
        color=alt.Color("series:N", scale=scale, legend=legend),
        tooltip=[
            alt.Tooltip("yearmonth(month):T", title="Month", format="%B %Y"),
            alt.Tooltip("series:N", title="What"),
            alt.Tooltip("value:Q", title="Value", format=form),
            alt.Tooltip("of:Q", title="Out of", format=","),
        ],
    )


def _height(point: Point) -> float:
    return float(point["value"] or 0)


def _themed(chart: Chart) -> Chart:
    """Return a chart with what all have in common beside Streamlit's own theme."""
    quiet = chart.configure_view(stroke=None).configure_axisX(grid=False)
    axes = quiet.configure_axis(labelFontSize=12, domain=False, ticks=False, labelPadding=6)
    keyed = axes.configure_legend(
        orient="top", labelFontSize=13, labelLimit=320, symbolStrokeWidth=3, padding=0, offset=8
    )
    # The chart has a description and its table stands beside it: thousands of marks tell no more.
    silent = keyed.configure_mark(aria=False)
    themed: Chart = silent.configure_range(category=colours(len(_SERIES)))
    return themed
