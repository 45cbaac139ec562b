"""How licences change from parent to child: the matrix, and the shares over time."""

from __future__ import annotations

from collections import Counter

import altair as alt
import streamlit as st

from graph.model.records import Relation
from graph.statistics.drift import COMPARED, STEPS, Drift, Outcome, compare
from graph.statistics.transitions import Transitions
from graph.store.lineage_graph import LineageGraph
from ui.app import charts
from ui.app.markup import Html, escaped, note, section, tiles
from ui.app.questions import behind
from ui.app.state import transitions_of
from ui.app.table import Cell, take_away
from ui.palette import RELATIONS as STYLES

__all__ = ["draw"]

_TOP = 14
_OTHERS = "others"
_FEWEST = 30
_ALL = "all"
_COLOURS = {
    Outcome.KEPT: "#2a9d7f",
    Outcome.RELAXED: "#dd5f2f",
    Outcome.TIGHTENED: "#3f8fd2",
    Outcome.EXCHANGED: "#a678d8",
    Outcome.DROPPED: "#c9952b",
}
_MEANINGS = {
    Outcome.KEPT: "the child declares the same licence",
    Outcome.RELAXED: "another one, whose demands are a part of the parent's",
    Outcome.TIGHTENED: "another one, with all of the parent's demands and more",
    Outcome.EXCHANGED: "another one, with the same demands, or some more and some less",
    Outcome.DROPPED: "the parent declares a licence, the child none",
}


def draw(graph: LineageGraph) -> None:
    """Draw both charts, each with its definition, its figures and the query behind it."""
    everything = transitions_of(graph)
    if not everything.total():
        st.html(note("info", "Nothing to count", "No repository here names a parent that is here."))
        return
    chosen = everything.of(relation=_relation(everything))
    _sums(chosen)
    _matrix(chosen)
    _over_time(chosen)


def _relation(everything: Transitions) -> Relation | None:
    """Return the relation that the address names, after a control to choose another."""
    counts = {one.group: one.steps for one in (everything.whole(), *everything.by_relation())}
    options = [_ALL, *(one.value for one in STEPS if one.value in counts)]
    asked = st.query_params.get("relation", "")
    st.session_state["drift-relation"] = asked if asked in options else _ALL
    chosen = st.segmented_control(
        "Steps counted",
        options,
        key="drift-relation",
        required=True,
        format_func=lambda name: f"{_title(name)} {counts[name]:,}",
        on_change=_turn,
    )
    return None if chosen in {None, _ALL} else Relation(str(chosen))


def _title(name: str) -> str:
    return "All" if name == _ALL else STYLES[Relation(name)].title


def _turn() -> None:
    chosen = st.session_state["drift-relation"]
    if chosen == _ALL:
        st.query_params.pop("relation", None)
    else:
        st.query_params["relation"] = chosen


def _sums(chosen: Transitions) -> None:
    """Draw the five shares over all months as numbers."""
    whole = chosen.whole()
    st.html(tiles((_percent(whole.share(one)), one.value) for one in COMPARED))
    st.caption(
        f"Of {whole.compared:,} steps from a child to a parent whose licences can be compared."
        f" {whole.steps - whole.compared:,} more cannot: a parent without a licence, or several or"
        " unknown ones at an end."
    )


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.1%}"


# --- the matrix -----------------------------------------------------------------------------------


def _matrix(chosen: Transitions) -> None:
    st.html(section("From which licence to which"))
    rows = matrix_rows(chosen)
    order = list(dict.fromkeys(str(row["parent"]) for row in rows))
    children = sorted(
        dict.fromkeys(str(row["child"]) for row in rows),
        key=lambda name: order.index(name) if name in order else len(order),
    )
    chart = (
        alt.Chart(alt.InlineData(values=rows))
        .mark_rect(cornerRadius=2)
        .encode(
            x=alt.X("child:N", sort=children, title="the child's licence").axis(
                labelAngle=-90,
                orient="top",
                labelLimit=130,
                labelOverlap="greedy",
                domain=False,
                ticks=False,
            ),
            y=alt.Y("parent:N", sort=order, title="the parent's licence").axis(
                labelLimit=130, labelOverlap=False, domain=False, ticks=False
            ),
            color=alt.Color("share:Q", legend=None).scale(
                range=["#3f8fd222", "#3f8fd2"], domain=[0, 1], type="sqrt"
            ),
            tooltip=[
                alt.Tooltip("parent:N", title="parent"),
                alt.Tooltip("child:N", title="child"),
                alt.Tooltip("steps:Q", title="steps", format=","),
                alt.Tooltip("share:Q", title="of the parent's steps", format=".1%"),
                alt.Tooltip("outcome:N", title="which is"),
            ],
        )
        .properties(height=480)
    )
    charts.draw(chart, key="matrix")
    st.caption(
        "A row is a licence that parents declare, a column what their children declare; the"
        " stronger its colour, the more of the row's steps end there. The diagonal is kept. The"
        f" {_TOP} licences with the most steps have a row, the rest are others."
    )
    take_away(rows, "licence-matrix")
    st.html(behind("license-transitions"))


