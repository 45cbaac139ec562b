"""What a card declares about its licence, by the rules that judge the whole graph."""

from __future__ import annotations

from collections.abc import Iterator

from graph.licenses.engine import find
from graph.licenses.findings import Finding
from graph.licenses.inheritance import inherit, lineage_of
from graph.licenses.views import Artefact, LicenseView, view_of
from graph.model.records import IssueKind, Kind, Repository
from ingest.licenses import MISSPELT
from ingest.linting.problems import Problem, problem
from ingest.linting.sheet import Sheet

__all__ = ["check_licenses", "license_problems"]

RULES_ON_DECLARATIONS = {
    "R01": "missing-license",
    "R02": "license-family",
    "R07": "name-prefix",
    "R19": "contradictory-license",
}
"""The rules of licences that an author can satisfy with the card alone, and their names here.

R20, several licences, is what the parsers note as an issue.
"""


def check_licenses(sheet: Sheet) -> Iterator[Problem]:
    """Find a licence that is missing, unnamed, contradictory, or that asks for another name."""
    if not sheet.is_readable or not sheet.has_front_matter:
        return
    unnamed = list(_unnamed(sheet))
    yield from unnamed
    for found in license_problems(_findings(sheet), sheet.record):
        if _is_said(found.rule.name, sheet, unnamed=bool(unnamed)):
            continue
        line = sheet.line_of(_field(sheet, found))
        yield problem(
            found.rule.name,
            found.field,
            found.value,
            line,
            message=found.message,
            remedy=found.remedy,
        )


def license_problems(findings: list[Finding], record: Repository) -> Iterator[Problem]:
    """Yield the problems in findings that are about what the repository itself declares."""
    is_unknown = any(issue.kind is IssueKind.UNKNOWN_LICENSE for issue in record.issues)
    for found in findings:
        name = RULES_ON_DECLARATIONS.get(found.rule)
        is_own = len(found.path) == 1 or found.rule == "R07"
        if name is None or not is_own or (found.rule == "R01" and is_unknown):
            continue
        yield problem(
            name,
            "license" if found.rule != "R07" else "id",
            found.subject if found.subject != "own" else "",
            message=_message(found),
            remedy=_sentence(found.remedy),
        )


def _findings(sheet: Sheet) -> list[Finding]:
    view, look_up = view_of(sheet.record), sheet.surroundings.look_up
    if view.artefact.kind is Kind.SPACE:
        return []
    if look_up is None or not sheet.name:
        return find(inherit({view.artefact: view}), view.artefact)

    def see(artefact: Artefact) -> LicenseView | None:
        return view if artefact == view.artefact else look_up(artefact)

    return find(inherit(lineage_of(view.artefact, see)), view.artefact)


def _unnamed(sheet: Sheet) -> Iterator[Problem]:
    """Find ``license: other`` without the two fields that belong beside it, or these without it."""
    if sheet.texts("license_name") and not sheet.texts("license"):
        message = "license_name without 'license: other': the Hub shows no licence"
        line = sheet.line_of("license_name")
        yield problem("missing-license", "license", line=line, message=message)
    if "other" not in [value.casefold() for value in sheet.texts("license")]:
        return
    absent = [name for name in ("license_name", "license_link") if not sheet.texts(name)]
    if absent:
        message = f"license: other without {' and '.join(absent)} does not say which licence it is"
        line = sheet.line_of("license")
        yield problem("unnamed-license", "license", "other", line, message=message)


def _is_said(rule: str, sheet: Sheet, *, unnamed: bool) -> bool:
    """Tell whether a problem was told more exactly, or cannot be one without a name."""
    return (rule == "missing-license" and unnamed) or (rule == "name-prefix" and not sheet.name)


def _field(sheet: Sheet, found: Problem) -> str:
    names = ("license", "licenses", MISSPELT, "license_name")
    if found.rule.name == "contradictory-license" and sheet.entry("license_name"):
        return "license_name"
    return next((name for name in names if sheet.entry(name)), "license")


def _message(found: Finding) -> str:
    about = found.path[0].id
    if found.rule == "R07":
        path = " <- ".join(one.id for one in found.path)
        return f"the name of {about} is wrong: {found.reason} ({path})"
    return f"the card {found.reason}" if found.rule == "R01" else found.reason


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}" + ("" if text.endswith(".") else ".")
