"""Parents that the graph does not hold, by how many depend on them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import partial

import numpy as np
import streamlit as st

from graph.model import vocabulary as v
from graph.model.arrays import Array
from graph.model.records import Resolution
from graph.quality.report import QualityReport
from graph.store.lineage_graph import LineageGraph, Node
from graph.tables.schema import STATES
from ui.app.markup import Html, Tone, badge, escaped, note, section, tiles
from ui.app.views.quality_address import Asked
from ui.app.views.quality_parts import PAGE, downloads, pager, remark, repository, table

__all__ = ["draw"]

_WORDS: dict[Resolution, tuple[str, Tone]] = {
    Resolution.MISSING: ("missing or private", "bad"),
    Resolution.DISABLED: ("disabled", "bad"),
    Resolution.RENAMED: ("renamed", "warn"),
    Resolution.GATED: ("gated", "warn"),
    Resolution.UNCHECKED: ("never looked up", "unknown"),
    Resolution.RESOLVED: ("on the Hub", "good"),
}


def draw(
    graph: LineageGraph, report: QualityReport, asked: Asked, repositories: Array | None
) -> None:
    """Draw the missing parents."""
    missing = report.missing
    places = np.arange(len(missing.nodes))
    if repositories is not None:
        places = np.flatnonzero(repositories[missing.nodes])
    st.html(section("Parents that this graph does not hold"))
    if not len(places):
        st.html(note("info", "No parent is missing", "Every parent that is named is here."))
        return
    states = Counter(missing.states[places].tolist())
    counts = [(f"{n:,}", _WORDS[STATES[code]][0]) for code, n in sorted(states.items())]
    direct = int(missing.children[places].sum())
    st.html(tiles([*counts, (f"{direct:,}", "made from them directly")]))
    first = pager(asked, len(places))
    st.html(_table(graph, report, places[first : first + PAGE]))
    remark(
        "Dependants are counted over any number of steps; of each bar, the darker part was made"
        " directly. The"
        " Hub answers the same for what is missing and for what is private. Nobody asked it for"
        " what was never looked up: remixgraph ingest hub does."
    )
    downloads("missing-parents", len(places), partial(_records, report, places))


def _table(graph: LineageGraph, report: QualityReport, places: Array) -> Html:
    missing = report.missing
    most = int(missing.dependants[0]) or 1
    rows = [
        (
            repository(node),
            _state(graph, node, STATES[state]),
            f"{children:,}",
            f"{dependants:,}",
            _bar(children, dependants, most),
        )
        for node, state, children, dependants in _rows(report, places)
    ]
    columns = ("Missing parent", "State", "Made from it", "Dependants", "Share")
    return table(columns, rows, name="Missing parents by dependants")


def _state(graph: LineageGraph, node: Node, state: Resolution) -> Html:
    """Return what the Hub answered, with the new name of what was renamed."""
    said = badge(*_WORDS[state])
    now = next(graph.objects(node.iri, v.DCTERMS.isReplacedBy), None)
    parsed = v.parse_repository_iri(now) if now else None
    return Html(f"{said} now {repository(Node(*parsed))}") if parsed else said


def _bar(children: int, dependants: int, most: int) -> Html:
    """Return a bar: what was made directly in full colour, what follows from that in less."""
    direct, further = children / most, max(0, dependants - children) / most
    words = escaped(f"{children:,} directly, {dependants:,} in all")
    return Html(
        f'<div class="rg-stack" role="img" aria-label="{words}" title="{words}">'
        f'<i style="width: {direct:.1%}"></i><u style="width: {further:.1%}"></u></div>'
    )


def _rows(report: QualityReport, places: Array) -> Iterator[tuple[Node, int, int, int]]:
    missing = report.missing
    yield from zip(
        report.index.nodes(missing.nodes[places]),
        missing.states[places].tolist(),
        missing.children[places].tolist(),
        missing.dependants[places].tolist(),
        strict=True,
    )


def _records(report: QualityReport, places: Array) -> Iterator[dict[str, object]]:
    for node, state, children, dependants in _rows(report, places):
        yield {
            "id": node.id,
            "kind": node.kind.value,
            "state": STATES[state].value,
            "children": children,
            "dependants": dependants,
        }