def matrix_rows(chosen: Transitions) -> list[dict[str, Cell]]:
    """Return the cells of the matrix, the rows with the most steps first."""
    sizes: Counter[str] = Counter()
    counts = chosen.matrix()
    for (parent, child), steps in counts.items():
        sizes[parent] += steps
        sizes[child] += steps
    kept = {name for name, _ in sorted(sizes.items(), key=lambda one: (-one[1], one[0]))[:_TOP]}
    merged: Counter[tuple[str, str]] = Counter()
    for (parent, child), steps in counts.items():
        merged[_short(parent, kept), _short(child, kept)] += steps
    whole: Counter[str] = Counter()
    for (parent, _), steps in merged.items():
        whole[parent] += steps
    order = sorted(whole, key=lambda name: (name == _OTHERS, -whole[name], name))
    return [
        {
            "parent": parent,
            "child": child,
            "steps": steps,
            "share": steps / whole[parent],
            "outcome": "" if _OTHERS in {parent, child} else compare(parent, child).value,
        }
        for (parent, child), steps in sorted(
            merged.items(), key=lambda one: (order.index(one[0][0]), -one[1], one[0][1])
        )
    ]


def _short(name: str, kept: set[str]) -> str:
    return name if name in kept else _OTHERS


# --- over time ------------------------------------------------------------------------------------


def _over_time(chosen: Transitions) -> None:
    st.html(section("What becomes of a licence, month by month"))
    months = chosen.by_month()
    rows = month_rows(months)
    shown = _shown(months)
    if shown:
        charts.draw(_bars(shown), key="drift")
    else:
        st.html(note("info", "Too few steps", f"No month has {_FEWEST} that can be compared."))
    st.html(_definitions())
    st.caption(
        f"By the month in which the child was created; months with fewer than {_FEWEST} comparable"
        " steps are in the table only. The Hub dates all that is older than its record of dates"
        " March 2022."
    )
    take_away(rows, "licence-drift")


def _shown(months: list[Drift]) -> list[dict[str, Cell]]:
    """Return the shares of the months that have enough steps to compare."""
    return [
        {
            "month": one.group,
            "outcome": outcome.value,
            "place": place,
            "steps": one.counts[outcome],
            "share": one.share(outcome),
        }
        for one in months
        if one.group[:1].isdigit() and one.compared >= _FEWEST
        for place, outcome in enumerate(COMPARED)
    ]


def _bars(shown: list[dict[str, Cell]]) -> alt.Chart:
    names = [one.value for one in COMPARED]
    chart: alt.Chart = (
        alt.Chart(alt.InlineData(values=shown))
        .mark_bar()
        .encode(
            x=alt.X("month:T", timeUnit="utcyearmonth", title=None).axis(
                format="%b %Y", grid=False
            ),
            y=alt.Y("share:Q", title="share of comparable steps", stack="zero")
            .scale(domain=[0, 1])
            .axis(format=".0%"),
            color=alt.Color("outcome:N", title=None, sort=names)
            .scale(domain=names, range=[_COLOURS[one] for one in COMPARED])
            .legend(None),
            order=alt.Order("place:Q"),
            tooltip=[
                alt.Tooltip("month:T", timeUnit="utcyearmonth", title="month"),
                alt.Tooltip("outcome:N", title="licence"),
                alt.Tooltip("share:Q", title="share", format=".1%"),
                alt.Tooltip("steps:Q", title="steps", format=","),
            ],
        )
        .properties(height=340)
    )
    return chart


def month_rows(months: list[Drift]) -> list[dict[str, Cell]]:
    """Return the figures of each month: counts of every outcome, shares of the five."""
    return [_month_row(one) for one in months]


def _month_row(one: Drift) -> dict[str, Cell]:
    row: dict[str, Cell] = {"month": one.group, "steps": one.steps, "compared": one.compared}
    row.update((outcome.value, one.counts[outcome]) for outcome in Outcome)
    row.update((f"{outcome.value} share", one.share(outcome)) for outcome in COMPARED)
    return row


def _definitions() -> Html:
    each = "".join(
        f'<dt><span style="background:{_COLOURS[one]}"></span>{escaped(one.value)}</dt>'
        f"<dd>{escaped(_MEANINGS[one])}</dd>"
        for one in COMPARED
    )
    return Html(f'<dl class="rg-meanings">{each}</dl>')
