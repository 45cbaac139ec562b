"""Findings of the checks, worst first: a summary, and those that were chosen a page at a time."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import streamlit as st

from graph.model.arrays import Array
from graph.quality.checks import Check
from graph.quality.report import QualityReport
from graph.quality.rows import Diagnostic
from graph.quality.selection import Selection, select
from graph.quality.severity import Severity
from graph.store.lineage_graph import LineageGraph
from ui.app.markup import Html, amount, escaped, note, section, tiles
from ui.app.views.quality_address import Asked, read_asked
from ui.app.views.quality_parts import PAGE, downloads, level_badge, pager, repository, table

__all__ = ["draw"]

_LISTED = 200  # findings in a list to copy
_OTHERS = 3
_LEVELS = {Severity.ERROR: "errors", Severity.WARNING: "warnings", Severity.NOTE: "notes"}


def draw(_: LineageGraph, report: QualityReport, asked: Asked, repositories: Array | None) -> None:
    """Draw the findings."""
    everything = select(report, repositories=repositories)
    counts = everything.counts()
    if not len(everything):
        whose = f" of {asked.owner}" if asked.owner else ""
        st.html(note("info", "Nothing is wrong here", f"No check finds anything{whose}."))
        return
    _summary(counts)
    _filters(asked, counts)
    chosen = select(report, check=asked.check, severity=asked.level, repositories=repositories)
    st.html(section(_title(asked)))
    if asked.check is not None:
        about = f"{asked.check.meaning} {asked.check.remedy}"
        st.html(Html(f'<p class="rg-said">{escaped(about)}</p>'))
    if not len(chosen):
        st.html(note("info", "Nothing of this kind", "Choose another check or level."))
        return
    first = pager(asked, len(chosen))
    st.html(_table(chosen.page(first, PAGE)))
    downloads("findings", len(chosen), partial(_records, chosen))
    if asked.owner:
        _to_copy(chosen)


def _summary(counts: dict[Check, int]) -> None:
    """Draw how many findings there are of each level and check."""
    levels = {
        level: sum(n for name, n in counts.items() if name.severity is level) for level in Severity
    }
    st.html(tiles((f"{n:,}", _LEVELS[level]) for level, n in levels.items()))
    rows = [
        (level_badge(name.severity), _name(name), f"{count:,}", name.meaning, name.remedy)
        for name, count in counts.items()
        if count
    ]
    columns = ("Level", "Check", "Findings", "What it means", "What to do")
    st.html(table(columns, rows, name="How many findings of each check"))


def _filters(asked: Asked, counts: dict[Check, int]) -> None:
    found = [name for name, count in counts.items() if count or name is asked.check]
    st.session_state.update({"quality-level": asked.level, "quality-check": asked.check})
    st.pills(
        "Level",
        list(Severity),
        key="quality-level",
        format_func=lambda level: _LEVELS[level].capitalize(),
        on_change=partial(_turn, "level"),
    )
    st.pills(
        "Check",
        [name for name in found if asked.level in {None, name.severity}],
        key="quality-check",
        format_func=lambda name: f"{_name(name)} {amount(counts[name])}",
        on_change=partial(_turn, "check"),
    )


def _turn(name: str) -> None:
    """Write a filter's new value into the address; a check of another level goes with its level."""
    asked = read_asked(st.query_params).turned(**{name: st.session_state[f"quality-{name}"]})
    if name == "level" and asked.check and asked.level not in {None, asked.check.severity}:
        asked = asked.turned(check=None)
    st.query_params.from_dict(asked.parameters)


def _title(asked: Asked) -> str:
    what = _name(asked.check) if asked.check else "Everything"
    level = f", {_LEVELS[asked.level]} only" if asked.level and not asked.check else ""
    return f"What {asked.owner} should mend: {what.lower()}{level}" if asked.owner else what + level


def _name(check: Check) -> str:
    return check.value.replace("-", " ").capitalize()


def _table(shown: list[Diagnostic]) -> Html:
    columns = ("Level", "Check", "Repository", "Because of", "Details", "Downloads")
    rows = [
        (
            level_badge(finding.check.severity),
            _name(finding.check),
            repository(finding.node),
            _others(finding),
            finding.detail,
            "–" if finding.downloads is None else f"{finding.downloads:,}",
        )
        for finding in shown
    ]
    return table(columns, rows, name="Findings")


def _others(finding: Diagnostic) -> Html:
    shown = "<br>".join(map(escaped, finding.others[:_OTHERS]))
    more = len(finding.others) - _OTHERS
    return Html(f"{shown}<br>and {more:,} more" if more > 0 else shown or "–")


def _records(chosen: Selection) -> Iterator[dict[str, object]]:
    for finding in chosen.rows():
        yield {
            "level": finding.check.severity.value,
            "check": finding.check.value,
            "id": finding.node.id,
            "kind": finding.node.kind.value,
            "others": finding.others,
            "detail": finding.detail,
            "downloads": finding.downloads,
            "remedy": finding.check.remedy,
        }


def _to_copy(chosen: Selection) -> None:
    """Draw the findings of an owner as text, to send to them."""
    with st.expander("A list to copy"):
        lines = [_line(finding) for finding in chosen.page(0, _LISTED)]
        if len(chosen) > _LISTED:
            lines.append(f"… and {len(chosen) - _LISTED:,} more")
        st.code("\n".join(lines), language=None, wrap_lines=True)


def _line(finding: Diagnostic) -> str:
    because = f" ({', '.join(finding.others[:_OTHERS])})" if finding.others else ""
    return f"- {finding.node.id}: {finding.check}{because}. {finding.check.remedy}"
