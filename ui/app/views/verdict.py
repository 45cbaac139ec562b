"""The verdict on the artefact in focus, as a story with the ways drawn."""

from __future__ import annotations

import re
from collections.abc import Iterator

import streamlit as st

from graph.licenses.answers import Answer, Context, Use, territories
from graph.licenses.explaining import Explained, Way
from graph.licenses.facts import Fact
from graph.licenses.findings import Finding
from graph.licenses.verdict import ADVICE
from graph.model.errors import InvalidRepositoryId, NotInGraph
from graph.model.vocabulary import HUB
from graph.store.lineage_graph import LineageGraph, Node
from ui.app import focus, verdict_text
from ui.app.markup import Html, badge, escaped, inside, link, note, section
from ui.app.path_cards import chain
from ui.app.questions import behind
from ui.app.state import beginnings
from ui.app.theme import KIND_NAMES
from ui.app.verdicts import explained
from ui.json_text import json_text

__all__ = ["draw"]

_WAYS = 3
_ANYWHERE = "anywhere"
_TERRITORY = re.compile(r"[A-Z]{2}")
_FIELDS = ("use", "territory", "mau")


def draw(graph: LineageGraph) -> None:
    """Draw the verdict on the focus for the use that the address names."""
    try:
        node = focus.look_at(graph) or _first(graph)
    except (NotInGraph, InvalidRepositoryId) as error:
        st.html(note("warning", "This repository cannot be shown", str(error)))
        return
    if node is None:
        st.html(note("info", "Type a name above", "The verdict on it will be told here."))
        return
    use, context = _asked()
    _controls(use, context)
    told = explained(graph, node, use, context)
    st.html(Html("".join(_told(told, node))))
    st.download_button(
        "Verdict as JSON",
        json_text(told.verdict.document()) + "\n",
        f"verdict-{re.sub('[^A-Za-z0-9.-]+', '-', node.id)[:80]}-{use}.json",
        "application/json",
        on_click="ignore",
        icon=":material/download:",
    )


def _first(graph: LineageGraph) -> Node | None:
    """Return what to begin with when nothing was asked for."""
    first = beginnings(graph)
    return Node(first[0].kind, first[0].id) if first else None


# --- asking ---------------------------------------------------------------------------------------


def _asked() -> tuple[Use, Context]:
    """Return what the address asks; what makes no sense in it is taken for what is usual."""
    said = st.query_params
    use = next((use for use in Use if use == said.get("use")), Use.COMMERCIAL)
    territory = said.get("territory", "").upper()
    mau = said.get("mau", "")
    return use, Context(
        territory=territory if _TERRITORY.fullmatch(territory) else None,
        mau=int(mau[:15]) if mau.isdecimal() and mau.isascii() else None,
    )


def _controls(use: Use, context: Context) -> None:
    chosen = context.territory or _ANYWHERE
    places = list(dict.fromkeys([_ANYWHERE, *territories(), chosen]))
    st.session_state.update(use=use, territory=chosen, mau=context.mau)
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        st.segmented_control(
            "What for",
            list(Use),
            key="use",
            required=True,
            format_func=lambda use: verdict_text.USES[use][0],
            on_change=_turn,
        )
        st.selectbox(
            "Established in",
            places,
            key="territory",
            format_func=lambda place: "Not said" if place == _ANYWHERE else place,
            help="Some licences leave territories out.",
            width=150,
            on_change=_turn,
        )
        st.number_input(
            "Monthly users",
            min_value=0,
            step=1,
            key="mau",
            placeholder="Not said",
            help="Some licences stop at a number of monthly users.",
            width=190,
            on_change=_turn,
        )


def _turn() -> None:
    """Write the controls into the address; what is usual is left out."""
    usual = {"use": Use.COMMERCIAL, "territory": _ANYWHERE, "mau": None}
    for name in _FIELDS:
        value = st.session_state[name]
        if value == usual[name]:
            st.query_params.pop(name, None)
        else:
            st.query_params[name] = str(value)


# --- telling --------------------------------------------------------------------------------------


def _told(told: Explained, node: Node) -> Iterator[str]:
    yield _answer(told, node)
    yield f'<p class="rg-advice">{escaped(ADVICE)}</p>'
    yield section("The story")
    yield '<div class="rg-story">'
    yield f"<p>{escaped(verdict_text.made(told), limit=900)}</p>"
    yield (f"<p>{escaped(verdict_text.own(told), limit=600)}</p>" if told.view.is_known else "")
    yield from _reasons(told)
    yield "</div>"
    yield from _lists(told)
    if told.verdict.findings:
        yield section(f"What the rules found: {len(told.verdict.findings)}")
        yield "".join(_finding(told, one) for one in told.verdict.findings)
    if told.verdict.use is Use.COMMERCIAL:
        yield behind("commercial-use", model=node.iri.removeprefix(HUB))


