"""The page Home: what this graph holds, and its highlights for those who do not know it yet."""

from __future__ import annotations

from urllib.parse import urlencode

import streamlit as st

from graph.licenses.classes import LICENSE_CLASSES
from graph.rdf.runs import ended_runs
from graph.statistics.growth import Growth
from graph.statistics.overview import Overview
from graph.store.lineage_graph import LineageGraph
from ui.app import focus
from ui.app.highlights import Card, cards, counted
from ui.app.markup import Html, date, escaped, items, section, tiles
from ui.app.months import named
from ui.app.state import highlights_of, opened_graph, overview_of
from ui.palette import LICENSE_COLOURS

__all__ = ["page"]

_MONTHS_SHOWN = 36


def page() -> None:
    """Draw the page."""
    graph = opened_graph()
    if graph is None:
        return
    st.html(_hero())
    held = overview_of(graph)
    st.html(_counts(graph, held))
    _highlights(graph)
    st.html(Html(f'<div class="rg-pictures">{_growth(held.months)}{_licences(held)}</div>'))
    st.html(_sources(graph, held))


def _hero() -> Html:
    """Return what the page says first; the style sheet moves it above the search box."""
    return Html(
        '<div class="rg-hero"><h1>Where does a model come from, what does it drag along, and who'
        " builds on it?</h1><p>Open models and datasets are remixed from one another. This is the"
        " graph of who made what from what, as their owners declare it.</p></div>"
    )


def _counts(graph: LineageGraph, held: Overview) -> Html:
    licensed = held.licensed / held.models if held.models else 0
    figures = [
        (f"{graph.info.models:,}", "models"),
        (f"{graph.info.datasets:,}", "datasets"),
        (f"{graph.info.spaces:,}", "Spaces"),
        (f"{held.steps:,}", "steps from a model to its parent"),
        (f"{held.families:,}", "families that steps connect"),
        (f"{licensed:.0%}", "of models under a licence that is known"),
    ]
    return Html(f'<div class="rg-wide">{tiles(figures)}</div>')


# --- highlights -----------------------------------------------------------------------------------


def _highlights(graph: LineageGraph) -> None:
    found = list(cards(highlights_of(graph)))
    if found:
        st.html(section("Ways in"))
    with st.container(key="highlights"):
        for number, card in enumerate(found):
            with st.container(key=f"highlight-{number}"):
                st.html(_highlight(card))


def _highlight(card: Card) -> Html:
    """Return a card that is one link; all that comes from the Hub is text in it."""
    address = f"/{card.page}?{urlencode(focus.parameters(card.node) | card.view, safe='/')}"
    return Html(
        f'<a class="rg-highlight" href="{escaped(address, limit=2_000)}" target="_self">'
        f'<span class="rg-kind">{escaped(card.title)}</span>'
        f"<b>{_breakable(card.node.id)}</b><span>{escaped(card.sentence)}</span>"
        f'<span class="rg-way">{escaped(card.way)} →</span></a>'
    )


def _breakable(name: str) -> Html:
    """Return an id that may go on in another line after its owner."""
    return Html(escaped(name).replace("/", "/<wbr>", 1))


# --- pictures -------------------------------------------------------------------------------------


def _growth(months: list[Growth]) -> Html:
    """Return the steps of each month as bars."""
    shown = months[-_MONTHS_SHOWN:]
    highest = max((month.steps for month in shown), default=0)
    if not highest:
        return Html("")
    busiest = max(shown, key=lambda month: month.steps)
    bars = "".join(
        f'<i style="height:{100 * one.steps / highest:.1f}%"'
        f' title="{named(one.month)}: {one.steps:,}"></i>'
        for one in shown
    )
    says = f"Most new steps: {busiest.steps:,} in {named(busiest.month)}"
    return Html(
        f"<figure><figcaption><b>{says}</b> New derivations, by the month of the child"
        f'</figcaption><div class="rg-bars" role="img" aria-label="{says}, of {len(shown)} months">'
        f'{bars}</div><div class="rg-ends"><span>{named(shown[0].month)}</span>'
        f"<span>{named(shown[-1].month)}</span></div></figure>"
    )


def _licences(held: Overview) -> Html:
    """Return the classes of licences as parts of one bar, with their names and counts."""
    parts = [(one, held.classes[one.key]) for one in LICENSE_CLASSES if held.classes[one.key]]
    bar = "".join(
        f'<i style="flex-grow:{count};background:{LICENSE_COLOURS[one.key].css}"></i>'
        for one, count in parts
    )
    names = "".join(
        f'<li title="{escaped(one.meaning)}">'
        f'<i style="background:{LICENSE_COLOURS[one.key].css}"></i>{one.title}'
        f" <b>{count / held.models:.1%}</b></li>"
        for one, count in parts
    )
    permissive = held.classes["open"] / held.models if held.models else 0
    return Html(
        f"<figure><figcaption><b>{permissive:.0%} of models are under a permissive licence</b>"
        " By what they declare themselves</figcaption>"
        f'<div class="rg-parts" aria-hidden="true">{bar}</div><ul>{names}</ul></figure>'
    )


def _sources(graph: LineageGraph, held: Overview) -> Html:
    """Return how new the graph is, and what it was made from."""
    told = []
    if held.newest:
        told.append(f"The newest repository in it was created on {date(held.newest)}.")
    if runs := ended_runs(graph.store):
        told.append(f"It was last brought up to date on {date(runs[0][0])}.")
    sources = graph.info.sources
    names = f"<p>Made from {counted(len(sources), 'source')}:</p>{items(sources)}" * bool(sources)
    return Html(
        f'<div class="rg-sources">{section("Where this comes from")}<p>{" ".join(told)}</p>{names}'
        "<p>All of it is self-declared metadata, read by a machine; not legal advice.</p></div>"
    )
