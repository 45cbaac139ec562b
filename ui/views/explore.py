"""The page Explore: find a repository, see what it was made from and what was made from it."""

from __future__ import annotations

import io
import tempfile
from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import streamlit as st

from graph.errors import InvalidRepositoryId, NotInGraph
from graph.exports.html import write_html
from graph.lineage import DERIVATIONS, children, parents
from graph.listing import Row, listing, write_csv
from graph.neighbourhood import Neighbourhood, neighbourhood
from graph.palette import RELATIONS, license_class
from graph.records import Kind, Model, Relation, Repository
from graph.store import LineageGraph, Node
from graph.vocabulary import ARXIV, HUB
from ui.address import MOST_STEPS, View, locate, read_view
from ui.components import lineage
from ui.components.search import picked, search_box, typed
from ui.markup import Html, amount, date, definitions, escaped, items, link, note, visible
from ui.state import beginnings, opened_graph, search_index
from ui.theme import KIND_NAMES

__all__ = ["page"]

_SEARCH, _LINEAGE, _MORE = "search", "lineage", "more"
_STEP = 24  # how many more a click on "+ N more" shows
_LIMIT = 240  # how many repositories a picture may hold and still be read


def page() -> None:
    """Draw the page."""
    if opened_graph() is None:
        return
    _search()
    _explore()


# --- finding --------------------------------------------------------------------------------------


@st.fragment
def _search() -> None:
    """Draw the search box; typing reruns only this."""
    graph = opened_graph()
    if graph is None:
        return
    text = typed(_SEARCH)
    found = search_index(graph).search(text) if text else beginnings(graph)
    search_box(_SEARCH, found, answers=text, on_pick=_pick)
    if st.session_state.pop("went", False):
        st.rerun()


def _pick() -> None:
    if target := picked(_SEARCH):
        _go(Node(*target))
        st.session_state["went"] = True


def _go(node: Node) -> None:
    """Make a repository the focus, and say so in the address."""
    view = read_view(st.query_params).at(node)
    st.query_params.from_dict(view.parameters)
    st.session_state[_MORE] = {}


# --- looking --------------------------------------------------------------------------------------


@st.fragment
def _explore() -> None:
    """Draw everything about the focus; a click reruns only this."""
    graph = opened_graph()
    if graph is None:
        return
    view = read_view(st.query_params)
    if not view.id:
        first = beginnings(graph)
        if not first:
            st.html(note("info", "Type a name above", "Nothing here was made from anything else."))
            return
        view = view.at(Node(first[0].kind, first[0].id))
    try:
        focus = locate(graph, view)
    except (NotInGraph, InvalidRepositoryId) as error:
        st.html(note("warning", "This repository cannot be shown", str(error)))
        return
    view = view.at(focus)
    _controls(graph, view, focus)
    more = st.session_state.setdefault(_MORE, {})
    shown = neighbourhood(
        graph, focus, up=view.up, down=view.down, relations=view.relations, more=more, limit=_LIMIT
    )
    picture, facts = st.columns([2.6, 1], gap="medium")
    with picture:
        _picture(shown, more=more)
    with facts:
        _facts(graph, focus)
    _table(shown)


def _controls(graph: LineageGraph, view: View, focus: Node) -> None:
    steps = range(MOST_STEPS + 1)
    st.session_state.update(up=view.up, down=view.down, relations=list(view.relations))
    counts = _counts(graph, focus)
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        st.segmented_control(
            "Steps to ancestors",
            steps,
            key="up",
            required=True,
            on_change=partial(_turn, "up"),
            help="How many steps back to what it was made from",
        )
        st.segmented_control(
            "Steps to descendants",
            steps,
            key="down",
            required=True,
            on_change=partial(_turn, "down"),
            help="How many steps on to what was made from it",
        )
        st.pills(
            "Relations, and how many touch the focus",
            list(Relation),
            key="relations",
            selection_mode="multi",
            format_func=lambda relation: f"{RELATIONS[relation].title} {counts[relation]:,}",
            on_change=partial(_turn, "relations"),
        )


def _turn(name: str) -> None:
    """Write a control's new value into the address."""
    view = read_view(st.query_params)
    value = st.session_state[name]
    view = view.along(value) if name == "relations" else view._replace(**{name: int(value)})
    st.query_params.from_dict(view.parameters)


def _counts(graph: LineageGraph, focus: Node) -> Counter[Relation]:
    relations = tuple(Relation)
    edges = {*parents(graph, focus.iri, relations), *children(graph, focus.iri, relations)}
    return Counter(edge.relation for edge in edges)


