"""What the licence rules found in the whole graph: counted, filtered, and to take away."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import streamlit as st

from graph.licenses.findings import Level
from graph.licenses.rule_table import rule_texts
from graph.model.records import Relation
from graph.quality.license_findings import LEVELS, Choice, Count, Found, List
from graph.store.lineage_graph import LineageGraph
from ui.app import focus
from ui.app.markup import note, tiles, visible
from ui.app.questions import behind
from ui.app.state import license_findings
from ui.app.table import Cell, csv_text
from ui.json_text import json_text
from ui.palette import RELATIONS

__all__ = ["draw"]

_ROWS = 500

_FIELDS = ("level", "rule", "concerns", "relation", "text")
_COLUMNS = {
    "story": st.column_config.LinkColumn("repository", display_text=r"[?&]id=([^&]*)"),
    "explore": st.column_config.LinkColumn("lineage", display_text="Explore"),
    "confidence": st.column_config.NumberColumn(format="percent"),
    "downloads": st.column_config.NumberColumn(format="localized"),
}


def draw(graph: LineageGraph) -> None:
    """Draw the counts, the filters, and the gravest findings that fit them."""
    counts = _counts(str(graph.directory), graph.info.build, graph)
    if not counts:
        st.html(note("info", "Nothing was found", "No rule has anything to say about this graph."))
        return
    st.html(tiles(_sums(counts)))
    st.caption(
        "Findings are conflicts between declarations, not judgements in law. What only informs (a"
        " notice to keep, a threshold) is told in the verdict on each artefact."
    )
    choice = _asked(counts)
    _controls(counts, choice)
    _list(license_findings(graph).gravest(choice, limit=_ROWS))
    _table_of_rules(counts)


@st.cache_resource(max_entries=2, show_spinner=False)
def _counts(directory: str, build: str, _graph: LineageGraph) -> list[Count]:
    del directory, build
    return license_findings(_graph).counts()


def _sums(counts: list[Count]) -> list[tuple[str, str]]:
    sums = Counter[Level]()
    for one in counts:
        sums[one.level] += one.findings
    return [(f"{sums[level]:,}", f"of level {level}") for level in LEVELS]


# --- choosing -------------------------------------------------------------------------------------


def _asked(counts: list[Count]) -> Choice:
    """Return the choice that the address names; what there is nothing of is left out."""
    said = st.query_params
    rule, concerns = said.get("rule", ""), said.get("concerns", "")
    return Choice(
        rule=rule if rule in {one.rule for one in counts} else "",
        level=next((level for level in LEVELS if level == said.get("level")), None),
        concerns=concerns if concerns in {one.concerns for one in counts} else "",
        relation=next((one for one in Relation if one == said.get("relation")), None),
        text=said.get("text", "")[:200],
    )


def _controls(counts: list[Count], choice: Choice) -> None:
    state = {f"findings-{name}": value or "" for name, value in choice._asdict().items()}
    st.session_state.update(state)
    subjects = Counter[str]()
    for one in counts:
        subjects[one.concerns] += one.findings
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom"):
        _select("Level", "level", ["", *LEVELS], {level: level.value for level in LEVELS}, 130)
        rules = sorted({one.rule for one in counts})
        titles = {rule: f"{rule}: {rule_texts()[rule]}" for rule in rules}
        _select("Rule", "rule", ["", *rules], titles, 340)
        concerned = sorted(subjects, key=lambda name: (-subjects[name], name))
        words = {name: f"{visible(name)} ({subjects[name]:,})" for name in concerned}
        _select("Licence or matter", "concerns", ["", *concerned], words, 240)
        relations: dict[str, str] = {one: RELATIONS[one].title for one in Relation}
        _select("Step on the way", "relation", ["", *Relation], relations, 170)
        st.text_input(
            "Text",
            key="findings-text",
            placeholder="A part of a name or reason",
            max_chars=200,
            width=240,
            on_change=_turn,
        )


def _select(
    label: str, name: str, options: list[str], words: Mapping[str, str], width: int
) -> None:
    st.selectbox(
        label,
        options,
        key=f"findings-{name}",
        format_func=lambda option: words.get(option, "Any"),
        width=width,
        on_change=_turn,
    )


def _turn() -> None:
    """Write the choice into the address; what is any is left out."""
    for name in _FIELDS:
        value = st.session_state[f"findings-{name}"]
        if value:
            st.query_params[name] = str(value)
        else:
            st.query_params.pop(name, None)


# --- the list -------------------------------------------------------------------------------------


def _list(found: List) -> None:
    if not found.rows:
        st.html(note("info", "Nothing fits", "No finding is of this choice."))
        return
    st.caption(_said(found))
    st.dataframe(
        [_cells(one) for one in found.rows],
        hide_index=True,
        column_config=_COLUMNS,
        height=460,
        key="findings",
    )
    _downloads(found.rows)


def _said(found: List) -> str:
    """Return how many findings fit, and how many of them are listed."""
    if len(found.rows) == found.total:
        return f"{found.total:,} findings, the gravest and most downloaded first."
    return f"The {len(found.rows):,} gravest and most downloaded of {found.total:,} findings."


def _cells(one: Found) -> dict[str, Cell]:
    return {
        "level": one.level.value,
        "rule": one.rule,
        "story": f"{focus.address('licences', one.node)}&use=commercial",
        "finding": visible(one.reason),
        "comes from": visible(one.cause or ""),
        "by": ", ".join(RELATIONS[relation].title for relation in one.relations),
        "remedy": visible(one.remedy),
        "confidence": one.confidence,
        "downloads": one.downloads,
        "explore": focus.address("explore", one.node),
    }


def _downloads(rows: list[Found]) -> None:
    plain = [document(one) for one in rows]
    with st.container(horizontal=True):
        st.download_button(
            "List as CSV",
            csv_text(plain).encode(),
            "licence-findings.csv",
            "text/csv",
            on_click="ignore",
            icon=":material/download:",
        )
        st.download_button(
            "List as JSON",
            json_text(plain) + "\n",
            "licence-findings.json",
            "application/json",
            on_click="ignore",
            icon=":material/download:",
        )


def document(one: Found) -> dict[str, Cell]:
    """Return a finding as a row of the files."""
    return {
        "id": one.node.id,
        "kind": one.node.kind.value,
        "rule": one.rule,
        "level": one.level.value,
        "concerns": one.concerns,
        "reason": one.reason,
        "remedy": one.remedy,
        "confidence": one.confidence,
        "relations": " ".join(one.relations),
        "cause": one.cause,
        "downloads": one.downloads,
    }


def _table_of_rules(counts: list[Count]) -> None:
    """Draw how often each rule found something, with what it is about."""
    sums = Counter[tuple[str, Level]]()
    for one in counts:
        sums[one.rule, one.level] += one.findings
    rows = [
        {"rule": rule, "what it finds": rule_texts()[rule]}
        | {level.value: sums[rule, level] for level in LEVELS}
        for rule in sorted({one.rule for one in counts})
    ]
    with st.expander(
        f"What the rules are: {len(rows)} that found something", icon=":material/rule:"
    ):
        st.dataframe(rows, hide_index=True, key="rules")
    says = "for the way from each derivative to what it declares less than"
    st.html(behind("relaxed-licenses", says=says))
