"""The page Pulse: is AI having its Linux moment? Who remixes whom, month by month."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from functools import partial

import streamlit as st

from graph.model.relations import MODEL_RELATIONS
from graph.sparql.questions import question
from graph.statistics.pulse import FEW_STEPS, Pulse, months_to_compare
from ui.app import charts
from ui.app.markup import Html, escaped, intro, note, section, tiles
from ui.app.months import PARAMETERS, Period, named, read_period
from ui.app.pulse_charts import FIGURES, Figure, Row, headline, is_few, rows, weight
from ui.app.state import opened_graph, pulse_along
from ui.palette import RELATIONS

__all__ = ["page"]

_TILES = (
    ("growth.models", "new models", ",.0f"),
    ("bases.total", "steps to a parent", ",.0f"),
    ("remixers", "owners who remix", ",.0f"),
    ("bases.top_10", "of steps to the ten greatest owners", ".0%"),
    ("origins.top_10", "of derivatives go back to the ten greatest", ".0%"),
    ("permissive", "of declared licences are permissive", ".0%"),
)
_KEYS = {name: f"pulse-{name}" for name in PARAMETERS}


def page() -> None:
    """Draw the page."""
    graph = opened_graph()
    if graph is None:
        return
    st.html(intro("The pulse", "Is AI having its Linux moment? Who remixes whom, month by month"))
    _pulse()


@st.fragment
def _pulse() -> None:
    """Draw the controls and all figures; a control reruns only this."""
    graph = opened_graph()
    if graph is None:
        return
    everything = pulse_along(graph, MODEL_RELATIONS)
    months = [one.month for one in everything.growth]
    if not months:
        st.html(note("info", "There is no pulse", "No model in this graph has a date of creation."))
        return
    period = read_period(st.query_params, months)
    _controls(everything, months, period)
    found = pulse_along(graph, period.relations)
    _figures(found, period)


# --- controls -------------------------------------------------------------------------------------


def _controls(everything: Pulse, months: Sequence[str], period: Period) -> None:
    values = (period.first, period.last, list(period.relations))
    st.session_state.update(zip(_KEYS.values(), values, strict=True))
    counts = {
        relation: sum(one.edges[relation] for one in everything.growth)
        for relation in MODEL_RELATIONS
    }
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        for title, name in (("From", "first"), ("To", "last")):
            st.selectbox(
                title,
                months,
                key=_KEYS[name],
                format_func=named,
                on_change=partial(_turn, months, name),
                width=165,
            )
        st.pills(
            "Relations, and how many steps there are of each",
            MODEL_RELATIONS,
            key=_KEYS["relations"],
            selection_mode="multi",
            format_func=lambda relation: f"{RELATIONS[relation].title} {counts[relation]:,}",
            on_change=partial(_turn, months, "relations"),
        )


def _turn(months: Sequence[str], name: str) -> None:
    """Write a control's new value into the address."""
    value = st.session_state[_KEYS[name]]
    if name == "relations":
        value = tuple(relation for relation in MODEL_RELATIONS if relation in value)
    period = read_period(st.query_params, months)._replace(**{name: value})
    st.query_params.from_dict(period.parameters(months))


# --- figures --------------------------------------------------------------------------------------


def _figures(found: Pulse, period: Period) -> None:
    every = rows(found)
    shown = [row for month, row in every.items() if period.first <= month <= period.last]
    latest, before = (
        every.get(month.month or "") if month else None
        for month in months_to_compare(found.months, last=period.last)
    )
    _summary(latest, before)
    places = [place for _ in FIGURES[::2] for place in st.columns(2, gap="large")]
    for place, figure in zip(places, FIGURES, strict=True):
        with place:
            _figure(figure, shown, headline(figure, latest, before), period)
    st.html(_beware(found))


def _summary(latest: Row | None, before: Row | None) -> None:
    """Draw the figures of the latest month of some weight beside those of a year before."""
    if latest is None:
        text = f"No month that is over has {FEW_STEPS} steps of these relations: too few to tell."
        st.html(note("info", "No month to sum up", text))
        return
    month = named(str(latest["month"]))
    beside = "and a year before" if before else "with too few steps a year before to compare"
    st.html(section(f"{month}, {beside}"))
    told = [
        (_value(latest[name], form), f"{says}{_before(before, name, form)}")
        for name, says, form in _TILES
    ]
    st.html(Html(f'<div class="rg-wide">{tiles(told)}</div>'))
    st.html(
        f'<p class="rg-below">The latest month that is over and has {FEW_STEPS} steps or more,'
        " up to the last shown.</p>"
    )