def _picture(shown: Neighbourhood, *, more: dict[str, int]) -> None:
    lineage.draw(_LINEAGE, shown, on_focus=_clicked, on_more=_more)
    hidden = sum(shown.hidden_parents.values()) + sum(shown.hidden_children.values())
    if len(shown.view) >= _LIMIT:
        st.html(
            note(
                "info",
                f"Only {len(shown.view)} repositories are drawn",
                f"{hidden:,} more are within these steps. Fewer steps or fewer relations show"
                " a part of it whole.",
            )
        )
    elif len(shown.view) == 1:
        st.html(
            note(
                "info",
                "It stands alone",
                "Within these steps and relations nothing is declared to be made from it, and it"
                " declares nothing that it was made from.",
            )
        )
    if more:
        st.button("Show fewer again", icon=":material/unfold_less:", on_click=_fewer)


def _clicked() -> None:
    if node := lineage.clicked(_LINEAGE):
        _go(node)


def _more() -> None:
    if iri := lineage.expanded(_LINEAGE):
        more = dict(st.session_state.get(_MORE, {}))
        st.session_state[_MORE] = more | {iri: more.get(iri, 0) + _STEP}


def _fewer() -> None:
    st.session_state[_MORE] = {}


# --- facts ----------------------------------------------------------------------------------------


def _facts(graph: LineageGraph, focus: Node) -> None:
    owner, _, name = focus.id.rpartition("/")
    kind = KIND_NAMES[focus.kind] + (f" by {owner}" if owner else "")
    head = Html(f'<span class="rg-kind">{escaped(kind)}</span><h2>{escaped(name)}</h2>')
    page_on_hub = link(focus.iri, "Its page on the Hub")
    if focus.known:
        body = Html("".join(_about(graph, graph.record(focus))))
    else:
        body = note(
            "warning",
            "Only named by others",
            "Nothing else is known of it here: it may be deleted, renamed, private, or simply not"
            " ingested.",
        )
    st.html(Html(f'<div class="rg-facts">{head}{body}<p>{page_on_hub}</p></div>'))


def _about(graph: LineageGraph, record: Repository) -> Iterator[str]:
    numbers = [("downloads", record.downloads), ("likes", record.likes)]
    if isinstance(record, Model):
        numbers.append(("parameters", record.parameters))
    big = "".join(
        f"<div><b>{escaped(amount(number))}</b><span>{name}</span></div>"
        for name, number in numbers
    )
    yield f'<div class="rg-big">{big}</div>'
    yield definitions(_pairs(graph, record))
    for issue in record.issues:
        yield (
            f'<div class="rg-issue">{escaped(issue.kind.replace("-", " ").capitalize())}'
            f" in <code>{escaped(issue.field)}</code>: {escaped(issue.value)}<br>"
            f'<span class="rg-quiet">{escaped(issue.kind.remedy)}</span></div>'
        )


def _pairs(graph: LineageGraph, record: Repository) -> Iterator[tuple[str, str]]:
    yield "Licence", _license(graph, record)
    yield "Created", date(record.created)
    if record.tasks:
        yield "Task", ", ".join(record.tasks)
    if isinstance(record, Model) and record.library:
        yield "Library", record.library
    data = [claim.target for claim in record.derivations if claim.relation is Relation.TRAINED_ON]
    named = [target for target in data if target]
    if named:
        yield "Trained on", items(named)
    if isinstance(record, Model) and record.evaluations:
        yield "Evaluations", f"{len(record.evaluations):,}"
    if record.papers:
        yield "Papers", items([link(ARXIV + paper, f"arXiv {paper}") for paper in record.papers])
    if record.gating is not None and record.gating != "none":
        yield "Access", f"on request ({record.gating})"
    if record.new_version:
        yield "Newer version", record.new_version
    unresolved = [raw for claim in record.derivations if not claim.target for raw in claim.raw]
    if unresolved:
        yield "Also named", items(unresolved)


def _license(graph: LineageGraph, record: Repository) -> Html:
    """Return the licences as declared, and what each was taken for."""
    if not record.licenses:
        return Html('<span class="rg-quiet">none declared</span>')
    lines = []
    for claim in record.licenses:
        declared = claim.declared + (f" ({claim.name})" if claim.name else "")
        if claim.license is None:
            lines.append(Html(f'{escaped(declared)} <span class="rg-quiet">not resolved</span>'))
            continue
        lines.append(_resolved(claim.license, declared))
    return items(lines)
