"""What parsing gives: records, and what was wrong in rows that gave none.

Rule: a broken row becomes an issue and never stops its neighbours. Nothing here or in the parsers
that use it reads, writes, fetches or logs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from graph.model.records import Issue, IssueKind, Repository
from ingest.references import is_repository_id
from ingest.values import Notes, Row, clean, shorten

Reader = Callable[[str, Row, Notes], Repository]
"""Reads the row of the repository with this id; what is wrong goes into the notes."""


class Parsed(NamedTuple):
    """Records, each with its own issues, and the issues of rows without a usable repository."""

    records: tuple[Repository, ...]
    issues: tuple[Issue, ...]


def parse_rows(rows: Iterable[object], read: Reader, where: str) -> Parsed:
    """Read every row that names a repository; ``where`` says which file or page they are from."""
    records: list[Repository] = []
    issues: list[Issue] = []
    for number, row in enumerate(rows):
        if not isinstance(row, dict):
            issues.append(_issue(IssueKind.NOT_AN_OBJECT, "", row, f"{where}[{number}]"))
            continue
        notes = Notes()
        repository_id = _repository_id(row, notes)
        if repository_id is None:
            issues.append(_issue(IssueKind.INVALID_ID, "id", row.get("id"), f"{where}[{number}]"))
            continue
        records.append(read(repository_id, row, notes))
    return Parsed(tuple(records), tuple(issues))


def _repository_id(row: Row, notes: Notes) -> str | None:
    """Return the row's id; a list of models of before 2022 has it as ``modelId`` only."""
    value = row.get("id") or row.get("modelId")
    if not isinstance(value, str):
        return None
    if is_repository_id(value):
        return value
    stripped = clean(value)
    if not is_repository_id(stripped):
        return None
    notes.add(IssueKind.WHITESPACE, "id", value)
    return stripped


def _issue(kind: IssueKind, field: str, value: object, where: str) -> Issue:
    return Issue(kind=kind, field=field, value=shorten(value), where=where)
