"""The quality report of a graph: all that is wrong with it, as columns, made once for each build.

It lies among the results of a build and is read memory-mapped, so that whoever shows a page of it
reads a page of it. Rule: nothing here becomes rows but what is asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Self, TypeVar

import numpy as np

from graph.lineage.adjacency import mask
from graph.lineage.index import LineageIndex
from graph.model.arrays import Array
from graph.model.records import Resolution
from graph.model.relations import DERIVATIONS
from graph.quality.checks import Check
from graph.quality.diagnostics import Diagnostics
from graph.quality.examined import Examined, Issues
from graph.quality.rows import Diagnostic, rows
from graph.store.lineage_graph import LineageGraph
from graph.store.texts import Texts
from graph.tables.schema import STATES, UNKNOWN, Tables, numbers_of

__all__ = ["Missing", "QualityReport", "quality_report_of"]

Part = TypeVar("Part", Diagnostics, Issues, "Missing", Texts)

_RESOLVED = STATES.index(Resolution.RESOLVED)


@dataclass(frozen=True, slots=True)
class Missing:
    """The parents that the graph does not hold, by how many depend on them, most first.

    ``states`` are places in ``STATES``. ``children`` were made from them directly, ``dependants``
    over any number of steps.
    """

    nodes: Array
    states: Array
    children: Array
    dependants: Array


@dataclass(frozen=True, slots=True)
class QualityReport:
    """Everything that is wrong with a graph."""

    index: LineageIndex
    found: dict[Check, Diagnostics]
    issues: Issues
    missing: Missing
    texts: Texts

    @classmethod
    def of(cls, tables: Tables, index: LineageIndex) -> Self:
        """Look for everything that is wrong with a graph; numbers are those of its index."""
        graph = Examined(tables, index)
        found = {check: check.row.find(graph) for check in Check}
        return cls(index, found, graph.issues, _missing(tables, index), graph.texts)

    @classmethod
    def read(cls, index: LineageIndex, arrays: Mapping[str, Array]) -> Self:
        """Return the report that ``arrays`` gave."""
        found = {name: _part(Diagnostics, name, arrays) for name in Check}
        issues, missing = _part(Issues, "issues", arrays), _part(Missing, "missing", arrays)
        return cls(index, found, issues, missing, _part(Texts, "texts", arrays))

    def arrays(self) -> dict[str, Array]:
        """Return all of it as arrays, to be written."""
        parts: dict[str, object] = {name.value: found for name, found in self.found.items()}
        parts |= {"issues": self.issues, "missing": self.missing, "texts": self.texts}
        return {
            f"report_{name}_{field.name}": getattr(part, field.name)
            for name, part in parts.items()
            for field in fields(part)  # type: ignore[arg-type]
        }

    def rows(self, check: Check, places: Array | None = None) -> list[Diagnostic]:
        """Return what a check found, or that at some places, as rows."""
        found = self.found[check]
        chosen = range(len(found)) if places is None else places.tolist()
        return rows(self.index, self.texts, check, found, chosen)


def quality_report_of(graph: LineageGraph, index: LineageIndex) -> QualityReport:
    """Return the quality report that was stored with a build; ``index`` is the graph's.

    Raises InvalidGraph where it is missing, damaged or of another version.
    """
    return QualityReport.read(index, graph.results.arrays)


def _part(kind: type[Part], name: str, arrays: Mapping[str, Array]) -> Part:
    return kind(**{field.name: arrays[f"report_{name}_{field.name}"] for field in fields(kind)})


def _missing(tables: Tables, index: LineageIndex) -> Missing:
    """Return the parents that are only named or gone, with what the Hub answered for them."""
    links = index.down.all()
    derived = links.relations & mask(DERIVATIONS) != 0
    apart = derived & (links.origins != links.ends)
    children = np.bincount(links.origins[apart], minlength=len(index))
    states = numbers_of(tables.repositories, "state")
    is_absent = (states != UNKNOWN) & (states != _RESOLVED)
    nodes = np.flatnonzero(is_absent & (children > 0))
    order = np.lexsort((nodes, -children[nodes], -index.influence[nodes]))
    nodes = nodes[order].astype(np.int32)
    return Missing(
        nodes,
        states[nodes].astype(np.uint8),
        children[nodes].astype(np.int32),
        np.array(index.influence[nodes]),
    )