def _answer(told: Explained, node: Node) -> Html:
    verdict = told.verdict
    word, tone = verdict_text.ANSWERS[verdict.answer]
    question = f"{KIND_NAMES[node.kind]} · {verdict_text.USES[verdict.use][0]}"
    name = inside(focus.address("explore", node), node.id)
    sure = f"Confidence {verdict.confidence:.0%}: {verdict_text.weakest(told)}."
    return Html(
        f'<div class="rg-verdict" style="--rg-badge: var(--rg-{tone})">'
        f'<div class="rg-answer">{escaped(word)}</div><div>'
        f'<span class="rg-kind">{escaped(question)}</span><h2>{name}</h2>'
        f"<p>{escaped(verdict_text.summary(told))}</p>"
        f'<p class="rg-quiet">{escaped(sure)}</p></div></div>'
    )


def _reasons(told: Explained) -> Iterator[str]:
    """Yield what decides the answer, way by way; or that nothing does."""
    if told.verdict.answer is Answer.YES:
        many = told.ancestors
        whom = f"None of the {many:,} it comes from" if many > 1 else "What it comes from"
        if many:
            yield f"<p>{escaped(f'{whom} asks for more than it declares itself.')}</p>"
        yield "<p>Nothing that is declared speaks against this use.</p>"
        return
    threads = verdict_text.threads(told)
    for number, (way, reasons) in enumerate(threads[:_WAYS], 1):
        head = f'<span class="rg-kind">Way {number}</span>' if len(threads) > 1 else ""
        lines = [*verdict_text.steps(told, way), *map(verdict_text.consequence, reasons)]
        each = "".join(f"<li>{escaped(line, limit=600)}</li>" for line in lines)
        yield f'<div class="rg-reason">{head}<ol>{each}</ol>{chain(told, way)}</div>'
    if more := len(threads) - _WAYS:
        yield f"<p>{more} more ways lead to the same answer.</p>" if more > 0 else ""


def _lists(told: Explained) -> Iterator[str]:
    """Yield what forbids it, what is missing and what to do, as lists to work off."""
    verdict = told.verdict
    for title, sign, lines in (
        ("What forbids it", "✕", verdict.obstacles),
        ("What has to be found out", "?", verdict.missing),
        ("What you have to do", "☐", verdict.duties),
    ):
        if lines:
            mark = f'<span aria-hidden="true">{sign}</span>'
            each = "".join(
                f"<li>{mark}{escaped(verdict_text.capital(line), limit=500)}</li>" for line in lines
            )
            yield f'{section(title)}<ul class="rg-checks">{each}</ul>'


def _finding(told: Explained, one: Finding) -> str:
    """Return a finding that opens: its way, its remedy, and the facts that it rests on."""
    level = badge(one.level, verdict_text.LEVEL_TONES[one.level])
    way = chain(told, Way(one.path, one.relations)) if one.relations else ""
    remedy = f"<p><b>Remedy:</b> {escaped(verdict_text.capital(one.remedy), limit=500)}.</p>"
    reason = escaped(verdict_text.capital(one.reason))
    return (
        f'<details class="rg-finding"><summary>{level} <b>{reason}</b>'
        f' <span class="rg-quiet">{one.rule} · confidence {one.confidence:.0%}</span></summary>'
        f"{way}{remedy}{_facts(one.facts)}</details>"
    )


def _facts(facts: tuple[Fact, ...]) -> str:
    if not facts:
        return '<p class="rg-quiet">It rests on what is declared, on no clause of a licence.</p>'
    rows = "".join(
        f"<tr><td>{escaped(fact.license)}</td><td>{escaped(fact.term)}: {escaped(fact.value)}</td>"
        f"<td>{escaped(fact.clause or '–')}</td><td>{link(fact.source, fact.source)}</td>"
        f"<td>{escaped(verdict_text.VERIFIED[fact.verified])}</td></tr>"
        for fact in facts
    )
    heads = ("Licence", "What it says", "Clause", "Source", "How that is known")
    head = "".join(f"<th>{escaped(title)}</th>" for title in heads)
    return f'<div class="rg-facts-table"><table><tr>{head}</tr>{rows}</table></div>'
