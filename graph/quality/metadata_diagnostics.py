"""What is wrong with what is declared: parents by an old name, and issues of the metadata."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graph.lineage.index import LineageIndex
from graph.model.arrays import Array
from graph.model.records import IssueKind
from graph.quality.checks import Check
from graph.quality.diagnostics import Diagnostics
from graph.store.texts import Texts
from graph.tables.schema import ISSUE_KINDS, Tables, numbers_of

__all__ = ["Issues", "metadata_diagnostics"]


@dataclass(frozen=True, slots=True)
class Issues:
    """The issues of metadata, by kind, then downloads, most first; texts are numbers of such.

    ``kinds`` are places in ``ISSUE_KINDS``, ``named`` the fields that they are about.
    """

    nodes: Array
    kinds: Array
    named: Array
    values: Array


def metadata_diagnostics(
    tables: Tables, index: LineageIndex
) -> tuple[dict[Check, Diagnostics], Issues, Texts]:
    """Return what is wrong with declarations, by check, all issues, and the texts of both."""
    renamed = tables.derivations.filter(
        pc.and_(tables.derivations["aliased"], pc.is_valid(tables.derivations["parent"]))
    )
    declared = pc.binary_join(renamed["raw"], " and ")
    fields = tables.issues["field"].cast(pa.string())
    every = pa.chunked_array(
        [*declared.chunks, *fields.chunks, *tables.issues["value"].chunks], pa.string()
    )
    texts, numbers = Texts.of(every)
    raws, named, values = np.split(numbers, np.cumsum([len(declared), len(fields)]))
    issues = Issues(
        numbers_of(tables.issues, "repository"), numbers_of(tables.issues, "kind"), named, values
    )
    found = {
        Check.RENAMED_PARENT: Diagnostics.of_words(
            index, numbers_of(renamed, "child"), numbers_of(renamed, "parent"), raws
        ),
        Check.JUNK_DATASET: _junk_datasets(index, issues),
    }
    return found, _ordered(index, issues), texts


def _junk_datasets(index: LineageIndex, issues: Issues) -> Diagnostics:
    is_junk = issues.kinds == ISSUE_KINDS.index(IssueKind.JUNK_DATASET)
    nobody = np.full(np.count_nonzero(is_junk), -1)
    return Diagnostics.of_words(index, issues.nodes[is_junk], nobody, issues.values[is_junk])


def _ordered(index: LineageIndex, issues: Issues) -> Issues:
    nodes, kinds, named, values = issues.nodes, issues.kinds, issues.named, issues.values
    order = np.lexsort((values, named, nodes, -index.downloads[nodes], kinds))
    return Issues(*(column[order] for column in (nodes, kinds, named, values)))
