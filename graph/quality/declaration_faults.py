"""What declarations tell of faults: parents by an old name, and issues kept with the metadata."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import NamedTuple

import pyoxigraph as ox

from graph.lineage.index import LineageIndex
from graph.model import vocabulary as v
from graph.model.records import IssueKind, Repository
from graph.tables.codes import UNKNOWN
from graph.tables.columns import read_columns

__all__ = ["Complaint", "Complaints", "Renaming", "complaints_about", "read_complaints"]

_KINDS = {v.issue_kind_iri(kind): kind for kind in IssueKind}


class Renaming(NamedTuple):
    """A repository that names its parent as that was called before: by numbers, and the name."""

    node: int
    parent: int
    raw: str


class Complaint(NamedTuple):
    """An issue with the metadata of a repository."""

    node: int
    kind: IssueKind
    field: str
    value: str


class Complaints(NamedTuple):
    """What is wrong with declarations, in no order."""

    renamings: list[Renaming]
    issues: list[Complaint]


def read_complaints(store: ox.Store, index: LineageIndex) -> Complaints:
    """Return what is wrong with all the declarations in a store."""
    number = _numbers(index)
    renamed, issues = (
        list(zip(*(column.to_pylist() for column in table.columns), strict=True))
        for table in read_columns(store, ["renamed", "issues"])
    )
    raws = defaultdict[tuple[str, str], list[str]](list)
    for claim, parent, raw in renamed:
        raws[claim, parent].append(raw)
    return _about_repositories(
        [
            Renaming(number(claim), number(parent), _joined(texts))
            for (claim, parent), texts in raws.items()
        ],
        [Complaint(number(issue), _KINDS[kind], *said) for issue, kind, *said in issues],
    )


def complaints_about(record: Repository, index: LineageIndex) -> Complaints:
    """Return what is wrong with the declarations of one repository."""
    number = _numbers(index)
    node = number(v.repository_iri(record.kind, record.id))
    targets = [
        (v.repository_iri(claim.relation.target_kind, claim.target), claim.raw)
        for claim in record.derivations
        if claim.aliased and claim.target is not None
    ]
    return _about_repositories(
        [Renaming(node, number(target), _joined(raw)) for target, raw in targets],
        [Complaint(node, issue.kind, issue.field, issue.value) for issue in record.issues],
    )


def _about_repositories(renamings: list[Renaming], issues: list[Complaint]) -> Complaints:
    """Leave out what concerns no repository, but the run that read it."""
    return Complaints(
        [row for row in renamings if row.node != UNKNOWN],
        [row for row in issues if row.node != UNKNOWN],
    )


def _joined(raw: list[str] | tuple[str, ...]) -> str:
    return " and ".join(sorted(raw))


def _numbers(index: LineageIndex) -> Callable[[str], int]:
    """Return what gives the number of the repository that a node is, or is a part of."""
    known: dict[str, int] = {}

    def number(node: str) -> int:
        iri = node.partition("#")[0]
        if iri not in known:
            found = index.number(iri)
            known[iri] = UNKNOWN if found is None else found
        return known[iri]

    return number
