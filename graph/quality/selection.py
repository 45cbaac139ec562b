"""Choosing among what a quality report holds, and reading what was chosen a page at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from graph.model.arrays import Array
from graph.model.records import IssueKind
from graph.quality.checks import Check
from graph.quality.report import QualityReport
from graph.quality.rows import Diagnostic
from graph.quality.severity import Severity
from graph.tables.codes import ISSUE_KINDS

__all__ = [
    "Selection",
    "Summary",
    "chosen_issues",
    "chosen_repositories",
    "frequent_values",
    "issue_counts",
    "one_repository",
    "select",
]

_BLOCK = 5_000


class Summary(NamedTuple):
    """How often a check found something, and the diagnostics of most downloads."""

    check: Check
    total: int
    worst: list[Diagnostic]


@dataclass(frozen=True)
class Selection:
    """Some of the diagnostics of a report, worst first: their places in each check."""

    report: QualityReport
    places: dict[Check, Array]

    def __len__(self) -> int:
        return sum(map(len, self.places.values()))

    def counts(self) -> dict[Check, int]:
        """Return how many diagnostics of each check there are."""
        return {name: len(places) for name, places in self.places.items()}

    def summaries(self, *, worst: int) -> list[Summary]:
        """Return of each check that found something how often it did, and so many of the worst."""
        return [
            Summary(name, len(places), self.report.rows(name, places[:worst]))
            for name, places in self.places.items()
            if len(places)
        ]

    def page(self, first: int, count: int) -> list[Diagnostic]:
        """Return so many diagnostics as rows, from the place ``first`` on."""
        shown: list[Diagnostic] = []
        for name, places in self.places.items():
            here = places[first : first + count - len(shown)]
            shown += self.report.rows(name, here)
            first = max(0, first - len(places))
        return shown

    def rows(self) -> Iterator[Diagnostic]:
        """Yield all of them."""
        for first in range(0, len(self), _BLOCK):
            yield from self.page(first, _BLOCK)


def select(
    report: QualityReport,
    *,
    check: Check | None = None,
    severity: Severity | None = None,
    repositories: Array | None = None,
) -> Selection:
    """Choose what a check or those of a severity found about some repositories, given as a mask."""
    wanted = [
        name
        for name in Check
        if (check is None or name is check) and (severity is None or name.severity is severity)
    ]
    return Selection(report, {name: _places(report, name, repositories) for name in wanted})


def one_repository(report: QualityReport, number: int) -> Array:
    """Return a mask of one repository."""
    chosen = np.zeros(len(report.index), np.bool_)
    chosen[number] = True
    return chosen


def chosen_repositories(report: QualityReport, *, owner: str = "", text: str = "") -> Array | None:
    """Return a mask of the repositories of an owner whose ids contain a text; None for all."""
    if not owner and not text:
        return None
    index = report.index
    chosen = index.containing(text) if text else np.ones(len(index), np.bool_)
    if owner:
        own = index.beginning_with(f"{owner}/")
        chosen[: own.start] = False
        chosen[own.stop :] = False
    return chosen


def chosen_issues(report: QualityReport, repositories: Array | None = None) -> Array:
    """Return the places of the issues with the metadata of some repositories."""
    issues = report.issues
    if repositories is None:
        return np.arange(len(issues.nodes))
    return np.flatnonzero(repositories[issues.nodes])


def issue_counts(report: QualityReport, places: Array) -> dict[IssueKind, int]:
    """Return how many issues of each kind are at some places, most first."""
    counts = np.bincount(report.issues.kinds[places], minlength=len(ISSUE_KINDS)).tolist()
    found = [(kind, count) for kind, count in zip(ISSUE_KINDS, counts, strict=True) if count]
    return dict(sorted(found, key=lambda item: (-item[1], item[0])))


def frequent_values(
    report: QualityReport, places: Array, kind: IssueKind, *, limit: int
) -> list[tuple[str, int]]:
    """Return the values that issues of a kind are about most often, and how often."""
    issues = report.issues
    values = issues.values[places[issues.kinds[places] == ISSUE_KINDS.index(kind)]]
    numbers, counts = np.unique(values, return_counts=True)
    order = np.lexsort((numbers, -counts))[:limit]
    return [(report.texts.text(int(numbers[n])), int(counts[n])) for n in order]


def _places(report: QualityReport, name: Check, repositories: Array | None) -> Array:
    """Return the places of what a check found; a cycle is about every repository in it."""
    found = report.found[name]
    if repositories is None:
        return np.arange(len(found))
    about = repositories[found.nodes]
    if name is Check.CYCLE and len(found):
        about |= np.logical_or.reduceat(repositories[found.others], found.starts[:-1])
    return np.flatnonzero(about)
