"""A graph under examination: what several checks look at is made ready once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graph.lineage.adjacency import Steps, mask
from graph.lineage.index import LineageIndex
from graph.lineage.paradoxes import younger_parents
from graph.model.arrays import Array
from graph.model.relations import DERIVATIONS
from graph.store.texts import Texts
from graph.tables.schema import Tables, numbers_of

__all__ = ["Examined", "Issues", "chosen"]


@dataclass(frozen=True, slots=True)
class Issues:
    """The issues of metadata, by kind, then downloads, most first; texts are numbers of such.

    ``kinds`` are places in ``ISSUE_KINDS``, ``named`` the fields that they are about.
    """

    nodes: Array
    kinds: Array
    named: Array
    values: Array


class Examined:
    """The tables and the index of a graph, whose numbers are the same."""

    def __init__(self, tables: Tables, index: LineageIndex) -> None:
        self.tables = tables
        self.index = index

    @cached_property
    def links(self) -> Steps:
        """The links that make ancestors, from children to parents."""
        return self.index.up.steps(np.arange(len(self.index)), mask(DERIVATIONS))

    @cached_property
    def younger_parents(self) -> Steps:
        """The links to parents that were created after their children."""
        return younger_parents(self.index, np.arange(len(self.index)))

    @cached_property
    def renamed(self) -> pa.Table:
        """The derivations whose parent is named as it was called before."""
        derivations = self.tables.derivations
        return derivations.filter(
            pc.and_(derivations["aliased"], pc.is_valid(derivations["parent"]))
        )

    @property
    def texts(self) -> Texts:
        """All that was declared of what is renamed or an issue; the rest are numbers of these."""
        return self._texts[0]

    @property
    def renamed_words(self) -> Array:
        """What ``renamed`` declare."""
        return self._texts[1]

    @cached_property
    def issues(self) -> Issues:
        """The issues of the metadata."""
        _, _, named, values = self._texts
        nodes, kinds = (numbers_of(self.tables.issues, name) for name in ("repository", "kind"))
        order = np.lexsort((values, named, nodes, -self.index.downloads[nodes], kinds))
        return Issues(*(column[order] for column in (nodes, kinds, named, values)))

    @cached_property
    def _texts(self) -> tuple[Texts, Array, Array, Array]:
        declared = pc.binary_join(self.renamed["raw"], " and ")
        fields = self.tables.issues["field"].cast(pa.string())
        values = self.tables.issues["value"]
        every = pa.chunked_array([*declared.chunks, *fields.chunks, *values.chunks], pa.string())
        texts, numbers = Texts.of(every)
        ends = np.cumsum([len(declared), len(fields)])
        of_renamed, of_fields, of_values = np.split(numbers, ends)
        return texts, of_renamed, of_fields, of_values


def chosen(links: Steps, which: Array) -> Steps:
    """Return some of the links."""
    return Steps(*(column[which] for column in links))
