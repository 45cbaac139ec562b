"""What is known of one repository, beside its picture.

Rule: everything here is text of others. It is escaped once, in ``ui.markup``, and never Markdown.
"""

from __future__ import annotations

from collections.abc import Iterator

import streamlit as st

from graph.records import Gating, LicenseDeclaration, Model, Relation, Repository
from graph.store import LineageGraph, Node
from graph.vocabulary import ARXIV
from ui.markup import Html, amount, date, definitions, escaped, items, link, note
from ui.theme import KIND_NAMES

__all__ = ["draw_facts"]


def draw_facts(graph: LineageGraph, focus: Node) -> None:
    """Draw what the graph knows of a repository."""
    owner, _, name = focus.id.rpartition("/")
    kind = KIND_NAMES[focus.kind] + (f" by {owner}" if owner else "")
    head = Html(f'<span class="rg-kind">{escaped(kind)}</span><h2>{escaped(name)}</h2>')
    if focus.known:
        body = Html("".join(_about(graph.record(focus))))
    else:
        body = note(
            "warning",
            "Only named by others",
            "Nothing else is known of it here: it may be deleted, renamed, private, or simply not"
            " ingested.",
        )
    page_on_hub = link(focus.iri, "Its page on the Hub")
    st.html(Html(f'<div class="rg-facts">{head}{body}<p>{page_on_hub}</p></div>'))


def _about(record: Repository) -> Iterator[str]:
    numbers = [("downloads", record.downloads), ("likes", record.likes)]
    if isinstance(record, Model):
        numbers.append(("parameters", record.parameters))
    big = "".join(
        f"<div><b>{escaped(amount(number))}</b><span>{name}</span></div>"
        for name, number in numbers
    )
    yield f'<div class="rg-big">{big}</div>'
    yield definitions(_pairs(record))
    for issue in record.issues:
        title = issue.kind.replace("-", " ").capitalize()
        yield (
            f'<div class="rg-issue">{escaped(title)} in <code>{escaped(issue.field)}</code>:'
            f" {escaped(issue.value)}<br>"
            f'<span class="rg-quiet">{escaped(issue.kind.remedy)}</span></div>'
        )


def _pairs(record: Repository) -> Iterator[tuple[str, str]]:
    yield "Licence", _licenses(record)
    if record.created:
        yield "Created", date(record.created)
    if record.tasks:
        yield "Task", ", ".join(record.tasks)
    yield from _model_pairs(record)
    data = [claim.target for claim in record.derivations if claim.relation is Relation.TRAINED_ON]
    if named := [target for target in data if target is not None]:
        yield "Trained on", items(named)
    if record.papers:
        yield "Papers", items([link(ARXIV + paper, f"arXiv {paper}") for paper in record.papers])
    if record.gating not in {None, Gating.NONE}:
        yield "Access", f"on request ({record.gating})"
    if record.new_version:
        yield "Newer version", record.new_version
    claims = [claim for claim in record.derivations if claim.target is None]
    if unresolved := [raw for claim in claims for raw in claim.raw]:
        yield "Also named", items(unresolved)


def _model_pairs(record: Repository) -> Iterator[tuple[str, str]]:
    if isinstance(record, Model):
        if record.library:
            yield "Library", record.library
        if record.evaluations:
            yield "Evaluations", f"{len(record.evaluations):,}"
        if record.emissions is not None:
            yield "Emissions", f"{record.emissions:,.4g} g of CO₂ equivalent"


def _licenses(record: Repository) -> Html:
    """Return the licences as declared, and what each was taken for."""
    if not record.licenses:
        return Html('<span class="rg-quiet">none declared</span>')
    return items(dict.fromkeys(_license(claim) for claim in record.licenses))


def _license(claim: LicenseDeclaration) -> Html:
    declared = escaped(claim.declared + (f" ({claim.name})" if claim.name else ""))
    if claim.license == claim.declared:
        return declared
    taken = f"taken for {claim.license}" if claim.license else "not resolved"
    return Html(f'{declared} <span class="rg-quiet">{escaped(taken)}</span>')