def _before(before: Row | None, name: str, form: str) -> str:
    return "" if before is None else f"; {_value(before[name], form)} a year before"


def _value(value: str | float | None, form: str) -> str:
    return "–" if value is None or isinstance(value, str) else format(value, form)


def _figure(figure: Figure, shown: Sequence[Row], says: str, period: Period) -> None:
    st.html(
        Html(f'<h3 class="rg-finding"><span>{escaped(figure.title)}</span>{escaped(says)}</h3>')
    )
    draw = charts.bars if figure.is_stacked else charts.lines
    chart = draw(list(_points(figure, shown)), _series(figure), form=figure.form, says=says)
    charts.draw(chart, key=f"pulse-{figure.key}")
    with st.expander("Definition and figures", icon=":material/table:"):
        st.html(_definition(figure, period))
        table = [_cells(figure, row) for row in shown]
        st.dataframe(table, hide_index=True, height=240)
        st.download_button(
            "Figures as CSV",
            partial(_csv, table),
            f"pulse-{figure.key}.csv",
            "text/csv",
            key=f"csv-{figure.key}",
            on_click="ignore",
            icon=":material/download:",
        )


def _series(figure: Figure) -> dict[str, str]:
    """Return the series of a chart with their colours; relations have their own everywhere."""
    colours = {f"shares.{one}": getattr(RELATIONS[one], charts.mode()) for one in MODEL_RELATIONS}
    others = [name for name in figure.series if name not in colours]
    colours |= zip(others, charts.colours(len(others)), strict=True)
    return {series: colours[name] for name, series in figure.series.items()}


def _points(figure: Figure, shown: Sequence[Row]) -> Iterator[charts.Point]:
    """Yield the points of a chart; a month without a value keeps its place."""
    for row in shown:
        for rank, (name, series) in enumerate(figure.series.items()):
            yield {
                "month": f"{row['month']}-01",
                "series": series,
                "rank": rank,
                "value": row[name],
                "of": row[weight(name)],
                "few": is_few(name, row),
            }


def _definition(figure: Figure, period: Period) -> Html:
    """Return what a chart shows, and where its figures can be had and asked for."""
    command = f"remixgraph pulse --from {period.first} --to {period.last}"
    if period.relations != MODEL_RELATIONS:
        command += "".join(f" --relation {relation}" for relation in period.relations)
    names = ", ".join(f"<code>{name}</code>" for name in figure.series)
    asked = question(figure.question) if figure.question else None
    related = (
        f'<p>Related: <a href="/sparql?question={asked.name}" target="_self">'
        f"{escaped(asked.title)}</a></p>"
        if asked
        else ""
    )
    return Html(
        f'<div class="rg-definition"><p>{escaped(figure.definition, limit=1_000)}</p>'
        f"<p>The query behind it: <code>{escaped(command)} --json</code>, under {names}.</p>"
        f"{related}</div>"
    )


def _cells(figure: Figure, row: Row) -> dict[str, object]:
    """Return a month of a chart's table; the names are those of the JSON document."""
    values = {name: row[name] for name in figure.series}
    told_of = {weight(name): row[weight(name)] for name in figure.series}
    few = any(is_few(name, row) for name in figure.series)
    return {"month": row["month"], **values, **told_of, "few": few}


def _csv(table: Sequence[Mapping[str, object]]) -> bytes:
    file = io.StringIO()
    writer = csv.DictWriter(file, list(table[0]) if table else [])
    writer.writeheader()
    writer.writerows(table)
    return file.getvalue().encode()


def _beware(found: Pulse) -> Html:
    """Return what to know before any of this is cited."""
    return Html(
        f'<div class="rg-sources">{section("Before you cite this")}<p>A hollow or pale mark'
        f" tells of fewer than {FEW_STEPS} steps or models: it says little. All figures are of"
        " what owners declare and of what existed when the graph was made; the newest month is"
        " not over. An owner is an account, a step is no measure of use."
        f" {found.floor:,} models of the Hub’s first date and {found.undated:,} without a date"
        " have no month.</p></div>"
    )
