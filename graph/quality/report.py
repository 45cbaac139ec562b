"""The quality report of a graph: all that is wrong with it, as columns, made once for each build.

It is written beside the index and read memory-mapped, so that whoever shows a page of it reads a
page of it. Rule: nothing here becomes rows but what is asked for.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path
from typing import Self

import numpy as np
import pyoxigraph as ox

from graph.lineage import of
from graph.lineage.adjacency import mask
from graph.lineage.index import LineageIndex
from graph.lineage.stepping import DERIVATIONS
from graph.model import vocabulary as v
from graph.model.errors import InvalidGraph
from graph.model.records import IssueKind, Resolution
from graph.quality.checks import Check
from graph.quality.declaration_faults import Complaints, read_complaints
from graph.quality.findings import Finding, Findings, Texts, rows
from graph.quality.link_faults import link_faults
from graph.store.arrays import Array, read_arrays, write_arrays
from graph.store.directory import build_directory
from graph.store.lineage_graph import LineageGraph
from graph.tables.columns import read_columns

__all__ = [
    "ISSUE_KINDS",
    "NONE_MISSING",
    "REPORT",
    "STATES",
    "Issues",
    "Missing",
    "QualityReport",
    "quality_report",
    "quality_report_of",
    "write_quality_report",
]

REPORT = "report"
"""The directory of the report, beside the index."""

ISSUE_KINDS = tuple(IssueKind)
STATES = tuple(Resolution)
"""A kind's or a state's place is its code."""

_STATE_CODES = {v.resolution_iri(state): code for code, state in enumerate(STATES)}


@dataclass(frozen=True, slots=True)
class Issues:
    """The issues of metadata, by kind, then downloads, most first; texts are numbers of such."""

    nodes: Array
    kinds: Array
    named: Array
    values: Array


@dataclass(frozen=True, slots=True)
class Missing:
    """The parents that the graph does not hold, by how many depend on them, most first.

    ``children`` were made from them directly, ``dependants`` over any number of steps.
    """

    nodes: Array
    states: Array
    children: Array
    dependants: Array


NONE_MISSING = Missing(*(np.empty(0, np.int32) for _ in range(4)))


@dataclass(frozen=True, slots=True)
class QualityReport:
    """Everything that is wrong with a graph."""

    index: LineageIndex
    findings: dict[Check, Findings]
    issues: Issues
    missing: Missing
    texts: Texts

    def rows(self, check: Check, places: Array | None = None) -> list[Finding]:
        """Return the findings of a check, or those at some places, as rows."""
        found = self.findings[check]
        chosen = range(len(found)) if places is None else places.tolist()
        return rows(self.index, self.texts, check, found, chosen)

    @classmethod
    def of(
        cls, index: LineageIndex, faults: dict[Check, Findings], said: Complaints, missing: Missing
    ) -> Self:
        """Put together what links and declarations tell."""
        issues = said.issues
        texts, numbers = Texts.of(
            [
                *(row.raw for row in said.renamings),
                *(row.field for row in issues),
                *(row.value for row in issues),
            ]
        )
        raws, named, values = np.split(
            numbers, [len(said.renamings), len(said.renamings) + len(issues)]
        )
        nodes = _column([row.node for row in issues])
        kinds = _column([ISSUE_KINDS.index(row.kind) for row in issues])
        is_junk = kinds == ISSUE_KINDS.index(IssueKind.JUNK_DATASET)
        nobody = np.full(np.count_nonzero(is_junk), -1)
        found = faults | {
            Check.RENAMED_PARENT: Findings.of_words(
                index,
                _column([row.node for row in said.renamings]),
                _column([row.parent for row in said.renamings]),
                raws,
            ),
            Check.JUNK_DATASET: Findings.of_words(index, nodes[is_junk], nobody, values[is_junk]),
        }
        order = np.lexsort((values, named, nodes, -index.downloads[nodes], kinds))
        ordered = (column[order] for column in (nodes, kinds.astype(np.uint8), named, values))
        return cls(index, {name: found[name] for name in Check}, Issues(*ordered), missing, texts)


def quality_report_of(graph: LineageGraph) -> QualityReport:
    """Return the quality report of a graph: the one beside its index, else one made for now."""
    index = of(graph)
    directory = build_directory(graph.directory, graph.info.build) / REPORT
    if graph.info.build and directory.is_dir():
        try:
            return _read(directory, index)
        except InvalidGraph:  # of another version, or damaged: it is quickly made
            pass
    return quality_report(graph.store, index)


def quality_report(store: ox.Store, index: LineageIndex) -> QualityReport:
    """Look for everything that is wrong with a graph."""
    faults = link_faults(store, index, np.arange(len(index)))
    return QualityReport.of(index, faults, read_complaints(store, index), _missing(store, index))


def write_quality_report(store: ox.Store, index: Path, directory: Path) -> None:
    """Write the quality report of a store into a directory; ``index`` is that of its index."""
    made = quality_report(store, LineageIndex.open(index))
    parts: dict[str, object] = {"issues": made.issues, "missing": made.missing}
    parts |= {name.value: found for name, found in made.findings.items()}
    arrays = {
        f"{name}_{column}": array
        for name, part in parts.items()
        for column, array in _columns_of(part).items()
    }
    counts = {name.value: len(found) for name, found in made.findings.items()}
    write_arrays(directory, arrays | made.texts._asdict(), counts)


def _read(directory: Path, index: LineageIndex) -> QualityReport:
    arrays = read_arrays(directory)[1]

    def read(kind: type, name: str) -> dict[str, Array]:
        return {field.name: arrays[f"{name}_{field.name}"] for field in fields(kind)}

    try:
        return QualityReport(
            index,
            {name: Findings(**read(Findings, name)) for name in Check},
            Issues(**read(Issues, "issues")),
            Missing(**read(Missing, "missing")),
            Texts(arrays["offsets"], arrays["letters"]),
        )
    except KeyError:
        raise InvalidGraph(f"{directory} is of another version: build the graph again") from None


def _missing(store: ox.Store, index: LineageIndex) -> Missing:
    """Return the parents that are only named or gone, with what the Hub answered for them."""
    links = index.down.all()
    derived = links.relations & np.uint8(mask(DERIVATIONS)) != 0
    apart = derived & (links.origins != links.ends)
    children = np.bincount(links.origins[apart], minlength=len(index))
    states = np.full(len(index), STATES.index(Resolution.RESOLVED), np.uint8)
    (found,) = read_columns(store, ["statuses"])
    for iri, state in zip(*(column.to_pylist() for column in found.columns), strict=True):
        number = index.number(iri)
        if number is not None:
            states[number] = _STATE_CODES[state]
    nodes = np.flatnonzero((states != STATES.index(Resolution.RESOLVED)) & (children > 0))
    order = np.lexsort((nodes, -children[nodes], -index.influence[nodes]))
    nodes = nodes[order].astype(np.int32)
    return Missing(nodes, states[nodes], children[nodes].astype(np.int32), index.influence[nodes])


def _column(numbers: list[int]) -> Array:
    return np.array(numbers, np.int32)


def _columns_of(part: object) -> dict[str, Array]:
    return {field.name: getattr(part, field.name) for field in fields(part)}  # type: ignore[arg-type]
