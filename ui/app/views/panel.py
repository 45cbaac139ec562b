"""The side panel of Explore: what is known of the focus, who says so, and may it be used.

It asks for the focus's own triples and its ancestors only, so it takes as long in any graph.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from urllib.parse import urlencode

import streamlit as st

from graph.licenses.answers import Use
from graph.licenses.explaining import Explained
from graph.lineage.offspring import offspring
from graph.model.records import Kind, Repository
from graph.model.vocabulary import ARXIV
from graph.quality.selection import one_repository, select
from graph.quality.severity import Severity
from graph.rdf.resolutions import resolution
from graph.store.lineage_graph import LineageGraph, Node
from graph.view.details import evidence
from ui.app import focus as the_focus
from ui.app import verdict_text
from ui.app.evidence import card_address, made_from, made_of_it
from ui.app.facts import about, facts
from ui.app.markup import Html, Tone, badge, escaped, inside, link, section
from ui.app.path_cards import names, nodes
from ui.app.state import lineage_index, quality_report
from ui.app.verdicts import explained

__all__ = ["draw_panel"]

_TONES: dict[Severity, Tone] = {
    Severity.ERROR: "bad",
    Severity.WARNING: "warn",
    Severity.NOTE: "info",
}
_MOST_FINDINGS = 8


def draw_panel(
    graph: LineageGraph, focus: Node, *, on_path: Callable[[Sequence[Node]], None]
) -> None:
    """Draw the panel; ``on_path`` gets the way to what the licence verdict is owed to."""
    record = graph.record(focus) if focus.known else None
    _html(about(focus, record, resolution(graph.store, focus.iri)))
    if focus.kind is not Kind.SPACE:
        _verdict(explained(graph, focus, Use.COMMERCIAL), focus, on_path)
    _html(_rest(graph, focus, record))


def _html(parts: Iterator[str]) -> None:
    st.html(Html(f'<div class="rg-facts">{"".join(parts)}</div>'))


# --- may it be used -------------------------------------------------------------------------------


def _verdict(told: Explained, focus: Node, on_path: Callable[[Sequence[Node]], None]) -> None:
    """Draw the verdict on commercial use, and the way to its first reason."""
    way = told.deciding[0].way if told.deciding else None
    word, tone = verdict_text.ANSWERS[told.verdict.answer]
    use = verdict_text.USES[Use.COMMERCIAL][0]
    whole = inside(f"{the_focus.address('licences', focus)}&use=commercial", "The whole story")
    is_long = way is not None and len(way.path) > 1
    path = f'<p class="rg-path">{names(way)}</p>' if way is not None and is_long else ""
    st.html(
        Html(
            f'<div class="rg-facts rg-short" style="--rg-badge: var(--rg-{tone})">'
            f"{badge(word, tone)} <b>{escaped(use)}</b>"
            f"<p>{escaped(verdict_text.because(told))}</p>{path}"
            f'<p class="rg-quiet">Confidence {told.verdict.confidence:.0%} · an automated reading,'
            f" not legal advice · {whole}</p></div>"
        )
    )
    if way is not None and is_long:
        st.button(
            "Show the path in the picture",
            icon=":material/route:",
            key="panel-path",
            on_click=on_path,
            args=(nodes(told, way),),
        )


# --- the rest -------------------------------------------------------------------------------------


def _rest(graph: LineageGraph, focus: Node, record: Repository | None) -> Iterator[str]:
    index = lineage_index(graph)
    if record is not None:
        yield from facts(record)
        card = card_address(focus, record.commit)
        yield from made_from(evidence(graph, record), card=card)
    yield from made_of_it(offspring(index, focus))
    number = index.find(focus)
    yield from _affected(focus, int(index.influence[number]), index.influence_depth)
    yield from _integrity(graph, number)
    yield from _links(focus, record)


def _affected(focus: Node, descendants: int, counted_to: int | None) -> Iterator[str]:
    """Yield how many depend on a model, and where they are listed: who is hit without it.

    ``counted_to`` are the steps over which they are counted, where that is not all the way.
    """
    if descendants and focus.kind is Kind.MODEL:
        things = "repository descends" if descendants == 1 else "repositories descend"
        asked = {"question": "impact", "p.model": focus.id, "run": "1"}
        hit = inside(f"/sparql?{urlencode(asked, safe='/')}", "Who is hit if it is withdrawn?")
        far = "" if counted_to is None else f" over {counted_to:,} steps at most"
        yield f"<p>{descendants:,} {things} from it{far}. {hit}</p>"


def _integrity(graph: LineageGraph, number: int) -> Iterator[str]:
    """Yield what is wrong with its lineage, each with what to do about it."""
    report = quality_report(graph)
    found = select(report, repositories=one_repository(report, number))
    if not len(found):
        return
    yield section("Integrity")
    for one in found.page(0, _MOST_FINDINGS):
        level = badge(one.check.severity, _TONES[one.check.severity])
        title = one.check.replace("-", " ").capitalize()
        others = ", ".join(one.others[:3]) + (" …" if len(one.others) > 3 else "")
        about_it = "; ".join(part for part in (others, one.detail) if part)
        yield (
            f'<div class="rg-integrity">{level} <b>{escaped(title)}</b>'
            f"<div>{escaped(about_it)}</div>"
            f'<div class="rg-quiet">{escaped(one.check.remedy)}</div></div>'
        )
    if len(found) > _MOST_FINDINGS:
        yield f'<p class="rg-quiet">And {len(found) - _MOST_FINDINGS:,} more.</p>'


def _links(focus: Node, record: Repository | None) -> Iterator[str]:
    """Yield where to read on, on the web."""
    yield section("Elsewhere")
    places = [link(focus.iri, "Its page on the Hub")]
    if record is not None:
        if card := card_address(focus, record.commit):
            places.append(link(card, "Its card as it was read"))
        places += [link(ARXIV + paper, f"arXiv {paper}") for paper in record.papers[:8]]
    yield f'<ul class="rg-links">{"".join(f"<li>{one}</li>" for one in places)}</ul>'
