"""Checking the lineage: what cannot be, what contradicts itself, and what leads nowhere.

Here are all the answers, as rows; ``graph.quality.report`` has them as columns, a page at a time.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import NamedTuple

import numpy as np

from graph.lineage.index import LineageIndex
from graph.quality.checks import Check, Level
from graph.quality.declaration_faults import Complaints, complaints_about
from graph.quality.findings import Finding
from graph.quality.link_faults import link_faults
from graph.quality.report import NONE_MISSING, QualityReport, quality_report
from graph.store.lineage_graph import LineageGraph, Node

__all__ = ["Check", "Finding", "Level", "Summary", "check", "check_repository", "summarise"]


class Summary(NamedTuple):
    """How often a check found something, and the findings of most downloads."""

    check: Check
    total: int
    worst: list[Finding]


def check(graph: LineageGraph, index: LineageIndex) -> list[Finding]:
    """Return everything that is wrong, by check, and within it by downloads, most first."""
    return _listed(quality_report(graph.store, index))


def check_repository(graph: LineageGraph, index: LineageIndex, focus: Node) -> list[Finding]:
    """Return what is wrong with one repository, in the same order."""
    faults = link_faults(graph.store, index, np.array([index.find(focus)]))
    said = Complaints([], [])
    if focus.known:
        said = complaints_about(graph.record(focus), index)
    return _listed(QualityReport.of(index, faults, said, NONE_MISSING))


def summarise(findings: Iterable[Finding], *, worst: int = 5) -> list[Summary]:
    """Return the counts of findings that are in order, each with its worst."""
    groups = ((name, list(group)) for name, group in groupby(findings, key=_name_of))
    return [Summary(name, len(group), group[:worst]) for name, group in groups]


def _name_of(finding: Finding) -> Check:
    return finding.check


def _listed(made: QualityReport) -> list[Finding]:
    return [finding for name in Check for finding in made.rows(name)]
