"""The fields themselves: what cannot be read, is given twice, or has an old name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import yaml

from graph.licenses.names import NAME, find_name
from graph.model.licenses import resolve
from graph.model.records import Issue, IssueKind
from graph.quality.severity import Severity
from ingest.linting.problems import Problem, issue_problem, problem
from ingest.linting.sheet import Entry, Sheet
from ingest.mergekit import recipe_models
from ingest.references import resolve_model
from ingest.safe_yaml import YAML_ERRORS, load_yaml

__all__ = [
    "OLD_FIELDS",
    "SETS",
    "check_duplicates",
    "check_issues",
    "check_old_fields",
    "check_recipe",
    "repeated_entries",
    "repeated_values",
]

OLD_FIELDS = {"languages": "language", "licenses": "license"}
"""Fields of before 2022, and what they are called today."""

SETS = (
    "base_model",
    "datasets",
    "language",
    "languages",
    "license",
    "licenses",
    "metrics",
    "size_categories",
    "source_datasets",
    "tags",
    "task_categories",
    "task_ids",
)
"""Fields whose lists name each thing once."""

_NO_LICENSE = "Declare a licence of the Hub's list in 'license' instead; this value is none."
_LINE = re.compile(r"line \d+: ")


def check_issues(sheet: Sheet) -> Iterator[Problem]:
    """Find what the parsers note of the front matter."""
    if not sheet.has_front_matter:
        yield problem("no-front-matter", "", line=1)
    for issue in sheet.issues:
        if issue.kind is IssueKind.INVALID_CARD:
            yield _unreadable(sheet, issue)
        else:
            found = issue_problem(issue, sheet.line_of(issue.field, issue.value))
            yield replace(found, remedy=_remedy(issue) or found.remedy)


def check_recipe(sheet: Sheet) -> Iterator[Problem]:
    """Find what is wrong with the names in a merge recipe, as notes: it tells what was done."""
    for name in recipe_models(sheet.body):
        kind = resolve_model(name, sheet.aliases).issue
        if kind is not None:
            issue = Issue(kind=kind, field="merge recipe", value=name)
            found = issue_problem(issue, sheet.line_in_body(name))
            yield replace(found, severity=Severity.NOTE)


def check_duplicates(sheet: Sheet) -> Iterator[Problem]:
    """Find fields that are given twice, and values that a list has twice."""
    for entry in repeated_entries(sheet):
        line = sheet.line(entry.key.start_mark.index)
        yield problem("duplicate-field", entry.name, line=line)
    for field in SETS:
        listed = sheet.entry(field)
        for _, value in repeated_values(listed) if listed else ():
            yield problem("duplicate-value", field, value, sheet.line_of(field, value))


def check_old_fields(sheet: Sheet) -> Iterator[Problem]:
    """Find fields by the names of before 2022."""
    for old, new in OLD_FIELDS.items():
        if sheet.entry(old):
            line = sheet.line_of(old)
            yield problem("old-field", old, line=line, remedy=f"Rename the field to {new}.")


def repeated_entries(sheet: Sheet) -> list[Entry]:
    """Return the fields whose name was there before."""
    seen: set[str] = set()
    found = []
    for entry in sheet.entries:
        if entry.name in seen:
            found.append(entry)
        seen.add(entry.name)
    return found


def repeated_values(entry: Entry) -> list[tuple[int, str]]:
    """Return the values of a list that were there before, with their places in it."""
    if not isinstance(entry.value, yaml.SequenceNode):
        return []
    seen: set[str] = set()
    found = []
    for place, node in enumerate(entry.value.value):
        if node.tag.endswith(":str"):
            if node.value in seen:
                found.append((place, node.value))
            seen.add(node.value)
    return found


def _remedy(issue: Issue) -> str:
    """Return what to do about a licence where the rule's remedy would not help, or could say more.

    Who renames ``licence: license`` gets a card that the Hub refuses.
    """
    if issue.kind is IssueKind.MISSPELT_LICENSE and resolve(issue.value) is None:
        return _NO_LICENSE
    meant = find_name(issue.value) if issue.kind is IssueKind.UNKNOWN_LICENSE else None
    is_listed = meant is not None and meant.belief >= NAME and resolve(meant.key)
    return f"Write {meant.key}, if that is meant." if meant and is_listed else ""


def _unreadable(sheet: Sheet, issue: Issue) -> Problem:
    """Return the problem of front matter that is no YAML, with its line in the file."""
    message = _LINE.sub("", issue.value, count=1)
    place = _place_of_error(sheet.front) if message != issue.value else None
    line = sheet.line(place) if place is not None else max(sheet.line(0) - 1, 1)
    return issue_problem(Issue(kind=issue.kind, field="", value=message), line)


def _place_of_error(front: str) -> int | None:
    """Return where a reader of YAML gives up; its own count of lines takes more for line ends."""
    try:
        load_yaml(front)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        return mark.index if mark is not None else None
    except YAML_ERRORS:
        return None
    return None
