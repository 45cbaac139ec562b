"""What is known of one repository, beside its picture: its head, and what it declares.

Rule: everything here is text of others. ``ui.app.markup`` escapes it, once; it is never Markdown.
"""

from __future__ import annotations

from collections.abc import Iterator

from graph.model.records import Gating, LicenseDeclaration, Model, Repository, Resolution
from graph.rdf.resolutions import LookUp
from graph.store.lineage_graph import Node
from ui.app.evidence import STATUSES
from ui.app.focus import address
from ui.app.markup import Html, amount, badge, date, definitions, escaped, inside, items, note
from ui.app.theme import KIND_NAMES

__all__ = ["about", "facts"]


def about(node: Node, record: Repository | None, answer: LookUp | None) -> Iterator[str]:
    """Yield the head of a panel: what it is, whether it is there, its numbers.

    ``record`` is None for what is only named; ``answer`` is what the Hub said of its existence.
    """
    owner, _, name = node.id.rpartition("/")
    kind = KIND_NAMES[node.kind] + (f" by {owner}" if owner else "")
    yield f'<span class="rg-kind">{escaped(kind)}</span><h2>{escaped(name)}</h2>'
    if marks := list(_marks(record, answer)):
        yield f'<div class="rg-marks">{"".join(marks)}</div>'
    if answer is not None:
        yield f'<p class="rg-quiet">Looked up on {escaped(date(answer.checked))}.</p>'
    if record is None:
        yield note(
            "warning",
            "Only named by others",
            "Nothing else is known of it here: it may be deleted, renamed, private, or simply not"
            " ingested.",
        )
    else:
        yield _numbers(record)


def facts(record: Repository) -> Iterator[str]:
    """Yield what a record declares, and what is wrong with how it does so."""
    yield definitions(_pairs(record))
    for issue in record.issues:
        title = issue.kind.replace("-", " ").capitalize()
        yield (
            f'<div class="rg-issue">{escaped(title)} in <code>{escaped(issue.field)}</code>:'
            f" {escaped(issue.value)}<br>"
            f'<span class="rg-quiet">{escaped(issue.kind.remedy)}</span></div>'
        )


def _marks(record: Repository | None, answer: LookUp | None) -> Iterator[str]:
    """Yield how a repository stands: gone, renamed, disabled, gated."""
    status = record.status if record else answer.resolution if answer else None
    if status in {Resolution.MISSING, Resolution.DISABLED}:
        yield badge(STATUSES[status], "bad")
    elif record is not None and record.disabled:
        yield badge(STATUSES[Resolution.DISABLED], "bad")
    if answer is not None and answer.replaced_by:
        today = Node(answer.kind, answer.replaced_by)
        yield badge("renamed", "warn")
        yield f" to {inside(address('explore', today), today.id)}"
    gating = record.gating if record else None
    if gating not in {None, Gating.NONE}:
        yield badge(f"gated: on request ({gating})", "warn")
    elif status is Resolution.GATED:
        yield badge("gated", "warn")


def _numbers(record: Repository) -> str:
    numbers = [("downloads", record.downloads), ("likes", record.likes)]
    if isinstance(record, Model):
        numbers.append(("parameters", record.parameters))
    each = "".join(
        f"<div><b>{escaped(amount(number))}</b><span>{name}</span></div>"
        for name, number in numbers
    )
    return f'<div class="rg-big">{each}</div>'


def _pairs(record: Repository) -> Iterator[tuple[str, str]]:
    yield "Licence", _licenses(record)
    if record.created:
        yield "Created", date(record.created)
    if record.tasks:
        yield "Task", ", ".join(record.tasks)
    yield from _model_pairs(record)
    if record.new_version:
        newer = Node(record.kind, record.new_version)
        yield "Newer version", inside(address("explore", newer), newer.id)


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
