"""What is wrong with declared values: words that are no datasets, paths on a disk, and the like."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np
import streamlit as st

from graph.model.arrays import Array
from graph.model.records import IssueKind
from graph.quality.report import QualityReport
from graph.quality.selection import chosen_issues, frequent_values, issue_counts
from graph.store.lineage_graph import LineageGraph
from graph.tables.schema import ISSUE_KINDS
from ui.app.markup import Html, amount, escaped, note, section
from ui.app.views.quality_address import Asked, read_asked
from ui.app.views.quality_parts import PAGE, downloads, pager, repository, table

__all__ = ["draw"]

_EXAMPLES = 3


def draw(_: LineageGraph, report: QualityReport, asked: Asked, repositories: Array | None) -> None:
    """Draw the issues of the metadata."""
    places = chosen_issues(report, repositories)
    st.html(section("Values that say nothing, or the wrong thing"))
    if not len(places):
        st.html(note("info", "Nothing to mend", "No declared value is at fault here."))
        return
    counts = issue_counts(report, places)
    _summary(report, places, counts)
    _filter(asked, counts)
    if asked.issue is not None:
        places = places[report.issues.kinds[places] == ISSUE_KINDS.index(asked.issue)]
    st.html(section(_name(asked.issue) if asked.issue else "All of them"))
    if not len(places):
        st.html(note("info", "Nothing of this kind", "Choose another one."))
        return
    first = pager(asked, len(places))
    st.html(_table(report, places[first : first + PAGE]))
    downloads("metadata", len(places), partial(_records, report, places))


def _summary(report: QualityReport, places: Array, counts: dict[IssueKind, int]) -> None:
    rows = [
        (
            _name(kind),
            f"{count:,}",
            _examples(frequent_values(report, places, kind, limit=_EXAMPLES)),
            kind.remedy,
        )
        for kind, count in counts.items()
    ]
    columns = ("Issue", "Values", "Most often", "What to do")
    st.html(table(columns, rows, name="How many issues of each kind"))


def _examples(found: list[tuple[str, int]]) -> Html:
    each = (
        f"<code>{escaped(text, limit=60)}</code>" + (f" ×{count:,}" if count > 1 else "")
        for text, count in found
    )
    return Html("<br>".join(each))


def _filter(asked: Asked, counts: dict[IssueKind, int]) -> None:
    kinds = [*counts] if asked.issue is None or asked.issue in counts else [*counts, asked.issue]
    st.session_state["quality-issue"] = asked.issue
    st.pills(
        "Issue",
        kinds,
        key="quality-issue",
        format_func=lambda kind: f"{_name(kind)} {amount(counts.get(kind, 0))}",
        on_change=_turn,
    )


def _turn() -> None:
    asked = read_asked(st.query_params).turned(issue=st.session_state["quality-issue"])
    st.query_params.from_dict(asked.parameters)


def _name(kind: IssueKind) -> str:
    return kind.value.replace("-", " ").capitalize()


def _table(report: QualityReport, places: Array) -> Html:
    issues, texts = report.issues, report.texts
    nodes = report.index.nodes(issues.nodes[places])
    downloads_ = report.index.downloads_of(issues.nodes[places])
    rows = [
        (
            _name(ISSUE_KINDS[int(issues.kinds[place])]),
            repository(node),
            texts.text(int(issues.named[place])),
            Html(f"<code>{escaped(texts.text(int(issues.values[place])))}</code>"),
            "–" if count is None else f"{count:,}",
        )
        for place, node, count in zip(places.tolist(), nodes, downloads_, strict=True)
    ]
    columns = ("Issue", "Repository", "Field", "Declared", "Downloads")
    return table(columns, rows, name="Issues of the metadata")


def _records(report: QualityReport, places: Array) -> Iterator[dict[str, object]]:
    issues, texts = report.issues, report.texts
    for block in np.array_split(places, len(places) // 5_000 + 1):
        nodes = report.index.nodes(issues.nodes[block])
        for place, node in zip(block.tolist(), nodes, strict=True):
            kind = ISSUE_KINDS[int(issues.kinds[place])]
            yield {
                "issue": kind.value,
                "id": node.id,
                "kind": node.kind.value,
                "field": texts.text(int(issues.named[place])),
                "value": texts.text(int(issues.values[place])),
                "remedy": kind.remedy,
            }
